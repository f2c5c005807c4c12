/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A segment file alone, in a shared object with this one visible symbol, so that a benchmark outside can ask it for many segments
 * and look pages up in them.
 */
#ifndef GUEST_ABI_SEGMENT_FINDER_H
#define GUEST_ABI_SEGMENT_FINDER_H

#include <stdbool.h>
#include <stdint.h>

#define SEGMENT_FINDER_SYMBOL "segment_finder"
#define SEGMENT_FINDER_NONE   UINT64_MAX

struct segment_finder {
    /* Makes a segment of so many pages from pfn on, above all that there are. False: there is no room. */
    bool (*plug)(uint64_t pfn, uint64_t pages);
    /* The page's offset in its segment; SEGMENT_FINDER_NONE: it is in none. */
    uint64_t (*find)(uint64_t pfn);
};

extern const struct segment_finder segment_finder;

#endif
