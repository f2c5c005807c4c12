/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of the host's frames, one by one: whose each is, how often it is mapped, and what its page holds. Who
 * changes an entry: the pool (pool.c) while a frame is free, the owner's reservation (sim/domain/reservation.c)
 * while it has an owner. Hypercalls only write M2P entries and stamps.
 */
#ifndef SIM_HOST_FRAME_TABLE_H
#define SIM_HOST_FRAME_TABLE_H

#include <assert.h>

#include "sim/host/host.h"

/*
 * One frame of the host. All zeros is a free frame that was never used, so that a table for a big host costs
 * nothing until it is used. With its M2P entry it is 32 bytes.
 */
struct frame {
    uint64_t stamp; /* stands for the page's contents; 0 is a zeroed page */
    uint32_t next;  /* in the free list of its order, while it heads a free block; 0 ends it */
    union {
        uint32_t previous; /* in the same list, while the frame is in one; one that isn't free has instead */
        struct {
            uint16_t mappings; /* page-table entries of its owner that name it */
            uint16_t foreign;  /* page-table entries of dom0 that name it, when dom0 isn't its owner */
        };
        uint32_t mapped; /* both in one word: 0 when nothing maps it */
    };
    uint32_t note; /* a watcher's own (inspect.h, frame_arrays.notes); the machine only clears it */
    union {
        struct {
            uint16_t owner; /* 0 free, OWNER_XEN, else a domid */
            uint8_t order;  /* of the free block it heads; of a zombie's frame: which zombie; else 0 */
            uint8_t flags;  /* FRAME_LISTED, FRAME_RELEASED */
        };
        uint32_t state; /* all three in one word: just the owner's domid for a plain frame, see below */
    };
};
#define FRAME_LISTED   1u /* heads a block in a free list */
#define FRAME_RELEASED 2u /* its owner gave it up while it was mapped: goes at the last unmap */
#define FRAME_STATE(owner, order, flags) \
    ((uint32_t)(owner) | (uint32_t)(order) << 16 | (uint32_t)(flags) << 24)

/*
 * A domain's frame is plain when it waits for no release and is no zombie's: its state is its owner's
 * number then. Whoever moves many frames compares one word of each with this.
 */
static inline uint32_t frame_plain(unsigned domid)
{
    return FRAME_STATE(domid, 0, 0);
}

static inline struct frame *frame_of(const struct host *host, uint64_t mfn)
{
    assert(mfn < host->end_mfn);
    return &host->frames[mfn];
}

/* Is it a frame that the domain of this number owns? mfn may be any number that a guest names. */
static inline bool frame_owned_by(const struct host *host, uint64_t mfn, unsigned domid)
{
    return mfn < host->end_mfn && host->frames[mfn].owner == domid;
}

/* Which window a frame of the pool lies in. */
static inline uint64_t window_number(uint32_t mfn)
{
    _Static_assert(HOST_FIRST_MFN % WINDOW_FRAMES == 0, "windows begin at multiples of their size");
    return (mfn >> WINDOW_BITS) - (uint32_t)(HOST_FIRST_MFN >> WINDOW_BITS);
}

bool frame_table_init(struct host *, uint64_t host_pages); /* false: no memory, or too many for 32 bits */
void frame_table_huge(struct host *); /* puts it in huge pages: a large guest will use much of it */
void frame_table_free(struct host *);

#endif
