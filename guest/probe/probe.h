/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The probe: a guest without a kernel. It takes one command line at a time over the debug port, issues
 * the raw hypercall that it asks for, and answers with what came back. docs/scenario.md has the commands.
 */
#ifndef GUEST_PROBE_PROBE_H
#define GUEST_PROBE_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest/abi/boot.h"
#include "guest/abi/port.h"

#define LIST_ENTRIES_MAX 65536u   /* of one hypercall's list */
#define ANSWER_BYTES     512u

extern const struct boot_block *probe_boot;

/* words.c: a command line taken apart. Errors are sentences; a word points into the line. */
struct words {
    const char *at;               /* what has not been read yet */
    const char *error;            /* NULL while all is well */
};
struct word { const char *start; size_t bytes; };

struct word words_next(struct words *);                   /* 0 bytes at the end; [, ] are words of their own */
bool word_is(struct word, const char *text);
bool word_has_key(struct word, const char *key, struct word *value);    /* key=value */
bool word_number(struct word, uint64_t *);                /* decimal, 0x…, ~0, -N */
size_t text_number(char *out, int64_t number);            /* decimal, no NUL; at most 20 bytes */
size_t text_copy(char *out, const char *text);

/* frames.c: names of frames. `$a` is a frame, `$a[7]` another; a name used before it is set becomes the
 * next page of the boot memory that nothing has touched, so it is owned, unmapped and bound. */
struct frame_name;
struct frame_name *frame_named(struct word, const char **error);   /* NULL with an error */
uint64_t frame_mfn(struct frame_name *);                  /* binds it to a boot page when it is unset */
void frame_set(struct frame_name *, uint64_t mfn);
uint64_t frame_pfn(const struct frame_name *);            /* of the boot page it was bound to, else ~0 */

/* A list in brackets: `[$a $b 0x1000 ~0 $f[0..511]]`. Values are mfns, or pfns for a leading `pfn:`. */
struct list {
    uint64_t value[LIST_ENTRIES_MAX];
    struct frame_name *name[LIST_ENTRIES_MAX];            /* NULL for a plain number */
    size_t count;
};
/* The bracket was read already. Values of unset names are bound only when `bind` says so. */
bool list_read(struct words *, struct list *, bool bind);

/* calls.c: the commands. True when the word was one; the answer is a number and perhaps a text. */
struct answer { int64_t status; char text[ANSWER_BYTES]; size_t bytes; };
bool calls_run(struct word command, struct words *, struct answer *);

#endif
