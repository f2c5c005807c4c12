/* SPDX-License-Identifier: BSD-2-Clause */
/* Tables of names. Numbers and their order come from the headers that define them. */
#define __XEN_TOOLS__ 1
#include "reports/names.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <xen/xen.h>
#include <xen/event_channel.h>
#include <xen/io/xs_wire.h>
#include <xen/memory.h>
#include <xen/sched.h>

#include "guest/abi/control.h"
#include "guest/abi/port.h"
#include "guest/abi/sites.h"
#include "sim/invariants/list.h"
#include "sim/record/record.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *numbered(const char *kind, uint64_t number, char room[NAME_ROOM])
{
    snprintf(room, NAME_ROOM, "%s %" PRIu64, kind, number);
    return room;
}

const char *name_of_record(uint16_t type)
{
    static const char *const names[] = {
#define X(id) [REC_##id] = #id
        X(SCENARIO), X(DOMAIN), X(DOMAIN_END), X(STATEMENT), X(HYPERCALL), X(PAGE_TOUCH), X(PAGE_FREE),
        X(PAGE_ALLOC), X(NOTE), X(LOG), X(PANIC), X(MISUSE), X(CRASH), X(XENSTORE), X(EVTCHN), X(COMMAND),
        X(FAULT), X(SCHEDULE), X(REST), X(NOT_AT_REST), X(CHECKED), X(VIOLATION), X(EXPECT), X(VERDICT),
        X(DIFFERENCE), X(END), X(REMARK)
#undef X
    };

    return type < COUNT(names) ? names[type] : NULL;
}

#define NOTE(name) (1ull << NOTE_##name)
const struct note_kind note_kinds[] = {
    {"PLUG", NOTE(PLUG_BEGIN) | NOTE(PLUG_END)},
    {"UNPLUG", NOTE(UNPLUG_BEGIN) | NOTE(UNPLUG_END)},
    {"AUDIT", NOTE(AUDIT_BEGIN) | NOTE(SEGMENT) | NOTE(KEPT) | NOTE(HOST_MAPPINGS) | NOTE(DIRECT_MAP) |
                  NOTE(AUDIT_END)},
    {"SEGMENT", NOTE(PHYSLOAD) | NOTE(SEGMENT)},
    {"SLEEP", NOTE(SLEEP)},
    {"ATTACH", NOTE(ATTACHED)},
    {"NODE", NOTE(NODE)},
    {"TARGET", NOTE(TARGET)},
    {"P2M", NOTE(P2M)},
    {"DATA_LOST", NOTE(DATA_LOST)},
    {"RECLAIM", NOTE(RECLAIMED) | NOTE(IN_VAIN)},
};
#undef NOTE
const size_t nr_note_kinds = COUNT(note_kinds);

const char *name_of_verdict(int exit_code)
{
    static const char *const names[] = {[EXIT_CODE_PASS] = "PASS",
        [EXIT_CODE_SKIP] = "SKIP",
        [EXIT_CODE_ERROR] = "ERROR",
        [EXIT_CODE_FAIL] = "FAIL",
        [EXIT_CODE_CRASH] = "CRASH",
        [EXIT_CODE_TIMEOUT] = "TIMEOUT",
        [EXIT_CODE_CUT] = "CUT"};

    if (exit_code < 0 || (size_t)exit_code >= COUNT(names) || names[exit_code] == NULL)
        return "NO VERDICT";
    return names[exit_code];
}

const char *name_of_invariant(uint32_t invariant, char room[NAME_ROOM])
{
    static const char *const names[] = {
#define X(id, name, holds) [INVARIANT_##id] = name,
        INVARIANTS(X)
#undef X
    };

    return invariant < COUNT(names) ? names[invariant] : numbered("invariant", invariant, room);
}

const char *name_of_site(const struct kernel *kernel, uint32_t site, char room[NAME_ROOM])
{
    const struct fault_site_info *info = kernel_site(kernel, (enum fault_site)site);

    if (info == NULL && site >= FAULT_SITE_OF_KERNEL &&
        site < FAULT_SITES_MAX) /* its kernel does not describe itself */
        return numbered("kernel site", site - FAULT_SITE_OF_KERNEL, room);
    return info != NULL ? info->name : numbered("site", site, room);
}

/* ---- hypercalls ------------------------------------------------------------------------------- */

struct number_name {
    uint32_t number;
    const char *name;
};

static const char *find(const struct number_name *names, size_t count, uint32_t number)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (names[i].number == number)
            return names[i].name;
    return NULL;
}

/* clang-format off */
#define X(id) { id, #id }
/* clang-format on */
static const struct number_name memory_ops[] = {
    X(XENMEM_increase_reservation),
    X(XENMEM_decrease_reservation),
    X(XENMEM_populate_physmap),
    X(XENMEM_maximum_ram_page),
    X(XENMEM_current_reservation),
    X(XENMEM_maximum_reservation),
    X(XENMEM_maximum_gpfn),
    X(XENMEM_exchange),
    X(XENMEM_add_to_physmap),
    X(XENMEM_add_to_physmap_batch),
    X(XENMEM_remove_from_physmap),
    X(XENMEM_memory_map),
    X(XENMEM_machine_memory_map),
    X(XENMEM_set_memory_map),
    X(XENMEM_machphys_mapping),
    X(XENMEM_machphys_mfn_list),
    X(XENMEM_set_pod_target),
    X(XENMEM_get_pod_target),
    X(XENMEM_claim_pages),
};
static const struct number_name event_channel_ops[] = {
    X(EVTCHNOP_bind_interdomain),
    X(EVTCHNOP_bind_virq),
    X(EVTCHNOP_bind_pirq),
    X(EVTCHNOP_bind_ipi),
    X(EVTCHNOP_bind_vcpu),
    X(EVTCHNOP_alloc_unbound),
    X(EVTCHNOP_close),
    X(EVTCHNOP_send),
    X(EVTCHNOP_status),
    X(EVTCHNOP_unmask),
    X(EVTCHNOP_reset),
};
static const struct number_name sched_ops[] = {
    X(SCHEDOP_yield),
    X(SCHEDOP_block),
    X(SCHEDOP_shutdown),
    X(SCHEDOP_poll),
    X(SCHEDOP_remote_shutdown),
    X(SCHEDOP_watchdog),
};
static const struct number_name domctls[] = {
    X(XEN_DOMCTL_createdomain),
    X(XEN_DOMCTL_destroydomain),
    X(XEN_DOMCTL_max_mem),
    X(XEN_DOMCTL_max_vcpus),
    X(XEN_DOMCTL_getdomaininfo),
    X(XEN_DOMCTL_pausedomain),
    X(XEN_DOMCTL_unpausedomain),
    X(XEN_DOMCTL_setvcpucontext),
};
#undef X

/* Calls whose record has a subop, with the names of those. */
static const struct group {
    uint32_t op;
    const char *name;
    const struct number_name *subops;
    size_t nr_subops;
} groups[] = {
    {__HYPERVISOR_memory_op, "XENMEM", memory_ops, COUNT(memory_ops)},
    {__HYPERVISOR_event_channel_op, "EVTCHNOP", event_channel_ops, COUNT(event_channel_ops)},
    {__HYPERVISOR_sched_op, "SCHEDOP", sched_ops, COUNT(sched_ops)},
    {__HYPERVISOR_domctl, "XEN_DOMCTL", domctls, COUNT(domctls)},
};

static const struct number_name hypercalls[] = {
/* clang-format off */
#define X(id) { __HYPERVISOR_##id, #id }
    /* clang-format on */
    X(mmu_update),
    X(update_va_mapping),
    X(update_va_mapping_otherdomain),
    X(mmuext_op),
    X(multicall),
    X(set_timer_op),
    X(console_io),
    X(xen_version),
    X(grant_table_op),
    X(vcpu_op),
    X(physdev_op),
    X(hvm_op),
    X(sysctl),
    X(vm_assist),
    X(set_trap_table),
    X(set_gdt),
    X(stack_switch),
    X(iret),
#undef X
};

const char *name_of_hypercall(uint32_t op, uint32_t subop, char room[NAME_ROOM])
{
    const char *name;
    size_t i;

    for (i = 0; i < COUNT(groups); i++)
        if (groups[i].op == op) {
            name = find(groups[i].subops, groups[i].nr_subops, subop);
            return name != NULL ? name : numbered(groups[i].name, subop, room);
        }
    name = find(hypercalls, COUNT(hypercalls), op);
    return name != NULL ? name : numbered("hypercall", op, room);
}

/* ---- the rest --------------------------------------------------------------------------------- */

const char *name_of_xenstore_op(uint32_t op, char room[NAME_ROOM])
{
    static const struct number_name names[] = {
        {XS_DIRECTORY, "directory"},
        {XS_READ, "read"},
        {XS_GET_PERMS, "get-perms"},
        {XS_WATCH, "watch"},
        {XS_UNWATCH, "unwatch"},
        {XS_TRANSACTION_START, "transaction"},
        {XS_TRANSACTION_END, "commit"},
        {XS_GET_DOMAIN_PATH, "domain-path"},
        {XS_WRITE, "write"},
        {XS_MKDIR, "mkdir"},
        {XS_RM, "rm"},
        {XS_SET_PERMS, "set-perms"},
        {XS_INTRODUCE, "introduce"},
        {XS_WATCH_EVENT, "watch event"},
        {XS_ERROR, "error"},
    };
    const char *name = find(names, COUNT(names), op);

    return name != NULL ? name : numbered("request", op, room);
}

const char *name_of_node(uint64_t node, char room[NAME_ROOM])
{
    static const char *const names[] = {
        [NODE_MIN] = "min", [NODE_CURRENT] = "current", [NODE_TARGET] = "target", [NODE_MAX] = "max"};

    return node < COUNT(names) && names[node] != NULL ? names[node] : numbered("node", node, room);
}

const char *name_of_errno(int64_t error, char room[NAME_ROOM])
{
    const char *name = error > 0 && error <= INT32_MAX ? strerrorname_np((int)error) : NULL;

    if (name != NULL)
        return name;
    snprintf(room, NAME_ROOM, "error %" PRId64, error);
    return room;
}

const char *name_of_end(uint64_t domain_end)
{
    switch (domain_end) {
    case DOMAIN_END_DESTROY:
        return "destroyed";
    case DOMAIN_END_SHUTDOWN:
        return "shut down";
    case DOMAIN_END_SUSPEND:
        return "saved";
    case DOMAIN_END_CRASH:
        return "crashed";
    default:
        return "gone";
    }
}
