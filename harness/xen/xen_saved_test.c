/* SPDX-License-Identifier: BSD-2-Clause */
/* Entries of page tables while a domain is saved; saving and restoring themselves take a Xen (scenarios/lifecycle). */
#include "harness/xen/xen_saved.h"

#include <check.h>

#include "guest/abi/paging.h"

Suite *xen_saved_suite(void);

#define NO_EXECUTE (1ull << 63)
#define XENS_OWN   (1ull << 52) /* a bit that Xen may set, and that no guest may bring */

START_TEST(another_frame_and_the_same_rights)
{
    const uint64_t rights = PTE_PRESENT | PTE_USER | PTE_ACCESSED | PTE_DIRTY;

    ck_assert_uint_eq(xen_saved_entry(0x1234000 | rights, 0x77), 0x77000 | rights);
    ck_assert_uint_eq(
        xen_saved_entry(0x1234000 | rights | PTE_WRITABLE, 0x77), 0x77000 | rights | PTE_WRITABLE);
    ck_assert_uint_eq(xen_saved_entry(NO_EXECUTE | 0x1234000 | rights, 0x77), NO_EXECUTE | 0x77000 | rights);
}
END_TEST

START_TEST(what_only_xen_sets_is_left_out)
{
    ck_assert_uint_eq(xen_saved_entry(XENS_OWN | 0x1234000 | PTE_PRESENT, 0x77), 0x77000 | PTE_PRESENT);
}
END_TEST

START_TEST(the_highest_frame)
{
    ck_assert_uint_eq(
        xen_saved_entry(PTE_PRESENT, PTE_MFN_MASK >> PAGE_SHIFT_BITS), PTE_MFN_MASK | PTE_PRESENT);
}
END_TEST

Suite *xen_saved_suite(void)
{
    Suite *suite = suite_create("xen_saved");
    TCase *tests = tcase_create("entries");

    tcase_add_test(tests, another_frame_and_the_same_rights);
    tcase_add_test(tests, what_only_xen_sets_is_left_out);
    tcase_add_test(tests, the_highest_frame);
    suite_add_tcase(suite, tests);
    return suite;
}
