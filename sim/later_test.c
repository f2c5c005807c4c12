/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of what faults hold back: its order, what is due, and that nothing is left of a domain that is gone. */
#include "sim/later.h"

#include <check.h>
#include <stdlib.h>

#include "sim/machine_state.h"

Suite *later_suite(void);

static struct machine *m;

static void begin(void)
{
    m = calloc(1, sizeof *m);
    ck_assert_ptr_nonnull(m);
    m->next_timer_ns = NEVER_NS;
}

static void end(void)
{
    later_clear(m);
    free(m);
}

static void ck_next(unsigned domid, unsigned port)
{
    struct later later;

    ck_assert(later_take(m, &later));
    ck_assert_uint_eq(later.domid, domid);
    ck_assert_uint_eq(later.port, port);
    free(later.path);
    free(later.token);
}

START_TEST(in_the_order_of_time)
{
    struct later none;

    ck_assert(m->nr_later == 0 && later_due_ns(m) == NEVER_NS && !later_take(m, &none));
    later_raise(m, 1, 7, 30);
    later_raise(m, 2, 8, 10);
    later_event(m, 3, "memory/target", "t", 30);
    later_xenstored(m, 20);
    ck_assert_uint_eq(later_due_ns(m), 10);
    ck_assert_uint_eq(m->next_timer_ns, 10);
    m->now_ns = 9;
    ck_assert(!later_take(m, &none));
    m->now_ns = 10;
    ck_next(2, 8);
    ck_assert(!later_take(m, &none));
    m->now_ns = 31;
    ck_next(DOMID_HOST, 0);
    ck_next(1, 7);
    ck_assert_str_eq(m->later[0].path, "memory/target");
    ck_assert_str_eq(m->later[0].token, "t");
    ck_next(3, 0);
    ck_assert(m->nr_later == 0);
}
END_TEST

START_TEST(nothing_is_due_at_the_end_of_time)
{
    m->now_ns = 5;
    later_raise(m, 1, 7, UINT64_MAX);
    ck_assert_uint_lt(later_due_ns(m), NEVER_NS);
    ck_assert_uint_gt(later_due_ns(m), UINT64_MAX / 2);
}
END_TEST

START_TEST(a_domain_that_is_gone)
{
    later_event(m, 1, "a", "b", 10);
    later_raise(m, 2, 3, 10);
    later_raise(m, 1, 4, 20);
    later_xenstored(m, 30);
    later_forget(m, 1);
    m->now_ns = 40;
    ck_next(2, 3);
    ck_next(DOMID_HOST, 0);
    ck_assert(m->nr_later == 0);
}
END_TEST

Suite *later_suite(void)
{
    Suite *suite = suite_create("later");
    TCase *tests = tcase_create("later");

    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, in_the_order_of_time);
    tcase_add_test(tests, nothing_is_due_at_the_end_of_time);
    tcase_add_test(tests, a_domain_that_is_gone);
    suite_add_tcase(suite, tests);
    return suite;
}
