/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What stays of a destroyed domain while dom0 maps frames of it: those frames, and Xen's structures for the domain.
 * Both go at the last unmap (measured on Xen 4.17). They count as overhead; the domain's number is free at once.
 */
#ifndef SIM_HOST_ZOMBIE_H
#define SIM_HOST_ZOMBIE_H

#include "sim/host/host.h"

/* A domain is being destroyed: returns the zombie that its mapped frames will belong to, if it has any. */
struct zombie *zombie_begin(struct host *);
/* dom0 maps this frame, so it stays and is the zombie's. The caller lowers the former owner's counts. */
void zombie_keep(struct host *, struct zombie *, uint64_t mfn);
/* The domain has no more frames. True: some stayed, and the zombie has taken over Xen's structures for the domain. */
bool zombie_end(struct zombie *, const uint32_t *overhead_mfn, unsigned nr_overhead);
/* dom0 has unmapped a zombie's frame for the last time: it goes to the pool. */
void zombie_unmapped(struct host *, uint64_t mfn);

#endif
