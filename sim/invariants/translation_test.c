/* SPDX-License-Identifier: BSD-2-Clause */
/* stale-translation: broken by a write and by a read, and not by what Xen or another vcpu dropped. */
#include "sim/invariants/testing.h"

Suite *translation_suite(void);

#define PAGE 700u

static void map(uint64_t pfn, unsigned long flags)
{
    const uint64_t entry = pfn == 0 ? 0 : test_guest_p2m(show.p)[pfn] << PAGE_SHIFT_BITS | 1;

    ck_assert_int_eq(
        call(show.p, __HYPERVISOR_update_va_mapping, (uintptr_t)show.p->boot->window, entry, flags, 0), 0);
}

static void page(enum port_op op, uint64_t stamp)
{
    port(show.p, op, (uintptr_t)show.p->boot->window, stamp, 0, 0);
}

START_TEST(with_each_change_flushed)
{
    show_open();
    for (unsigned k = 0; k < 20; k++) {
        map(PAGE + k, UVMF_INVLPG);
        page(PORT_PAGE_WRITE, WORKLOAD | k);
        page(PORT_PAGE_READ, 0);
        map(0, UVMF_INVLPG);
    }
    recorder_flush(stage.recorder);
    held(INVARIANT_STALE_TRANSLATION);
    show_close();
}
END_TEST

START_TEST(a_write_by_an_old_translation)
{
    char names[64];

    show_open();
    map(PAGE, UVMF_INVLPG);
    page(PORT_PAGE_WRITE, 5);
    map(PAGE + 1, UVMF_NONE);
    page(PORT_PAGE_WRITE, 6);
    snprintf(names, sizeof names, "names mfn 0x%llx now, and named 0x%llx before",
        (unsigned long long)test_guest_p2m(show.p)[PAGE + 1],
        (unsigned long long)test_guest_p2m(show.p)[PAGE]);
    const struct caught *caught = broken(INVARIANT_STALE_TRANSLATION, "nb wrote to a page of its window that",
        names, "the write went to", NULL);
    ck_assert_uint_ne(caught->cause, 0);
    only_broken(INVARIANT_STALE_TRANSLATION);
    show_close();
}
END_TEST

START_TEST(a_read_of_a_page_that_is_mapped_no_more)
{
    show_open();
    map(PAGE, UVMF_INVLPG);
    page(PORT_PAGE_READ, 0);
    map(0, UVMF_NONE);
    page(PORT_PAGE_READ, 0);
    broken(INVARIANT_STALE_TRANSLATION, "nb read a page of its window that names no frame now", NULL);
    show_close();
}
END_TEST

/* Of a few dozen, some are dropped by the processor in time: that is luck, and told as such. */
START_TEST(luck_is_no_excuse)
{
    uint64_t broken_before = 0;

    show_open();
    for (unsigned k = 0; k < 40; k++) {
        map(PAGE, UVMF_INVLPG);
        page(PORT_PAGE_READ, 0);
        map(PAGE + 1, UVMF_NONE);
        page(PORT_PAGE_READ, 0);
        ck_assert_uint_eq(invariant_broken(show.inv, INVARIANT_STALE_TRANSLATION), ++broken_before);
    }
    ck_assert_uint_eq(show.nr_caught, 1);
    show_close();
}
END_TEST

START_TEST(the_same_frame_again_is_no_fault)
{
    show_open();
    map(PAGE, UVMF_INVLPG);
    page(PORT_PAGE_WRITE, 5);
    map(0, UVMF_NONE);
    map(PAGE, UVMF_NONE);
    page(PORT_PAGE_WRITE, 6);
    recorder_flush(stage.recorder);
    held(INVARIANT_STALE_TRANSLATION);
    show_close();
}
END_TEST

Suite *translation_suite(void)
{
    Suite *suite = suite_create("invariants/translation");
    TCase *tests = tcase_create("translation");

    tcase_add_test(tests, with_each_change_flushed);
    tcase_add_test(tests, a_write_by_an_old_translation);
    tcase_add_test(tests, a_read_of_a_page_that_is_mapped_no_more);
    tcase_add_test(tests, luck_is_no_excuse);
    tcase_add_test(tests, the_same_frame_again_is_no_fault);
    suite_add_tcase(suite, tests);
    return suite;
}
