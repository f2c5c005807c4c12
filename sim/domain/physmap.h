/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a domain's pages are when Xen translates for it (PVH, HVM): its guest names gfns and never sees a
 * frame's number. And populate-on-demand: gfns that get their frame from a cache when they are first touched.
 * Inside sim/ only.
 */
#ifndef SIM_DOMAIN_PHYSMAP_H
#define SIM_DOMAIN_PHYSMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct domain;
struct hypercall_trace;

#define PHYSMAP_LIMIT   (1ull << 26) /* gfns: 256 GiB */
#define PHYSMAP_NOTHING UINT64_MAX
#define PHYSMAP_POD     (UINT64_MAX - 1u) /* a frame will be there when it is touched */

struct physmap {
    uint64_t *entry;    /* by gfn: an mfn, or one of the above */
    uint64_t entries;   /* in the table; what lies behind is NOTHING */
    uint64_t map_pages; /* what its E820 says it has; 0: it was given none */
    uint64_t pod_entries;
    uint32_t *cache; /* frames that wait for the first touch of a gfn: the domain's own */
    uint64_t cache_pages, cache_room;
};

struct physmap *physmap_new(void);
void physmap_free(struct physmap *);
uint64_t physmap_get(const struct physmap *, uint64_t gfn);
/* The gfns [gfn, gfn + pages) can be set. */
bool physmap_room(struct domain *, uint64_t gfn, uint64_t pages);

/* The frame behind a gfn that is being touched; 0: none. Populates it, which ends the domain when the cache is empty. */
uint64_t pod_touch(struct domain *, uint64_t gfn);
/* populate_physmap with the flag: 0 or -errno. */
long pod_mark(struct domain *, uint64_t gfn, unsigned order);
/* decrease_reservation of a range: how many of its gfns were populate-on-demand. */
uint64_t pod_give_up(struct domain *, uint64_t gfn, uint64_t pages);
/* A frame that the guest gives back is wanted in the cache, and was put there. */
bool pod_steal(struct domain *, uint64_t mfn);
/* The cache holds so many frames; -ENOMEM when the host or the maximum doesn't allow it. */
long pod_set_cache(struct domain *, uint64_t pages);
long pod_set_target(struct domain *, uint64_t pages);
long pod_target_op(struct domain *caller, bool set, unsigned long argument, struct hypercall_trace *);
/* Memory as a builder makes it: of `gfns` pages `pages` are there, the others populate-on-demand. */
bool physmap_build(struct domain *, uint64_t pages, uint64_t gfns, uint64_t image_pages);

#endif
