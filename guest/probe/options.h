/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of a hypercall: key=value words, and lists of frames. */
#ifndef GUEST_PROBE_OPTIONS_H
#define GUEST_PROBE_OPTIONS_H

#include "guest/probe/frames.h"

/* Where the hypercall's list is: in normal memory, at NULL, where nothing is mapped, in read-only memory, or right before
 * a page that is not mapped; so that it goes on behind the end of a page; or at any address. */
enum list_place { LIST_PLAIN, LIST_NULL, LIST_BAD, LIST_READONLY, LIST_EDGE, LIST_CROSS, LIST_AT };

struct place {
    enum list_place what;
    uint64_t
        number; /* with LIST_EDGE: how many entries are writable; LIST_CROSS: lie in the first page; LIST_AT: the address */
};

#define NO_VALUE (UINT64_MAX - 1) /* the option was not given */

struct options {
    uint64_t nr, order, bits, flags, domid, start, value, order_out, nr_out, pfn, kib, node, done, vcpus;
    uint64_t port, remote, virq, vcpu, ms; /* of event channels */
    uint64_t step; /* not 0: the list becomes nr frames, from its first one on, so far apart */
    bool exact, pod, pvh, bad_version, bad_argument;
    struct place place, out_place; /* of the list, and of the second one */
    uint64_t skew; /* by so many bytes, fewer than an entry has, the list lies away from there */
};

extern struct list in_list, out_list; /* the second stands behind the word `out` */

/* takes: the keys of the options that this call takes, each with a blank behind it; `[` stands for a list. */
bool options_read(struct words *, const char *takes, struct options *, bool bind);
uint64_t option_or(uint64_t value, uint64_t otherwise);

#endif
