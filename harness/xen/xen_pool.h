/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes the real host's pool as large as a scenario wants it: dom0 takes what is too much, and gives it
 * back for a scenario that wants more. QEMU's memory is the upper bound.
 */
#ifndef HARNESS_XEN_XEN_POOL_H
#define HARNESS_XEN_XEN_POOL_H

#include "harness/xen/xen_host.h"

struct xen_pool;

struct xen_pool *xen_pool_new(struct xen_host *); /* NULL: no memory */
void xen_pool_free(struct xen_pool *);
/* What is free afterwards; other than wanted when the machine is too small, or somebody else holds memory. */
uint64_t xen_pool_resize(struct xen_pool *, uint64_t wanted_free_pages);
/* All of it back, so that Xen's heap grows together again. */
void xen_pool_give_back(struct xen_pool *);
/* How many extents of an order Xen could give now, up to count: dom0 takes them and gives them back. */
uint64_t xen_pool_extents(struct xen_pool *, unsigned order, uint64_t count);

#endif
