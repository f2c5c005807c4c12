/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a domain's pages are when Xen translates for it (PVH, HVM): its guest names gfns and never sees a frame's
 * number. This is the table only, with the sizes in which it maps; pod.h has gfns that get their frame when they are first
 * touched.
 *
 * A mapping is as large as it was made: of 1 GiB or 2 MiB where gfn, frame and length allow it. Changing one page of it leaves the
 * rest in pieces, which stay pieces until all of it is made anew: Xen puts none together by itself.
 */
#ifndef SIM_DOMAIN_PHYSMAP_H
#define SIM_DOMAIN_PHYSMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct domain;

#define PHYSMAP_NEAR    (1ull << 26) /* memory has gfns below: 256 GiB */
#define PHYSMAP_LIMIT   (1ull << 36) /* gfns that tables of four levels can name */
#define PHYSMAP_NOTHING UINT64_MAX
#define PHYSMAP_POD     (UINT64_MAX - 1u) /* a frame will be there when it is touched */

#define PHYSMAP_2M_ORDER 9u
#define PHYSMAP_1G_ORDER 18u
#define PHYSMAP_2M_PAGES (1ull << PHYSMAP_2M_ORDER)
#define PHYSMAP_1G_PAGES (1ull << PHYSMAP_1G_ORDER)

/* How 2 MiB of gfns are mapped. */
enum physmap_size {
    PHYSMAP_4K,        /* page by page, or not at all */
    PHYSMAP_IN_PIECES, /* the same, and they were one mapping of 2 MiB once */
    PHYSMAP_2M,
    PHYSMAP_1G /* they are a part of one */
};

struct physmap_part;

struct physmap {
    uint64_t *entry; /* by gfn: an mfn, PHYSMAP_NOTHING or PHYSMAP_POD */
    uint8_t *size;   /* of each 2 MiB of them: enum physmap_size */
    uint64_t
        entries; /* in the table, whole 2 MiB of them; what lies behind, below PHYSMAP_NEAR, is NOTHING */
    struct physmap_part **far; /* gfns from PHYSMAP_NEAR on: see physmap_far.h */
    size_t nr_far, far_room;
    uint64_t highest_gfn; /* that ever had a frame, or was to get one on demand */

    uint64_t pod_entries; /* how many gfns are PHYSMAP_POD */
    size_t cache_pages; /* frames that wait for the first touch of a gfn: the domain's own; see pod_cache.h */
    uint32_t *cache;    /* single ones */
    size_t cache_first, cached_singles, cache_room;
    uint32_t *cache_2m; /* the first ones of 2 MiB each */
    size_t cached_2m, cache_2m_room;

    uint32_t *pool; /* frames of Xen's for the tables, beyond those that it takes for any such domain */
    size_t pool_pages;
};

struct physmap *physmap_new(void); /* empty; NULL: no memory */
void physmap_free(struct physmap *);
/* Are there gfns [gfn, gfn + pages)? */
static inline bool physmap_can_name(uint64_t gfn, uint64_t pages)
{
    return gfn < PHYSMAP_LIMIT && pages <= PHYSMAP_LIMIT - gfn;
}

/* They can be set from now on. False: there are no such gfns, or no memory. */
bool physmap_room(struct domain *, uint64_t gfn, uint64_t pages);
uint64_t physmap_get(const struct physmap *, uint64_t gfn);

/* So many more of the host's frames for its tables, which are there. False: no memory. They go back together. */
bool physmap_take_pool(struct domain *, uint64_t pages);
void physmap_give_pool_back(struct domain *);

/* One gfn, for which there is room; a larger mapping that it is in is shattered. */
void physmap_set(struct physmap *, uint64_t gfn, uint64_t entry);
/* 2^order gfns, in mappings as large as can be. entry: the first of as many frames in a row, or what they all are. */
void physmap_set_extent(struct physmap *, uint64_t gfn, uint64_t entry, unsigned order);

/* Of the mapping that the gfn is in: 0, PHYSMAP_2M_ORDER or PHYSMAP_1G_ORDER; 0 where nothing ever was. */
unsigned physmap_order(const struct physmap *, uint64_t gfn);

/* How many mappings of frames there are of 1 GiB and of 2 MiB, and 2 MiB of gfns with frames that were one and are in pieces. */
struct physmap_sizes {
    uint64_t whole_1g, whole_2m, shattered_2m;
};
struct physmap_sizes physmap_count_sizes(const struct physmap *);

#endif
