/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the calls that Xen answers carry: frame numbers in their arguments are translated for the model,
 * those in the answers are joined, and everything else must be the same. No schedule and no waiting here.
 */
#define __XEN_INTERFACE_VERSION__ 0x00040e00
#include "harness/xen/xen_guests_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <xen/memory.h>

#define COMMAND_BITS       6u /* above them, where a preempted call goes on */
#define PAGE_SHIFT         12u
#define PTE_MFN_MASK       0x000ffffffffff000ull
#define SHADOW_CALL        (VCPU_FRAME_BYTES + 8u)   /* where the call's structure lies in the shadow … */
#define SHADOW_DONE        (SHADOW_HEAD_BYTES - 64u) /* … and a count that Xen would write */
#define M2P_LOOKS_MAX      1024u
#define EXCHANGE_LOOKS_MAX 1024u

static uint64_t to_model(const struct xen_guest *rd, uint64_t xen_mfn)
{
    return frame_pairs_model(rd->guests->pairs, xen_mfn);
}

bool guest_read(const struct xen_guest *rd, uint64_t guest_va, void *to, size_t bytes)
{
    if (guest_va >= rd->on_xen->base_bytes || bytes > rd->on_xen->base_bytes - guest_va)
        return false;
    memcpy(to, rd->on_xen->base + guest_va, bytes);
    return true;
}

static uint64_t *guest_list(const struct xen_guest *rd, uint64_t va)
{
    return (uint64_t *)(rd->on_xen->base + va);
}

/* How many of a list's entries the guest itself can touch; what is beyond must be out of reach in the shadow, too. */
static uint64_t reach(const struct xen_guest *rd, uint64_t va, uint64_t entries, bool write)
{
    if (va == 0 || entries == 0)
        return 0;
    uint64_t bytes =
        entries < SHADOW_LIST_ENTRIES ? entries * sizeof(uint64_t) : SHADOW_LIST_ENTRIES * sizeof(uint64_t);
    return xen_domain_reach(rd->on_xen, va, bytes, write) / sizeof(uint64_t);
}

/* The end of a half of the shadow's list room, less so many entries. The first list lies in the second half: behind it
 * is nothing that the model may touch, as behind the guest's own. */
static uint64_t *shadow_list(const struct xen_guest *rd, unsigned half, uint64_t entries)
{
    assert(entries <= SHADOW_LIST_ENTRIES && half < 2);
    return (uint64_t *)(rd->shadow + SHADOW_HEAD_BYTES) + (2 - half) * SHADOW_LIST_ENTRIES - entries;
}

/* A list for the model: `in` entries are frames to translate, others are copied as they are. */
static uint64_t shadow_of(const struct xen_guest *rd, unsigned half, uint64_t va, uint64_t count,
    uint64_t start, bool frames, bool write)
{
    uint64_t entries = reach(rd, va, count, write);

    if (va == 0 || entries == 0)
        return va;
    uint64_t *list = shadow_list(rd, half, entries);
    const uint64_t *from = guest_list(rd, va);
    for (uint64_t i = 0; i < entries; i++)
        list[i] = frames && i >= start ? to_model(rd, from[i]) : from[i];
    return (uint64_t)list;
}

static void translate_reservation(struct xen_guest *rd, struct vcpu *vcpu, struct guest_call *call)
{
    struct xen_memory_reservation *shadow = (struct xen_memory_reservation *)(rd->shadow + SHADOW_CALL);

    if (!guest_read(rd, call->arg[1], shadow, sizeof *shadow) || call->arg[1] < PAGE_BYTES)
        return;
    call->nr_extents = shadow->nr_extents;
    call->order = shadow->extent_order;
    call->list_va = (uint64_t)shadow->extent_start.p;
    bool output = call->memop != XENMEM_decrease_reservation;
    if (output && (call->list_va == 0 || reach(rd, call->list_va, call->nr_extents, true) < call->nr_extents))
        new_frames_begin(rd);
    if (output)
        limit_extents(rd, call);
    if (!output && call->order != 0 && call->order <= ORDER_LIMIT_DOMU)
        call->incomparable = !extents_match(rd, guest_list(rd, call->list_va), call->start,
            reach(rd, call->list_va, call->nr_extents, false), call->order);
    shadow->extent_start.p = (xen_pfn_t *)shadow_of(rd, 0, call->list_va, call->nr_extents, call->start,
        !output, call->memop == XENMEM_increase_reservation);
    call->translated = true;
    vcpu->arg[1] = (uint64_t)shadow;
}

/* An exchange of several gives while it takes: a frame that was free, or that went two steps before, may come back with
 * what Xen gives in between, on one side and not on the other. */
static bool nothing_comes_back(const struct xen_guest *rd, const uint64_t *xen, uint64_t count)
{
    for (uint64_t i = 1; i < count; i++) {
        uint64_t model = to_model(rd, xen[i]);

        if (model == PAIR_STRANGER || frame_owner(rd->guests->machine, MFN(model)) == OWNER_FREE)
            return false;
        for (uint64_t before = 0; before + 1 < i; before++)
            if (xen[before] == xen[i])
                return false;
    }
    return true;
}

static void translate_exchange(struct xen_guest *rd, struct vcpu *vcpu, struct guest_call *call)
{
    struct xen_memory_exchange *shadow = (struct xen_memory_exchange *)(rd->shadow + SHADOW_CALL);

    static_assert(SHADOW_CALL + sizeof *shadow < SHADOW_DONE, "room for it");
    if (!guest_read(rd, call->arg[1], shadow, sizeof *shadow) || call->arg[1] < PAGE_BYTES)
        return;
    call->nr_extents = shadow->in.nr_extents;
    call->order = shadow->out.extent_order;
    call->out_extents = shadow->out.nr_extents;
    call->list_out_va = (uint64_t)shadow->out.extent_start.p;
    uint64_t in_va = (uint64_t)shadow->in.extent_start.p,
             in_count = reach(rd, in_va, call->nr_extents, false);
    call->incomparable = in_count > 1 && (in_count > EXCHANGE_LOOKS_MAX ||
                                             !nothing_comes_back(rd, guest_list(rd, in_va), in_count));
    shadow->in.extent_start.p =
        (xen_pfn_t *)shadow_of(rd, 0, (uint64_t)shadow->in.extent_start.p, call->nr_extents, 0, true, false);
    shadow->out.extent_start.p =
        (xen_pfn_t *)shadow_of(rd, 1, call->list_out_va, call->out_extents, 0, false, false);
    call->translated = true;
    vcpu->arg[1] = (uint64_t)shadow;
}

static void translate_mmu_update(struct xen_guest *rd, struct vcpu *vcpu, struct guest_call *call)
{
    uint64_t count = call->arg[1] & UINT32_MAX;
    uint64_t entries = reach(rd, call->arg[0], 2 * count, false) / 2;

    call->nr_extents = entries;
    call->list_va = call->arg[0];
    if (entries == 0)
        return;
    uint64_t *list = shadow_list(rd, 0, 2 * entries);
    const uint64_t *from = guest_list(rd, call->list_va);
    for (uint64_t i = 0; i < entries; i++) {
        uint64_t command = from[2 * i] & 3u;

        list[2 * i] = to_model(rd, from[2 * i] >> PAGE_SHIFT) << PAGE_SHIFT | command;
        list[2 * i + 1] = from[2 * i + 1];
    }
    call->translated = true;
    vcpu->arg[0] = (uint64_t)list;
    if (xen_domain_reach(rd->on_xen, call->arg[2], sizeof(uint32_t), true) == sizeof(uint32_t))
        vcpu->arg[2] = (uint64_t)(rd->shadow + SHADOW_DONE);
}

void guest_translate(struct xen_guest *rd, struct vcpu *vcpu, struct guest_call *call)
{
    *call = (struct guest_call){.op = vcpu->op};
    memcpy(call->arg, vcpu->arg, sizeof call->arg);
    call->faults_before = fault_fired(domain_faults(rd->domain));
    if (call->op == __HYPERVISOR_update_va_mapping && (call->arg[1] & 1u) != 0) {
        uint64_t model = to_model(rd, (call->arg[1] & PTE_MFN_MASK) >> PAGE_SHIFT);

        vcpu->arg[1] = (call->arg[1] & ~PTE_MFN_MASK) | (model << PAGE_SHIFT & PTE_MFN_MASK);
    }
    if (call->op == __HYPERVISOR_mmu_update)
        translate_mmu_update(rd, vcpu, call);
    if (call->op != __HYPERVISOR_memory_op)
        return;
    call->memop = (unsigned)(call->arg[0] & ((1u << COMMAND_BITS) - 1u));
    call->start = call->arg[0] >> COMMAND_BITS;
    if (call->memop == XENMEM_increase_reservation || call->memop == XENMEM_decrease_reservation ||
        call->memop == XENMEM_populate_physmap)
        translate_reservation(rd, vcpu, call);
    if (call->memop == XENMEM_exchange)
        translate_exchange(rd, vcpu, call);
}

int64_t guest_instruction(struct xen_guest *rd, struct guest_call *call)
{
    struct pv_mailbox *mail = rd->on_xen->mailbox;
    struct fault_answer fault;

    bool took_extents = call->translated && (call->memop == XENMEM_increase_reservation ||
                                                call->memop == XENMEM_populate_physmap);

    if (took_extents &&
        model_lacked_extents(rd, call, (const struct xen_memory_reservation *)(rd->shadow + SHADOW_CALL))) {
        mail->extents = (uint64_t)call->model_result;
        return PV_SHORTENED;
    }
    if (fault_fired(domain_faults(rd->domain)) == call->faults_before)
        return PV_GO_ON;
    if (!domain_last_refusal(rd->domain, &fault) || call->model_result < 0 ||
        call->op != __HYPERVISOR_memory_op) {
        mail->extents = (uint64_t)call->model_result;
        call->refused = true;
        return PV_REFUSED;
    }
    mail->extents = call->start + (fault.has_short ? fault.shortened_to : 0);
    if (mail->extents < call->nr_extents)
        return PV_SHORTENED;
    return PV_GO_ON;
}

/* --- afterwards --- */

void guest_compare_pages(struct xen_guest *rd, const char *after_what)
{
    struct xen_domain_pages pages = xen_domain_pages(rd->guests->xen, rd->on_xen->domid);
    uint64_t free_pages = xen_free_pages(rd->guests->xen), model_free = host_free_pages(rd->guests->machine);
    const struct domain *d = rd->domain;

    if (pages.reservation_pages != domain_reservation_pages(d))
        guest_differs(rd, "after %s the reservation on Xen is %llu pages, the model's %llu", after_what,
            (unsigned long long)pages.reservation_pages, (unsigned long long)domain_reservation_pages(d));
    if (pages.maximum_pages != domain_maximum_pages(d))
        guest_differs(rd, "after %s the maximum on Xen is %llu pages, the model's %llu", after_what,
            (unsigned long long)pages.maximum_pages, (unsigned long long)domain_maximum_pages(d));
    if (free_pages != model_free)
        guest_differs(rd, "after %s Xen has %llu pages free, the model %llu", after_what,
            (unsigned long long)free_pages, (unsigned long long)model_free);
}

static void join_list(struct xen_guest *rd, uint64_t va, unsigned half, uint64_t room, uint64_t start,
    uint64_t until, uint64_t order)
{
    uint64_t entries = reach(rd, va, room, true);

    if (entries == 0)
        return;
    const uint64_t *xen = guest_list(rd, va), *model = shadow_list(rd, half, entries);
    for (uint64_t i = start; i < until && i < entries; i++)
        for (uint64_t page = 0; page < 1ull << order; page++)
            frame_pairs_join(rd->guests->pairs, xen[i] + page, model[i] + page);
}

/* Frames by Xen's numbers; each entry must be what the model has for its own. */
static void compare_m2p(struct xen_guest *rd, const uint64_t *xen_mfns, size_t count, const char *after_what)
{
    uint64_t entries[XEN_M2P_MAX];

    assert(count <= XEN_M2P_MAX);
    /* cppcheck-suppress uninitvar ; of a caller's array the first count are set */
    memcpy(entries, xen_mfns, count * sizeof *entries);
    xen_m2p(rd->guests->xen, entries, count);
    for (size_t i = 0; i < count; i++) {
        uint64_t model = frame_m2p(rd->guests->machine, MFN(to_model(rd, xen_mfns[i]))).pfn;

        if (entries[i] != model)
            guest_differs(rd, "after %s the M2P entry of one frame is 0x%llx on Xen, 0x%llx in the model",
                after_what, (unsigned long long)entries[i], (unsigned long long)model);
    }
}

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
    for (size_t i = 0; call->op == __HYPERVISOR_memory_op && i < sizeof names / sizeof names[0]; i++)
        if (names[i].memop == call->memop)
            return names[i].name;
    return "a hypercall";
}

/* Whose the frame is at which the two parted, for a person to begin with. */
static void tell_frame(struct xen_guest *rd, const struct guest_call *call, uint64_t extent)
{
    if (extent >= reach(rd, call->list_va, call->nr_extents, false))
        return;
    uint64_t xen = guest_list(rd, call->list_va)[extent], model = to_model(rd, xen);
    const struct machine *machine = rd->guests->machine;

    guest_differs(rd,
        "they part at extent %llu: frame 0x%llx there, 0x%llx in the model, where its owner is 0x%x, "
        "mapped %u times, %s",
        (unsigned long long)extent, (unsigned long long)xen, (unsigned long long)model,
        frame_owner(machine, MFN(model)), frame_mappings(machine, MFN(model)),
        frame_release_pending(machine, MFN(model)) ? "given up" : "not given up");
}

static void compare_reservation(struct xen_guest *rd, const struct guest_call *call)
{
    int64_t both = call->xen_result < call->model_result ? call->xen_result : call->model_result;

    if (call->memop == XENMEM_decrease_reservation && call->xen_result != call->model_result && both >= 0)
        tell_frame(rd, call, (uint64_t)both);
    if (call->memop != XENMEM_decrease_reservation && both > 0)
        join_list(rd, call->list_va, 0, call->nr_extents, call->start, (uint64_t)both, call->order);
    if (rd->before != NULL)
        new_frames_join(rd);
    uint64_t until = reach(rd, call->list_va, call->nr_extents, false);
    until = both > 0 && (uint64_t)both < until ? (uint64_t)both : until;
    if (call->memop == XENMEM_populate_physmap && both > 0 && until > call->start)
        compare_m2p(rd, guest_list(rd, call->list_va) + call->start,
            until - call->start < M2P_LOOKS_MAX ? until - call->start : M2P_LOOKS_MAX, call_name(call));
}

static void compare_mmu_update(struct xen_guest *rd, const struct guest_call *call)
{
    const uint64_t *list = guest_list(rd, call->list_va);
    uint32_t done = 0;

    if (!call->translated)
        return;
    if (guest_read(rd, call->arg[2], &done, sizeof done) && call->arg[2] >= PAGE_BYTES) {
        uint32_t model_done = *(const uint32_t *)(rd->shadow + SHADOW_DONE);

        if (done != model_done)
            guest_differs(rd, "mmu_update: Xen did %u, the model %u", done, model_done);
    }
    uint64_t frames[M2P_LOOKS_MAX];
    size_t count = 0;
    for (uint64_t i = 0; i < done && i < call->nr_extents && count < M2P_LOOKS_MAX; i++)
        frames[count++] = list[2 * i] >> PAGE_SHIFT;
    compare_m2p(rd, frames, count, call_name(call));
}

/* An exchange that fails has exchanged what came before. */
static void compare_exchange(struct xen_guest *rd, const struct guest_call *call)
{
    const struct xen_memory_exchange *shadow = (const struct xen_memory_exchange *)(rd->shadow + SHADOW_CALL);
    struct xen_memory_exchange xen;

    if (!guest_read(rd, call->arg[1], &xen, sizeof xen))
        return;
    if (xen.nr_exchanged != shadow->nr_exchanged)
        guest_differs(rd, "XENMEM_exchange: Xen exchanged %llu, the model %llu",
            (unsigned long long)xen.nr_exchanged, (unsigned long long)shadow->nr_exchanged);
    uint64_t both = xen.nr_exchanged < shadow->nr_exchanged ? xen.nr_exchanged : shadow->nr_exchanged;
    /* Counted in what goes; what comes may be of another order. */
    if (call->nr_extents != 0)
        join_list(rd, call->list_out_va, 1, call->out_extents, 0, both * call->out_extents / call->nr_extents,
            call->order);
}

void guest_compare(struct xen_guest *rd, const struct guest_call *call)
{
    rd->guests->counts.hypercalls++;
    if (call->xen_result != call->model_result)
        guest_differs(rd, "%s of %llu (order %llu): Xen answers %lld, the model %lld", call_name(call),
            (unsigned long long)call->nr_extents, (unsigned long long)call->order,
            (long long)call->xen_result, (long long)call->model_result);
    if (call->op == __HYPERVISOR_mmu_update)
        compare_mmu_update(rd, call);
    if (call->op != __HYPERVISOR_memory_op)
        return;
    if (call->translated && call->memop == XENMEM_exchange)
        compare_exchange(rd, call);
    else if (call->translated && call->memop != XENMEM_exchange)
        compare_reservation(rd, call);
    guest_compare_pages(rd, call_name(call));
}
