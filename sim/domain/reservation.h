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
struct host;
struct machine;
struct zombie;

/* The domain owns one frame more, fresh from the pool; its M2P entry is invalid. */
void reservation_add(struct domain *, uint64_t mfn);
/* 2^order frames in a row out of the pool are the domain's from now on, and their pages are zeroed. Returns the first one;
 * 0: the pool has none. */
uint64_t reservation_take_zeroed(struct domain *, unsigned order);
/* reservation_add for many frames, all of them different. */
void reservation_add_many(struct domain *, const uint32_t *mfns, size_t count);
/* It owns one frame less, which goes back to the pool. scrub: its page is zeroed. */
void reservation_remove(struct domain *, uint64_t mfn, bool scrub);

/*
 * A living domain gives a frame back: the frame hook is told, and Xen's option scrub-domheap says whether the page is
 * zeroed.
 */
void reservation_give_back(struct domain *, uint64_t mfn);
/*
 * A guest gives a frame up, as XENMEM_decrease_reservation does. A mapped frame stays until its last unmap; one that
 * went at once is added to *freed_pages. False: the frame isn't the domain's.
 */
bool reservation_release(struct domain *, uint64_t mfn, uint64_t *freed_pages);
/* Is it the page that Xen shares with the domain? That may be named as one of its frames, and never leaves it. */
bool reservation_shares(const struct domain *, uint64_t mfn);
/*
 * reservation_release for the first frames of a list of 64-bit numbers, up to the first one
 * that is not plain (frame_table.h) or that is mapped. Writes those that went to mfns, and returns how many.
 */
size_t reservation_release_many(struct domain *, const char *list, size_t count, uint32_t *mfns);

/* A page-table entry that names the frame is made. foreign: it is one of dom0's. 0, or Xen's errno. */
int reservation_map(struct domain *owner, uint64_t mfn, bool foreign);
/* The same of dom0 for a frame that is left of a dying domain. */
int reservation_map_dying(struct host *, const struct zombie *owner, uint64_t mfn);
/* Such an entry is cleared; with the last one a released frame leaves the reservation. True: it has left. */
bool reservation_unmap(struct machine *, uint64_t mfn, bool foreign);
/* The domain's mappings of other domains' frames are cleared. */
void reservation_unmap_foreign(struct domain *);

/* The frame's owner is being destroyed: the frame goes to the pool, or, while dom0 maps it, to the owner's zombie. */
void reservation_end(struct domain *owner, uint64_t mfn);

#endif
