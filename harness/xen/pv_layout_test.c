/* SPDX-License-Identifier: BSD-2-Clause */
/* Boot memory is laid out without gaps and overlaps, and what does not fit is refused. */
#include "harness/xen/pv_layout.h"

#include <check.h>

#include "sim/types.h"

Suite *pv_layout_suite(void);

#define KERNEL_PAGES 300u

static struct pv_layout at;
static uint64_t needed;

START_TEST(one_thing_behind_the_other)
{
    ck_assert(pv_layout_make(&at, KERNEL_PAGES, 16384, 2000, &needed));
    ck_assert_uint_eq(at.start_info, KERNEL_PAGES);
    ck_assert_uint_eq(at.boot_block, KERNEL_PAGES + 1);
    ck_assert_uint_eq(at.ring, KERNEL_PAGES + 2);
    ck_assert_uint_eq(at.shared_info, KERNEL_PAGES + 3);
    ck_assert_uint_eq(at.stacks, KERNEL_PAGES + 5); /* a hole is under the first */
    ck_assert_uint_eq(at.p2m, at.stacks + PV_STACKS * PV_STACK_STRIDE_PAGES);
    ck_assert_uint_eq(at.p2m_guard, at.p2m + 32); /* 512 entries a page */
    ck_assert_uint_eq(at.heap, at.p2m_guard + 1);
    ck_assert_uint_eq(at.tables, at.heap + at.heap_pages);
    ck_assert_uint_eq(at.tables + at.nr_tables, at.end);
    ck_assert_uint_eq(at.end, 2000);
}
END_TEST

START_TEST(holes_are_where_an_access_must_fault)
{
    unsigned holes = 0;

    ck_assert(pv_layout_make(&at, KERNEL_PAGES, 512, 2000, &needed));
    for (uint64_t pfn = 0; pfn < at.end; pfn++)
        holes += pv_layout_is_hole(&at, pfn);
    ck_assert_uint_eq(
        holes, 1 + PV_STACKS + 2); /* page 0, one under each stack, one above the last, the P2M's */
    ck_assert(pv_layout_is_hole(&at, 0));
    ck_assert(pv_layout_is_hole(&at, at.stacks - 1));
    ck_assert(!pv_layout_is_hole(&at, at.stacks));
    ck_assert(!pv_layout_is_hole(&at, at.stacks + PV_STACK_PAGES - 1));
    ck_assert(pv_layout_is_hole(&at, at.stacks + PV_STACK_PAGES));
    ck_assert(pv_layout_is_hole(&at, at.p2m - 1));
    ck_assert(!pv_layout_is_hole(&at, at.p2m));
    ck_assert(pv_layout_is_hole(&at, at.p2m_guard));
    ck_assert(!pv_layout_is_hole(&at, at.heap));
    /* Each of these frames, and the one under shared_info, is mapped behind the window instead. */
    ck_assert_uint_eq(pv_layout_mapped_pages(&at), at.end + PV_GUEST_WINDOW_PAGES + holes + 1);
}
END_TEST

START_TEST(tables_for_all_that_is_mapped)
{
    static const uint64_t ends[] = {600, 1023, 1024, 100000, 511u * 512, 512u * 512, 600u * 512};

    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        ck_assert(pv_layout_make(&at, KERNEL_PAGES, 512, ends[i], &needed));
        ck_assert_uint_ge(at.nr_l1 * 512, pv_layout_mapped_pages(&at));
        ck_assert_uint_lt((at.nr_l1 - 1) * 512, pv_layout_mapped_pages(&at));
        ck_assert_uint_ge(at.nr_l2 * 512, at.nr_l1);
        ck_assert_uint_lt((at.nr_l2 - 1) * 512, at.nr_l1);
        ck_assert_uint_eq(at.nr_tables, 2 + at.nr_l2 + at.nr_l1);
    }
}
END_TEST

START_TEST(what_does_not_fit)
{
    ck_assert(!pv_layout_make(&at, KERNEL_PAGES, 512, 100, &needed));
    const uint64_t wanted = needed;
    ck_assert_uint_gt(wanted, KERNEL_PAGES);
    ck_assert(!pv_layout_make(&at, KERNEL_PAGES, 512, wanted - 1, &needed));
    while (!pv_layout_make(&at, KERNEL_PAGES, 512, needed, &needed))
        ck_assert_uint_le(needed, wanted + 1); /* more pages want a table more at most */
    ck_assert_uint_ge(at.heap_pages, 32);
}
END_TEST

START_TEST(an_image_apart_has_room_for_its_heap_and_tables)
{
    static const uint64_t direct[] = {0, 1, 512, 278528, 1u << 22};

    for (size_t i = 0; i < sizeof direct / sizeof direct[0]; i++) {
        pv_layout_apart(&at, KERNEL_PAGES, 16384, 5000 * PAGE_BYTES, direct[i]);
        ck_assert(at.apart);
        ck_assert_uint_ge(at.heap_pages, 5000);
        ck_assert_uint_lt(at.heap_pages, 5100);
        ck_assert_uint_eq(at.tables + at.nr_tables, at.end);
        ck_assert_uint_ge(at.nr_l1 * 512, pv_layout_mapped_pages(&at));
        ck_assert_uint_ge(at.nr_direct_l1 * 512, direct[i]);
        ck_assert_uint_ge(at.nr_direct_l2 * 512, at.nr_direct_l1);
        ck_assert_uint_eq(at.direct_tables, 2 + at.nr_l2 + at.nr_l1);
        ck_assert_uint_eq(
            at.nr_tables, at.direct_tables + (direct[i] != 0) + at.nr_direct_l2 + at.nr_direct_l1);
    }
    ck_assert(pv_layout_make(&at, KERNEL_PAGES, 512, 2000, &needed));
    ck_assert(!at.apart && at.nr_direct_l1 == 0);
}
END_TEST

Suite *pv_layout_suite(void)
{
    Suite *suite = suite_create("pv_layout");
    TCase *tests = tcase_create("layout");

    tcase_add_test(tests, one_thing_behind_the_other);
    tcase_add_test(tests, holes_are_where_an_access_must_fault);
    tcase_add_test(tests, tables_for_all_that_is_mapped);
    tcase_add_test(tests, what_does_not_fit);
    tcase_add_test(tests, an_image_apart_has_room_for_its_heap_and_tables);
    suite_add_tcase(suite, tests);
    return suite;
}
