/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What stays of a destroyed domain while dom0 maps frames of it: those frames, and Xen's structures for the domain.
 * Both go at the last unmap (measured on Xen 4.17), and so long the domain is dying: its number is taken, and calls may name it.
 * They count as overhead.
 */
#ifndef SIM_HOST_ZOMBIE_H
#define SIM_HOST_ZOMBIE_H

#include "sim/host/host.h"

/* A domain is being destroyed: returns the zombie that its mapped frames will belong to, if it has any. */
struct zombie *zombie_begin(struct host *, const struct dying *);
/* dom0 maps this frame, so it stays and is the zombie's. The caller lowers the former owner's counts. */
void zombie_keep(struct host *, struct zombie *, uint64_t mfn);
/* The domain has no more frames. True: some stayed, and the zombie has Xen's structures for the domain now. */
bool zombie_end(struct zombie *, struct overhead *);
/* The zombie of the domain with that number; NULL: nothing is left of any. */
struct zombie *zombie_of(struct host *, unsigned domid);
/* Is this frame, any number, one that it keeps? */
bool zombie_has(const struct host *, const struct zombie *, uint64_t mfn);
/* dom0 maps one of them once more. */
void zombie_mapped(struct host *, const struct zombie *, uint64_t mfn);
/* dom0 has unmapped a zombie's frame for the last time: it goes to the pool. */
void zombie_unmapped(struct host *, uint64_t mfn);

#endif
