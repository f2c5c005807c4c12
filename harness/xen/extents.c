/* SPDX-License-Identifier: BSD-2-Clause */
/* Extents, in two heaps whose free memory is in different blocks and at different addresses. */
#include "harness/xen/extents.h"

#include "harness/xen/xen_pages.h"

#include <xen/memory.h>

#include "sim/inspect.h"
#include "sim/real_xen.h"

#define NODE_ANY 0xffu

/* What the two heaps have behind one page of an extent. */
enum page_match { SAME_FRAME, BOTH_END, THEY_PART };

static enum page_match compare_page(
    const struct xen_run *run, unsigned domid, uint64_t on_xen, uint64_t in_model)
{
    const bool xen_has = on_xen != PAIR_STRANGER && frame_owner(run->machine, MFN(on_xen)) == domid;
    const bool model_has = frame_owner(run->machine, MFN(in_model)) == domid;

    if (on_xen == in_model)
        return SAME_FRAME;
    return xen_has || model_has ? THEY_PART : BOTH_END;
}

bool extents_match(const struct xen_run *run, unsigned domid, const guest_entry *xen_mfns, uint64_t from,
    uint64_t count, uint64_t order)
{
    if (order > ORDER_LIMIT)
        return true;
    for (uint64_t i = from; i < count; i++) {
        uint64_t model = frame_pairs_model(run->pairs, xen_mfns[i]);

        for (uint64_t page = 1; model != PAIR_STRANGER && page < 1ull << order; page++) {
            const enum page_match match =
                compare_page(run, domid, frame_pairs_model(run->pairs, xen_mfns[i] + page), model + page);

            if (match == BOTH_END)
                return true;
            if (match == THEY_PART)
                return false;
        }
    }
    return true;
}

void extents_read_flags(struct extents_call *call, unsigned mem_flags, bool only_takes)
{
    const unsigned bits = XENMEMF_get_address_bits(mem_flags), node = XENMEMF_get_node(mem_flags);
    const bool names_node = !(mem_flags & XENMEMF_vnode) && node != NODE_ANY,
               exact = names_node && (mem_flags & XENMEMF_exact_node_request),
               by_dom0 = call->highest_order > ORDER_LIMIT_DOMU;

    call->address_bits = bits;
    call->no_heap = (!only_takes && (mem_flags & XENMEMF_populate_on_demand)) ||
                    (bits != 0 && bits <= PAGE_SHIFT_BITS) || (exact && (!by_dom0 || node != 0)) ||
                    (by_dom0 && names_node && node >= NODES_LIMIT);
}

/* Does an address limit leave out frames of one of the two machines? */
static bool limits_addresses(const struct xen_run *run, unsigned bits)
{
    const uint64_t end_mfn =
        bits > PAGE_SHIFT_BITS && bits < 64 ? 1ull << (bits - PAGE_SHIFT_BITS) : UINT64_MAX;

    return end_mfn < frame_pairs_end_xen_mfn(run->pairs) || end_mfn < host_end_mfn(run->machine);
}

bool extents_heap_decides(const struct xen_run *run, const struct extents_call *call)
{
    return call->start < call->nr_extents && call->order <= call->highest_order && !call->no_heap &&
           (call->order > 0 || limits_addresses(run, call->address_bits));
}

static bool is_free(const struct xen_run *run, uint64_t model_mfn)
{
    return model_mfn >= host_first_mfn(run->machine) && model_mfn < host_end_mfn(run->machine) &&
           frame_owner(run->machine, MFN(model_mfn)) == OWNER_FREE;
}

/* Does this frame of Xen's stand for a free one of the model's? */
static bool is_free_on_xen(const struct xen_run *run, uint64_t xen_mfn)
{
    const uint64_t model = frame_pairs_model(run->pairs, xen_mfn);

    return model != PAIR_STRANGER && frame_pairs_xen(run->pairs, model) == xen_mfn && is_free(run, model);
}

/* Counts blocks of 2^order frames that lie at a multiple of their size in [first, end), all of them free. */
static uint64_t count_blocks(const struct xen_run *run, bool (*free)(const struct xen_run *, uint64_t),
    uint64_t first, uint64_t end, uint64_t order)
{
    const uint64_t pages = 1ull << order;
    uint64_t blocks = 0;

    for (uint64_t block = (first + pages - 1) & -pages; block + pages <= end; block += pages) {
        uint64_t page = 0;

        while (page < pages && free(run, block + page))
            page++;
        blocks += page == pages;
    }
    return blocks;
}

/*
 * The frames that are free on Xen are known when each that is free in the model has a partner. Then Xen must be able to give as
 * many extents as they make up: if not, the two have come to other frames somewhere. claimed_pages: what the
 * conductor found although it is claimed.
 */
static void compare_with_frames(struct xen_run *run, const struct extents_call *call, uint64_t claimed_pages,
    uint64_t xen_gave, uint64_t wanted)
{
    const uint64_t end = frame_pairs_end_xen_mfn(run->pairs), free_pages = host_free_pages(run->machine);

    run->blocks_in_model =
        count_blocks(run, is_free, host_first_mfn(run->machine), host_end_mfn(run->machine), call->order);
    /* Structures of Xen's, and domains whose frames have no numbers, take other frames on either. */
    if (run->has_made || host_overhead_pages(run->machine) != run->built_overhead_pages ||
        host_claimed_pages(run->machine) > claimed_pages ||
        count_blocks(run, is_free_on_xen, 1, end, 0) != free_pages)
        return;
    const uint64_t blocks = count_blocks(run, is_free_on_xen, 1, end, call->order);
    if (xen_gave != (blocks < wanted ? blocks : wanted))
        xen_run_differs(run, machine_domain_by_id(run->machine, DOMID_DOM0),
            "frames that the model has free make up %llu extents of order %llu on Xen, which could give %llu "
            "of %llu",
            (unsigned long long)blocks, (unsigned long long)call->order, (unsigned long long)xen_gave,
            (unsigned long long)wanted);
}

/* While the domain has no claim, the conductor finds the frames that it may pay for with it. */
static void end_claim(struct xen_run *run, const struct domain *domain)
{
    const long answer = xen_pages_claim(run->conductor, domain_id(domain), 0);

    if (answer != 0)
        xen_run_differs(run, domain, "ending a claim that the model has: Xen answers %ld", answer);
}

/* Nothing has moved meanwhile, so there is room for the claim, if only the maximum is as it was when it was made. */
static void renew_claim(struct xen_run *run, const struct domain *domain)
{
    const unsigned domid = domain_id(domain);
    const uint64_t apart = xen_run_apart_pages(run, domain),
                   pages = domain_reservation_pages(domain) + domain_claim_pages(domain) + apart,
                   maximum_pages = domain_maximum_pages(domain) + apart;
    long answer = 0;

    if (maximum_pages < pages)
        answer = xen_pages_set_maximum(run->conductor, domid, pages * KIB_PER_PAGE);
    if (answer == 0)
        answer = xen_pages_claim(run->conductor, domid, pages);
    if (maximum_pages < pages && answer == 0)
        answer = xen_pages_set_maximum(run->conductor, domid, maximum_pages * KIB_PER_PAGE);
    if (answer != 0)
        xen_run_differs(run, domain, "a claim of %llu pages in all, as it was before: Xen answers %ld",
            (unsigned long long)pages, answer);
}

void extents_limit(struct xen_run *run, const struct domain *target, const struct extents_call *call)
{
    uint64_t limit = UINT64_MAX, wanted = call->nr_extents - call->start;

    run->blocks_in_model = 0;
    if (extents_heap_decides(run, call)) {
        const uint64_t claimed_pages = target != NULL ? domain_claim_pages(target) : 0;
        uint64_t there_are_pages_for = host_free_pages(run->machine) >> call->order;

        if (claimed_pages > 0)
            end_claim(run, target);
        limit = xen_pool_extents(run->pool, (unsigned)call->order, XENMEMF_address_bits(call->address_bits),
            wanted < there_are_pages_for ? wanted : there_are_pages_for);
        if (claimed_pages > 0)
            renew_claim(run, target);
        if (call->order > 0 && call->order <= ORDER_LIMIT_DOMU && call->address_bits == 0)
            compare_with_frames(
                run, call, claimed_pages, limit, wanted < there_are_pages_for ? wanted : there_are_pages_for);
    }
    machine_limit_extents(run->machine, limit);
}

bool extents_model_lacked(
    const struct xen_run *run, const struct domain *domain, const struct extents_call *call, int64_t given)
{
    uint64_t reservation = domain_reservation_pages(domain), maximum = domain_maximum_pages(domain);
    uint64_t left = maximum > reservation ? maximum - reservation : 0,
             free_pages = host_free_pages(run->machine);

    return extents_heap_decides(run, call) && given >= 0 && (uint64_t)given < call->nr_extents &&
           (uint64_t)given >= call->start + run->blocks_in_model &&
           (left < free_pages ? left : free_pages) >> call->order > 0;
}
