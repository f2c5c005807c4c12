/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes the real host's pool of free pages as large as a scenario wants it: the conductor allocates the pages that are too
 * many, and gives them back when a scenario wants more. QEMU's memory is the upper bound.
 */
#ifndef HARNESS_XEN_XEN_POOL_H
#define HARNESS_XEN_XEN_POOL_H

#include <stdint.h>

#include "harness/xen/conductor.h"

struct xen_pool;

/* NULL: no memory. The conductor may then hold up to machine_pages. */
struct xen_pool *xen_pool_new(struct conductor *, uint64_t machine_pages);
void xen_pool_free(struct xen_pool *); /* gives nothing back */
/*
 * Returns how many pages are free afterwards. It is not the wanted number if the machine is too small, or if the conductor
 * has nothing left to give back.
 */
uint64_t xen_pool_resize(struct xen_pool *, uint64_t wanted_free_pages);
/* Gives all pages back, so that Xen can merge its free memory again. */
void xen_pool_give_back(struct xen_pool *);
/* How many extents of an order, with such flags, Xen could give now, up to count: the conductor takes them and gives them
 * back. */
uint64_t xen_pool_extents(struct xen_pool *, unsigned order, unsigned mem_flags, uint64_t count);

#endif
