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

#define LIST_ENTRIES_MAX 4096u /* of one hypercall's list */
#define ANSWER_BYTES     512u
#define BAD_ADDRESS      0x10ul /* in a page that nobody maps */
#define PROBE_PAGE_SHIFT 12

extern const struct boot_block *probe_boot;

/* words.c: a command line taken apart. Errors are sentences; a word points into the line. */
struct words {
    const char *at;    /* what has not been read yet */
    const char *error; /* NULL while all is well */
};
struct word {
    const char *start;
    size_t bytes;
};

struct word words_next(struct words *); /* 0 bytes at the end; [, ] are words of their own */
bool word_is(struct word, const char *text);
bool word_has_key(struct word, const char *key, struct word *value); /* key=value */
bool word_number(struct word, uint64_t *);                           /* decimal, 0x…, ~0, -N */
size_t text_number(char *out, int64_t number);                       /* decimal, no NUL; at most 20 bytes */
size_t text_copy(char *out, const char *text);

/* frames.c: names of frames. `$a` is a frame, `$a[7]` another, `$a+2` the second behind $a; a name used
 * before it is set becomes the next page of the boot memory that nothing has touched, so it is owned,
 * unmapped and bound. */
struct frame_name;
struct frame_name *frame_named(struct word, const char **error); /* NULL with an error */
uint64_t frame_mfn(struct frame_name *); /* binds it to a boot page when it is unset */
void frame_set(struct frame_name *, uint64_t mfn);
uint64_t frame_pfn(const struct frame_name *); /* of the boot page it was bound to, else ~0 */
/* A number, or a name with or without an offset: its mfn. False with an error. */
bool frame_number(struct word, uint64_t *mfn, const char **error);

/* A list in brackets: `[$a $b 0x1000 ~0 $f[0..511]]`. */
struct list {
    uint64_t value[LIST_ENTRIES_MAX];
    struct frame_name *name[LIST_ENTRIES_MAX]; /* NULL for a plain number */
    size_t count;
};
/* The bracket was read already. Values of unset names are bound only when `bind` says so. */
bool list_read(struct words *, struct list *, bool bind);

/* options.c: key=value words and lists of a hypercall. */
enum list_place { LIST_PLAIN, LIST_NULL, LIST_BAD, LIST_READONLY, LIST_EDGE }; /* where its list lies */
struct options {
    uint64_t nr, order, bits, flags, domid, start, value, order_out, nr_out, pfn, kib, node, done, vcpus;
    uint64_t step; /* not 0: nr frames from the list's first one on, so far apart */
    bool exact, pod, pvh, bad_version, bad_argument;
    enum list_place place;
    uint64_t edge; /* entries that are writable, with LIST_EDGE */
};
#define NO_VALUE (UINT64_MAX - 1)     /* not said */
extern struct list in_list, out_list; /* the second stands behind the word `out` */
bool options_read(struct words *, struct options *, bool bind);
uint64_t option_or(uint64_t value, uint64_t otherwise);

/* calls.c, control.c, pages.c: the commands. The answer is what the call returned; `last` tells more. */
struct answer {
    bool refused; /* no such command: text says what would be one */
    int64_t number;
    char text[ANSWER_BYTES];
    size_t bytes;
};
void last_set(const char *what, uint64_t number); /* for the command `last WHAT` */
bool calls_run(struct word command, struct words *, struct answer *);
bool control_run(struct word name, const struct options *, struct answer *);
bool pages_run(struct word command, struct words *, struct answer *);

#endif
