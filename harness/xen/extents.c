/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Extents of a higher order: whether the two heaps can be compared at all. Which free frames lie side by side
 * is nobody's promise, so where only that decides, one side follows the other; and a name that means neighbours on one
 * side alone is put to neither.
 */
#define __XEN_INTERFACE_VERSION__ 0x00040e00
#include "harness/xen/xen_guests_internal.h"

#include <assert.h>
#include <xen/memory.h>

/* Frames that lie side by side on Xen must do so in the model, too, for one number to name them all. */
bool extents_match(
    const struct xen_guest *rd, const uint64_t *xen, uint64_t from, uint64_t count, uint64_t order)
{
    const struct frame_pairs *pairs = rd->guests->pairs;

    for (uint64_t i = from; i < count; i++) {
        uint64_t model = frame_pairs_model(pairs, xen[i]);

        for (uint64_t page = 1; order <= ORDER_LIMIT && model != PAIR_STRANGER && page < 1ull << order;
             page++)
            if (frame_pairs_model(pairs, xen[i] + page) != model + page)
                return false;
    }
    return true;
}

/* Higher orders are refused before a heap is looked at. */
static bool heap_decides(const struct guest_call *call)
{
    return call->order > 0 && call->order <= ORDER_LIMIT_DOMU && call->start < call->nr_extents;
}

void limit_extents(const struct xen_guest *rd, const struct guest_call *call)
{
    uint64_t limit = UINT64_MAX;

    if (heap_decides(call)) {
        uint64_t wanted = call->nr_extents - call->start;
        uint64_t enough_pages_for = host_free_pages(rd->guests->machine) >> call->order;

        limit = xen_pool_extents(
            rd->guests->pool, (unsigned)call->order, wanted < enough_pages_for ? wanted : enough_pages_for);
    }
    machine_limit_extents(rd->guests->machine, limit);
}

bool model_lacked_extents(
    const struct xen_guest *rd, const struct guest_call *call, const struct xen_memory_reservation *asked)
{
    uint64_t reservation = domain_reservation_pages(rd->domain), maximum = domain_maximum_pages(rd->domain);
    uint64_t left = maximum > reservation ? maximum - reservation : 0,
             free_pages = host_free_pages(rd->guests->machine);
    /* An address limit, a node or a list that ends decide otherwise, and are compared as ever. */
    bool only_the_heap =
        heap_decides(call) && asked->mem_flags == 0 && (rd->before == NULL || call->list_va == 0);

    assert(call->translated);
    return only_the_heap && call->model_result >= 0 && (uint64_t)call->model_result < call->nr_extents &&
           (left < free_pages ? left : free_pages) >> call->order > 0;
}
