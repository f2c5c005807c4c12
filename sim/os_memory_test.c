/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory from the operating system: zeros, the same page at two addresses, and pages that fault. */
#include "sim/os_memory.h"

#include <check.h>
#include <signal.h>

#include "sim/types.h"

Suite *os_memory_suite(void);

static volatile unsigned char *pages;

/* The signal itself, whatever a sanitizer would make of it. */
static void die_by_it(void)
{
    signal(SIGSEGV, SIG_DFL);
}

START_TEST(zeros_and_zeros_again)
{
    const size_t bytes = 5 * PAGE_BYTES;

    void *start = os_memory_get(bytes);
    ck_assert_ptr_nonnull(start);
    pages = start;
    os_memory_huge((void *)(uintptr_t)pages, bytes);
    os_memory_touch((void *)(uintptr_t)(pages + 100), 2 * PAGE_BYTES);
    for (size_t i = 0; i < bytes; i += 512) {
        ck_assert_uint_eq(pages[i], 0);
        pages[i] = 7;
    }
    os_memory_forget((void *)(uintptr_t)(pages + PAGE_BYTES), PAGE_BYTES);
    ck_assert_uint_eq(pages[0], 7);
    ck_assert_uint_eq(pages[PAGE_BYTES], 0);
    ck_assert_uint_eq(pages[2 * PAGE_BYTES], 7);
    os_memory_free((void *)(uintptr_t)pages, bytes);
    os_memory_free(NULL, bytes);
}
END_TEST

START_TEST(one_memory_at_two_addresses)
{
    const void *read_only;
    uint64_t *writable = os_memory_get_shared(3 * PAGE_BYTES - 8, &read_only);

    ck_assert_ptr_nonnull(writable);
    ck_assert_ptr_ne(read_only, writable);
    writable[1000] = 77;
    ck_assert_uint_eq(((const uint64_t *)read_only)[1000], 77);
    os_memory_free_shared(writable, read_only, 3 * PAGE_BYTES - 8);
}
END_TEST

START_TEST(forbidden)
{
    pages = os_memory_get(2 * PAGE_BYTES);
    ck_assert(os_memory_forbid((void *)(uintptr_t)(pages + PAGE_BYTES), PAGE_BYTES));
    pages[PAGE_BYTES - 1] = 1;
    die_by_it();
    pages[PAGE_BYTES] = 1;
}
END_TEST

START_TEST(read_only_to_guests)
{
    const void *read_only;

    ck_assert_ptr_nonnull(os_memory_get_shared(PAGE_BYTES, &read_only));
    pages = (volatile unsigned char *)(uintptr_t)read_only;
    ck_assert_uint_eq(pages[0], 0);
    die_by_it();
    pages[0] = 1;
}
END_TEST

START_TEST(a_guard_behind_the_read_only_one)
{
    const void *read_only;

    ck_assert_ptr_nonnull(os_memory_get_shared(PAGE_BYTES, &read_only));
    pages = (volatile unsigned char *)(uintptr_t)read_only;
    ck_assert_uint_eq(pages[PAGE_BYTES - 1], 0);
    die_by_it();
    ck_assert_uint_eq(pages[PAGE_BYTES], 0);
}
END_TEST

Suite *os_memory_suite(void)
{
    Suite *suite = suite_create("os_memory");
    TCase *tests = tcase_create("os_memory");

    tcase_add_test(tests, zeros_and_zeros_again);
    tcase_add_test(tests, one_memory_at_two_addresses);
    tcase_add_test_raise_signal(tests, forbidden, SIGSEGV);
    tcase_add_test_raise_signal(tests, read_only_to_guests, SIGSEGV);
    tcase_add_test_raise_signal(tests, a_guard_behind_the_read_only_one, SIGSEGV);
    suite_add_tcase(suite, tests);
    return suite;
}
