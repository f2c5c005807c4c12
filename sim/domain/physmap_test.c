/* SPDX-License-Identifier: BSD-2-Clause */
/* The table from gfns to frames, by itself: in which sizes it maps, and what breaks a mapping into pieces. */
#include "sim/domain/physmap.h"

#include "sim/domain/domain.h"
#include "sim/domain/physmap_far.h"
#include "sim/test_guest.h"

Suite *physmap_suite(void);

#define PART PHYSMAP_2M_PAGES
#define GIB  PHYSMAP_1G_PAGES

static struct domain *d;
static struct physmap *map;

static void setup(void)
{
    stage_open(8192);
    d = test_guest_new("p", 1024, 1024)->domain;
    map = d->physmap = physmap_new(); /* a table is all that these tests look at */
    ck_assert_ptr_nonnull(map);
}

static void teardown(void)
{
    physmap_free(map);
    d->physmap = NULL;
    stage_close();
}

static void ck_sizes(uint64_t whole_1g, uint64_t whole_2m, uint64_t shattered_2m)
{
    const struct physmap_sizes sizes = physmap_count_sizes(map);

    ck_assert_uint_eq(sizes.whole_1g, whole_1g);
    ck_assert_uint_eq(sizes.whole_2m, whole_2m);
    ck_assert_uint_eq(sizes.shattered_2m, shattered_2m);
}

static void ck_frames(uint64_t gfn, uint64_t mfn, uint64_t pages)
{
    for (uint64_t i = 0; i < pages; i++)
        ck_assert_uint_eq(physmap_get(map, gfn + i), mfn + i);
}

START_TEST(extents_as_large_as_they_were_made)
{
    ck_assert(physmap_room(d, 0, 8 * PART));
    ck_sizes(0, 0, 0);
    physmap_set_extent(map, PART, 4 * PART, 9);
    ck_frames(PART, 4 * PART, PART);
    ck_sizes(0, 1, 0);
    ck_assert_uint_eq(physmap_order(map, PART), 9);
    ck_assert_uint_eq(physmap_order(map, 2 * PART - 1), 9);
    ck_assert_uint_eq(physmap_order(map, 0), 0);
    ck_assert_uint_eq(map->highest_gfn, 2 * PART - 1);
    physmap_set_extent(map, 3 * PART, 8 * PART, 8); /* it would fill half of 2 MiB */
    physmap_set_extent(map, 3 * PART + PART / 2, 8 * PART + PART / 2, 8);
    ck_frames(3 * PART, 8 * PART, PART);
    ck_sizes(0, 1, 0); /* neighbours, and not put together */
    physmap_set_extent(map, 4 * PART, 12 * PART, 10);
    ck_frames(4 * PART, 12 * PART, 2 * PART);
    ck_sizes(0, 3, 0);
}
END_TEST

START_TEST(extents_that_begin_at_odd_places)
{
    ck_assert(physmap_room(d, 0, 8 * PART));
    physmap_set_extent(map, PART + 1, 8 * PART, 9);
    ck_frames(PART + 1, 8 * PART, PART);
    physmap_set_extent(map, 4 * PART, 16 * PART + 1, 9);
    ck_frames(4 * PART, 16 * PART + 1, PART);
    ck_sizes(0, 0, 0);
    ck_assert_uint_eq(physmap_get(map, PART), PHYSMAP_NOTHING);
    ck_assert_uint_eq(physmap_get(map, 5 * PART), PHYSMAP_NOTHING);
}
END_TEST

/* One page that goes leaves the rest in pieces, and so does one that comes back. Only all of it, made anew, is whole. */
START_TEST(a_page_shatters_the_mapping_it_is_in)
{
    ck_assert(physmap_room(d, 0, 4 * PART));
    physmap_set_extent(map, 0, 4 * PART, 9);
    physmap_set_extent(map, PART, 8 * PART, 9);
    physmap_set(map, 7, PHYSMAP_NOTHING);
    ck_sizes(0, 1, 1);
    ck_frames(0, 4 * PART, 7);
    ck_frames(8, 4 * PART + 8, PART - 8);
    physmap_set(map, 7, 4 * PART + 7);
    ck_frames(0, 4 * PART, PART);
    ck_sizes(0, 1, 1);
    for (uint64_t gfn = 0; gfn < PART; gfn++)
        physmap_set(map, gfn, PHYSMAP_NOTHING);
    ck_sizes(0, 1, 0); /* nothing is left of it */
    physmap_set(map, PART - 1, 3);
    ck_sizes(0, 1, 1);
    physmap_set_extent(map, 0, 12 * PART, 9);
    ck_sizes(0, 2, 0);
    physmap_set_extent(map, 0, PHYSMAP_NOTHING, 9);
    ck_sizes(0, 1, 0);
    ck_assert_uint_eq(physmap_get(map, PART - 1), PHYSMAP_NOTHING);
}
END_TEST

START_TEST(a_gibibyte_breaks_into_2m)
{
    ck_assert(physmap_room(d, 0, 2 * GIB));
    physmap_set_extent(map, GIB, 2 * GIB, 18);
    ck_assert_uint_eq(physmap_order(map, 2 * GIB - 1), 18);
    ck_frames(GIB, 2 * GIB, GIB);
    ck_sizes(1, 0, 0);
    physmap_set(map, GIB + 5 * PART + 1, PHYSMAP_NOTHING);
    ck_sizes(0, 511, 1);
    ck_assert_uint_eq(physmap_get(map, GIB + 5 * PART), 2 * GIB + 5 * PART);
    physmap_set_extent(map, GIB, 4 * GIB, 18);
    ck_sizes(1, 0, 0);
    physmap_set_extent(map, GIB + PART, 8 * GIB, 9);
    ck_sizes(0, 512, 0);
    physmap_set_extent(map, 0, 2 * GIB + PART, 18); /* the frames begin at 2 MiB, and not at 1 GiB */
    ck_sizes(0, 1024, 0);
}
END_TEST

START_TEST(on_demand_is_no_mapping_of_frames)
{
    ck_assert(physmap_room(d, 0, 2 * GIB));
    physmap_set_extent(map, 0, PHYSMAP_POD, 9);
    physmap_set_extent(map, GIB, PHYSMAP_POD, 18);
    ck_assert_uint_eq(physmap_order(map, GIB), 18);
    ck_assert_uint_eq(physmap_get(map, 2 * GIB - 1), PHYSMAP_POD);
    ck_sizes(0, 0, 0);
    physmap_set(map, 5, 77);
    ck_assert_uint_eq(physmap_get(map, 4), PHYSMAP_POD);
    ck_sizes(0, 0, 1);
    physmap_set_extent(map, GIB + PART, PART, 9);
    ck_sizes(0, 1, 1);
    ck_assert_uint_eq(physmap_order(map, GIB), 9);
}
END_TEST

START_TEST(a_longer_table_keeps_the_sizes)
{
    ck_assert(physmap_room(d, 0, 2 * PART));
    physmap_set_extent(map, 0, 4 * PART, 9);
    physmap_set(map, PART, 1);
    ck_assert(physmap_room(d, 0, 64 * PART));
    ck_sizes(0, 1, 0);
    ck_assert_uint_eq(physmap_get(map, 64 * PART - 1), PHYSMAP_NOTHING);
    ck_assert(!physmap_room(d, PHYSMAP_LIMIT - 1, 2));
    ck_assert(!physmap_room(d, PHYSMAP_LIMIT, 0));
}
END_TEST

/* No table reaches so far: there is room for what is asked for. */
START_TEST(gfns_far_up)
{
    const uint64_t far = PHYSMAP_LIMIT - 4 * GIB;

    ck_assert(physmap_room(d, PHYSMAP_NEAR - PART, 2 * PART)); /* on both sides of the border */
    ck_assert_uint_eq(map->entries, PHYSMAP_NEAR);
    ck_assert(physmap_room(d, far + 7, 1));
    ck_assert(physmap_room(d, far - 5 * PART, PART));
    ck_assert(physmap_room(d, far + 6, 3));
    ck_assert_uint_eq(map->nr_far, 3);
    ck_assert_uint_eq(physmap_get(map, far + 7), PHYSMAP_NOTHING);
    physmap_set(map, far + 7, 77);
    physmap_set_extent(map, far - 5 * PART, 4 * PART, 9);
    ck_assert_uint_eq(physmap_get(map, far + 7), 77);
    ck_frames(far - 5 * PART, 4 * PART, PART);
    ck_sizes(0, 1, 0);
    ck_assert_uint_eq(physmap_order(map, far - 5 * PART + 3), 9);
    ck_assert_uint_eq(physmap_order(map, far + 7), 0);
    ck_assert_uint_eq(physmap_order(map, far + PART), 0);
    ck_assert_uint_eq(physmap_get(map, far + PART), PHYSMAP_NOTHING);
    ck_assert_uint_eq(map->highest_gfn, far + 7);
    physmap_set_extent(map, PHYSMAP_NEAR - 2, 1000, 2);
    ck_frames(PHYSMAP_NEAR - 2, 1000, 4);
    physmap_set(map, far - 5 * PART, PHYSMAP_NOTHING);
    ck_sizes(0, 0, 1);
}
END_TEST

/* Whoever asks for pages here and there far up, however often, gets so much memory and no more. */
START_TEST(so_many_parts_far_up)
{
    for (uint64_t i = 0; i < PHYSMAP_FAR_PARTS_MAX; i++)
        ck_assert(physmap_room(d, PHYSMAP_NEAR + i * PART, 1));
    ck_assert(physmap_room(d, PHYSMAP_NEAR, PART));
    ck_assert(!physmap_room(d, PHYSMAP_LIMIT - 1u, 1));
    ck_assert_uint_eq(map->nr_far, PHYSMAP_FAR_PARTS_MAX);
}
END_TEST

START_TEST(a_gibibyte_far_up)
{
    const uint64_t far = PHYSMAP_LIMIT - GIB;

    ck_assert(physmap_room(d, far, GIB));
    physmap_set_extent(map, far, 2 * GIB, 18);
    ck_sizes(1, 0, 0);
    ck_frames(far, 2 * GIB, GIB);
    physmap_set(map, PHYSMAP_LIMIT - 1, PHYSMAP_NOTHING);
    ck_sizes(0, 511, 1);
    ck_assert_uint_eq(map->highest_gfn, PHYSMAP_LIMIT - 1);
}
END_TEST

Suite *physmap_suite(void)
{
    Suite *suite = suite_create("physmap");
    TCase *tests = tcase_create("sizes");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, extents_as_large_as_they_were_made);
    tcase_add_test(tests, extents_that_begin_at_odd_places);
    tcase_add_test(tests, a_page_shatters_the_mapping_it_is_in);
    tcase_add_test(tests, a_gibibyte_breaks_into_2m);
    tcase_add_test(tests, on_demand_is_no_mapping_of_frames);
    tcase_add_test(tests, a_longer_table_keeps_the_sizes);
    tcase_add_test(tests, gfns_far_up);
    tcase_add_test(tests, a_gibibyte_far_up);
    tcase_add_test(tests, so_many_parts_far_up);
    suite_add_tcase(suite, tests);
    return suite;
}
