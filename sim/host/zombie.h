/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What stays of a destroyed domain while dom0 maps frames of it: those frames, and Xen's structures for the domain.
 * Both go at the last unmap (measured on Xen 4.17). They count as overhead; the domain's number is free at once.
 */
#ifndef SIM_HOST_ZOMBIE_H
#define SIM_HOST_ZOMBIE_H

#include "sim/host/host.h"

/* A domain is being destroyed: the zombie that its mapped frames will belong to, if there are any. */
struct zombie *zombie_begin(struct host *);
/* That frame of it is mapped by dom0, and stays. The caller takes it off its owner's books. */
void zombie_keep(struct host *, struct zombie *, uint64_t mfn);
/* All its frames are through. True: some stayed, and the zombie has taken over Xen's structures for the domain. */
bool zombie_end(struct zombie *, const uint32_t *overhead_mfn, unsigned nr_overhead);
/* A frame of some zombie's was unmapped by dom0 for the last time: it goes to the pool. */
void zombie_unmapped(struct host *, uint64_t mfn);

#endif
