/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hypercalls and calls of the debug port with bad arguments: pointers to no memory, numbers of nothing that exists, lists
 * that don't fit. Each is refused with the error that Xen has for it, and nothing has moved.
 */
#include <errno.h>

#include "guest/abi/control.h"
#include "sim/test_guest.h"
#include <xen/features.h>
#include <xen/hvm/hvm_op.h>
#include <xen/hvm/params.h>
#include <xen/version.h>

static struct test_guest *p;

static void setup(void)
{
    stage_open(64 * 1024);
    p = test_guest_new("p", 1024, 2048);
}

static void teardown(void)
{
    ck_assert_uint_eq(domain_reservation_pages(p->domain), 1024);
    stage_close();
}

#define PORT(name) (PORT_GATE_BASE + PORT_##name)
#define NOWHERE    0x10ul

static const struct {
    unsigned long op, arg[4];
    long result;
} calls[] = {
    {__HYPERVISOR_xen_version, {XENVER_version}, 4 << 16 | 17},
    {__HYPERVISOR_xen_version, {XENVER_pagesize}, 4096},
    {__HYPERVISOR_xen_version, {XENVER_extraversion, NOWHERE}, -EFAULT},
    {__HYPERVISOR_xen_version, {XENVER_capabilities, NOWHERE}, -EFAULT},
    {__HYPERVISOR_xen_version, {XENVER_get_features, NOWHERE}, -EFAULT},
    {__HYPERVISOR_xen_version, {99}, -ENOSYS},
    {__HYPERVISOR_console_io, {0}, -EPERM},
    {__HYPERVISOR_domctl, {NOWHERE}, -EFAULT},
    {__HYPERVISOR_sched_op, {SCHEDOP_poll, NOWHERE}, -EFAULT},
    {__HYPERVISOR_sched_op, {SCHEDOP_shutdown, NOWHERE}, -EFAULT},
    {__HYPERVISOR_sched_op, {SCHEDOP_yield}, 0},
    {__HYPERVISOR_sched_op, {77}, -ENOSYS},
    {__HYPERVISOR_memory_op, {XENMEM_exchange, NOWHERE}, -EFAULT},
    {__HYPERVISOR_memory_op, {XENMEM_set_pod_target, NOWHERE}, -EFAULT},
    {__HYPERVISOR_multicall, {NOWHERE, 1}, -EFAULT},
    {__HYPERVISOR_multicall, {NOWHERE, 0}, 0},
    {__HYPERVISOR_mmu_update, {NOWHERE, 1, 0, DOMID_SELF}, -EFAULT},
    {__HYPERVISOR_mmu_update, {NOWHERE, 1, 0, 999}, -ESRCH},
    {__HYPERVISOR_mmu_update, {NOWHERE, 0, NOWHERE, DOMID_SELF}, -EFAULT},
    {__HYPERVISOR_mmu_update, {NOWHERE, 0, 0, 0}, 0},
    {12345, {0}, -ENOSYS},
    {PORT(PUBLISH), {PORT_COUNTERS, 4}, -EINVAL},
    {PORT(PUBLISH), {PORT_COUNTERS, NOWHERE}, -EFAULT},
    {PORT(PUBLISH), {PORT_FAULT_MASK, 4}, -EINVAL},
    {PORT(PUBLISH), {PORT_FAULT_MASK, NOWHERE}, -EFAULT},
    {PORT(PUBLISH), {PORT_AGENT_EVTCHN, 0, 0}, -EINVAL},
    {PORT(PUBLISH), {PORT_AGENT_EVTCHN, 0, 100000}, -EINVAL},
    {PORT(PUBLISH), {PORT_AGENT_EVTCHN, 0, 9}, -EINVAL},
    {PORT(PUBLISH), {PORT_P2M, 4, 512}, -EINVAL},
    {PORT(PUBLISH), {PORT_P2M, NOWHERE, 0}, -EINVAL},
    {PORT(PUBLISH), {PORT_P2M, NOWHERE, 1ull << 61}, -EINVAL},
    {PORT(PUBLISH), {PORT_P2M, NOWHERE, 512}, -EFAULT},
    {PORT(PUBLISH), {99}, -EINVAL},
    {PORT(NOTE), {NOTE_PAGE_FREE, 0, 0}, -EINVAL},
    {PORT(NOTE), {NOTE_PAGE_FREE, 1ull << 40, 1}, -EINVAL},
    {PORT(NOTE), {NOTE_PAGE_ALLOC, 0, 1ull << 40}, -EINVAL},
    {PORT(FAULT), {TEST_SITES_END, 0, 1}, 0},
    {PORT(REPLY), {0}, -EINVAL},
    {PORT(COMMAND), {NOWHERE, 100}, 0},
    {PORT(PAGE_WRITE), {NOWHERE, 1}, -EFAULT},
    {PORT(PAGES_WRITE), {NOWHERE, 1, 1}, -EFAULT},
};

START_TEST(odd_calls_are_refused)
{
    const unsigned long *arg = calls[_i].arg;
    const long result = ask(p, calls[_i].op, arg[0], arg[1], arg[2], arg[3]);

    ck_assert_msg(result == calls[_i].result, "call %lu (%lu, %lu, %lu, %lu): %ld, not %ld", calls[_i].op,
        arg[0], arg[1], arg[2], arg[3], result, calls[_i].result);
}
END_TEST

START_TEST(features_are_told_by_their_map)
{
    xen_feature_info_t *info = (void *)test_guest_list(p);

    *info = (xen_feature_info_t){.submap_idx = XENFEAT_NR_SUBMAPS};
    ck_assert_int_eq(ask(p, __HYPERVISOR_xen_version, XENVER_get_features, (uintptr_t)info, 0, 0), -EINVAL);
    info->submap_idx = 0;
    ck_assert_int_eq(ask(p, __HYPERVISOR_xen_version, XENVER_get_features, (uintptr_t)info, 0, 0), 0);
    ck_assert_uint_eq(info->submap >> XENFEAT_auto_translated_physmap & 1u, 0);
    ck_assert_uint_eq(
        info->submap >> XENFEAT_gnttab_map_avail_bits & 1u, 1); /* Linux does not start without */
}
END_TEST

START_TEST(a_translated_guest_is_told_so_and_where_its_ring_is)
{
    const struct domain_config config = {
        .name = "pvh", .memory_pages = 1024, .maxmem_pages = 1024, .pvh = true};
    struct test_guest *pvh;

    ck_assert_int_eq(test_guest_build(&config, &pvh), BUILD_OK);
    stage_run();
    xen_feature_info_t *info = (void *)test_guest_list(pvh);
    *info = (xen_feature_info_t){.submap_idx = 0};
    ck_assert_int_eq(ask(pvh, __HYPERVISOR_xen_version, XENVER_get_features, (uintptr_t)info, 0, 0), 0);
    ck_assert_uint_eq(info->submap >> XENFEAT_auto_translated_physmap & 1u, 1);
    ck_assert_uint_eq(info->submap >> XENFEAT_mmu_pt_update_preserve_ad & 1u, 0);

    struct xen_hvm_param *parameter = (void *)test_guest_list(pvh);
    *parameter = (struct xen_hvm_param){.domid = DOMID_SELF, .index = HVM_PARAM_STORE_EVTCHN};
    ck_assert_int_eq(ask(pvh, __HYPERVISOR_hvm_op, HVMOP_get_param, (uintptr_t)parameter, 0, 0), 0);
    ck_assert_uint_eq(parameter->value, pvh->domain->store_port);
    parameter->index = HVM_PARAM_STORE_PFN;
    ck_assert_int_eq(ask(pvh, __HYPERVISOR_hvm_op, HVMOP_get_param, (uintptr_t)parameter, 0, 0), 0);
    ck_assert_uint_lt(parameter->value, pvh->domain->image_pages);
    parameter->index = HVM_NR_PARAMS;
    ck_assert_int_eq(ask(pvh, __HYPERVISOR_hvm_op, HVMOP_get_param, (uintptr_t)parameter, 0, 0), -EINVAL);
    parameter->domid = 0;
    ck_assert_int_eq(ask(pvh, __HYPERVISOR_hvm_op, HVMOP_get_param, (uintptr_t)parameter, 0, 0), -EPERM);
    ck_assert_int_eq(ask(pvh, __HYPERVISOR_hvm_op, HVMOP_get_param, NOWHERE, 0, 0), -EFAULT);
    ck_assert_int_eq(ask(pvh, __HYPERVISOR_hvm_op, HVMOP_set_param, NOWHERE, 0, 0), -ENOSYS);

    parameter = (void *)test_guest_list(p); /* a PV domain has no such parameters */
    *parameter = (struct xen_hvm_param){.domid = DOMID_SELF, .index = HVM_PARAM_STORE_PFN};
    ck_assert_int_eq(ask(p, __HYPERVISOR_hvm_op, HVMOP_get_param, (uintptr_t)parameter, 0, 0), -EINVAL);
}
END_TEST

START_TEST(domctl_is_not_for_a_guest)
{
    struct xen_domctl *ctl = (void *)test_guest_list(p);

    memset(ctl, 0, sizeof *ctl);
    ctl->cmd = XEN_DOMCTL_max_mem;
    ctl->interface_version = KNOWN_XEN_DEFAULT->domctl_version - 1;
    ck_assert_int_eq(ask(p, __HYPERVISOR_domctl, (uintptr_t)ctl, 0, 0, 0), -EACCES);
    ctl->interface_version = KNOWN_XEN_DEFAULT->domctl_version;
    ck_assert_int_eq(ask(p, __HYPERVISOR_domctl, (uintptr_t)ctl, 0, 0, 0), -EPERM);
    ck_assert_uint_eq(domain_maximum_pages(p->domain), 1024 + 256);
}
END_TEST

/* Xen looks at the kind of the domain before it looks at the caller's rights. */
START_TEST(a_target_of_pages_on_demand_is_not_for_a_guest)
{
    const struct domain_config config = {
        .name = "pvh", .memory_pages = 1024, .maxmem_pages = 1024, .pvh = true};
    struct test_guest *pvh;
    struct xen_pod_target *target = (void *)test_guest_list(p);

    ck_assert_int_eq(test_guest_build(&config, &pvh), BUILD_OK);
    stage_run();
    *target = (struct xen_pod_target){.target_pages = 1024, .domid = DOMID_SELF};
    ck_assert_int_eq(ask(p, __HYPERVISOR_memory_op, XENMEM_get_pod_target, (uintptr_t)target, 0, 0), -EINVAL);
    target = (void *)test_guest_list(pvh);
    *target = (struct xen_pod_target){.target_pages = 1024, .tot_pages = 77, .domid = DOMID_SELF};
    for (unsigned op = XENMEM_set_pod_target; op <= XENMEM_get_pod_target; op++)
        ck_assert_int_eq(ask(pvh, __HYPERVISOR_memory_op, op, (uintptr_t)target, 0, 0), -EPERM);
    ck_assert_uint_eq(target->tot_pages, 77);
}
END_TEST

/* --- what is recorded --- */

static const struct {
    unsigned long op, arg[4];
    unsigned events;
} recorded[] = {
    {__HYPERVISOR_set_timer_op, {0}, 0},
    {__HYPERVISOR_sched_op, {SCHEDOP_yield}, 0}, /* what ends a wait is recorded, and not the wait */
    {__HYPERVISOR_sched_op, {77}, 1},
    {__HYPERVISOR_multicall, {NOWHERE, 0}, 0},
    {__HYPERVISOR_mmuext_op, {NOWHERE, 0, 0, DOMID_SELF}, 0},
    {__HYPERVISOR_mmuext_op, {NOWHERE, 1, 0, DOMID_SELF}, 1},
    {__HYPERVISOR_mmu_update, {NOWHERE, 0, 0, DOMID_SELF}, 1},
    {__HYPERVISOR_memory_op, {XENMEM_exchange, NOWHERE}, 1},
    {63, {0}, 1},
};

START_TEST(calls_that_only_wait_or_flush_leave_no_record)
{
    const unsigned long *arg = recorded[_i].arg;

    recorder_flush(stage.recorder);
    const uint64_t before = recorder_events(stage.recorder);
    ask(p, recorded[_i].op, arg[0], arg[1], arg[2], arg[3]);
    recorder_flush(stage.recorder);
    ck_assert_uint_eq(recorder_events(stage.recorder) - before, recorded[_i].events);
}
END_TEST

static void time_of_updates(struct test_guest *me)
{
    const long before_ns = test_guest_clock(me);

    test_guest_leave(me, __HYPERVISOR_mmu_update, (uintptr_t)test_guest_list(me), me->arg[0], 0, DOMID_SELF);
    me->result = test_guest_clock(me) - before_ns;
}

START_TEST(each_entry_of_the_m2p_takes_its_time)
{
    mmu_update_t *updates = (void *)test_guest_list(p);
    long one_ns;

    for (unsigned i = 0; i < 8; i++)
        updates[i] = (mmu_update_t){
            .ptr = test_guest_p2m(p)[500 + i] << PAGE_SHIFT_BITS | MMU_MACHPHYS_UPDATE, .val = 500 + i};
    p->arg[0] = 1;
    perform(p, time_of_updates);
    one_ns = p->result;
    p->arg[0] = 8;
    perform(p, time_of_updates);
    ck_assert_int_eq(p->result - one_ns, 7 * (long)stage.machine->config.costs.page_ns);
    ck_assert_uint_gt(stage.machine->config.costs.page_ns, 0);
}
END_TEST

/* --- M2P entries --- */

START_TEST(only_the_m2p_is_updated_and_only_for_own_frames)
{
    mmu_update_t *update = (void *)test_guest_list(p);
    uint32_t *done = (void *)(update + 2);
    const uint64_t own = test_guest_p2m(p)[500];
    const struct {
        uint64_t ptr;
        long result;
    } cases[] = {
        {own << PAGE_SHIFT_BITS | MMU_NORMAL_PT_UPDATE, -EINVAL},
        {own << PAGE_SHIFT_BITS | MMU_PT_UPDATE_PRESERVE_AD, -ENOSYS},
        {1ull << 50 | MMU_MACHPHYS_UPDATE, -EINVAL},
        {own << PAGE_SHIFT_BITS | MMU_MACHPHYS_UPDATE, 0},
    };

    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        *done = 77;
        *update = (mmu_update_t){.ptr = cases[c].ptr, .val = 500};
        ck_assert_int_eq(ask(p, __HYPERVISOR_mmu_update, (uintptr_t)update, 1, (uintptr_t)done, DOMID_SELF),
            cases[c].result);
        ck_assert_uint_eq(*done, cases[c].result == 0);
    }
}
END_TEST

/* --- lists of calls --- */

START_TEST(a_list_nests_and_blocks_nothing)
{
    multicall_entry_t *list = (void *)test_guest_list(p);

    memset(list, 0, 4 * sizeof *list);
    list[0].op = __HYPERVISOR_multicall;
    list[1].op = __HYPERVISOR_sched_op;
    list[2] = (multicall_entry_t){.op = __HYPERVISOR_xen_version, .args = {XENVER_pagesize}};
    list[3].op = 9999;
    ck_assert_int_eq(ask(p, __HYPERVISOR_multicall, (uintptr_t)list, 4, 0, 0), 0);
    ck_assert_int_eq((long)list[0].result, -EINVAL);
    ck_assert_int_eq((long)list[1].result, 0);
    ck_assert_int_eq((long)list[2].result, 4096);
    ck_assert_int_eq((long)list[3].result, -ENOSYS);
}
END_TEST

/* Mappings in a list take a short way: what it can't do must come out as by the long one. */
START_TEST(a_list_of_mappings_stops_at_what_is_no_mapping)
{
    multicall_entry_t *list = (void *)test_guest_list(p);
    const uint64_t window = (uintptr_t)p->boot->window, *p2m = test_guest_p2m(p);
    const struct {
        uint64_t va, pte;
        long result;
    } cases[] = {
        {window, p2m[600] << PAGE_SHIFT_BITS | 1, 0},
        {window, p2m[601] << PAGE_SHIFT_BITS | 1, 0}, /* another in its place */
        {window + PAGE_BYTES, p2m[602] << PAGE_SHIFT_BITS | 1, 0},
        {window + 2 * PAGE_BYTES, 1ull << 50 | 1, -EINVAL}, /* no such frame */
        {window + SPACE_WINDOW_PAGES * PAGE_BYTES, p2m[603] << PAGE_SHIFT_BITS | 1,
            -EINVAL}, /* past the window */
        {window + PAGE_BYTES, 0, 0},
        {window + PAGE_BYTES, 0, 0}, /* nothing is there any more */
        {window, 0, 0},
    };
    const size_t count = sizeof cases / sizeof cases[0];

    memset(list, 0, count * sizeof *list);
    for (size_t c = 0; c < count; c++)
        list[c] =
            (multicall_entry_t){.op = __HYPERVISOR_update_va_mapping, .args = {cases[c].va, cases[c].pte}};
    ck_assert_int_eq(ask(p, __HYPERVISOR_multicall, (uintptr_t)list, count, 0, 0), 0);
    for (size_t c = 0; c < count; c++)
        ck_assert_msg(
            (list[c].result == 0) == (cases[c].result == 0), "entry %zu: %ld", c, (long)list[c].result);
    for (size_t c = 0; c < count; c++)
        ck_assert_msg(
            ask(p, __HYPERVISOR_update_va_mapping, cases[c].va, cases[c].pte, 0, 0) == (long)list[c].result,
            "entry %zu by itself is not %ld", c, (long)list[c].result);
    ck_assert_uint_eq(
        stage.machine->host.frames[p2m[601]].mappings, stage.machine->host.frames[p2m[700]].mappings);
}
END_TEST

/* Several pages are written at once, or none is. */
START_TEST(a_row_of_pages_is_mapped_or_nothing_is_written)
{
    const uint64_t window = (uintptr_t)p->boot->window, *p2m = test_guest_p2m(p);

    for (unsigned k = 0; k < 2; k++)
        ck_assert_int_eq(ask(p, __HYPERVISOR_update_va_mapping, window + k * PAGE_BYTES,
                             p2m[600 + k] << PAGE_SHIFT_BITS | 1, 0, 0),
            0);
    ck_assert_int_eq(ask(p, PORT(PAGES_WRITE), window, 7, 3, 0), -EFAULT);
    ck_assert_int_eq(ask(p, PORT(PAGES_WRITE), window, 7, 1u << 20, 0), -EFAULT);
    ck_assert_uint_eq(frame_stamp(stage.machine, MFN(p2m[600])), 0);
    ck_assert_int_eq(ask(p, PORT(PAGES_WRITE), window, 7, 2, 0), 0);
    ck_assert_uint_eq(frame_stamp(stage.machine, MFN(p2m[601])), 7);
    ck_assert_int_eq(ask(p, PORT(PAGE_READ), window + PAGE_BYTES, 0, 0, 0), 7);
}
END_TEST

/* --- exchanges --- */

#define EXTENTS(count, order, of) \
    { \
        .nr_extents = (count), .extent_order = (order), .domid = (of) \
    }

static const struct {
    struct xen_memory_exchange ask;
    long result;
} exchanges[] = {
    {{.in = EXTENTS(1, 20, DOMID_SELF), .out = EXTENTS(1, 0, DOMID_SELF)}, -EPERM},
    {{.in = EXTENTS(1, 0, DOMID_SELF), .out = EXTENTS(1, 20, DOMID_SELF)}, -EPERM},
    {{.in = EXTENTS(1, 0, DOMID_SELF), .out = EXTENTS(1, 0, DOMID_SELF), .nr_exchanged = 2}, -EINVAL},
    {{.in = EXTENTS(1ull << 63, 0, DOMID_SELF), .out = EXTENTS(1, 0, DOMID_SELF)}, -EINVAL},
    {{.in = EXTENTS(1, 0, DOMID_SELF), .out = EXTENTS(1ull << 63, 0, DOMID_SELF)}, -EINVAL},
    {{.in = EXTENTS(2, 0, DOMID_SELF), .out = EXTENTS(1, 0, DOMID_SELF)}, -EINVAL},
    {{.in = EXTENTS(4, 1, DOMID_SELF), .out = EXTENTS(2, 2, DOMID_SELF)}, -EFAULT},
    {{.in = EXTENTS(1, 0, DOMID_SELF), .out = EXTENTS(1, 0, 5)}, -EINVAL},
    {{.in = EXTENTS(1, 0, 5), .out = EXTENTS(1, 0, 5)}, -ESRCH},
    {{.in = EXTENTS(4, 0, DOMID_SELF), .out = EXTENTS(1, 2, DOMID_SELF), .nr_exchanged = 1}, -EFAULT},
    {{.in = EXTENTS(1, 0, DOMID_SELF), .out = EXTENTS(1, 0, DOMID_SELF)}, -EFAULT}, /* lists at NULL */
    {{.in = EXTENTS(0, 0, DOMID_SELF), .out = EXTENTS(0, 0, DOMID_SELF)}, 0},
};

START_TEST(odd_exchanges_are_refused)
{
    struct xen_memory_exchange *exchange = (void *)test_guest_list(p);

    *exchange = exchanges[_i].ask;
    const long result = ask(p, __HYPERVISOR_memory_op, XENMEM_exchange, (uintptr_t)exchange, 0, 0);
    ck_assert_msg(
        result == exchanges[_i].result, "exchange %d: %ld, not %ld", _i, result, exchanges[_i].result);
}
END_TEST

/* An exchange goes on up to the step whose list can't be reached. What it gave without being able to tell is the domain's. */
START_TEST(lists_of_an_exchange_that_end)
{
    struct xen_memory_exchange *exchange = (void *)test_guest_list(p);
    uint64_t *edge = (uint64_t *)(p->boot->stacks + p->boot->stack_bytes) - 2, out[3] = {900, 901, 902};
    const uint64_t *p2m = test_guest_p2m(p);

    ck_assert_uint_gt(domain_reach(p->domain, (uintptr_t)edge, 16, true), 0);
    ck_assert_uint_eq(domain_reach(p->domain, (uintptr_t)edge, 24, true), 16);
    edge[0] = p2m[600];
    edge[1] = p2m[601];
    uint64_t *plain = test_guest_list(p) + 64;
    memcpy(plain, out, sizeof out);
    *exchange =
        (struct xen_memory_exchange){.in = EXTENTS(3, 0, DOMID_SELF), .out = EXTENTS(3, 0, DOMID_SELF)};
    exchange->in.extent_start.p = edge;
    exchange->out.extent_start.p = plain;
    ck_assert_int_eq(ask(p, __HYPERVISOR_memory_op, XENMEM_exchange, (uintptr_t)exchange, 0, 0), -EFAULT);
    ck_assert_uint_eq(exchange->nr_exchanged, 2);
    ck_assert_uint_eq(frame_owner(stage.machine, MFN(plain[1])), domain_id(p->domain));
    ck_assert_uint_eq(plain[2], 902);

    edge[0] = 910;
    edge[1] = 911;
    memcpy(out, plain, 2 * sizeof *out);
    plain[2] = p2m[602];
    exchange->nr_exchanged = 0;
    exchange->in.extent_start.p = plain;
    exchange->out.extent_start.p = edge;
    ck_assert_int_eq(ask(p, __HYPERVISOR_memory_op, XENMEM_exchange, (uintptr_t)exchange, 0, 0), -EFAULT);
    ck_assert_uint_eq(exchange->nr_exchanged, 2);
    ck_assert_uint_ne(edge[0], 910);
    ck_assert_uint_ne(
        frame_owner(stage.machine, MFN(p2m[602])), domain_id(p->domain)); /* its step was done */
}
END_TEST

Suite *hypercall_suite(void);
Suite *hypercall_suite(void)
{
    Suite *suite = suite_create("hypercall");
    TCase *tests = tcase_create("odd arguments");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, odd_calls_are_refused, 0, (int)(sizeof calls / sizeof calls[0]));
    tcase_add_test(tests, lists_of_an_exchange_that_end);
    tcase_add_test(tests, features_are_told_by_their_map);
    tcase_add_test(tests, a_translated_guest_is_told_so_and_where_its_ring_is);
    tcase_add_test(tests, domctl_is_not_for_a_guest);
    tcase_add_test(tests, a_target_of_pages_on_demand_is_not_for_a_guest);
    tcase_add_test(tests, each_entry_of_the_m2p_takes_its_time);
    tcase_add_loop_test(
        tests, calls_that_only_wait_or_flush_leave_no_record, 0, (int)(sizeof recorded / sizeof recorded[0]));
    tcase_add_test(tests, only_the_m2p_is_updated_and_only_for_own_frames);
    tcase_add_test(tests, a_list_nests_and_blocks_nothing);
    tcase_add_test(tests, a_list_of_mappings_stops_at_what_is_no_mapping);
    tcase_add_test(tests, a_row_of_pages_is_mapped_or_nothing_is_written);
    tcase_add_loop_test(tests, odd_exchanges_are_refused, 0, (int)(sizeof exchanges / sizeof exchanges[0]));
    suite_add_tcase(suite, tests);
    return suite;
}
