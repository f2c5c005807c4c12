/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames that hold Xen's structures for one domain. They count as the host's overhead, and no domain owns them. */
#ifndef SIM_HOST_OVERHEAD_H
#define SIM_HOST_OVERHEAD_H

#include "sim/types.h"

struct host;

struct overhead {
    unsigned count;
    uint32_t mfn[DOMAIN_OVERHEAD_LIMIT]; /* the first is the frame that Xen shares with the domain */
};

/* Frames that were taken from the pool hold such structures from now on; or they do no longer, and go back to it. */
void overhead_begin(struct host *, const uint32_t *mfns, size_t count);
void overhead_end(struct host *, const uint32_t *mfns, size_t count);

/* So many more of the pool's. The caller has made sure that they are there. */
void overhead_take(struct host *, struct overhead *, unsigned pages);
void overhead_give_back(struct host *, struct overhead *); /* all of them */

#endif
