/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names of frames. `$a` is a frame, `$a[7]` another, `$a+2` the second one behind $a. A name that is used before it is
 * set is bound to the next unused page of the boot memory: a frame that the guest owns, that is not mapped, and that has
 * entries in the P2M and the M2P. Errors are sentences.
 */
#ifndef GUEST_PROBE_FRAMES_H
#define GUEST_PROBE_FRAMES_H

#include "guest/probe/words.h"

#define LIST_ENTRIES_MAX 4096u /* of one hypercall's list */

struct frame_name;

struct frame_name *frame_named(struct word, const char **error); /* NULL: error says why */
uint64_t frame_mfn(struct frame_name *);                         /* takes a boot page when it is unset */
void frame_set(struct frame_name *, uint64_t mfn);
uint64_t frame_pfn(const struct frame_name *); /* the pfn of the boot page that it is bound to, else ~0 */

/* A number, or a name with or without an offset: its mfn. False: error says why. */
bool frame_number(struct word, uint64_t *mfn, const char **error);

/* A list in brackets: `[$a $b 0x1000 ~0 $f[0..511]]`. */
struct list {
    uint64_t value[LIST_ENTRIES_MAX];
    struct frame_name *name[LIST_ENTRIES_MAX]; /* NULL for a plain number */
    size_t count;
};

/* Its opening bracket was read already. Unset names take boot pages only when `bind` says so. */
bool list_read(struct words *, struct list *, bool bind);

#endif
