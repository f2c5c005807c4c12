/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hypercalls: which function answers which, how much virtual time each costs, and the record of it. What a call does is
 * in the other files of this folder.
 */
#include "sim/hypercall/hypercall.h"

#include <assert.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <xen/features.h>
#include <xen/sched.h>
#include <xen/version.h>

#include "sim/domain/backtrace.h"
#include "sim/domain/domain.h"
#include "sim/domain/site.h"
#include "sim/hypercall/domctl.h"
#include "sim/hypercall/evtchn_op.h"
#include "sim/hypercall/flush.h"
#include "sim/hypercall/hvm_op.h"
#include "sim/hypercall/memory_op.h"
#include "sim/hypercall/mmu.h"
#include "sim/hypercall/sched_op.h"
#include "sim/hypercall/vcpu_op.h"
#include "sim/machine_state.h"
#include "sim/record/recorder.h"

#define FEATURES_PV \
    (1u << XENFEAT_mmu_pt_update_preserve_ad | 1u << XENFEAT_highmem_assist | \
        1u << XENFEAT_gnttab_map_avail_bits)
#define FEATURES_TRANSLATED /* read in Xen's source, not measured */ \
    (1u << XENFEAT_writable_page_tables | 1u << XENFEAT_auto_translated_physmap | \
        1u << XENFEAT_hvm_callback_vector | 1u << XENFEAT_hvm_safe_pvclock | \
        1u << XENFEAT_memory_op_vnode_supported | 1u << XENFEAT_not_direct_mapped)

static long copy_out(struct domain *d, unsigned long argument, const void *from, size_t bytes)
{
    void *to = space_host(&d->space, argument, bytes, true);
    if (to == NULL)
        return -EFAULT;
    memcpy(to, from, bytes);
    return 0;
}

static long xen_version(
    struct domain *d, unsigned long command, unsigned long argument, struct hypercall_trace *trace)
{
    const struct known_xen *xen = d->machine->config.xen;
    xen_extraversion_t extraversion = {0};

    trace->subop = (uint32_t)command;
    switch (command) {
    case XENVER_version:
        return XEN_MAJOR << 16 | xen->minor;
    case XENVER_extraversion:
        memcpy(extraversion, xen->extraversion, strlen(xen->extraversion));
        return copy_out(d, argument, &extraversion, sizeof extraversion);
    case XENVER_capabilities:
        return copy_out(
            d, argument, &(xen_capabilities_info_t){"xen-3.0-x86_64 "}, sizeof(xen_capabilities_info_t));
    case XENVER_pagesize:
        return (long)PAGE_BYTES;
    case XENVER_get_features: {
        xen_feature_info_t info;
        const void *guest = space_host(&d->space, argument, sizeof info, true);
        if (guest == NULL)
            return -EFAULT;
        memcpy(&info, guest, sizeof info);
        if (info.submap_idx >= XENFEAT_NR_SUBMAPS)
            return -EINVAL;
        info.submap = d->physmap != NULL ? FEATURES_TRANSLATED : FEATURES_PV;
        return copy_out(d, argument, &info, sizeof info);
    }
    default:
        return -ENOSYS;
    }
}

static void record_hypercall(
    struct domain *d, const struct vcpu *vcpu, long result, const struct hypercall_trace *trace)
{
    struct machine *m = d->machine;
    struct record_hypercall record = {
        .op = (uint32_t)vcpu->op,
        .subop = trace->subop,
        .ret = result,
        .asked = trace->asked,
        .flags = trace->flags,
        .reservation_pages = d->reservation_pages,
        .maximum_pages = d->maximum_pages,
        .host_free_pages = m->host.free_pages,
    };
    assert(trace->nr_frames <= m->frame_list_room);
    if (trace->nr_frames != 0)
        d->vain_exits = 0;
    backtrace_place(d);
    recorder_append(m->recorder, REC_HYPERCALL, d->domid, m->now_ns, &record, sizeof record, m->frame_list,
        sizeof *m->frame_list, trace->nr_frames);
}

/* One call of a multicall's list. */
static long multicall_one(struct domain *d, const multicall_entry_t *entry, enum exit_outcome *outcome)
{
    struct vcpu call = {.op = entry->op};
    memcpy(call.arg, entry->args, sizeof call.arg);
    if (call.op == __HYPERVISOR_update_va_mapping) {
        struct hypercall_trace trace = {.record = true};
        d->machine->now_ns += d->machine->config.costs.hypercall_ns;
        call.result = mmu_update_va_mapping(d, &call, DOMID_SELF, &trace);
        if (trace.record)
            record_hypercall(d, &call, call.result, &trace);
    } else if (call.op == __HYPERVISOR_multicall) {
        call.result = -EINVAL;
    } else if (call.op == __HYPERVISOR_sched_op) {
        call.result = call.arg[0] == SCHEDOP_yield ? 0 : -ENOSYS;
        if (call.result == 0)
            *outcome = EXIT_LEAVE;
    } else {
        hypercall_serve(d, &call);
    }
    return call.result;
}

/*
 * Each call of the list is done as if the guest had made it by itself, and its result is written into the list. A list in
 * a list is refused, and so is each call that waits, except for a yield, which is done at the end. Kernels map pages by the
 * dozen in this way, so mmu_map_row does these in rows. The list need not be aligned.
 */
static long multicall(struct domain *d, const struct vcpu *vcpu, enum exit_outcome *outcome)
{
    const size_t count = vcpu->arg[1] & UINT32_MAX, bytes = count * sizeof(multicall_entry_t);
    const size_t usable = space_reach(&d->space, vcpu->arg[0], bytes, true) / sizeof(multicall_entry_t);
    const bool aligned = vcpu->arg[0] % _Alignof(multicall_entry_t) == 0;
    char *list =
        usable != 0 ? space_host(&d->space, vcpu->arg[0], usable * sizeof(multicall_entry_t), true) : NULL;
    for (size_t i = 0; i < usable && d->state == DOMAIN_ALIVE; i++) {
        assert(list != NULL);
        if (aligned) {
            i += mmu_map_row(d, (multicall_entry_t *)(void *)list + i, usable - i);
            if (i == usable)
                break;
        }
        multicall_entry_t entry;
        memcpy(&entry, list + i * sizeof entry, sizeof entry);
        const unsigned long result = (unsigned long)multicall_one(d, &entry, outcome);
        memcpy(list + i * sizeof entry + offsetof(multicall_entry_t, result), &result, sizeof result);
    }
    return usable == count ? 0 : -EFAULT;
}

enum exit_outcome hypercall_serve(struct domain *d, struct vcpu *vcpu)
{
    enum exit_outcome outcome = EXIT_GO_ON;
    struct hypercall_trace trace = {.record = true};
    long result;
    assert(d->state == DOMAIN_ALIVE);
    d->machine->now_ns += d->machine->config.costs.hypercall_ns;
    d->refusal.refused = false;
    if (!d->unfinished)
        d->entered_sites = 0;

    switch (vcpu->op) {
    case __HYPERVISOR_update_va_mapping:
        result = mmu_update_va_mapping(d, vcpu, DOMID_SELF, &trace);
        break;
    case __HYPERVISOR_update_va_mapping_otherdomain:
        result = mmu_update_va_mapping(d, vcpu, (domid_t)vcpu->arg[3], &trace);
        break;
    case __HYPERVISOR_multicall:
        result = multicall(d, vcpu, &outcome);
        trace.record = false;
        break;
    case __HYPERVISOR_memory_op:
        result = memory_op(d, vcpu->arg[0], vcpu->arg[1], &trace);
        break;
    case __HYPERVISOR_mmu_update:
        result = d->physmap != NULL ? -ENOSYS : mmu_update(d, vcpu, &trace);
        break;
    case __HYPERVISOR_mmuext_op:
        result = d->physmap != NULL ? -EINVAL : flush_mmuext_op(d, vcpu, &trace);
        break;
    case __HYPERVISOR_event_channel_op:
        result = evtchn_op(d, vcpu->arg[0], vcpu->arg[1], &trace);
        break;
    case __HYPERVISOR_vcpu_op:
        result = vcpu_op(d, vcpu, &trace);
        break;
    case __HYPERVISOR_sched_op:
        result = sched_op(d, vcpu->arg[0], vcpu->arg[1], &trace, &outcome);
        break;
    case __HYPERVISOR_set_timer_op:
        result = sched_set_timer(d, vcpu->arg[0]);
        trace.record = false;
        break;
    case __HYPERVISOR_console_io:
        result = d->privileged ? 0 : -EPERM;
        break;
    case __HYPERVISOR_xen_version:
        result = xen_version(d, vcpu->arg[0], vcpu->arg[1], &trace);
        break;
    case __HYPERVISOR_hvm_op:
        result = hvm_op(d, vcpu->arg[0], vcpu->arg[1], &trace);
        break;
    case __HYPERVISOR_domctl:
        result = domctl_op(d, vcpu->arg[0], &trace);
        break;
    default:
        result = -ENOSYS;
        break;
    }
    if (trace.record)
        record_hypercall(d, vcpu, result, &trace);
    vcpu->result = result;
    if (d->unfinished) {
        assert(vcpu->op == __HYPERVISOR_memory_op && result >= 0);
        /* The guest doesn't go on yet: its call is made again, with the next extent in its number, as Xen does it. */
        vcpu->arg[0] = (vcpu->arg[0] & MEMORY_OP_MASK) | (uint64_t)result << MEMORY_OP_BITS;
        return vcpu == &d->vcpu ? EXIT_LEAVE : hypercall_serve(d, vcpu); /* in a multicall at once */
    }
    for (uint64_t entered = d->entered_sites; entered != 0; entered &= entered - 1u)
        site_returned(d, (enum fault_site)__builtin_ctzll(entered), PFN(0), 0);
    d->entered_sites = 0;
    return d->state == DOMAIN_ALIVE ? outcome : EXIT_LEAVE;
}
