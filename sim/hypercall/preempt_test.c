/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Long calls are preempted and continued: whatever the seed chooses, the answer is that of a call in one
 * piece, and others may have run in between.
 */
#include "sim/test_guest.h"

Suite *preempt_suite(void);

#define EXTENTS 2000u
#define SEEDS   20u

static struct test_guest *p;

static void open_with(uint64_t seed, uint64_t host_pages)
{
    stage_open_with(
        (struct machine_config){.seed = seed, .host_pages = host_pages, .schedule_seed = seed + 1});
    p = test_guest_new("p", 2048, 2048);
    domain_set_maximum_kib(p->domain, 64 * 1024);
}

/* Parts of it that were recorded: each is a record of its own, of all that was asked for up to there. */
static unsigned parts, parts_short;
static void count_parts(void *context, const struct record *record, uint64_t event)
{
    const struct record_hypercall *call = record_payload(record);
    (void)context, (void)event;
    if (record->type != REC_HYPERCALL || call->op != __HYPERVISOR_memory_op)
        return;
    parts++;
    parts_short += call->ret != (int64_t)call->asked;
}

START_TEST(the_total_is_right)
{
    open_with((uint64_t)_i + 1u, 16384);
    uint64_t *list = test_guest_list(p);
    ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, list, EXTENTS, 0), EXTENTS);
    ck_assert_uint_eq(p->domain->reservation_pages, 2048 + EXTENTS);
    for (unsigned i = 0; i < EXTENTS; i++)
        ck_assert(frame_owned_by(&stage.machine->host, list[i], p->domain->domid));
    ck_assert_int_eq(reserve(p, XENMEM_decrease_reservation, list, EXTENTS, 0), EXTENTS);
    ck_assert_uint_eq(p->domain->reservation_pages, 2048);
    for (unsigned i = 0; i < EXTENTS; i++)
        list[i] = 4096 + i;
    ck_assert_int_eq(reserve(p, XENMEM_populate_physmap, list, EXTENTS, 0), EXTENTS);
    ck_assert_uint_eq(stage.machine->host.m2p[list[EXTENTS - 1u]], 4096 + EXTENTS - 1u);
    stage_close();
}
END_TEST

START_TEST(a_short_answer_stays_short)
{
    open_with((uint64_t)_i + 1u, 4096); /* 4096 - 2048 - 21 frames are free */
    ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, NULL, 5000, 0), 2027);
    ck_assert_uint_eq(p->domain->reservation_pages, 2048 + 2027);
    ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, NULL, 1, 0), 0);
    stage_close();
}
END_TEST

START_TEST(a_fault_is_asked_once)
{
    open_with((uint64_t)_i + 1u, 16384);
    const struct fault_spec spec = {.site = FAULT_SITE_INCREASE_RESERVATION,
        .when = FAULT_CALL,
        .n = 2,
        .has_short = true,
        .shortened_to = 900};
    ck_assert(fault_arm(domain_faults(p->domain), &spec));
    ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, NULL, 1000, 0), 1000);
    ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, NULL, 1000, 0), 900);
    ck_assert_uint_eq(fault_fired(domain_faults(p->domain)), 1);
    ck_assert_uint_eq(p->domain->reservation_pages, 2048 + 1900);
    stage_close();
}
END_TEST

START_TEST(it_is_preempted_at_all)
{
    open_with(1, 16384);
    parts = parts_short = 0;
    recorder_set_witness(stage.recorder, count_parts, NULL);
    ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, NULL, EXTENTS, 0), EXTENTS);
    recorder_set_witness(stage.recorder, NULL, NULL);
    ck_assert_uint_gt(parts, 4);
    ck_assert_uint_eq(parts_short, 0);
    stage_close();
}
END_TEST

START_TEST(never_without_the_seeds_leave)
{
    stage_open(16384);
    p = test_guest_new("p", 2048, 2048);
    domain_set_maximum_kib(p->domain, 64 * 1024);
    parts = 0;
    recorder_set_witness(stage.recorder, count_parts, NULL);
    ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, NULL, EXTENTS, 0), EXTENTS);
    recorder_set_witness(stage.recorder, NULL, NULL);
    ck_assert_uint_eq(parts, 1);
    stage_close();
}
END_TEST

START_TEST(in_a_multicall_too)
{
    open_with((uint64_t)_i + 1u, 16384);
    struct xen_memory_reservation *r = (void *)(p->boot->heap + 64 * PAGE_BYTES);
    multicall_entry_t *list = (void *)(p->boot->heap + 65 * PAGE_BYTES);
    *r = (struct xen_memory_reservation){.nr_extents = EXTENTS, .domid = DOMID_SELF};
    list[0] = (multicall_entry_t){
        .op = __HYPERVISOR_memory_op, .args = {XENMEM_increase_reservation, (uintptr_t)r}};
    list[1] = list[0];
    ck_assert_int_eq(ask(p, __HYPERVISOR_multicall, (uintptr_t)list, 2, 0, 0), 0);
    ck_assert_int_eq((long)list[0].result, EXTENTS);
    ck_assert_int_eq((long)list[1].result, EXTENTS);
    ck_assert_uint_eq(p->domain->reservation_pages, 2048 + 2 * EXTENTS);
    stage_close();
}
END_TEST

/* Its argument goes away while others run: the call ends where it is. */
static void take_argument_away(void *context, const struct record *record, uint64_t event)
{
    struct xen_memory_reservation *r = context;
    (void)event;
    if (record->type == REC_HYPERCALL)
        r->domid = 99;
}

START_TEST(an_argument_that_changes_ends_it)
{
    open_with(1, 16384);
    struct xen_memory_reservation *r = (void *)(p->boot->heap + 64 * PAGE_BYTES);
    recorder_set_witness(stage.recorder, take_argument_away, r);
    long done = reserve(p, XENMEM_increase_reservation, NULL, EXTENTS, 0);
    recorder_set_witness(stage.recorder, NULL, NULL);
    ck_assert_int_gt(done, 0);
    ck_assert_int_lt(done, EXTENTS);
    ck_assert_uint_eq(p->domain->reservation_pages, 2048 + (uint64_t)done);
    ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, NULL, 1, 0), 1);
    stage_close();
}
END_TEST

Suite *preempt_suite(void)
{
    Suite *suite = suite_create("preempt");
    TCase *tests = tcase_create("calls in parts");
    tcase_add_loop_test(tests, the_total_is_right, 0, SEEDS);
    tcase_add_loop_test(tests, a_short_answer_stays_short, 0, SEEDS);
    tcase_add_loop_test(tests, a_fault_is_asked_once, 0, SEEDS);
    tcase_add_test(tests, it_is_preempted_at_all);
    tcase_add_test(tests, never_without_the_seeds_leave);
    tcase_add_loop_test(tests, in_a_multicall_too, 0, SEEDS);
    tcase_add_test(tests, an_argument_that_changes_ends_it);
    suite_add_tcase(suite, tests);
    return suite;
}
