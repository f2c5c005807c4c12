/* SPDX-License-Identifier: BSD-2-Clause */
/* Compares what Xen and the model did for one call of a guest. */
#include "harness/xen/guest_compare.h"

#include "harness/xen/guest_arguments.h"
#include "harness/xen/new_contents.h"
#include "harness/xen/shadow.h"

#include <assert.h>
#include <string.h>
#include <xen/memory.h>

#include "sim/inspect.h"

#define M2P_LOOKS_MAX 1024u

static const char *call_name(const struct guest_call *call)
{
    static const struct {
        unsigned memop;
        const char *name;
    } names[] = {
        {XENMEM_increase_reservation, "XENMEM_increase_reservation"},
        {XENMEM_decrease_reservation, "XENMEM_decrease_reservation"},
        {XENMEM_populate_physmap, "XENMEM_populate_physmap"},
        {XENMEM_exchange, "XENMEM_exchange"},
        {XENMEM_current_reservation, "XENMEM_current_reservation"},
        {XENMEM_maximum_reservation, "XENMEM_maximum_reservation"},
    };

    if (call->op == __HYPERVISOR_mmu_update)
        return "mmu_update";
    if (call->op == __HYPERVISOR_update_va_mapping)
        return "update_va_mapping";
    if (call->op == __HYPERVISOR_mmuext_op)
        return "mmuext_op";
    if (call->op == __HYPERVISOR_vcpu_op)
        return "vcpu_op";
    for (size_t i = 0; call->op == __HYPERVISOR_memory_op && i < sizeof names / sizeof names[0]; i++)
        if (names[i].memop == call->memop)
            return names[i].name;
    return "a hypercall";
}

/* Joins the frames that the call put into a list of the guest's, [start, until), with those that the model put into the
 * shadow's list. */
static void join_list(struct xen_guest *guest, enum shadow_list which, uint64_t va, uint64_t list_entries,
    uint64_t start, uint64_t until, uint64_t order)
{
    uint64_t entries = shadow_reach(&guest->memory, va, list_entries, true);

    if (entries == 0)
        return;
    const guest_entry *xen = shadow_guest_list(&guest->memory, va);
    const uint64_t *model = shadow_list(&guest->memory, which, entries);
    for (uint64_t i = start; i < until && i < entries; i++)
        for (uint64_t page = 0; page < 1ull << order; page++)
            frame_pairs_join(guest->run->pairs, xen[i] + page, model[i] + page);
}

/* Compares M2P entries: that of each of Xen's frames must be the same as that of its partner in the model. */
static void compare_m2p(
    struct xen_guest *guest, const guest_entry *xen_mfns, uint64_t count, const struct guest_call *call)
{
    uint64_t entries[M2P_LOOKS_MAX];

    count = count < M2P_LOOKS_MAX ? count : M2P_LOOKS_MAX;
    /* cppcheck-suppress uninitvar ; of a caller's array the first count are set */
    memcpy(entries, xen_mfns, count * sizeof *entries);
    conductor_m2p(guest->run->conductor, entries, count);
    for (uint64_t i = 0; i < count; i++) {
        uint64_t model =
            frame_m2p(guest->run->machine, MFN(guest_arguments_model_mfn(guest, xen_mfns[i]))).pfn;

        if (entries[i] != model)
            xen_run_differs(guest->run, guest->domain,
                "after %s the M2P entry of one frame is 0x%llx on Xen, 0x%llx in the model", call_name(call),
                (unsigned long long)entries[i], (unsigned long long)model);
    }
}

/* Records the frame at which the two answers begin to differ, and who owns it in the model. */
static void tell_frame(struct xen_guest *guest, const struct guest_call *call, uint64_t extent)
{
    const struct machine *machine = guest->run->machine;

    if (extent >= shadow_reach(&guest->memory, call->list_va, call->nr_extents, false))
        return;
    uint64_t xen = shadow_guest_list(&guest->memory, call->list_va)[extent],
             model = guest_arguments_model_mfn(guest, xen);
    xen_run_differs(guest->run, guest->domain,
        "they part at extent %llu: frame 0x%llx on Xen, 0x%llx in the model, where its owner is 0x%x, "
        "mapped %u times, %s",
        (unsigned long long)extent, (unsigned long long)xen, (unsigned long long)model,
        frame_owner(machine, MFN(model)), frame_mappings(machine, MFN(model)),
        frame_release_pending(machine, MFN(model)) ? "given up" : "not given up");
}

static int64_t lesser_result(const struct guest_call *call)
{
    return call->xen_result < call->model_result ? call->xen_result : call->model_result;
}

static void compare_decrease(struct xen_guest *guest, const struct guest_call *call)
{
    if (call->xen_result != call->model_result && lesser_result(call) >= 0)
        tell_frame(guest, call, (uint64_t)lesser_result(call));
}

/* A translated domain's list is of gfns. Where memory is populated on demand it matters which pages are zeros. */
static void even_out_contents(struct xen_guest *guest, const struct guest_call *call, uint64_t both)
{
    const uint64_t entries = shadow_reach(&guest->memory, call->list_va, call->nr_extents, false);

    if (call->memop != XENMEM_populate_physmap || !domain_is_on_demand(guest->domain))
        return;
    for (uint64_t i = call->start; i < both && i < entries; i++)
        new_contents_even_out(guest->run, guest->domain, guest->on_xen->domid,
            shadow_guest_list(&guest->memory, call->list_va)[i], (unsigned)call->order);
}

/* After an increase or a populate: compares the extents up to the lesser result, which both have given. */
static void compare_new_extents(struct xen_guest *guest, const struct guest_call *call)
{
    uint64_t both = lesser_result(call) > 0 ? (uint64_t)lesser_result(call) : 0;

    if (domain_is_translated(guest->domain)) {
        even_out_contents(guest, call, both);
        return;
    }
    join_list(guest, SHADOW_FIRST_LIST, call->list_va, call->nr_extents, call->start, both, call->order);
    if (guest->new_frames.begun)
        new_frames_join(&guest->new_frames, guest->run, guest->domain, guest->on_xen->domid);
    uint64_t until = shadow_reach(&guest->memory, call->list_va, call->nr_extents, false);
    until = both < until ? both : until;
    if (call->memop == XENMEM_populate_physmap && until > call->start)
        compare_m2p(
            guest, shadow_guest_list(&guest->memory, call->list_va) + call->start, until - call->start, call);
}

/* After an exchange: if it failed, the extents before the failure were exchanged. */
static void compare_exchange(struct xen_guest *guest, const struct guest_call *call)
{
    const struct xen_memory_exchange *shadow = shadow_structure(&guest->memory);
    struct xen_memory_exchange xen;

    if (!shadow_read(&guest->memory, call->arg[1], &xen, sizeof xen))
        return;
    xen_answers_tell(guest->run->answers, "extents exchanged", xen.nr_exchanged, shadow->nr_exchanged);
    if (xen.nr_exchanged != shadow->nr_exchanged)
        xen_run_differs(guest->run, guest->domain, "XENMEM_exchange: Xen exchanged %llu, the model %llu",
            (unsigned long long)xen.nr_exchanged, (unsigned long long)shadow->nr_exchanged);
    uint64_t both = xen.nr_exchanged < shadow->nr_exchanged ? xen.nr_exchanged : shadow->nr_exchanged;
    /* The count is in extents that are given up; those that are received may be of another order. */
    if (call->nr_extents != 0)
        join_list(guest, SHADOW_SECOND_LIST, call->out_list_va, call->nr_out, 0,
            both * call->nr_out / call->nr_extents, call->order);
    if (guest->new_frames.begun)
        new_frames_join(&guest->new_frames, guest->run, guest->domain, guest->on_xen->domid);
}

static void compare_memory_op(struct xen_guest *guest, const struct guest_call *call)
{
    if (call->translated && call->memop == XENMEM_exchange)
        compare_exchange(guest, call);
    else if (call->translated && call->memop == XENMEM_decrease_reservation)
        compare_decrease(guest, call);
    else if (call->translated)
        compare_new_extents(guest, call);
    xen_run_compare_domain(guest->run, guest->domain, guest->on_xen->domid, call_name(call));
    xen_run_compare_free(guest->run, guest->domain, call_name(call));
}

/* Compares the M2P entries of as many updates as Xen says were done. */
static void compare_mmu_update(struct xen_guest *guest, const struct guest_call *call)
{
    uint64_t frames[M2P_LOOKS_MAX];
    uint32_t done = 0;
    size_t count = 0;

    if (!call->translated)
        return;
    const bool told =
        shadow_read(&guest->memory, call->arg[2], &done, sizeof done) && call->arg[2] >= PAGE_BYTES;
    if (told)
        xen_answers_tell(guest->run->answers, "updates done", done, *shadow_count(&guest->memory));
    if (told && done != *shadow_count(&guest->memory))
        xen_run_differs(guest->run, guest->domain, "mmu_update: Xen did %u, the model %u", done,
            *shadow_count(&guest->memory));
    const guest_entry *list = shadow_guest_list(&guest->memory, call->list_va);
    for (uint64_t i = 0; i < done && i < call->nr_extents && count < M2P_LOOKS_MAX; i++)
        frames[count++] = list[2 * i] >> PAGE_SHIFT_BITS;
    compare_m2p(guest, frames, count, call);
}

void guest_compare_call(struct xen_guest *guest, const struct guest_call *call)
{
    assert(!call->incomparable && !call->refused);
    xen_run_answered(guest->run, call->op, call->memop, call->xen_result, call->model_result);
    if (call->xen_result != call->model_result)
        xen_run_differs(guest->run, guest->domain,
            "%s of %llu (order %llu): Xen answers %lld, the model %lld", call_name(call),
            (unsigned long long)call->nr_extents, (unsigned long long)call->order,
            (long long)call->xen_result, (long long)call->model_result);
    if (call->op == __HYPERVISOR_mmu_update)
        compare_mmu_update(guest, call);
    else if (call->op == __HYPERVISOR_memory_op)
        compare_memory_op(guest, call);
}
