/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Translates the arguments of a guest's call into its shadow (shadow.h). A call whose outcome depends on the order of
 * frames in the two heaps, which differs, is marked as incomparable.
 */
#include "harness/xen/guest_arguments.h"

#include "harness/xen/extents.h"
#include "harness/xen/shadow.h"

#include <assert.h>
#include <string.h>
#include <xen/memory.h>
#include <xen/vcpu.h>

#include "sim/domain/vcpu.h"
#include "sim/inspect.h"

#define EXCHANGE_LOOKS_MAX 1024u /* frames of an exchange that are compared with one another */
#define MMU_COMMAND_MASK   3u /* MMU_NORMAL_PT_UPDATE and so on, in the low bits of an update's first word */

uint64_t guest_arguments_model_mfn(const struct xen_guest *guest, uint64_t xen_mfn)
{
    return domain_is_translated(guest->domain) ? xen_mfn : frame_pairs_model(guest->run->pairs, xen_mfn);
}

/* A list among a call's arguments. Entries from `from` on are frame numbers and are translated; the others are copied. */
struct guest_list {
    uint64_t va, entries;
    bool is_frames, is_written;
    uint64_t from;
};

/* Copies as much of a list as the guest can reach, translated. Returns the address for the model; the guest's own, if it
 * can reach none of it. */
static uint64_t shadow_of(
    const struct xen_guest *guest, enum shadow_list which, const struct guest_list *list)
{
    uint64_t entries = shadow_reach(&guest->memory, list->va, list->entries, list->is_written);

    if (entries == 0)
        return list->va;
    uint64_t *to = shadow_list(&guest->memory, which, entries);
    const guest_entry *from = shadow_guest_list(&guest->memory, list->va);
    for (uint64_t i = 0; i < entries; i++)
        to[i] = list->is_frames && i >= list->from ? guest_arguments_model_mfn(guest, from[i]) : from[i];
    return (uint64_t)to;
}

/* Copies the call's structure into the shadow. False: the guest can't read it. */
static bool take_structure(struct xen_guest *guest, struct vcpu *vcpu, struct guest_call *call, size_t bytes)
{
    void *structure = shadow_structure(&guest->memory);

    assert(bytes <= SHADOW_STRUCTURE_BYTES_MAX);
    if (!shadow_read(&guest->memory, call->arg[1], structure, bytes) || call->arg[1] < PAGE_BYTES)
        return false;
    call->translated = true;
    vcpu->arg[1] = (uint64_t)structure;
    return true;
}

struct extents_call guest_arguments_extents(const struct guest_call *call)
{
    struct extents_call extents = {.order = call->order,
        .start = call->start,
        .nr_extents = call->memop == XENMEM_exchange ? call->nr_out : call->nr_extents,
        .highest_order = ORDER_LIMIT_DOMU};

    extents_read_flags(&extents, call->mem_flags, call->memop != XENMEM_populate_physmap);
    return extents;
}

/* For a call that takes frames and puts their numbers into its list. */
static void prepare_to_take(struct xen_guest *guest, struct guest_call *call)
{
    const struct extents_call extents = guest_arguments_extents(call);

    extents_limit(guest->run, guest->domain, &extents);
    if (domain_is_translated(guest->domain))
        return;
    if (call->list_va == 0 ||
        shadow_reach(&guest->memory, call->list_va, call->nr_extents, true) < call->nr_extents)
        new_frames_begin(&guest->new_frames, guest->domain);
}

static bool gives_comparable_extents(const struct xen_guest *guest, const struct guest_call *call)
{
    uint64_t entries = shadow_reach(&guest->memory, call->list_va, call->nr_extents, false);

    return call->order == 0 || call->order > ORDER_LIMIT_DOMU || entries == 0 ||
           domain_is_translated(guest->domain) ||
           extents_match(guest->run, domain_id(guest->domain),
               shadow_guest_list(&guest->memory, call->list_va), call->start, entries, call->order);
}

static void translate_reservation(struct xen_guest *guest, struct vcpu *vcpu, struct guest_call *call)
{
    struct xen_memory_reservation *shadow = shadow_structure(&guest->memory);
    bool takes = call->memop != XENMEM_decrease_reservation;

    if (!take_structure(guest, vcpu, call, sizeof *shadow))
        return;
    call->nr_extents = shadow->nr_extents;
    call->order = shadow->extent_order;
    call->mem_flags = shadow->mem_flags;
    call->list_va = (uint64_t)shadow->extent_start.p;
    if (takes)
        prepare_to_take(guest, call);
    else
        call->incomparable = !gives_comparable_extents(guest, call);
    const struct guest_list list = {.va = call->list_va,
        .entries = call->nr_extents,
        .is_frames = !takes,
        .is_written = call->memop == XENMEM_increase_reservation,
        .from = call->start};
    shadow->extent_start.p = (xen_pfn_t *)shadow_of(guest, SHADOW_FIRST_LIST, &list);
}

/*
 * Can no frame that an exchange gives up come back in a later step of it? It gives and takes by turns, so that this may
 * happen on one of the two and not on the other.
 */
static bool nothing_comes_back(
    const struct xen_guest *guest, const guest_entry *xen_mfns, uint64_t count, unsigned order)
{
    for (uint64_t i = 1; i < count; i++) {
        for (uint64_t page = 0; page < 1ull << order; page++) {
            uint64_t model = guest_arguments_model_mfn(guest, xen_mfns[i] + page);

            if (model == PAIR_STRANGER || frame_owner(guest->run->machine, MFN(model)) == OWNER_FREE)
                return false;
        }
        for (uint64_t before = 0; before + 1 < i; before++)
            if (xen_mfns[before] == xen_mfns[i])
                return false;
    }
    return true;
}

/* Of several steps that take extents, one heap may have memory for more than the other. */
static bool steps_may_part(const struct xen_memory_reservation *in, const struct xen_memory_reservation *out)
{
    uint64_t in_step = in->extent_order < out->extent_order && out->extent_order <= ORDER_LIMIT_DOMU
                           ? 1ull << (out->extent_order - in->extent_order)
                           : 1;

    return out->extent_order > 0 && in->nr_extents > in_step;
}

/* Do both come to the same frames, and does none that goes come back in the same call? */
static bool exchange_comparable(
    const struct xen_guest *guest, const guest_entry *xen_mfns, uint64_t count, unsigned order)
{
    if (count == 0 || order > ORDER_LIMIT_DOMU)
        return true; /* refused, or no frame is reached */
    return count <= EXCHANGE_LOOKS_MAX && nothing_comes_back(guest, xen_mfns, count, order) &&
           (order == 0 || extents_match(guest->run, domain_id(guest->domain), xen_mfns, 0, count, order));
}

/*
 * What one of the two heaps may answer in another way than the other. Of a domain that Xen translates for no frame is taken
 * (-EOPNOTSUPP), so that the heaps have no part in it, and its lists have no frame numbers to look at.
 */
static void prepare_to_exchange(
    struct xen_guest *guest, struct guest_call *call, const struct xen_memory_exchange *ask)
{
    const uint64_t in_va = (uint64_t)ask->in.extent_start.p,
                   reached = shadow_reach(&guest->memory, in_va, call->nr_extents, false);

    if (domain_is_translated(guest->domain))
        return;
    call->incomparable =
        steps_may_part(&ask->in, &ask->out) ||
        !exchange_comparable(guest, reached > 0 ? shadow_guest_list(&guest->memory, in_va) : NULL, reached,
            ask->in.extent_order);
    if (call->incomparable)
        return;
    const struct extents_call extents = guest_arguments_extents(call);
    extents_limit(guest->run, NULL, &extents); /* which a claim doesn't help */
    if (shadow_reach(&guest->memory, call->out_list_va, call->nr_out, true) < call->nr_out)
        new_frames_begin_both(&guest->new_frames);
}

static void translate_exchange(struct xen_guest *guest, struct vcpu *vcpu, struct guest_call *call)
{
    struct xen_memory_exchange *shadow = shadow_structure(&guest->memory);

    if (!take_structure(guest, vcpu, call, sizeof *shadow))
        return;
    call->nr_extents = shadow->in.nr_extents;
    call->order = shadow->out.extent_order;
    call->mem_flags = shadow->out.mem_flags;
    call->nr_out = shadow->out.nr_extents;
    call->out_list_va = (uint64_t)shadow->out.extent_start.p;
    prepare_to_exchange(guest, call, shadow);
    const struct guest_list in = {
        .va = (uint64_t)shadow->in.extent_start.p, .entries = call->nr_extents, .is_frames = true};
    const struct guest_list out = {.va = call->out_list_va, .entries = call->nr_out};
    shadow->in.extent_start.p = (xen_pfn_t *)shadow_of(guest, SHADOW_FIRST_LIST, &in);
    shadow->out.extent_start.p = (xen_pfn_t *)shadow_of(guest, SHADOW_SECOND_LIST, &out);
}

/* An update is two words: a machine address with a command in its low bits, and the new value. */
static void translate_mmu_update(struct xen_guest *guest, struct vcpu *vcpu, struct guest_call *call)
{
    uint64_t count = call->arg[1] & UINT32_MAX;
    uint64_t updates = shadow_reach(&guest->memory, call->arg[0], 2 * count, false) / 2;

    call->nr_extents = updates;
    call->list_va = call->arg[0];
    if (updates == 0)
        return;
    uint64_t *list = shadow_list(&guest->memory, SHADOW_FIRST_LIST, 2 * updates);
    const guest_entry *from = shadow_guest_list(&guest->memory, call->list_va);
    for (uint64_t i = 0; i < updates; i++) {
        uint64_t model = guest_arguments_model_mfn(guest, from[2 * i] >> PAGE_SHIFT_BITS);

        list[2 * i] = model << PAGE_SHIFT_BITS | (from[2 * i] & MMU_COMMAND_MASK);
        list[2 * i + 1] = from[2 * i + 1];
    }
    call->translated = true;
    vcpu->arg[0] = (uint64_t)list;
    if (real_xen_memory_reach(&guest->memory, call->arg[2], true) >= sizeof(uint32_t))
        vcpu->arg[2] = (uint64_t)shadow_count(&guest->memory);
}

static void translate_mapping(const struct xen_guest *guest, struct vcpu *vcpu, const struct guest_call *call)
{
    uint64_t entry = call->arg[1];
    uint64_t model = guest_arguments_model_mfn(guest, (entry & PTE_MFN_MASK) >> PAGE_SHIFT_BITS);

    if ((entry & PTE_PRESENT) != 0)
        vcpu->arg[1] = (entry & ~PTE_MFN_MASK) | (model << PAGE_SHIFT_BITS & PTE_MFN_MASK);
}

static void translate_memory_op(struct xen_guest *guest, struct vcpu *vcpu, struct guest_call *call)
{
    call->memop = (unsigned)(call->arg[0] & MEMORY_OP_MASK);
    call->start = call->arg[0] >> MEMORY_OP_BITS;
    switch (call->memop) {
    case XENMEM_increase_reservation:
    case XENMEM_decrease_reservation:
    case XENMEM_populate_physmap:
        translate_reservation(guest, vcpu, call);
        break;
    case XENMEM_exchange:
        translate_exchange(guest, vcpu, call);
        break;
    case XENMEM_maximum_gpfn: /* on Xen a gfn behind its memory is shared_info's */
        call->refused = domain_is_translated(guest->domain);
        break;
    default: /* names no frames */
        break;
    }
}

static void translate_vcpu_info(struct xen_guest *guest, struct vcpu *vcpu, const struct guest_call *call)
{
    struct vcpu_register_vcpu_info *shadow = shadow_structure(&guest->memory);

    if (call->arg[2] < PAGE_BYTES || !shadow_read(&guest->memory, call->arg[2], shadow, sizeof *shadow))
        return;
    shadow->mfn = guest_arguments_model_mfn(guest, shadow->mfn);
    vcpu->arg[2] = (uint64_t)shadow;
}

void guest_arguments_translate(struct xen_guest *guest, struct vcpu *vcpu, struct guest_call *call)
{
    new_frames_drop(&guest->new_frames); /* those of a former call, which a fault kept from Xen */
    *call = (struct guest_call){.op = vcpu->op};
    memcpy(call->arg, vcpu->arg, sizeof call->arg);
    call->reservation_before_pages = domain_reservation_pages(guest->domain);
    call->faults_before = fault_fired(domain_faults(guest->domain));
    if (call->op == __HYPERVISOR_update_va_mapping || call->op == __HYPERVISOR_update_va_mapping_otherdomain)
        translate_mapping(guest, vcpu, call);
    else if (call->op == __HYPERVISOR_mmu_update && !domain_is_translated(guest->domain)) /* no call of its */
        translate_mmu_update(guest, vcpu, call);
    else if (call->op == __HYPERVISOR_memory_op)
        translate_memory_op(guest, vcpu, call);
    else if (call->op == __HYPERVISOR_vcpu_op)
        translate_vcpu_info(guest, vcpu, call);
}
