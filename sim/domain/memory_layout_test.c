/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the memory of translated guests lies, and what maps say of it. */
#include "sim/domain/memory_layout.h"

#include <check.h>

#define MIB(n)   ((uint64_t)(n)*256)
#define FOUR_GIB MIB(4096)

static struct memory_layout layout;

static void ck_ranges(const struct layout_ranges *ranges, const struct memory_range *want, size_t count)
{
    ck_assert_uint_eq(ranges->count, count);
    for (size_t i = 0; i < count; i++) {
        ck_assert_uint_eq(ranges->at[i].first_pfn, want[i].first_pfn);
        ck_assert_uint_eq(ranges->at[i].end_pfn, want[i].end_pfn);
        ck_assert_int_eq(ranges->at[i].type, want[i].type);
    }
}
#define CK_RANGES(ranges, ...) \
    ck_ranges(ranges, (const struct memory_range[]){__VA_ARGS__}, \
        sizeof((const struct memory_range[]){__VA_ARGS__}) / sizeof(struct memory_range))

START_TEST(a_pvh_guest_of_any_size)
{
    memory_layout_pvh(&layout, MIB(64));
    CK_RANGES(&layout.memory, {0, MIB(64), MEMORY_RAM});
    CK_RANGES(&layout.map, {0, MIB(64), MEMORY_RAM}, {0xfeff8, 0xff000, MEMORY_RESERVED});
    ck_assert_uint_eq(memory_layout_pages(&layout), MIB(64));
    ck_assert_uint_eq(memory_layout_end_gfn(&layout), MIB(64));
    ck_assert_uint_eq(memory_layout_map_end_gfn(&layout), 0xff000);

    /* What would lie where Xen has its own pages lies above 4 GiB, and so do its frames. */
    memory_layout_pvh(&layout, MIB(5120));
    CK_RANGES(
        &layout.memory, {0, 0xfeff8, MEMORY_RAM}, {FOUR_GIB, FOUR_GIB + MIB(5120) - 0xfeff8, MEMORY_RAM});
    CK_RANGES(&layout.map, {0, 0xfeff8, MEMORY_RAM}, {0xfeff8, 0xff000, MEMORY_RESERVED},
        {FOUR_GIB, FOUR_GIB + MIB(5120) - 0xfeff8, MEMORY_RAM});
    ck_assert_uint_eq(layout.kept.count + layout.firmware.count + layout.left_out_pages, 0);
}
END_TEST

START_TEST(an_hvm_guest_has_holes)
{
    memory_layout_hvm(&layout, MIB(128), MIB(8));
    CK_RANGES(&layout.memory, {0, 0xa0, MEMORY_RAM}, {0xc0, MIB(120), MEMORY_RAM});
    CK_RANGES(&layout.map, {0, MIB(120), MEMORY_RAM});
    CK_RANGES(&layout.firmware, {0, 0x9f, MEMORY_RAM}, {0x9f, 0xa0, MEMORY_RESERVED},
        {0xf0, 0x100, MEMORY_RESERVED}, {0x100, MIB(120), MEMORY_RAM}, {0xfc000, FOUR_GIB, MEMORY_RESERVED});
    CK_RANGES(&layout.kept, {0xf0000, 0xf0000 + MIB(8), MEMORY_RESERVED});
    ck_assert_uint_eq(memory_layout_pages(&layout), MIB(120) - 32);
    ck_assert_uint_eq(memory_layout_frame_buffer_pages(&layout), MIB(8));
    ck_assert_uint_eq(layout.left_out_pages, 32);
    ck_assert_uint_eq(memory_layout_end_gfn(&layout), 0xf0000 + MIB(8));
}
END_TEST

START_TEST(a_large_hvm_guest_goes_on_above_4_gib)
{
    memory_layout_hvm(&layout, MIB(5120), MIB(16));
    CK_RANGES(&layout.memory, {0, 0xa0, MEMORY_RAM}, {0xc0, 0xf0000, MEMORY_RAM},
        {FOUR_GIB, FOUR_GIB + MIB(5104) - 0xf0000, MEMORY_RAM});
    CK_RANGES(&layout.map, {0, 0xf0000, MEMORY_RAM}, {FOUR_GIB, FOUR_GIB + MIB(5104) - 0xf0000, MEMORY_RAM});
    ck_assert_uint_eq(layout.firmware.count, 6);
    ck_assert_uint_eq(layout.firmware.at[3].end_pfn, 0xf0000);
    ck_assert_uint_eq(layout.firmware.at[5].first_pfn, FOUR_GIB);
    ck_assert_uint_eq(memory_layout_pages(&layout) + MIB(16) + 32, MIB(5120));
    /* vga="none" */
    memory_layout_hvm(&layout, MIB(16), 0);
    ck_assert_uint_eq(layout.kept.count, 0);
}
END_TEST

/* As measured: QEMU's map of a machine with 1 GiB, and dom0_mem=262144K. */
START_TEST(a_dom0_has_frames_where_its_host_has_memory)
{
    static const struct memory_range host[] = {{0, 0x9f, MEMORY_RAM}, {0x9f, 0x100, MEMORY_RESERVED},
        {0x100, 0x3ffe0, MEMORY_RAM}, {0x3ffe0, 0x40000, MEMORY_RESERVED}};

    ck_assert(memory_layout_dom0(&layout, host, 4, MIB(256)));
    CK_RANGES(&layout.memory, {0, 0x9f, MEMORY_RAM}, {0x100, 0x10061, MEMORY_RAM});
    CK_RANGES(&layout.map, {0, 0x9f, MEMORY_RAM}, {0x9f, 0x100, MEMORY_RESERVED},
        {0x100, 0x10060, MEMORY_RAM}, {0x10060, 0x10061, MEMORY_ACPI}, {0x10061, 0x3ffe0, MEMORY_UNUSABLE},
        {0x3ffe0, 0x40000, MEMORY_RESERVED});
    CK_RANGES(&layout.kept, {0x10060, 0x10061, MEMORY_ACPI});
    ck_assert_uint_eq(memory_layout_pages(&layout), MIB(256));
    ck_assert(!memory_layout_dom0(&layout, host, 4, MIB(1024)));
}
END_TEST

/* Tables lie below 4 GiB, also when the last of its memory is above. */
START_TEST(a_dom0_across_a_hole)
{
    static const struct memory_range host[] = {{0, 0xa0, MEMORY_RAM}, {0x100, MIB(3072), MEMORY_RAM},
        {MIB(3072), FOUR_GIB, MEMORY_RESERVED}, {FOUR_GIB, FOUR_GIB + MIB(1024), MEMORY_RAM},
        {FOUR_GIB + MIB(1024), FOUR_GIB + MIB(2048), MEMORY_RAM}};
    const uint64_t pages = 0xa0 + MIB(3071) + MIB(100);

    ck_assert(memory_layout_dom0(&layout, host, 5, pages));
    CK_RANGES(&layout.map, {0, 0xa0, MEMORY_RAM}, {0x100, MIB(3072) - 1, MEMORY_RAM},
        {MIB(3072) - 1, MIB(3072), MEMORY_ACPI}, {MIB(3072), FOUR_GIB, MEMORY_RESERVED},
        {FOUR_GIB, FOUR_GIB + MIB(100), MEMORY_RAM},
        {FOUR_GIB + MIB(100), FOUR_GIB + MIB(1024), MEMORY_UNUSABLE},
        {FOUR_GIB + MIB(1024), FOUR_GIB + MIB(2048), MEMORY_UNUSABLE});
    ck_assert_uint_eq(memory_layout_end_gfn(&layout), FOUR_GIB + MIB(100));
    ck_assert_uint_eq(memory_layout_map_end_gfn(&layout), FOUR_GIB + MIB(2048));
}
END_TEST

Suite *memory_layout_suite(void);
Suite *memory_layout_suite(void)
{
    Suite *suite = suite_create("memory_layout");
    TCase *tests = tcase_create("memory_layout");
    tcase_add_test(tests, a_pvh_guest_of_any_size);
    tcase_add_test(tests, an_hvm_guest_has_holes);
    tcase_add_test(tests, a_large_hvm_guest_goes_on_above_4_gib);
    tcase_add_test(tests, a_dom0_has_frames_where_its_host_has_memory);
    tcase_add_test(tests, a_dom0_across_a_hole);
    suite_add_tcase(suite, tests);
    return suite;
}
