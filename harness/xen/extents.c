/* SPDX-License-Identifier: BSD-2-Clause */
/* Extents of several pages, in two heaps whose free memory is in different blocks. */
#include "harness/xen/extents.h"

#include <xen/memory.h>

#include "sim/inspect.h"
#include "sim/real_xen.h"

bool extents_match(
    const struct frame_pairs *pairs, const uint64_t *xen_mfns, uint64_t from, uint64_t count, uint64_t order)
{
    if (order > ORDER_LIMIT)
        return true;
    for (uint64_t i = from; i < count; i++) {
        uint64_t model = frame_pairs_model(pairs, xen_mfns[i]);

        for (uint64_t page = 1; model != PAIR_STRANGER && page < 1ull << order; page++)
            if (frame_pairs_model(pairs, xen_mfns[i] + page) != model + page)
                return false;
    }
    return true;
}

/* Higher orders are refused before a heap is looked at. */
static bool heap_decides(uint64_t order, uint64_t start, uint64_t nr_extents)
{
    return order > 0 && order <= ORDER_LIMIT_DOMU && start < nr_extents;
}

void extents_limit(const struct xen_run *run, uint64_t order, uint64_t start, uint64_t nr_extents)
{
    uint64_t limit = UINT64_MAX;

    if (heap_decides(order, start, nr_extents)) {
        uint64_t wanted = nr_extents - start;
        uint64_t there_are_pages_for = host_free_pages(run->machine) >> order;

        limit = xen_pool_extents(
            run->pool, (unsigned)order, wanted < there_are_pages_for ? wanted : there_are_pages_for);
    }
    machine_limit_extents(run->machine, limit);
}

bool extents_flags_exclude_nothing(const struct xen_run *run, unsigned flags)
{
    const unsigned bits = XENMEMF_get_address_bits(flags);
    const uint64_t end_mfn = bits > PAGE_SHIFT_BITS && bits < 64 ? 1ull << (bits - PAGE_SHIFT_BITS) : 0;

    if (flags != XENMEMF_address_bits(bits))
        return false;
    return bits == 0 ||
           (end_mfn >= frame_pairs_end_xen_mfn(run->pairs) && end_mfn >= host_end_mfn(run->machine));
}

bool extents_model_lacked(const struct xen_run *run, const struct domain *domain, uint64_t order,
    uint64_t start, uint64_t nr_extents, int64_t given)
{
    uint64_t reservation = domain_reservation_pages(domain), maximum = domain_maximum_pages(domain);
    uint64_t left = maximum > reservation ? maximum - reservation : 0,
             free_pages = host_free_pages(run->machine);

    return heap_decides(order, start, nr_extents) && given >= 0 && (uint64_t)given < nr_extents &&
           (left < free_pages ? left : free_pages) >> order > 0;
}
