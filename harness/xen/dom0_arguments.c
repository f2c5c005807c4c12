/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads the calls of the scenario's dom0 out of its probe's memory, and prepares them for Xen. If the probe names an
 * address at which it has no memory, Xen gets one at which the conductor has none.
 */
#include "harness/xen/dom0_arguments.h"

#include "harness/xen/domctl.h"
#include "harness/xen/extents.h"
#include "harness/xen/xen_found.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <xen/event_channel.h>

#include "sim/hypercall/evtchn_op.h"
#include "sim/inspect.h"

#define UNKNOWN_MEMOPS      40u           /* no known Xen has XENMEM_ calls from this number on */
#define UPDATE_COUNT_MASK   0x7fffffffull /* mmu_update's count without the flag above it */
#define UPDATE_COMMAND_MASK 3u
#define LOWER_HALF_END      (1ull << 47) /* neither the probe nor the conductor has memory behind it */
#define DOMID_BITS_MASK     0xffffu

bool dom0_arguments_read(const struct scenario_dom0 *dom0, uint64_t va, void *to, size_t bytes)
{
    if (va == 0 || domain_reach(dom0->domain, va, bytes, false) < bytes)
        return false;
    memcpy(to, (const void *)(uintptr_t)va, bytes);
    return true;
}

/* Finds the domain that the call names. False: it is dom0 itself. */
static bool find_target(struct scenario_dom0 *dom0, struct dom0_call *call, unsigned domid)
{
    call->domid = domid;
    call->target =
        domid != 0 && domid < DOMID_FIRST_RESERVED ? machine_domain_by_id(dom0->run->machine, domid) : NULL;
    return domid != 0 && domid != DOMID_SELF && call->target != dom0->domain;
}

/* Copies the call's structure. False: the probe can't reach it, and Xen gets an address without memory. */
static bool take_structure(struct scenario_dom0 *dom0, struct dom0_call *call, uint64_t va, size_t bytes)
{
    assert(bytes <= sizeof call->structure);
    if (!dom0_arguments_read(dom0, va, call->structure, bytes)) {
        call->xen_arg[call->op == __HYPERVISOR_domctl ? 0 : 1] = conductor_area_end_va(dom0->run->conductor);
        call->asked = true;
        return false;
    }
    call->structure_bytes = bytes;
    return true;
}

/* Xen's number for one of the model's. A frame that only dom0 itself can have becomes one that is Xen's own. */
static uint64_t to_xen(const struct scenario_dom0 *dom0, uint64_t model_mfn)
{
    uint64_t xen = frame_pairs_xen(dom0->run->pairs, model_mfn);

    if (xen != PAIR_NONE)
        return xen;
    return model_mfn < host_end_mfn(dom0->run->machine) ? PAIR_STRANGER : model_mfn;
}

/* Copies the list's entries that the probe can touch. False: no memory. */
static bool take_list(
    struct scenario_dom0 *dom0, struct dom0_call *call, uint64_t va, uint64_t entries, bool write)
{
    const uint64_t wanted_bytes =
        (entries < AREA_LIST_ENTRIES ? entries : AREA_LIST_ENTRIES) * sizeof(uint64_t);
    const uint64_t bytes = va == 0 ? 0 : domain_reach(dom0->domain, va, wanted_bytes, write);

    assert(call->list == NULL);
    call->nr_list = bytes / sizeof(uint64_t);
    call->list = calloc(call->nr_list + 1, sizeof *call->list);
    if (call->list == NULL)
        return false;
    if (call->nr_list > 0)
        memcpy(call->list, (const void *)(uintptr_t)va, call->nr_list * sizeof *call->list);
    call->list_va = va;
    return true;
}

/* Where Xen finds the list: in front of a page that is not mapped; in the M2P if the probe's list is in the M2P; at the address
 * that the probe names, if neither of the two has any memory near it. */
static uint64_t xen_list_va(const struct scenario_dom0 *dom0, const struct dom0_call *call)
{
    const uint64_t first = call->list_va + call->start * sizeof(uint64_t);

    if (call->list_va == 0 && call->memop == XENMEM_increase_reservation)
        return 0; /* it need not be told; others find memory of the conductor's there */
    if (call->list_va - dom0->m2p_va < dom0->m2p_bytes)
        return HYPERVISOR_VIRT_START;
    if (first >= LOWER_HALF_END)
        return call->list_va;
    return conductor_area_end_va(dom0->run->conductor) - call->nr_list * sizeof(uint64_t);
}

/*
 * May an extent that the call gives up be the domain's? A frame that is free, or that Xen keeps something in, is not, and its partner on Xen
 * need not be free: it may hold the grant table of a domain that was made since, which that domain could give up.
 */
static bool may_be_the_domains(
    const struct scenario_dom0 *dom0, const struct dom0_call *call, uint64_t model_mfn)
{
    const struct machine *machine = dom0->run->machine;
    const unsigned owner = frame_owner(machine, MFN(model_mfn));

    if (frame_release_pending(machine, MFN(model_mfn)))
        return true;
    if (owner == OWNER_XEN && call->target != NULL)
        return domain_shared_info(call->target).mfn == model_mfn;
    return owner != OWNER_FREE && owner != OWNER_XEN;
}

static uint64_t extent_to_xen(
    const struct scenario_dom0 *dom0, const struct dom0_call *call, uint64_t model_mfn)
{
    if (model_mfn < host_end_mfn(dom0->run->machine) && !may_be_the_domains(dom0, call, model_mfn))
        return PAIR_STRANGER;
    return to_xen(dom0, model_mfn);
}

/* Translates extents that are given back. */
static void translate_extents(struct scenario_dom0 *dom0, struct dom0_call *call)
{
    if (dom0_call_by_gfn(dom0, call->domid))
        return;
    for (uint64_t i = call->start; i < call->nr_list; i++)
        call->list[i] = extent_to_xen(dom0, call, call->list[i]);
    call->incomparable = call->order > 0 && !extents_match(dom0->run, call->domid, call->list, call->start,
                                                call->nr_list, call->order);
}

/* A call that takes frames, except one that only marks gfns to get some on demand. */
static void take_from_heap(struct scenario_dom0 *dom0, struct dom0_call *call, unsigned mem_flags)
{
    call->extents = (struct extents_call){.order = call->order,
        .start = call->start,
        .nr_extents = call->nr_extents,
        .highest_order = ORDER_LIMIT};
    extents_read_flags(&call->extents, mem_flags, call->memop == XENMEM_increase_reservation);
    extents_limit(dom0->run, call->target, &call->extents);
    new_frames_drop(&dom0->new_frames);
    if (call->target != NULL && !dom0_call_by_gfn(dom0, call->domid) &&
        (call->list_va == 0 || call->nr_list < call->nr_extents))
        new_frames_begin(&dom0->new_frames, call->target);
}

static void take_reservation(struct scenario_dom0 *dom0, struct dom0_call *call)
{
    struct xen_memory_reservation *ask = (struct xen_memory_reservation *)(void *)call->structure;

    if (!take_structure(dom0, call, call->arg[1], sizeof *ask) || !find_target(dom0, call, ask->domid))
        return;
    call->nr_extents = ask->nr_extents;
    call->order = ask->extent_order;
    if (!take_list(dom0, call, (uint64_t)ask->extent_start.p, ask->nr_extents,
            call->memop == XENMEM_increase_reservation))
        return;
    if (call->memop == XENMEM_decrease_reservation)
        translate_extents(dom0, call);
    else
        take_from_heap(dom0, call, ask->mem_flags);
    ask->extent_start.p = (xen_pfn_t *)xen_list_va(dom0, call);
    call->asked = true;
}

static void take_claim(struct scenario_dom0 *dom0, struct dom0_call *call)
{
    struct xen_memory_reservation *ask = (struct xen_memory_reservation *)(void *)call->structure;

    if (!take_structure(dom0, call, call->arg[1], sizeof *ask))
        return;
    call->asked = find_target(dom0, call, ask->domid);
    if (ask->extent_start.p != NULL)
        ask->extent_start.p = (xen_pfn_t *)conductor_area_va(dom0->run->conductor, AREA_LIST);
}

static void take_memory_op(struct scenario_dom0 *dom0, struct dom0_call *call)
{
    call->memop = (unsigned)(call->arg[0] & MEMORY_OP_MASK);
    call->start = call->arg[0] >> MEMORY_OP_BITS;
    call->xen_arg[1] = conductor_area_va(dom0->run->conductor, AREA_OP);
    switch (call->memop) {
    case XENMEM_increase_reservation:
    case XENMEM_decrease_reservation:
    case XENMEM_populate_physmap:
        take_reservation(dom0, call);
        break;
    case XENMEM_claim_pages:
        take_claim(dom0, call);
        break;
    case XENMEM_current_reservation:
    case XENMEM_maximum_reservation:
    case XENMEM_maximum_gpfn:
        if (take_structure(dom0, call, call->arg[1], sizeof(domid_t)))
            call->asked = find_target(dom0, call, *(const domid_t *)(const void *)call->structure);
        /* Of a guest that Xen translates for, a gfn behind its memory is shared_info's. */
        if (call->memop == XENMEM_maximum_gpfn && dom0_call_by_gfn(dom0, call->domid))
            call->asked = dom0_call_made_translated(dom0, call->domid);
        break;
    case XENMEM_set_pod_target:
    case XENMEM_get_pod_target:
        if (take_structure(dom0, call, call->arg[1], sizeof(struct xen_pod_target)))
            call->asked = find_target(
                dom0, call, ((const struct xen_pod_target *)(const void *)call->structure)->domid);
        break;
    default:
        /* Calls about the host's memory map or about dom0 itself differ on the two anyway; unknown calls don't. */
        call->asked = call->memop >= UNKNOWN_MEMOPS;
    }
}

/* Does the call say the number that the model takes? Xen may want another one. */
static bool has_right_version(const struct scenario_dom0 *dom0, const struct dom0_call *call)
{
    const struct xen_domctl *ask = (const struct xen_domctl *)(const void *)call->structure;

    return ask->interface_version == machine_xen(dom0->run->machine)->domctl_version;
}

/* Is it a domctl that changes a guest of the machine's? Then the machine itself does the same to it on Xen. */
static bool is_the_machines(const struct scenario_dom0 *dom0, const struct dom0_call *call)
{
    const struct xen_domctl *ask = (const struct xen_domctl *)(const void *)call->structure;
    bool changes = ask->cmd == XEN_DOMCTL_max_mem || ask->cmd == XEN_DOMCTL_max_vcpus ||
                   ask->cmd == XEN_DOMCTL_destroydomain;

    return changes && call->target != NULL && dom0->made[call->domid] == DOM0_MADE_NONE &&
           has_right_version(dom0, call);
}

/* The probe makes calls for the model's Xen: as this Xen wants them. */
static void translate_control(const struct scenario_dom0 *dom0, struct xen_domctl *ask)
{
    const struct xen_found *xen = conductor_xen(dom0->run->conductor);
    struct xen_arch_domainconfig *from =
        createdomain_arch(&ask->u.createdomain, machine_xen(dom0->run->machine));
    const struct xen_arch_domainconfig arch = *from;

    ask->interface_version = xen->domctl_version;
    if (ask->cmd != XEN_DOMCTL_createdomain)
        return;
    memset(from, 0, sizeof *from);
    *createdomain_arch(&ask->u.createdomain, xen->known) = arch;
}

static void take_domctl(struct scenario_dom0 *dom0, struct dom0_call *call)
{
    struct xen_domctl *ask = (struct xen_domctl *)(void *)call->structure;

    call->xen_arg[0] = conductor_area_va(dom0->run->conductor, AREA_OP);
    if (!take_structure(dom0, call, call->arg[0], sizeof *ask))
        return;
    call->control = ask->cmd;
    bool about_another = find_target(dom0, call, ask->domain);
    /* A translated domain got its vcpu when it was made (dom0_issue.c). */
    bool has_vcpu = ask->cmd == XEN_DOMCTL_max_vcpus && dom0_call_made_translated(dom0, call->domid);
    call->vcpu_there = about_another && has_vcpu && has_right_version(dom0, call);
    call->asked =
        ask->cmd == XEN_DOMCTL_createdomain || (about_another && !has_vcpu && !is_the_machines(dom0, call));
    if (has_right_version(dom0, call))
        translate_control(dom0, ask);
}

/* Translates updates, which are two words each. False: one is for a frame of dom0's own, which Xen's dom0 doesn't have. */
static bool translate_updates(struct scenario_dom0 *dom0, struct dom0_call *call)
{
    for (uint64_t i = 0; i + 1 < call->nr_list; i += 2) {
        uint64_t model = call->list[i] >> PAGE_SHIFT_BITS, command = call->list[i] & UPDATE_COMMAND_MASK;

        if (call->target == NULL && frame_pairs_xen(dom0->run->pairs, model) == PAIR_NONE)
            return false;
        call->list[i] = to_xen(dom0, model) << PAGE_SHIFT_BITS | command;
    }
    return true;
}

static void take_mmu_update(struct scenario_dom0 *dom0, struct dom0_call *call)
{
    const struct conductor *conductor = dom0->run->conductor;
    uint64_t updates = call->arg[1] & UPDATE_COUNT_MASK, done_va = call->arg[2];
    bool can_write_done = domain_reach(dom0->domain, done_va, sizeof(uint32_t), true) == sizeof(uint32_t);

    find_target(dom0, call, (unsigned)(call->arg[3] & DOMID_BITS_MASK));
    if (!take_list(dom0, call, call->arg[0], 2 * updates, false))
        return;
    call->asked = translate_updates(dom0, call);
    call->xen_arg[0] = xen_list_va(dom0, call);
    if (done_va != 0)
        call->xen_arg[2] =
            can_write_done ? conductor_area_va(conductor, AREA_OP) : conductor_area_end_va(conductor);
}

/* Is the frame a domain's now? One that was given up may have another owner since, and not the same one on Xen. */
static bool is_a_domains(const struct scenario_dom0 *dom0, uint64_t model_mfn)
{
    return frame_pairs_xen(dom0->run->pairs, model_mfn) != PAIR_NONE &&
           frame_owner(dom0->run->machine, MFN(model_mfn)) < DOMID_FIRST_RESERVED;
}

/*
 * May both say the same of a frame that is said to be another domain's? dom0's own are others on Xen; and once dom0 has made a domain,
 * a frame that was given back may be one of Xen's structures for it on one of the two, and free on the other.
 */
static bool is_alike(const struct scenario_dom0 *dom0, uint64_t model_mfn)
{
    const struct machine *machine = dom0->run->machine;
    const unsigned owner = frame_owner(machine, MFN(model_mfn));

    if (model_mfn < host_first_mfn(machine) || model_mfn >= host_end_mfn(machine) ||
        frame_release_pending(machine, MFN(model_mfn)))
        return true;
    return owner != domain_id(dom0->domain) &&
           (!dom0->has_made || (owner != OWNER_FREE && owner != OWNER_XEN));
}

static void take_mapping(struct scenario_dom0 *dom0, struct dom0_call *call)
{
    uint64_t slot = (call->arg[0] - dom0->window_va) >> PAGE_SHIFT_BITS, entry = call->arg[1],
             mfn = (entry & PTE_MFN_MASK) >> PAGE_SHIFT_BITS;
    bool others = call->op == __HYPERVISOR_update_va_mapping_otherdomain;

    if (slot >= PV_WINDOW_PAGES)
        return;
    find_target(dom0, call, others ? (unsigned)call->arg[3] : DOMID_SELF);
    call->slot = (unsigned)slot;
    call->maps = (entry & PTE_PRESENT) != 0;
    call->xen_arg[0] = conductor_window_va(dom0->run->conductor, call->slot);
    const bool by_gfn = dom0_call_by_gfn(dom0, call->domid);
    if (!call->maps)
        call->asked = dom0->mapped[slot];
    else
        call->asked = by_gfn || (others ? is_alike(dom0, mfn) : is_a_domains(dom0, mfn));
    if (call->maps && !by_gfn)
        call->xen_arg[1] = (entry & ~PTE_MFN_MASK) | to_xen(dom0, mfn) << PAGE_SHIFT_BITS;
}

/* Those that are about another domain's ports. What dom0 does with its own the model answers alone: on Xen these are the
 * conductor's, which has other numbers. */
static void take_event_op(struct scenario_dom0 *dom0, struct dom0_call *call)
{
    domid_t domid; /* the first member of each of these structures */

    call->channel = (unsigned)call->arg[0];
    if (call->channel != EVTCHNOP_alloc_unbound && call->channel != EVTCHNOP_status &&
        call->channel != EVTCHNOP_reset)
        return;
    call->xen_arg[1] = conductor_area_va(dom0->run->conductor, AREA_OP);
    if (!take_structure(dom0, call, call->arg[1], evtchn_op_argument_bytes(call->channel)))
        return;
    memcpy(&domid, call->structure, sizeof domid);
    call->asked = find_target(dom0, call, domid);
}

void dom0_arguments_take(struct scenario_dom0 *dom0, const struct vcpu *vcpu)
{
    struct dom0_call *call = &dom0->call;

    assert(call->op == 0);
    *call = (struct dom0_call){.op = vcpu->op, .free_before_pages = host_free_pages(dom0->run->machine)};
    memcpy(call->arg, vcpu->arg, sizeof call->arg);
    memcpy(call->xen_arg, vcpu->arg, sizeof call->xen_arg);
    if (call->op == __HYPERVISOR_memory_op)
        take_memory_op(dom0, call);
    else if (call->op == __HYPERVISOR_domctl)
        take_domctl(dom0, call);
    else if (call->op == __HYPERVISOR_event_channel_op)
        take_event_op(dom0, call);
    else if (call->op == __HYPERVISOR_mmu_update)
        take_mmu_update(dom0, call);
    else if (call->op == __HYPERVISOR_update_va_mapping ||
             call->op == __HYPERVISOR_update_va_mapping_otherdomain)
        take_mapping(dom0, call);
}

void dom0_arguments_drop(struct dom0_call *call)
{
    free(call->list);
    *call = (struct dom0_call){.op = 0};
}
