/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Populate-on-demand: a domain that boots with less memory than its E820 says. gfns without a frame get one from a
 * cache when they are touched; the guest's balloon driver has to give up as many as there are entries beyond the
 * cache before it touches them, or the domain ends. Behaviour read in Xen's p2m-pod.c and measured, by a dom0 that touches the
 * gfns of a domain without a guest.
 */
#ifndef SIM_DOMAIN_POD_H
#define SIM_DOMAIN_POD_H

#include <stdbool.h>
#include <stdint.h>

struct domain;

/*
 * The memory that a builder gives, as the domain's layout has it: so many of its pages, and the rest are populate-on-demand. The
 * first ones hold the boot image. False: no memory.
 */
bool pod_build(struct domain *, uint64_t pages, uint64_t image_pages);
/* The frame behind a gfn that is touched; 0: none. Populates the gfn; when the cache is empty that ends the domain. */
uint64_t pod_touch(struct domain *, uint64_t gfn);
/* populate_physmap with XENMEMF_populate_on_demand: 0 or -errno. */
long pod_mark(struct domain *, uint64_t gfn, unsigned order);
/*
 * decrease_reservation of an extent of 2^n pages: takes its entries, and, when the cache holds fewer frames than there are
 * entries, its frames, too, for the cache. Returns how many pages it took; the others are left to the caller.
 */
uint64_t pod_give_up(struct domain *, uint64_t gfn, uint64_t pages);
/* What is at the gfn is about to be replaced by a frame. */
void pod_replaced(struct domain *, uint64_t gfn);
/* XENMEM_set_pod_target: the cache grows or shrinks so that the domain would have so many pages. 0 or -errno. */
long pod_set_target(struct domain *, uint64_t pages);

#endif
