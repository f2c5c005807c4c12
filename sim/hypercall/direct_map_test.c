/* SPDX-License-Identifier: BSD-2-Clause */
/* The direct map: who gets one, what a mapping in it keeps, and what Xen refuses to map there. */
#include "sim/test_guest.h"

#define MAPPED 900u

static struct test_guest *p;

static void setup(void)
{
    stage_open(16 * 1024);
    stage.direct_map = true;
    p = test_guest_new("p", 1024, 2048);
}

static long map(uint64_t pfn, uint64_t entry)
{
    return ask(p, __HYPERVISOR_update_va_mapping, (uintptr_t)p->boot->direct_map + pfn * PAGE_BYTES, entry,
        UVMF_NONE, 0);
}

static long give_up(uint64_t mfn)
{
    *test_guest_list(p) = mfn;
    return reserve(p, XENMEM_decrease_reservation, test_guest_list(p), 1, 0);
}

START_TEST(only_who_asks_has_one)
{
    ck_assert_ptr_nonnull(p->boot->direct_map);
    ck_assert_uint_gt(p->boot->direct_map_pages, p->boot->p2m_entries);
    p->boot->direct_map[0] = 1;
    stage.direct_map = false;
    p = test_guest_new("other", 1024, 2048);
    ck_assert_ptr_null(p->boot->direct_map);
    ck_assert_uint_eq(p->boot->direct_map_pages, 0);
}
END_TEST

/* Boot memory is mapped: a frame that is given up while it is stays the domain's until the entry is cleared. */
START_TEST(what_is_mapped_stays)
{
    const uint64_t mfn = test_guest_p2m(p)[MAPPED], pages = p->domain->reservation_pages;

    ck_assert_int_eq(give_up(mfn), 1);
    ck_assert_uint_eq(p->domain->reservation_pages, pages);
    ck_assert_int_eq(map(MAPPED, 0), 0);
    ck_assert_uint_eq(p->domain->reservation_pages, pages - 1);
    ck_assert_int_eq(map(MAPPED, 0), 0);
    ck_assert_uint_eq(p->domain->reservation_pages, pages - 1);
}
END_TEST

START_TEST(what_is_unmapped_goes)
{
    const uint64_t mfn = test_guest_p2m(p)[MAPPED], pages = p->domain->reservation_pages;

    ck_assert_int_eq(map(MAPPED, 0), 0);
    ck_assert_int_eq(give_up(mfn), 1);
    ck_assert_uint_eq(p->domain->reservation_pages, pages - 1);
    ck_assert_int_ne(map(MAPPED, mfn << 12 | 1), 0);
}
END_TEST

START_TEST(an_entry_may_be_replaced)
{
    const uint64_t first = test_guest_p2m(p)[MAPPED], second = test_guest_p2m(p)[MAPPED + 1],
                   pages = p->domain->reservation_pages;

    ck_assert_int_eq(map(MAPPED, second << 12 | 1), 0);
    ck_assert_int_eq(give_up(first), 1);
    ck_assert_uint_eq(p->domain->reservation_pages, pages - 1);
    ck_assert_int_eq(map(MAPPED + 1, 0), 0);
    ck_assert_int_eq(give_up(second), 1);
    ck_assert_uint_eq(p->domain->reservation_pages, pages - 1);
    ck_assert_int_eq(map(MAPPED, 0), 0);
    ck_assert_uint_eq(p->domain->reservation_pages, pages - 2);
}
END_TEST

START_TEST(what_it_may_not_map)
{
    ck_assert_int_ne(map(MAPPED, stage.machine->host.end_mfn << 12 | 1), 0);
    ck_assert_int_ne(map(p->boot->direct_map_pages, test_guest_p2m(p)[MAPPED] << 12 | 1), 0);
}
END_TEST

Suite *direct_map_suite(void);
Suite *direct_map_suite(void)
{
    Suite *suite = suite_create("direct_map");
    TCase *tests = tcase_create("direct_map");

    tcase_add_checked_fixture(tests, setup, stage_close);
    tcase_add_test(tests, only_who_asks_has_one);
    tcase_add_test(tests, what_is_mapped_stays);
    tcase_add_test(tests, what_is_unmapped_goes);
    tcase_add_test(tests, an_entry_may_be_replaced);
    tcase_add_test(tests, what_it_may_not_map);
    suite_add_tcase(suite, tests);
    return suite;
}
