/* SPDX-License-Identifier: BSD-2-Clause */
/* How far a guest on the real Xen may read and write from an address on. */
#include "sim/domain/real_xen_memory.h"

#include <check.h>
#include <string.h>

#include "sim/types.h"

Suite *real_xen_memory_suite(void);

#define PAGE(n) ((n)*PAGE_BYTES)

/* Two stacks of two pages, from page 40 on, with a hole under each; a hole behind the P2M at page 50; page tables from page 60 to the end at 64. */
static const struct boot_block boot = {.stacks = (char *)PAGE(40),
    .nr_stacks = 2,
    .stack_bytes = PAGE(2),
    .stack_stride_bytes = PAGE(3),
    .window = (char *)PAGE(64),
    .window_pages = 2,
    .m2p = (const uint64_t *)PAGE(100),
    .m2p_entries = PAGE_BYTES / sizeof(uint64_t)};
static const struct real_xen_memory memory = {
    .bytes = PAGE(64), .guest_tables = PAGE(60), .guest_p2m_guard = PAGE(50), .boot = &boot};

static const struct {
    uintptr_t va;
    size_t read, write;
} rows[] = {
    {0, 0, 0},
    {PAGE(1) - 1, 0, 0},
    {PAGE(1), PAGE(38), PAGE(38)}, /* up to the hole under the first stack */
    {PAGE(39) - 8, 8, 8},
    {PAGE(39), 0, 0},
    {PAGE(40) - 1, 0, 0},
    {PAGE(40), PAGE(2), PAGE(2)},
    {PAGE(42) - 8, 8, 8},
    {PAGE(42), 0, 0}, /* under the second */
    {PAGE(43), PAGE(2), PAGE(2)},
    {PAGE(45), 0, 0},             /* above it */
    {PAGE(46), PAGE(4), PAGE(4)}, /* up to the hole behind the P2M */
    {PAGE(50), 0, 0},
    {PAGE(51) - 1, 0, 0},
    {PAGE(51), PAGE(13), PAGE(9)}, /* page tables can be read only */
    {PAGE(60), PAGE(4), 0},
    {PAGE(64) - 1, 1, 0},
    {PAGE(64), 0, 0},
    {UINTPTR_MAX, 0, 0},
};

START_TEST(reach)
{
    ck_assert_uint_eq(real_xen_memory_reach(&memory, rows[_i].va, false), rows[_i].read);
    ck_assert_uint_eq(real_xen_memory_reach(&memory, rows[_i].va, true), rows[_i].write);
}
END_TEST

static const struct {
    uintptr_t va;
    const char *what;
} places[] = {
    {PAGE(39), "under a thread's stack"},
    {PAGE(42), "under a thread's stack"},
    {PAGE(50), "behind the P2M"},
    {PAGE(60), "page tables"},
    {PAGE(64), "the window"},
    {PAGE(66), NULL},
    {PAGE(100), "the M2P"},
    {PAGE(101), NULL},
};

START_TEST(what_is_where_an_access_faults)
{
    const char *what = real_xen_memory_what(&memory, places[_i].va);

    if (places[_i].what == NULL)
        ck_assert_msg(what == NULL, "%s", what);
    else
        ck_assert_msg(
            what != NULL && strstr(what, places[_i].what) != NULL, "%s", what != NULL ? what : "nothing");
}
END_TEST

Suite *real_xen_memory_suite(void)
{
    Suite *suite = suite_create("real_xen_memory");
    TCase *tests = tcase_create("reach");

    tcase_add_loop_test(tests, reach, 0, sizeof rows / sizeof rows[0]);
    tcase_add_loop_test(tests, what_is_where_an_access_faults, 0, sizeof places / sizeof places[0]);
    suite_add_tcase(suite, tests);
    return suite;
}
