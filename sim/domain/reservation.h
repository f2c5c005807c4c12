/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A domain's reservation: frames that it is given, that it maps and unmaps, and that leave it. Each of these keeps
 * the entry in the host's table, the domain's counts, its claim, and the pool in step.
 */
#ifndef SIM_DOMAIN_RESERVATION_H
#define SIM_DOMAIN_RESERVATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct domain;
struct machine;

/* The domain owns one frame more, fresh from the pool; its M2P entry is invalid. */
void reservation_add(struct domain *, uint64_t mfn);
/* The same for many, all of them different. */
void reservation_add_many(struct domain *, const uint32_t *mfns, size_t count);
/* It owns one frame less, which goes back to the pool. scrub: its page is zeroed. */
void reservation_remove(struct domain *, uint64_t mfn, bool scrub);

/* A living domain gives a frame back: the frame hook is told, and Xen's option says whether it is scrubbed. */
void reservation_give_back(struct domain *, uint64_t mfn);
/*
 * A guest gives a frame up, as XENMEM_decrease_reservation does. A mapped one stays until its last unmap; of one
 * that went at once freed_pages tells. False: it isn't its to give.
 */
bool reservation_release(struct domain *, uint64_t mfn, uint64_t *freed_pages);
/* The same for a list of 64-bit numbers, as long as they are plain: its own, and mapped nowhere. How many were. */
size_t reservation_release_many(struct domain *, const char *list, size_t count, uint32_t *mfns);

/* A page-table entry that names the frame comes. foreign: it is dom0's. 0, or an errno as Xen gives it. */
int reservation_map(struct domain *owner, uint64_t mfn, bool foreign);
/* One goes, and the last one to go lets a released frame go, too. True: it left the reservation by this. */
bool reservation_unmap(struct machine *, uint64_t mfn, bool foreign);
/* The domain's own mappings of other domains' frames go. */
void reservation_unmap_foreign(struct domain *);

/* Its owner is being destroyed: it goes to the pool, or, while dom0 maps it, to the owner's zombie. */
void reservation_end(struct domain *owner, uint64_t mfn);

#endif
