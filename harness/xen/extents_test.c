/* SPDX-License-Identifier: BSD-2-Clause */
/* Extents of several pages: whether their frames are neighbours on both, and which of the two has to follow the other. */
#include "harness/xen/extents.h"

#include "harness/xen/fake_guest.h"

Suite *extents_suite(void);

static struct fake_guest fake;

static void set_up(void)
{
    fake_guest_new(&fake);
}

static void tear_down(void)
{
    fake_guest_free(&fake);
}

static void join(uint64_t xen_mfn, uint64_t model_mfn, uint64_t pages)
{
    for (uint64_t page = 0; page < pages; page++)
        frame_pairs_join(fake.run.pairs, xen_mfn + page, model_mfn + page);
}

START_TEST(neighbours_on_both)
{
    const uint64_t list[] = {7000, 7100};

    join(7000, 50000, 4);
    join(7100, 60000, 4);
    ck_assert(extents_match(fake.run.pairs, list, 0, 2, 2));
    ck_assert(!extents_match(fake.run.pairs, list, 0, 2, 3)); /* the next four are nobody's */
}
END_TEST

START_TEST(a_hole_in_the_model)
{
    const uint64_t list[] = {7000, 7100};

    join(7000, 50000, 4);
    join(7100, 60000, 3);
    join(7103, 70000, 1);
    ck_assert(!extents_match(fake.run.pairs, list, 0, 2, 2));
    ck_assert(extents_match(fake.run.pairs, list, 0, 1, 2));
    ck_assert(!extents_match(fake.run.pairs, list, 1, 2, 2));
    ck_assert(extents_match(fake.run.pairs, list, 1, 2, 1));
}
END_TEST

START_TEST(frames_that_decide_nothing)
{
    const uint64_t list[] = {6500, 7000}; /* the first is a stranger: refused by both */

    join(7000, 50000, 1);
    ck_assert(extents_match(fake.run.pairs, list, 0, 1, 9));
    ck_assert(extents_match(fake.run.pairs, list, 0, 2, 0));
    ck_assert(extents_match(fake.run.pairs, list, 0, 2, ORDER_LIMIT + 1)); /* an order that is refused */
}
END_TEST

static void ck_limit(uint64_t order, uint64_t start, uint64_t nr, uint64_t wanted)
{
    extents_limit(&fake.run, order, start, nr);
    ck_assert_uint_eq(stage.machine->host.extents_left, wanted);
}

START_TEST(the_model_gives_no_more_than_xen_could)
{
    ck_limit(9, 0, 3, 3);
    fake.xen->free_pages = 2 * 512 + 100;
    ck_limit(9, 0, 3, 2);
    ck_limit(9, 2, 3, 1);
    fake.xen->largest_order = 8;
    ck_limit(9, 0, 3, 0);
}
END_TEST

START_TEST(no_limit_where_the_heap_does_not_decide)
{
    fake.xen->free_pages = 0;
    ck_limit(0, 0, 3, UINT64_MAX);
    ck_limit(ORDER_LIMIT_DOMU + 1, 0, 3, UINT64_MAX);
    ck_limit(9, 3, 3, UINT64_MAX);
}
END_TEST

START_TEST(the_model_lacked_extents)
{
    const struct domain *domain = fake.guest.domain;

    /* It may have 256 pages more: one extent of order 8, and none of order 9. */
    ck_assert(extents_model_lacked(&fake.run, domain, 8, 0, 3, 2));
    ck_assert(!extents_model_lacked(&fake.run, domain, 9, 0, 3, 2));
    ck_assert(!extents_model_lacked(&fake.run, domain, 8, 0, 3, 3));
    ck_assert(!extents_model_lacked(&fake.run, domain, 8, 0, 3, -EINVAL));
    ck_assert(!extents_model_lacked(&fake.run, domain, 0, 0, 3, 2)); /* single frames lie in no pieces */
}
END_TEST

START_TEST(flags_of_a_call)
{
    static const struct {
        unsigned flags;
        bool exclude_nothing;
    } rows[] = {
        {0, true},
        {XENMEMF_address_bits(32), true}, /* both machines are much smaller than 4 GiB */
        {XENMEMF_address_bits(255), false},
        {XENMEMF_address_bits(24), false},
        {XENMEMF_address_bits(12), false},
        {XENMEMF_address_bits(1), false},
        {XENMEMF_node(0), false},
        {XENMEMF_exact_node(0) | XENMEMF_address_bits(32), false},
        {XENMEMF_populate_on_demand, false},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_msg(extents_flags_exclude_nothing(&fake.run, rows[i].flags) == rows[i].exclude_nothing,
            "flags 0x%x", rows[i].flags);
}
END_TEST

Suite *extents_suite(void)
{
    Suite *suite = suite_create("extents");
    TCase *tests = tcase_create("extents");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, neighbours_on_both);
    tcase_add_test(tests, a_hole_in_the_model);
    tcase_add_test(tests, frames_that_decide_nothing);
    tcase_add_test(tests, the_model_gives_no_more_than_xen_could);
    tcase_add_test(tests, no_limit_where_the_heap_does_not_decide);
    tcase_add_test(tests, the_model_lacked_extents);
    tcase_add_test(tests, flags_of_a_call);
    suite_add_tcase(suite, tests);
    return suite;
}
