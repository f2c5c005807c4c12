/* SPDX-License-Identifier: BSD-2-Clause */
/* Lays out a PV guest's boot memory. */
#include "harness/xen/pv_layout.h"

#include <assert.h>

#include "sim/types.h"

#define HEAP_PAGES_MIN 32u
#define UNREACHED_PAGES \
    (4u + PV_STACKS) /* page 0, the frame under shared_info, the holes around stacks and behind the P2M */

static uint64_t divided_up(uint64_t count, uint64_t by)
{
    return (count + by - 1) / by;
}

uint64_t pv_layout_mapped_pages(const struct pv_layout *at)
{
    return at->end + PV_GUEST_WINDOW_PAGES + UNREACHED_PAGES;
}

/* One thing behind the other, up to where the heap begins. */
static void place(struct pv_layout *at, uint64_t kernel_pages, uint64_t p2m_entries)
{
    uint64_t next = kernel_pages;

    *at = (struct pv_layout){.start_info = next};
    at->boot_block = at->start_info + 1;
    at->ring = at->boot_block + 1;
    at->shared_info =
        at->ring + 1; /* Xen's shared frame is mapped here, in place of the domain's own frame */
    at->stacks = at->shared_info + 2;
    at->p2m = at->stacks + PV_STACKS * PV_STACK_STRIDE_PAGES;
    at->p2m_guard = at->p2m + divided_up(p2m_entries * sizeof(uint64_t), PAGE_BYTES);
    at->heap = at->p2m_guard + 1;
}

/* Page tables for an image that ends at at->end, and for the direct map. */
static void count_tables(struct pv_layout *at)
{
    at->nr_l1 = divided_up(pv_layout_mapped_pages(at), P2M_ENTRIES_PER_PAGE);
    at->nr_l2 = divided_up(at->nr_l1, P2M_ENTRIES_PER_PAGE);
    at->nr_direct_l1 = divided_up(at->direct_pages, P2M_ENTRIES_PER_PAGE);
    at->nr_direct_l2 = divided_up(at->nr_direct_l1, P2M_ENTRIES_PER_PAGE);
    at->direct_tables = 2 + at->nr_l2 + at->nr_l1;
    at->nr_tables = at->direct_tables + (at->direct_pages != 0) + at->nr_direct_l2 + at->nr_direct_l1;
}

static void place_tables(struct pv_layout *at)
{
    at->tables = at->end - at->nr_tables;
    at->heap_pages = at->tables - at->heap;
    assert(at->nr_l2 <= P2M_ENTRIES_PER_PAGE && at->nr_direct_l2 <= P2M_ENTRIES_PER_PAGE);
    assert(at->heap_pages >= HEAP_PAGES_MIN);
}

bool pv_layout_make(struct pv_layout *at, uint64_t kernel_pages, uint64_t p2m_entries, uint64_t image_pages,
    uint64_t *needed_pages)
{
    place(at, kernel_pages, p2m_entries);
    at->end = image_pages;
    count_tables(at);
    *needed_pages = at->heap + HEAP_PAGES_MIN + at->nr_tables;
    if (*needed_pages > image_pages)
        return false;
    place_tables(at);
    return true;
}

void pv_layout_apart(struct pv_layout *at, uint64_t kernel_pages, uint64_t p2m_entries, uint64_t heap_bytes,
    uint64_t direct_pages)
{
    place(at, kernel_pages, p2m_entries);
    at->apart = true;
    at->direct_pages = direct_pages;
    const uint64_t least = at->heap + HEAP_PAGES_MIN + divided_up(heap_bytes, PAGE_BYTES);
    at->end = least;
    do { /* tables are mapped, too */
        at->end = least + at->nr_tables;
        count_tables(at);
    } while (at->end < least + at->nr_tables);
    place_tables(at);
}

bool pv_layout_is_hole(const struct pv_layout *at, uint64_t pfn)
{
    bool under_a_stack = pfn + 1 >= at->stacks && pfn < at->stacks + PV_STACKS * PV_STACK_STRIDE_PAGES &&
                         (pfn + 1 - at->stacks) % PV_STACK_STRIDE_PAGES == 0;

    return pfn == 0 || under_a_stack || pfn == at->p2m_guard;
}
