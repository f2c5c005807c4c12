/* SPDX-License-Identifier: BSD-2-Clause */
/* What a hypercall is asked with: key=value words, and lists of frames. */
#ifndef GUEST_PROBE_OPTIONS_H
#define GUEST_PROBE_OPTIONS_H

#include "guest/probe/frames.h"

/* Where the list lies that the hypercall is given: in memory, nowhere, where nothing is mapped, in memory that is
 * read-only, or just before a page that is not mapped. */
enum list_place { LIST_PLAIN, LIST_NULL, LIST_BAD, LIST_READONLY, LIST_EDGE };

#define NO_VALUE (UINT64_MAX - 1) /* the option was not said */

struct options {
    uint64_t nr, order, bits, flags, domid, start, value, order_out, nr_out, pfn, kib, node, done, vcpus;
    uint64_t step; /* not 0: nr frames from the list's first one on, so far apart */
    bool exact, pod, pvh, bad_version, bad_argument;
    enum list_place place;
    uint64_t edge; /* entries that are writable, with LIST_EDGE */
};

extern struct list in_list, out_list; /* the second stands behind the word `out` */

bool options_read(struct words *, struct options *, bool bind);
uint64_t option_or(uint64_t value, uint64_t otherwise);

#endif
