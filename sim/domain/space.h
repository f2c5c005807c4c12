/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A domain's memory as its guest sees it: P2M, heap, stacks, shared pages, a window of virtual pages.
 * space_reach.c decides whether a guest's pointer may be used, and says what a wild one points at. The contents of
 * pages are not here: a number in the frame table, the frame's stamp, stands for them.
 */
#ifndef SIM_DOMAIN_SPACE_H
#define SIM_DOMAIN_SPACE_H

#include <stdint.h>
#include <xen/xen.h>

#include "guest/abi/boot.h"
#include "sim/domain/real_xen_memory.h"
#include "sim/types.h"

#define SPACE_STACKS        16u
#define SPACE_STACK_BYTES   65536ull
#define SPACE_STRIDE_BYTES  (SPACE_STACK_BYTES + PAGE_BYTES) /* one guard page under each */
#define SPACE_WINDOW_PAGES  64u
#define SPACE_HEAP_BYTES    (64ull << 20) /* beyond what grows with the P2M */
#define SPACE_HEAP_PER_PAGE 160ull        /* room for the largest structure that a kernel has for a page */
#define SPACE_HUGE_ENTRIES  (1ull << 16)  /* with a P2M of this size or more, tables are in huge pages */
#define SPACE_CANARY        0x9e3779b97f4a7c15ull
#define SPACE_DIRECT_SPARE \
    (1ull << 18) /* pages of a direct map beyond the P2M: what is plugged there begins at whole sections */

struct space {
    char *base; /* one reserved range that holds all of it; the gaps are never accessible */
    size_t bytes;
    /* Set before space_prepare: how far the direct map must reach, by the guest's memory map; 0: no further than its P2M. */
    uint64_t map_pages;
    uint64_t map_room;    /* what map_pages was when the memory that there is was reserved */
    uint64_t p2m_room;    /* entries that fit before the guard; canaries fill those behind p2m_entries */
    uint64_t p2m_entries; /* entries that the guest was given */
    size_t heap_bytes;
    uint64_t heap_ready_bytes; /* about how much of the heap has memory already */
    uint64_t heap_first_bytes; /* how much of it was in use before it began to grow; 0: not yet known */

    start_info_t *start_info;
    shared_info_t *shared_info;
    struct xenstore_domain_interface *xenstore;
    struct boot_block *boot;
    uint64_t *p2m;     /* that the builder made */
    uint64_t *own_p2m; /* that the guest made itself a P2M of; NULL: it uses the builder's */
    uint64_t own_p2m_entries;
    uint64_t *own_p2m_copy; /* of a guest that runs on the real Xen, with the model's frame numbers */
    char *heap, *window, *stacks, *boot_stack;
    char *direct; /* NULL: its kernel wants no direct map */
    uint64_t direct_pages;
    uint32_t *direct_mfn;            /* the frame that each page of it maps, 0 none */
    const struct guest_image *image; /* its code and data count as the guest's memory */
    struct real_xen_memory real_xen; /* of a guest that runs on the real Xen */
};

/* Does its guest run on the real Xen? Its memory is real_xen then, and its P2M names Xen's frames. */
static inline bool space_on_real_xen(const struct space *space)
{
    return space->real_xen.base != NULL;
}

/* The P2M that the guest uses. On the real Xen it names Xen's frames. */
static inline uint64_t *space_p2m(const struct space *space)
{
    if (space->own_p2m != NULL)
        return space->own_p2m;
    return space_on_real_xen(space) ? space->real_xen.p2m : space->p2m;
}

static inline uint64_t space_p2m_entries(const struct space *space)
{
    return space->own_p2m != NULL ? space->own_p2m_entries : space->p2m_entries;
}

/* Has the guest a direct map? The memory of one may be there for another guest that had one. */
static inline bool space_has_direct(const struct space *space)
{
    return space->direct != NULL && space->image->direct_map != 0;
}

/* Where it begins, for the guest. */
static inline uintptr_t space_direct_va(const struct space *space)
{
    return space_on_real_xen(space) ? space->real_xen.guest_direct : (uintptr_t)space->direct;
}

/*
 * Makes the memory of a domain that is about to start. The struct is all zeros, or holds a former domain's memory, which
 * is used again if it has the right size. False: no memory.
 */
bool space_prepare(struct space *, uint64_t p2m_entries, uint64_t boot_pages, const struct guest_image *);
/* Says how much of the heap is used now. As it grows, the next pages of it are got in advance, without a fault for each. */
void space_heap_used(struct space *, uint64_t used_bytes);
/* Makes it as good as new: zeroes stacks and heap where they were touched. heap_touched_bytes is what the guest says. */
void space_clean(struct space *, uint64_t heap_touched_bytes);
/* From now on the guest uses the table at its address as its P2M. 0, or an errno: it may not write there. */
int space_use_p2m(struct space *, uintptr_t guest_va, uint64_t entries);
/* Where a copy of it in the model's numbers goes, of a guest that runs on the real Xen. */
uint64_t *space_p2m_copy(struct space *);
void space_free(struct space *);
bool space_canary_intact(const struct space *);

/* How many of the wanted bytes, beginning at guest_va, the guest itself may read (or write). */
size_t space_reach(const struct space *, uintptr_t guest_va, size_t wanted, bool write);
/*
 * Where those bytes are for the simulator; NULL when the guest may not touch all of them. The one place
 * that turns a guest's address into one of ours; for a guest in this process the two are the same.
 */
void *space_host(const struct space *, uintptr_t guest_va, size_t bytes, bool write);
size_t space_stack_reach(
    const struct space *, uintptr_t address); /* bytes from it to the end of its stack, or 0 */
bool space_on_stack(const struct space *, uintptr_t address, size_t bytes);
/* What lies at an address, in words without numbers; NULL when it isn't the domain's. */
const char *space_what(const struct space *, uintptr_t address);

#endif
