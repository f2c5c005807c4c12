/* SPDX-License-Identifier: BSD-2-Clause */
/* The pool's arithmetic: how many pages are free afterwards, and that all pages that were taken are given back. */
#include "harness/xen/xen_pool.h"

#include "harness/xen/fake_xen.h"
#include "harness/xen/xen_pages.h"

Suite *xen_pool_suite(void);

#define MACHINE_PAGES 400000u

static struct fake_xen *xen;
static struct xen_pool *pool;

static void set_up(void)
{
    xen = fake_xen_new(300000);
    pool = xen_pool_new(xen->conductor, MACHINE_PAGES);
    ck_assert_ptr_nonnull(pool);
}

static void tear_down(void)
{
    xen_pool_free(pool);
    fake_xen_free(xen);
}

START_TEST(the_conductor_may_hold_all_of_the_machine)
{
    ck_assert_uint_eq(xen->domain[0].maximum_pages, MACHINE_PAGES);
}
END_TEST

START_TEST(smaller_and_larger)
{
    /* More than one call's list each way: a list has about 129,000 entries. */
    ck_assert_uint_eq(xen_pool_resize(pool, 1000), 1000);
    ck_assert_uint_eq(xen->held_pages, 299000);
    ck_assert_uint_eq(xen_pool_resize(pool, 299999), 299999);
    ck_assert_uint_eq(xen->held_pages, 1);
    ck_assert_uint_eq(xen_pool_resize(pool, 299999), 299999);
    ck_assert_uint_eq(xen->held_pages, 1);
}
END_TEST

START_TEST(no_larger_than_what_it_holds)
{
    xen_pool_resize(pool, 299990);
    ck_assert_uint_eq(xen_pool_resize(pool, 300001), 300000);
    ck_assert_uint_eq(xen->held_pages, 0);
}
END_TEST

START_TEST(to_the_last_page)
{
    ck_assert_uint_eq(xen_pool_resize(pool, 0), 0);
    ck_assert_uint_eq(xen->free_pages, 0);
    ck_assert_uint_eq(xen->held_pages, 300000);
}
END_TEST

START_TEST(somebody_else_takes_pages)
{
    xen_pool_resize(pool, 200000);
    xen->free_pages -= 500;
    ck_assert_uint_eq(xen_pool_resize(pool, 200000), 200000);
    ck_assert_uint_eq(xen->held_pages, 99500);
}
END_TEST

START_TEST(all_is_given_back)
{
    xen_pool_resize(pool, 5);
    xen_pool_give_back(pool);
    ck_assert_uint_eq(xen->free_pages, 300000);
    ck_assert_uint_eq(xen->held_pages, 0);
}
END_TEST

START_TEST(extents_are_tried_and_given_back)
{
    ck_assert_uint_eq(xen_pool_extents(pool, 9, 0, 10), 10);
    ck_assert_uint_eq(xen->free_pages, 300000);
    xen->free_pages = 5 * 512 + 511;
    ck_assert_uint_eq(xen_pool_extents(pool, 9, 0, 10), 5);
    ck_assert_uint_eq(xen->free_pages, 5 * 512 + 511);
    xen->largest_order = 8;
    ck_assert_uint_eq(xen_pool_extents(pool, 9, 0, 10), 0);
    ck_assert_uint_eq(xen_pool_extents(pool, 8, 0, 0), 0);
}
END_TEST

START_TEST(a_dead_xen_ends_no_loop)
{
    xen_pool_resize(pool, 1000);
    xen->dead = true;
    xen_pool_resize(pool, 5000);
    xen_pool_give_back(pool);
    ck_assert_uint_eq(xen->held_pages, 299000);
}
END_TEST

Suite *xen_pool_suite(void)
{
    Suite *suite = suite_create("xen_pool");
    TCase *tests = tcase_create("pool");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, the_conductor_may_hold_all_of_the_machine);
    tcase_add_test(tests, smaller_and_larger);
    tcase_add_test(tests, no_larger_than_what_it_holds);
    tcase_add_test(tests, to_the_last_page);
    tcase_add_test(tests, somebody_else_takes_pages);
    tcase_add_test(tests, all_is_given_back);
    tcase_add_test(tests, extents_are_tried_and_given_back);
    tcase_add_test(tests, a_dead_xen_ends_no_loop);
    suite_add_tcase(suite, tests);
    return suite;
}
