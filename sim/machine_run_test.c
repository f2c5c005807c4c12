/* SPDX-License-Identifier: BSD-2-Clause */
/* A machine in which domains end: who is told of it by xenstore, and what then counts for rest. */
#include "sim/later.h"
#include "sim/test_guest.h"
#include "sim/xenstore/xenstore.h"
#include <xen/io/xs_wire.h>

Suite *machine_run_suite(void);

static struct test_guest *p;

static void setup(void)
{
    stage_open(64 * 1024);
    p = test_guest_new("p", 1024, 2048);
}

static void teardown(void)
{
    stage_close();
}

static void ask_xenstore(struct test_guest *me, uint32_t type, const char *body, uint32_t bytes)
{
    volatile struct xenstore_domain_interface *ring = me->domain->space.xenstore;
    const struct xsd_sockmsg head = {.type = type, .len = bytes};

    for (size_t i = 0; i < sizeof head + bytes; i++)
        ring->req[MASK_XENSTORE_IDX(ring->req_prod + i)] =
            i < sizeof head ? ((const char *)&head)[i] : body[i - sizeof head];
    ring->req_prod += (uint32_t)sizeof head + bytes;
    xenstore_work(machine_xenstore_tree(stage.machine), me->domain->domid);
}

/* A domain that is gone has no watch any more that would write into its page, which may be another's by then. */
START_TEST(no_watch_of_a_domain_that_is_gone)
{
    static const char watch[] = "/x\0token";
    volatile struct xenstore_domain_interface *ring = p->domain->space.xenstore;
    struct xenstore *xs = machine_xenstore_tree(stage.machine);
    uint32_t answered;

    ck_assert_int_eq(xenstore_write(xs, 0, "/x", "0"), 0);
    ck_assert_int_eq(xenstore_permit(xs, "/x", 0, p->domain->domid, 'r'), 0);
    ask_xenstore(p, XS_WATCH, watch, sizeof watch);
    answered = ring->rsp_prod;
    ck_assert_int_eq(xenstore_write(xs, 0, "/x", "1"), 0);
    xenstore_work(xs, 1);
    ck_assert_uint_gt(ring->rsp_prod, answered);
    answered = ring->rsp_prod;
    machine_destroy_domain(stage.machine, p->domain, DOMAIN_END_DESTROY);
    ck_assert_int_eq(xenstore_write(xs, 0, "/x", "2"), 0);
    xenstore_work(xs, 1);
    ck_assert_uint_eq(ring->rsp_prod, answered);
}
END_TEST

static void shut_down(struct test_guest *me)
{
    struct sched_shutdown *how = (void *)test_guest_list(me);
    how->reason = SHUTDOWN_poweroff;
    test_guest_leave(me, __HYPERVISOR_sched_op, SCHEDOP_shutdown, (uintptr_t)how, 0, 0);
}

/* Bytes that xenstore has put into its ring since this was asked last. */
static uint32_t news(const struct test_guest *me)
{
    static uint32_t seen;
    const uint32_t before = seen;
    seen = me->domain->space.xenstore->rsp_prod;
    return seen - before;
}

START_TEST(domains_that_come_and_go_are_told)
{
    static const char begins[] = "@introduceDomain\0t", ends[] = "@releaseDomain\0t";
    struct xenstore *xs = machine_xenstore_tree(stage.machine);
    ck_assert_int_eq(xenstore_permit(xs, "@introduceDomain", 0, p->domain->domid, 'r'), 0);
    ck_assert_int_eq(xenstore_permit(xs, "@releaseDomain", 0, p->domain->domid, 'r'), 0);
    ask_xenstore(p, XS_WATCH, begins, sizeof begins);
    ask_xenstore(p, XS_WATCH, ends, sizeof ends);
    news(p);
    struct test_guest *q = test_guest_new("q", 1024, 1024);
    ck_assert_uint_eq(news(p), sizeof(struct xsd_sockmsg) + sizeof begins);
    perform(q, shut_down);
    ck_assert_uint_eq(news(p), sizeof(struct xsd_sockmsg) + sizeof ends);
    machine_destroy_domain(stage.machine, q->domain, DOMAIN_END_DESTROY);
    ck_assert_uint_eq(news(p), sizeof(struct xsd_sockmsg) + sizeof ends);
}
END_TEST

static struct test_guest *victim;

/* As when dom0 touches a page of a domain that has no frame left for it. */
static void end_another(struct test_guest *me)
{
    (void)me;
    domain_crash(victim->domain, "another domain ended it");
}

START_TEST(a_domain_that_another_one_ends_is_told)
{
    static const char ends[] = "@releaseDomain\0t";
    struct xenstore *xs = machine_xenstore_tree(stage.machine);
    ck_assert_int_eq(xenstore_permit(xs, "@releaseDomain", 0, p->domain->domid, 'r'), 0);
    ask_xenstore(p, XS_WATCH, ends, sizeof ends);
    struct test_guest *q = test_guest_new("q", 1024, 1024);
    victim = test_guest_new("v", 1024, 1024);
    news(p);
    ck_assert_int_eq(perform(q, end_another), RUN_CRASHED);
    ck_assert_uint_eq(news(p), sizeof(struct xsd_sockmsg) + sizeof ends);
    (void)stage_run();
    ck_assert_uint_eq(news(p), 0);
}
END_TEST

/* What a fault holds back keeps a machine from rest only as long as somebody is there to hear it. */
START_TEST(what_is_held_back_from_the_dead)
{
    struct test_guest *q = test_guest_new("q", 1024, 1024);
    const uint64_t due_ns = machine_now_ns(stage.machine) + 100 * NS_PER_S;
    const char *why = NULL;
    uint64_t held_until_ns;
    later_raise(stage.machine, q->domain->domid, q->domain->store_port, 100 * NS_PER_S);
    ck_assert(machine_at_rest(stage.machine, 10 * NS_PER_S, NULL));
    ck_assert(!machine_at_rest(stage.machine, 1000 * NS_PER_S, &why));
    ck_assert_ptr_nonnull(strstr(why, "q: a fault holds back"));
    ck_assert_ptr_nonnull(machine_held_back(stage.machine, &held_until_ns));
    ck_assert_uint_eq(held_until_ns, due_ns);
    perform(q, shut_down);
    ck_assert_uint_lt(machine_now_ns(stage.machine), due_ns);
    ck_assert_ptr_null(machine_held_back(stage.machine, &held_until_ns));
    ck_assert(machine_at_rest(stage.machine, 1000 * NS_PER_S, NULL));
}
END_TEST

Suite *machine_run_suite(void)
{
    Suite *suite = suite_create("machine_run");
    TCase *tests = tcase_create("domains that end");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, no_watch_of_a_domain_that_is_gone);
    tcase_add_test(tests, domains_that_come_and_go_are_told);
    tcase_add_test(tests, a_domain_that_another_one_ends_is_told);
    tcase_add_test(tests, what_is_held_back_from_the_dead);
    suite_add_tcase(suite, tests);
    return suite;
}
