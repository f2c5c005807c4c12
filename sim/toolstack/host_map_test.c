/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory maps for guests, made of hosts' maps. */
#include "sim/toolstack/host_map.h"

#include <check.h>
#include <string.h>

#define MIB(n) ((uint64_t)(n)*256)

static const struct memory_range pc[] = {
    {0, 0xa0, MEMORY_RAM},
    {0xf0, 0x100, MEMORY_RESERVED},
    {0x100, MIB(3072), MEMORY_RAM},
    {MIB(3072), MIB(3080), MEMORY_ACPI},
    {MIB(4000), MIB(4096), MEMORY_RESERVED},
    {MIB(4096), MIB(8192), MEMORY_RAM},
};

static const struct {
    uint64_t memory_mib, more_mib;
    struct memory_range map[6];
    size_t count;
} cases[] = {
    {64, 0,
        {{0, MIB(64), MEMORY_RAM}, {MIB(64), MIB(3072), MEMORY_UNUSABLE}, {MIB(3072), MIB(3080), MEMORY_ACPI},
            {MIB(4000), MIB(4096), MEMORY_RESERVED}},
        4},
    {64, 128,
        {{0, MIB(64), MEMORY_RAM}, {MIB(64), MIB(3072), MEMORY_UNUSABLE}, {MIB(3072), MIB(3080), MEMORY_ACPI},
            {MIB(4000), MIB(4096), MEMORY_RESERVED}, {MIB(4096), MIB(4224), MEMORY_RAM}},
        5},
    /* What would lie where devices are goes behind them. */
    {3100, 100,
        {{0, MIB(3072), MEMORY_RAM}, {MIB(3072), MIB(3080), MEMORY_ACPI},
            {MIB(4000), MIB(4096), MEMORY_RESERVED}, {MIB(4096), MIB(4224), MEMORY_RAM}},
        4},
};

START_TEST(devices_lie_where_the_host_has_them)
{
    struct memory_range map[MEMORY_RANGES_MAX];
    const size_t count = host_map_for_guest(
        pc, sizeof pc / sizeof pc[0], MIB(cases[_i].memory_mib), MIB(cases[_i].more_mib), map);

    ck_assert_uint_eq(count, cases[_i].count);
    for (size_t r = 0; r < count; r++) {
        ck_assert_uint_eq(map[r].first_pfn, cases[_i].map[r].first_pfn);
        ck_assert_uint_eq(map[r].end_pfn, cases[_i].map[r].end_pfn);
        ck_assert_int_eq(map[r].type, cases[_i].map[r].type);
    }
}
END_TEST

START_TEST(a_host_without_devices)
{
    struct memory_range map[MEMORY_RANGES_MAX];

    ck_assert_uint_eq(host_map_for_guest(NULL, 0, MIB(64), 0, map), 1);
    ck_assert_uint_eq(host_map_for_guest(NULL, 0, MIB(64), MIB(1), map), 2);
    ck_assert_uint_eq(map[1].first_pfn, MIB(4096));
}
END_TEST

/* Devices above 4 GiB: memory that may come lies behind the last of them. No map with more ranges than fit. */
START_TEST(devices_far_up)
{
    struct memory_range map[MEMORY_RANGES_MAX], many[MEMORY_RANGES_MAX];

    for (unsigned i = 0; i < MEMORY_RANGES_MAX; i++)
        many[i] = (struct memory_range){MIB(5000 + 2 * i), MIB(5001 + 2 * i), MEMORY_RESERVED};
    ck_assert_uint_eq(host_map_for_guest(many, 2, MIB(64), MIB(1), map), 5);
    ck_assert_uint_eq(map[4].first_pfn, MIB(5003));
    ck_assert_uint_eq(host_map_for_guest(many, MEMORY_RANGES_MAX, MIB(64), MIB(1), map), 0);
}
END_TEST

Suite *host_map_suite(void);

Suite *host_map_suite(void)
{
    Suite *suite = suite_create("toolstack/host_map");
    TCase *tests = tcase_create("maps for guests");

    tcase_add_loop_test(tests, devices_lie_where_the_host_has_them, 0, sizeof cases / sizeof cases[0]);
    tcase_add_test(tests, a_host_without_devices);
    tcase_add_test(tests, devices_far_up);
    suite_add_tcase(suite, tests);
    return suite;
}
