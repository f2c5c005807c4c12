/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What dom0's calls carry: read from its probe in the model's frame numbers, put to Xen in Xen's. No schedule
 * and no life here.
 */
#define __XEN_INTERFACE_VERSION__ 0x00040e00
#include "harness/xen/conductor_internal.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define COMMAND_BITS     6u /* above them, where a preempted call goes on */
#define PAGE_SHIFT       12u
#define PTE_MFN_MASK     0x000ffffffffff000ull
#define UNKNOWN_MEMOPS   40u /* from here on Xen 4.17 has no XENMEM_ calls */
#define COUNT_MASK       0x7fffffffull
#define STRUCTURES_SLACK 64u /* pages: of a domain's structures, which come from pools of Xen's */
#define HAP_POOL_MIB     4u  /* for the tables of a domain that Xen translates: as libxl's least */
#define HAP_POOL_PAGES   (HAP_POOL_MIB * 256u)

static bool read_guest(const struct conductor *conductor, uint64_t va, void *to, size_t bytes)
{
    if (va == 0 || domain_reach(conductor->self.domain, va, bytes, false) < bytes)
        return false;
    memcpy(to, (const void *)(uintptr_t)va, bytes);
    return true;
}

/* Names a domain as hypercalls do. Itself: false. */
static bool find_target(struct conductor *conductor, struct conductor_call *call, unsigned domid)
{
    call->domid = domid;
    call->target = domid != 0 && domid < DOMID_FIRST_RESERVED
                       ? machine_domain_by_id(conductor->self.guests->machine, domid)
                       : NULL;
    return domid != 0 && domid != DOMID_SELF && call->target != conductor->self.domain;
}

static bool is_on_xen(const struct conductor *conductor, const struct conductor_call *call)
{
    return call->target != NULL && conductor->empty_domains[call->domid] == EMPTY_NONE;
}

/* A structure that the probe can't name: nothing is there on Xen either. */
static void nowhere(struct conductor *conductor, struct conductor_call *call)
{
    call->xen_arg[call->op == __HYPERVISOR_domctl ? 0 : 1] = xen_area_end_va(conductor->self.guests->xen);
    call->asked = true;
}

static bool take_structure(
    struct conductor *conductor, struct conductor_call *call, uint64_t va, size_t bytes)
{
    assert(bytes <= sizeof call->structure);
    if (!read_guest(conductor, va, call->structure, bytes)) {
        nowhere(conductor, call);
        return false;
    }
    call->structure_bytes = bytes;
    return true;
}

/* The model's frames as Xen's; NONE_IS_OWN: one that only dom0 itself can have. */
static uint64_t to_xen(const struct conductor *conductor, uint64_t model_mfn)
{
    uint64_t xen = frame_pairs_xen(conductor->self.guests->pairs, model_mfn);

    return xen != PAIR_NONE ? xen : model_mfn < host_end_mfn(conductor->self.guests->machine) ? 1 : model_mfn;
}

/* The list's entries that the probe can touch, to stand in front of a page that isn't there. */
static bool take_list(
    struct conductor *conductor, struct conductor_call *call, uint64_t va, uint64_t entries, bool write)
{
    entries = entries < AREA_LIST_ENTRIES ? entries : AREA_LIST_ENTRIES;
    call->nr_list = va == 0 ? 0
                            : domain_reach(conductor->self.domain, va, entries * sizeof(uint64_t), write) /
                                  sizeof(uint64_t);
    call->list = calloc(call->nr_list + 1, sizeof *call->list);
    if (call->list == NULL)
        return false;
    if (call->nr_list > 0)
        memcpy(call->list, (const void *)(uintptr_t)va, call->nr_list * sizeof *call->list);
    call->guest_list = va;
    return true;
}

static uint64_t list_va(const struct conductor *conductor, const struct conductor_call *call)
{
    if (call->guest_list == 0)
        return 0;
    if (call->guest_list - conductor->m2p_va < conductor->m2p_bytes)
        return HYPERVISOR_VIRT_START;
    return xen_area_end_va(conductor->self.guests->xen) - call->nr_list * sizeof(uint64_t);
}

/* Extents of a higher order: one name has to mean neighbours on both sides. */
static bool comparable(struct conductor *conductor, const struct conductor_call *call)
{
    return call->order == 0 || call->order > ORDER_LIMIT || conductor_translated(conductor, call->domid) ||
           extents_match(&conductor->self, call->list, call->start, call->nr_list, call->order);
}

static void take_reservation(struct conductor *conductor, struct conductor_call *call)
{
    struct xen_memory_reservation *ask = (struct xen_memory_reservation *)call->structure;
    bool output = call->memop != XENMEM_decrease_reservation;

    if (!take_structure(conductor, call, call->arg[1], sizeof *ask) ||
        !find_target(conductor, call, ask->domid))
        return;
    call->nr_extents = ask->nr_extents;
    call->order = ask->extent_order;
    if (!take_list(conductor, call, (uint64_t)ask->extent_start.p, ask->nr_extents,
            call->memop == XENMEM_increase_reservation))
        return;
    for (uint64_t i = call->start;
         !output && !conductor_translated(conductor, call->domid) && i < call->nr_list; i++)
        call->list[i] = to_xen(conductor, call->list[i]);
    if (output)
        limit_extents(&conductor->self,
            &(struct guest_call){.order = call->order, .start = call->start, .nr_extents = call->nr_extents});
    else
        call->neither = !comparable(conductor, call);
    ask->extent_start.p = (xen_pfn_t *)list_va(conductor, call);
    call->asked = true;
}

static void take_claim(struct conductor *conductor, struct conductor_call *call)
{
    struct xen_memory_reservation *ask = (struct xen_memory_reservation *)call->structure;

    if (!take_structure(conductor, call, call->arg[1], sizeof *ask))
        return;
    call->asked = find_target(conductor, call, ask->domid);
    if (ask->extent_start.p != NULL)
        ask->extent_start.p = (xen_pfn_t *)xen_area_va(conductor->self.guests->xen, AREA_LIST);
}

static void take_memory_op(struct conductor *conductor, struct conductor_call *call)
{
    call->memop = (unsigned)(call->arg[0] & ((1u << COMMAND_BITS) - 1u));
    call->start = call->arg[0] >> COMMAND_BITS;
    call->xen_arg[1] = xen_area_va(conductor->self.guests->xen, AREA_OP);
    switch (call->memop) {
    case XENMEM_increase_reservation:
    case XENMEM_decrease_reservation:
    case XENMEM_populate_physmap:
        take_reservation(conductor, call);
        break;
    case XENMEM_claim_pages:
        take_claim(conductor, call);
        break;
    case XENMEM_current_reservation:
    case XENMEM_maximum_reservation:
    case XENMEM_maximum_gpfn:
        if (take_structure(conductor, call, call->arg[1], sizeof(domid_t)))
            call->asked = find_target(conductor, call, *(const domid_t *)(const void *)call->structure);
        break;
    case XENMEM_set_pod_target:
    case XENMEM_get_pod_target:
        if (take_structure(conductor, call, call->arg[1], sizeof(struct xen_pod_target)))
            call->asked = find_target(
                conductor, call, ((const struct xen_pod_target *)(const void *)call->structure)->domid);
        break;
    default:
        /* The machine's own map, and what is about the caller itself, are no matter of a comparison. */
        call->asked = call->memop >= UNKNOWN_MEMOPS;
    }
}

static void take_domctl(struct conductor *conductor, struct conductor_call *call)
{
    const struct xen_domctl *ask = (const struct xen_domctl *)(const void *)call->structure;

    call->xen_arg[0] = xen_area_va(conductor->self.guests->xen, AREA_OP);
    if (!take_structure(conductor, call, call->arg[0], sizeof *ask))
        return;
    call->control = ask->cmd;
    bool other = find_target(conductor, call, ask->domain);
    bool has_vcpu = ask->cmd == XEN_DOMCTL_max_vcpus && conductor_translated(conductor, call->domid);
    bool stays = ask->cmd == XEN_DOMCTL_max_mem || ask->cmd == XEN_DOMCTL_max_vcpus ||
                 ask->cmd == XEN_DOMCTL_destroydomain;
    /* What changes a domain with a on_xen, the model does there itself. */
    call->asked = ask->cmd == XEN_DOMCTL_createdomain ||
                  (other && !has_vcpu &&
                      (!stays || !is_on_xen(conductor, call) ||
                          ask->interface_version != XEN_DOMCTL_INTERFACE_VERSION));
}

/* The first word of a frame that is dom0's own, on either side, keeps the call from Xen. */
static bool take_updates(struct conductor *conductor, struct conductor_call *call)
{
    for (uint64_t i = 0; i + 1 < call->nr_list; i += 2) {
        uint64_t model = call->list[i] >> PAGE_SHIFT, low = call->list[i] & 3u;

        if (call->target == NULL && frame_pairs_xen(conductor->self.guests->pairs, model) == PAIR_NONE)
            return false;
        call->list[i] = to_xen(conductor, model) << PAGE_SHIFT | low;
    }
    return true;
}

static void take_mmu_update(struct conductor *conductor, struct conductor_call *call)
{
    uint64_t count = call->arg[1] & COUNT_MASK;
    unsigned domid = (unsigned)(call->arg[3] & 0xffffu);

    find_target(conductor, call, domid);
    if (!take_list(conductor, call, call->arg[0], 2 * count, false))
        return;
    call->asked = take_updates(conductor, call);
    call->xen_arg[0] = list_va(conductor, call);
    call->xen_arg[2] = call->arg[2] == 0 ? 0
                       : domain_reach(conductor->self.domain, call->arg[2], 4, true) == 4
                           ? xen_area_va(conductor->self.guests->xen, AREA_OP)
                           : xen_area_end_va(conductor->self.guests->xen);
}

/* What was given up may be anybody's since, and somebody else's on Xen. */
static bool is_a_domains(const struct conductor *conductor, uint64_t model_mfn)
{
    return frame_pairs_xen(conductor->self.guests->pairs, model_mfn) != PAIR_NONE &&
           frame_owner(conductor->self.guests->machine, MFN(model_mfn)) < DOMID_FIRST_RESERVED;
}

static void take_mapping(struct conductor *conductor, struct conductor_call *call)
{
    uint64_t slot = (call->arg[0] - conductor->window_va) >> PAGE_SHIFT,
             mfn = (call->arg[1] & PTE_MFN_MASK) >> PAGE_SHIFT;
    bool other = call->op == __HYPERVISOR_update_va_mapping_otherdomain;

    if (slot >= XEN_WINDOW_PAGES)
        return;
    find_target(conductor, call, other ? (unsigned)call->arg[3] : DOMID_SELF);
    call->slot = (unsigned)slot;
    call->maps = (call->arg[1] & PTE_PRESENT) != 0;
    call->xen_arg[0] = xen_window_va(conductor->self.guests->xen, call->slot);
    call->asked = !call->maps ? conductor->mapped[slot] : other || is_a_domains(conductor, mfn);
    if (call->maps && !conductor_translated(conductor, call->domid))
        call->xen_arg[1] = (call->arg[1] & ~PTE_MFN_MASK) | to_xen(conductor, mfn) << PAGE_SHIFT;
}

void conductor_take(struct conductor *conductor, const struct vcpu *vcpu)
{
    struct conductor_call *call = &conductor->call;

    assert(call->op == 0);
    *call = (struct conductor_call){.op = vcpu->op};
    memcpy(call->arg, vcpu->arg, sizeof call->arg);
    memcpy(call->xen_arg, vcpu->arg, sizeof call->xen_arg);
    if (call->op == __HYPERVISOR_memory_op)
        take_memory_op(conductor, call);
    else if (call->op == __HYPERVISOR_domctl)
        take_domctl(conductor, call);
    else if (call->op == __HYPERVISOR_mmu_update)
        take_mmu_update(conductor, call);
    else if (call->op == __HYPERVISOR_update_va_mapping ||
             call->op == __HYPERVISOR_update_va_mapping_otherdomain)
        take_mapping(conductor, call);
}

void conductor_drop(struct conductor_call *call)
{
    free(call->list);
    *call = (struct conductor_call){.op = 0};
}

/* --- to Xen --- */

/* Xen translates with tables from a pool of the domain's own, which a toolstack fills before anything else: and it
 * wants to see a vcpu first. */
static void fill_hap_pool(struct conductor *conductor, unsigned domid)
{
    struct xen_host *xen = conductor->self.guests->xen;
    struct xen_domctl *op = domctl_begin(xen, XEN_DOMCTL_max_vcpus, domid);

    op->u.max_vcpus.max = 1;
    long answer = domctl_issue(xen);
    op = domctl_begin(xen, XEN_DOMCTL_shadow_op, domid);
    op->u.shadow_op.op = XEN_DOMCTL_SHADOW_OP_SET_ALLOCATION;
    op->u.shadow_op.mb = HAP_POOL_MIB;
    answer = answer != 0 ? answer : domctl_issue(xen);
    if (answer != 0)
        guest_differs(
            &conductor->self, "a vcpu and tables for the translated domain: Xen answers %ld", answer);
}

static void follow_lifecycle(struct conductor *conductor, const struct conductor_call *call)
{
    const struct xen_domctl *created = (const struct xen_domctl *)(const void *)call->structure;

    if (call->control == XEN_DOMCTL_createdomain) {
        bool translated = (created->u.createdomain.flags & XEN_DOMCTL_CDF_hvm) != 0;

        conductor->empty_domains[created->domain] = translated ? EMPTY_TRANSLATED : EMPTY_PV;
        if (translated)
            fill_hap_pool(conductor, created->domain);
    } else if (call->control == XEN_DOMCTL_destroydomain) {
        conductor->empty_domains[call->domid] = EMPTY_NONE;
    }
}

void conductor_put(struct conductor *conductor)
{
    struct conductor_call *call = &conductor->call;
    struct xen_host *xen = conductor->self.guests->xen;
    struct xen_domctl *control = (struct xen_domctl *)call->structure;

    /* Any number will do: the one that the model found free. */
    if (call->control == XEN_DOMCTL_createdomain && call->model_result == 0)
        read_guest(conductor, call->arg[0] + offsetof(struct xen_domctl, domain), &control->domain,
            sizeof control->domain);
    /* What the domain takes of Xen's pools, beyond what the model counts, is not the host's. */
    if (call->control == XEN_DOMCTL_createdomain && call->model_result == 0)
        xen_pool_resize(
            conductor->self.guests->pool, xen_free_pages(xen) + STRUCTURES_SLACK + HAP_POOL_PAGES);
    do {
        memcpy(xen_area(xen, AREA_OP), call->structure, call->structure_bytes);
        if (call->nr_list > 0)
            memcpy(xen_area(xen, XEN_AREA_PAGES - 1) + 4096 - call->nr_list * sizeof(uint64_t), call->list,
                call->nr_list * sizeof(uint64_t));
        call->xen_result = xen_hypercall(
            xen, call->op, call->xen_arg[0], call->xen_arg[1], call->xen_arg[2], call->xen_arg[3]);
    } while (call->control == XEN_DOMCTL_destroydomain && call->xen_result == -ERESTART);
    if (call->nr_list > 0)
        memcpy(call->list, xen_area(xen, XEN_AREA_PAGES - 1) + 4096 - call->nr_list * sizeof(uint64_t),
            call->nr_list * sizeof(uint64_t));
    if (call->structure_bytes > 0)
        memcpy(call->structure, xen_area(xen, AREA_OP), call->structure_bytes);
    if (call->xen_result == 0 && call->op == __HYPERVISOR_domctl)
        follow_lifecycle(conductor, call);
    if (call->xen_result == 0 && (call->op == __HYPERVISOR_update_va_mapping ||
                                     call->op == __HYPERVISOR_update_va_mapping_otherdomain))
        conductor->mapped[call->slot] = call->maps;
}

/* --- afterwards --- */

static void join_new_frames(struct conductor *conductor, const struct conductor_call *call)
{
    int64_t both = call->xen_result < call->model_result ? call->xen_result : call->model_result;
    const uint64_t *model = (const uint64_t *)(uintptr_t)call->guest_list;

    if (conductor_translated(conductor, call->domid))
        return;
    for (uint64_t i = call->start; (int64_t)i < both && i < call->nr_list; i++)
        for (uint64_t page = 0; page < 1ull << call->order; page++)
            frame_pairs_join(conductor->self.guests->pairs, call->list[i] + page, model[i] + page);
}

static void compare_pages(struct conductor *conductor, const struct conductor_call *call)
{
    struct xen_guests *guests = conductor->self.guests;
    bool life = call->control == XEN_DOMCTL_createdomain || call->control == XEN_DOMCTL_destroydomain ||
                call->control == XEN_DOMCTL_max_vcpus;
    struct domain *target =
        call->domid < DOMID_FIRST_RESERVED ? machine_domain_by_id(guests->machine, call->domid) : NULL;
    uint64_t model_free = host_free_pages(guests->machine), on_xen = xen_free_pages(guests->xen);
    uint64_t apart = on_xen > model_free ? on_xen - model_free : model_free - on_xen;

    if (life && apart <= 2 * STRUCTURES_SLACK + HAP_POOL_PAGES)
        on_xen = xen_pool_resize(guests->pool, model_free);
    if (on_xen != model_free)
        guest_differs(&conductor->self, "after dom0's call Xen has %llu pages free, the model %llu",
            (unsigned long long)on_xen, (unsigned long long)model_free);
    if (target == NULL)
        return;
    struct xen_domain_pages pages = xen_domain_pages(guests->xen, call->domid);
    if (pages.reservation_pages != domain_reservation_pages(target) ||
        pages.maximum_pages != domain_maximum_pages(target))
        guest_differs(&conductor->self,
            "after dom0's call domain %u has %llu of at most %llu pages on Xen, %llu of %llu in the model",
            call->domid, (unsigned long long)pages.reservation_pages, (unsigned long long)pages.maximum_pages,
            (unsigned long long)domain_reservation_pages(target),
            (unsigned long long)domain_maximum_pages(target));
}

/* Beside the answer: what was filled in. */
static void compare_told(struct conductor *conductor, const struct conductor_call *call)
{
    union {
        struct xen_pod_target pod;
        struct xen_domctl control;
    } model;
    const struct xen_pod_target *pod = (const struct xen_pod_target *)(const void *)call->structure;
    const struct xen_domctl_getdomaininfo *info =
        &((const struct xen_domctl *)(const void *)call->structure)->u.getdomaininfo;
    bool about_pod = call->op == __HYPERVISOR_memory_op &&
                     (call->memop == XENMEM_set_pod_target || call->memop == XENMEM_get_pod_target);

    if (call->xen_result != 0 || call->model_result != 0)
        return;
    if (about_pod && read_guest(conductor, call->arg[1], &model, sizeof model.pod) &&
        (pod->tot_pages != model.pod.tot_pages || pod->pod_cache_pages != model.pod.pod_cache_pages ||
            pod->pod_entries != model.pod.pod_entries))
        guest_differs(&conductor->self,
            "populate-on-demand: Xen tells %llu pages, %llu cached, %llu entries, the model %llu, %llu, %llu",
            (unsigned long long)pod->tot_pages, (unsigned long long)pod->pod_cache_pages,
            (unsigned long long)pod->pod_entries, (unsigned long long)model.pod.tot_pages,
            (unsigned long long)model.pod.pod_cache_pages, (unsigned long long)model.pod.pod_entries);
    if (call->control == XEN_DOMCTL_getdomaininfo &&
        read_guest(conductor, call->arg[0], &model, sizeof model.control) &&
        info->outstanding_pages != model.control.u.getdomaininfo.outstanding_pages)
        guest_differs(&conductor->self, "Xen tells a claim of %llu pages, the model %llu",
            (unsigned long long)info->outstanding_pages,
            (unsigned long long)model.control.u.getdomaininfo.outstanding_pages);
}

void conductor_compare(struct conductor *conductor)
{
    const struct conductor_call *call = &conductor->call;
    bool gives = call->op == __HYPERVISOR_memory_op &&
                 (call->memop == XENMEM_increase_reservation || call->memop == XENMEM_populate_physmap);

    conductor->self.guests->counts.hypercalls++;
    if (call->xen_result != call->model_result)
        guest_differs(&conductor->self,
            "dom0's hypercall %llu, sub-operation %u: Xen answers %lld, the model %lld",
            (unsigned long long)call->op, call->op == __HYPERVISOR_domctl ? call->control : call->memop,
            (long long)call->xen_result, (long long)call->model_result);
    if (gives)
        join_new_frames(conductor, call);
    compare_told(conductor, call);
    compare_pages(conductor, call);
}
