/* SPDX-License-Identifier: BSD-2-Clause */
/* Populate-on-demand, by itself: entries, the cache of frames, and what is looked for when the cache is empty. */
#include "sim/domain/pod.h"

#include <errno.h>

#include "sim/domain/claim.h"
#include "sim/domain/physmap.h"
#include "sim/domain/reservation.h"
#include "sim/host/frame_table.h"
#include "sim/host/pool.h"
#include "sim/test_guest.h"

Suite *pod_suite(void);

#define HOST_PAGES  8192u
#define PAGES       1800u
#define GFNS        2500u
#define SWEPT_PAGES 1024u /* so many pages does a sweep look at */
#define PART        512u  /* 2 MiB: the first of them has the image, and is populated whole */

static struct domain *d;
static struct host *host;
static struct physmap *map;

/* Every free page still holds what its last owner wrote. */
static void dirty_the_pool(void)
{
    for (uint64_t mfn = HOST_FIRST_MFN; mfn < host->end_mfn; mfn++)
        if (host->frames[mfn].owner == 0)
            host->frames[mfn].stamp = 1000 + mfn;
}

static void setup(void)
{
    const struct domain_config config = {
        .name = "v", .memory_pages = PAGES, .maxmem_pages = GFNS, .extra_kib = 1024, .pvh = true};
    struct test_guest *guest;

    stage_open(HOST_PAGES);
    host = &stage.machine->host;
    dirty_the_pool();
    ck_assert_int_eq(test_guest_build(&config, &guest), BUILD_OK);
    d = guest->domain;
    map = d->physmap;
}

static void teardown(void)
{
    stage_close();
}

static void ck_counts(uint64_t reservation, uint64_t cache, uint64_t entries)
{
    ck_assert_uint_eq(d->reservation_pages, reservation);
    ck_assert_uint_eq(domain_counted_pages(d), reservation);
    ck_assert_uint_eq(map->cache_pages, cache);
    ck_assert_uint_eq(map->pod_entries, entries);
    ck_assert_uint_eq(host_counted_free_pages(stage.machine), host_free_pages(stage.machine));
}

static void ck_sizes(uint64_t whole_1g, uint64_t whole_2m, uint64_t shattered_2m)
{
    const struct physmap_sizes sizes = physmap_count_sizes(map);

    ck_assert_uint_eq(sizes.whole_1g, whole_1g);
    ck_assert_uint_eq(sizes.whole_2m, whole_2m);
    ck_assert_uint_eq(sizes.shattered_2m, shattered_2m);
}

/* Touches all but so many of the gfns that have frames waiting, and writes to each page. */
static void touch_all_but(uint64_t left)
{
    for (uint64_t gfn = d->image_pages; gfn < GFNS; gfn++)
        if (physmap_get(map, gfn) < PHYSMAP_POD || map->cache_pages > left)
            host->frames[pod_touch(d, gfn)].stamp = gfn + 1;
}

static void ck_cache_is_zeroed(void)
{
    for (size_t i = 0; i < map->cached_singles; i++)
        ck_assert_uint_eq(host->frames[map->cache[map->cache_first + i]].stamp, 0);
    for (size_t i = 0; i < map->cached_2m * PART; i++)
        ck_assert_uint_eq(host->frames[map->cache_2m[i / PART] + i % PART].stamp, 0);
    ck_assert_uint_eq(map->cache_pages, map->cached_singles + map->cached_2m * PART);
}

/* Its toolstack writes the image, and by that touches the 2 MiB that it is in. */
START_TEST(a_builder_populates_where_the_image_is)
{
    ck_assert_uint_gt(d->image_pages, 0);
    ck_assert_uint_le(d->image_pages, PART);
    ck_counts(PAGES, PAGES - PART, GFNS - PART);
    ck_assert_uint_eq(memory_layout_pages(&d->layout), GFNS);
    for (uint64_t gfn = 0; gfn < PART; gfn++) {
        ck_assert_uint_eq(host->m2p[map->entry[gfn]], gfn);
        ck_assert_uint_eq(host->frames[map->entry[gfn]].stamp, 0);
    }
    ck_sizes(0, 1, 0);
    ck_assert_uint_eq(physmap_get(map, PART), PHYSMAP_POD);
    ck_assert_uint_eq(physmap_get(map, GFNS - 1), PHYSMAP_POD);
    ck_assert_uint_eq(physmap_get(map, GFNS), PHYSMAP_NOTHING);
    ck_assert_uint_eq(map->cached_2m, (PAGES - PART) / PART);
    ck_cache_is_zeroed();
}
END_TEST

START_TEST(without_a_difference_all_is_populated)
{
    const struct domain_config config = {
        .name = "w", .memory_pages = PAGES, .maxmem_pages = PAGES, .extra_kib = 1024, .pvh = true};
    struct test_guest *guest;

    ck_assert_int_eq(test_guest_build(&config, &guest), BUILD_OK);
    d = guest->domain;
    map = d->physmap;
    ck_counts(PAGES, 0, 0);
    ck_assert_uint_lt(physmap_get(map, PAGES - 1), PHYSMAP_POD);
    ck_assert_uint_eq(physmap_get(map, PAGES), PHYSMAP_NOTHING);
}
END_TEST

/* As much as is mapped as one and as the cache has in one piece. */
START_TEST(the_first_touch_populates)
{
    const uint64_t mfn = pod_touch(d, PART + 7);

    ck_assert(frame_owned_by(host, mfn, d->domid));
    ck_assert_uint_eq(host->m2p[mfn], PART + 7);
    ck_counts(PAGES, PAGES - 2 * PART, GFNS - 2 * PART);
    ck_sizes(0, 2, 0);
    ck_assert_uint_eq(pod_touch(d, PART + 7), mfn);
    ck_assert_uint_eq(pod_touch(d, 0), map->entry[0]);
    ck_assert_uint_eq(pod_touch(d, GFNS), 0);
    ck_assert_uint_ne(pod_touch(d, GFNS - 1), 0); /* behind the last whole 2 MiB */
    ck_counts(PAGES, PAGES - 2 * PART - 1, GFNS - 2 * PART - 1);
    ck_sizes(0, 2, 0);
}
END_TEST

/* With no 2 MiB in one piece in the cache a mapping of 2 MiB on demand is shattered, and its pages come one by one. */
START_TEST(a_touch_without_2m_in_the_cache)
{
    pod_touch(d, PART);
    pod_touch(d, 2 * PART);
    ck_assert_uint_eq(map->cached_2m, 0);
    ck_counts(PAGES, PAGES - 3 * PART, GFNS - 3 * PART);
    ck_sizes(0, 3, 0);
    pod_touch(d, 3 * PART + 5);
    ck_counts(PAGES, PAGES - 3 * PART - 1, GFNS - 3 * PART - 1);
    ck_assert_uint_eq(physmap_get(map, 3 * PART), PHYSMAP_POD);
    ck_sizes(0, 3, 1);
}
END_TEST

/* A page that comes when only 2 MiB are left breaks them up. */
START_TEST(a_page_breaks_2m_of_the_cache_up)
{
    const uint64_t singles = map->cached_singles, large = map->cached_2m;

    for (uint64_t i = 0; i <= singles; i++)
        ck_assert_uint_ne(pod_touch(d, GFNS - 1 - i), 0);
    ck_assert_uint_eq(map->cached_2m, large - 1);
    ck_assert_uint_eq(map->cached_singles, PART - 1);
    ck_cache_is_zeroed();
}
END_TEST

START_TEST(marking)
{
    const uint64_t entries = map->pod_entries, cache = map->cache_pages;

    ck_assert_int_eq(pod_mark(d, GFNS, 0), 0);
    ck_counts(PAGES, cache, entries + 1);
    ck_assert_int_eq(pod_mark(d, GFNS, 2), 0); /* one of the four is marked */
    ck_counts(PAGES, cache, entries + 4);
    ck_assert_uint_eq(physmap_get(map, GFNS + 3), PHYSMAP_POD);
    ck_assert_uint_eq(physmap_get(map, GFNS + 4), PHYSMAP_NOTHING);
    const uint64_t mfn = pod_touch(d, GFNS + 3);
    ck_assert_int_eq(pod_mark(d, GFNS, 3), -EBUSY); /* the fourth of eight has a frame */
    ck_assert_uint_eq(map->entry[GFNS + 3], mfn);
    ck_assert_uint_eq(physmap_get(map, GFNS + 4), PHYSMAP_NOTHING);
    ck_assert_int_eq(pod_mark(d, GFNS + 4, 2), 0);
    ck_counts(PAGES, cache - 1, entries + 7);
    ck_assert_int_eq(pod_mark(d, PHYSMAP_LIMIT, 0), -ENOMEM);
    ck_assert_int_eq(pod_mark(d, PHYSMAP_LIMIT - 1, 1), -ENOMEM); /* the first of the two is marked */
    ck_assert_uint_eq(physmap_get(map, PHYSMAP_LIMIT - 1), PHYSMAP_POD);
    ck_counts(PAGES, cache - 1, entries + 8);
    ck_assert_int_eq(pod_mark(test_guest_new("p", 1024, 1024)->domain, 0, 0), -EINVAL);
}
END_TEST

START_TEST(entries_that_are_given_up)
{
    const uint64_t entries = map->pod_entries, cache = map->cache_pages, more = entries - cache;

    ck_assert_uint_eq(pod_give_up(d, GFNS - 10, 20), 10); /* behind the last there is nothing */
    ck_counts(PAGES, cache, entries - 10);
    ck_assert_uint_eq(pod_give_up(d, GFNS - 10, 10), 0);
    ck_assert_uint_eq(pod_give_up(d, GFNS - more, more - 10), more - 10);
    ck_counts(PAGES, cache, cache);
    ck_assert_uint_eq(pod_give_up(d, GFNS - more - 3, 3), 3); /* from now on with their frames */
    ck_counts(PAGES - 3, cache - 3, cache - 3);
}
END_TEST

START_TEST(a_frame_is_kept_that_is_still_owed)
{
    const uint64_t entries = map->pod_entries, cache = map->cache_pages;
    const uint64_t mfn = map->entry[1], mapped = map->entry[2];

    host->frames[mfn].stamp = 9;
    ck_assert_uint_eq(pod_give_up(d, 1, 1), 1);
    ck_counts(PAGES, cache + 1, entries);
    ck_assert_uint_eq(map->cache[map->cache_first + map->cached_singles - 1], mfn);
    ck_assert_uint_eq(host->frames[mfn].stamp, 0);
    ck_assert_uint_eq(host->m2p[mfn], PFN_NONE.pfn);
    pod_give_up(d, PART, entries - cache - 1);
    ck_counts(PAGES, cache + 1, cache + 1);
    ck_assert_uint_eq(pod_give_up(d, 2, 1), 0); /* the cache has one for each entry */
    ck_assert_uint_eq(map->entry[2], mapped);
    ck_counts(PAGES, cache + 1, cache + 1);
}
END_TEST

/* dom0's mapping keeps no frame out of the cache; when the cache lets it go, it waits for dom0. */
START_TEST(a_frame_that_dom0_maps_is_kept_too)
{
    const uint64_t entries = map->pod_entries, cache = map->cache_pages, mapped = map->entry[2];

    ck_assert_int_eq(reservation_map(d, mapped, true), 0);
    ck_assert_uint_eq(pod_give_up(d, 2, 1), 1);
    ck_assert_uint_eq(map->cache[map->cache_first + map->cached_singles - 1], mapped);
    pod_give_up(d, PART, entries - cache); /* the first to come is the first to go */
    ck_assert_uint_eq(host->frames[mapped].flags, 0);
    ck_counts(PAGES - 1, cache, cache);
    pod_give_up(d, PART + entries - cache, cache);
    ck_assert(host->frames[mapped].flags & FRAME_RELEASED);
    ck_counts(PART, 0, 0);
    reservation_unmap(stage.machine, mapped, true);
    ck_counts(PART - 1, 0, 0);
}
END_TEST

/* A page given up out of a superpage of zeros: all of it is on demand then, and its frames are in the cache. */
START_TEST(a_superpage_of_zeros_is_reclaimed)
{
    const uint64_t entries = map->pod_entries, cache = map->cache_pages, gfn = 4096;
    const uint64_t first = pool_take(host, 9);

    domain_set_maximum_kib(d, HOST_PAGES * KIB_PER_PAGE);
    ck_assert(physmap_room(d, gfn, 512));
    for (uint64_t i = 0; i < 512; i++) {
        reservation_add(d, first + i);
        physmap_set(map, gfn + i, first + i);
        host->frames[first + i].stamp = 0;
    }
    host->frames[first + 511].stamp = 1;
    ck_assert_uint_eq(pod_give_up(d, gfn + 8, 1), 1); /* one page is not zero: only the page itself goes */
    ck_counts(PAGES + 512, cache + 1, entries);
    map->cache_pages--;
    physmap_set(map, gfn + 8, first + 8);
    host->frames[first + 511].stamp = 0;
    ck_assert_uint_eq(pod_give_up(d, gfn + 8, 1), 1);
    ck_counts(PAGES + 512, cache + 512, entries + 511);
    ck_assert_uint_eq(map->entry[gfn + 8], PHYSMAP_NOTHING);
    ck_assert_uint_eq(map->entry[gfn + 9], PHYSMAP_POD);
}
END_TEST

START_TEST(what_a_frame_replaces)
{
    const uint64_t entries = map->pod_entries, cache = map->cache_pages, mfn = map->entry[1];

    pod_replaced(d, GFNS - 1);
    ck_counts(PAGES, cache, entries - 1); /* the cache stays as it is */
    pod_replaced(d, 1);
    ck_assert_uint_eq(host->m2p[mfn], PFN_NONE.pfn);
    pod_replaced(d, PHYSMAP_LIMIT - 1);
    ck_counts(PAGES, cache, entries - 1);
}
END_TEST

START_TEST(targets)
{
    const uint64_t entries = map->pod_entries, cache = map->cache_pages;

    domain_set_maximum_kib(d, HOST_PAGES * KIB_PER_PAGE);
    dirty_the_pool();
    ck_assert_int_eq(pod_set_target(d, PAGES - 1), 0); /* less is the balloon driver's business */
    ck_counts(PAGES, cache, entries);
    ck_assert_int_eq(pod_set_target(d, PAGES + 5), 0);
    ck_counts(PAGES + 5, cache + 5, entries);
    ck_cache_is_zeroed();
    ck_assert_int_eq(pod_set_target(d, GFNS + 100), 0); /* no more than there are entries */
    ck_counts(GFNS, entries, entries);
    pod_give_up(d, PART, entries - 1);
    ck_counts(PART + 1, 1, 1);
    pod_give_up(d, GFNS - 1, 1);
    ck_counts(PART, 0, 0);
    ck_assert_int_eq(pod_set_target(d, GFNS), 0); /* no gfn waits for a frame any more */
    ck_counts(PART, 0, 0);
}
END_TEST

START_TEST(targets_that_cant_be_had)
{
    const uint64_t cache = map->cache_pages, entries = map->pod_entries;
    struct domain *other = test_guest_new("p", 1024, 1024)->domain;

    domain_set_maximum_kib(d, (PAGES + 3) * KIB_PER_PAGE);
    ck_assert_int_eq(pod_set_target(d, PAGES + 4), -ENOMEM);
    ck_counts(PAGES + 3, cache + 3, entries);
    ck_assert_int_eq(pod_set_target(d, PAGES + 3), 0);

    domain_set_maximum_kib(d, HOST_PAGES * KIB_PER_PAGE);
    domain_set_maximum_kib(other, HOST_PAGES * KIB_PER_PAGE);
    ck_assert_int_eq(claim_stake(other, 1024 + host->free_pages - 2), 0);
    ck_assert_int_eq(pod_set_target(d, PAGES + 6), -ENOMEM);
    ck_counts(PAGES + 5, cache + 5, entries);
    claim_end(other);

    while (host->free_pages > 1)
        reservation_add(other, pool_take(host, 0));
    ck_assert_int_eq(pod_set_target(d, PAGES + 7), -ENOMEM);
    ck_counts(PAGES + 6, cache + 6, entries);
}
END_TEST

/* A sweep looks from the highest gfn down, and takes the first page of zeros that nobody maps. */
START_TEST(an_empty_cache_takes_zeros_back)
{
    touch_all_but(0);
    const uint64_t entries = map->pod_entries, last = GFNS - entries - 1;
    const uint64_t low_mfn = map->entry[last - 9], mfn = map->entry[last - 3], mapped = map->entry[last];

    host->frames[mapped].stamp = host->frames[mfn].stamp = host->frames[low_mfn].stamp = 0;
    host->frames[mapped].foreign = 1;
    ck_assert_uint_eq(pod_touch(d, GFNS - 1), mfn);
    ck_assert_uint_eq(host->m2p[mfn], GFNS - 1);
    ck_assert_uint_eq(map->entry[last - 3], PHYSMAP_POD);
    ck_assert_uint_eq(map->entry[last - 9], low_mfn);
    ck_counts(PAGES, 0, entries);
    host->frames[mapped].foreign = 0;
}
END_TEST

/* Touching the last page when the cache is empty and one page of zeros lies so far below the highest that has a frame. */
static uint64_t touch_with_zeros_below(uint64_t distance)
{
    touch_all_but(0);
    const uint64_t last = GFNS - map->pod_entries - 1;

    host->frames[map->entry[last - distance]].stamp = 0;
    return pod_touch(d, GFNS - 1);
}

START_TEST(a_sweep_looks_so_far_and_no_farther)
{
    const bool found = _i == 0;
    const uint64_t mfn = touch_with_zeros_below(found ? SWEPT_PAGES - 1 : SWEPT_PAGES);

    ck_assert(found == (mfn != 0));
    if (found)
        host->frames[mfn].stamp = 1; /* else the next sweep finds it again */
    ck_assert(found == (d->state == DOMAIN_ALIVE));
    ck_assert_uint_eq(pod_touch(d, GFNS - 2), 0); /* the end of it, if it has not come before */
    ck_assert_int_eq(d->state, DOMAIN_CRASHED);
    ck_assert_uint_eq(pod_touch(d, GFNS - 2), 0); /* and that only once */
}
END_TEST

START_TEST(the_image_is_not_swept)
{
    const uint64_t image = d->image_pages;

    pod_give_up(d, image + 3, GFNS); /* so few gfns are left that a sweep would come to the image */
    ck_assert_uint_lt(physmap_get(map, 0), PHYSMAP_POD); /* zeros, in one piece with what was given up */
    touch_all_but(0);
    ck_counts(image + 3, 0, 0);
    ck_assert_int_eq(pod_mark(d, GFNS, 0), 0);
    ck_assert_uint_eq(pod_touch(d, GFNS), 0);
    ck_assert_int_eq(d->state, DOMAIN_CRASHED);
}
END_TEST

START_TEST(the_lowest_page_behind_the_image_is_swept)
{
    const uint64_t image = d->image_pages;

    pod_give_up(d, image + 3, GFNS);
    touch_all_but(0);
    const uint64_t mfn = map->entry[image];
    host->frames[mfn].stamp = 0;
    ck_assert_int_eq(pod_mark(d, GFNS, 0), 0);
    ck_assert_uint_eq(pod_touch(d, GFNS), mfn);
    ck_counts(image + 3, 0, 1);
}
END_TEST

Suite *pod_suite(void)
{
    Suite *suite = suite_create("pod");
    TCase *tests = tcase_create("populate-on-demand");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_builder_populates_where_the_image_is);
    tcase_add_test(tests, without_a_difference_all_is_populated);
    tcase_add_test(tests, the_first_touch_populates);
    tcase_add_test(tests, a_touch_without_2m_in_the_cache);
    tcase_add_test(tests, a_page_breaks_2m_of_the_cache_up);
    tcase_add_test(tests, marking);
    tcase_add_test(tests, entries_that_are_given_up);
    tcase_add_test(tests, a_frame_is_kept_that_is_still_owed);
    tcase_add_test(tests, a_frame_that_dom0_maps_is_kept_too);
    tcase_add_test(tests, a_superpage_of_zeros_is_reclaimed);
    tcase_add_test(tests, what_a_frame_replaces);
    tcase_add_test(tests, targets);
    tcase_add_test(tests, targets_that_cant_be_had);
    tcase_add_test(tests, an_empty_cache_takes_zeros_back);
    tcase_add_loop_test(tests, a_sweep_looks_so_far_and_no_farther, 0, 2);
    tcase_add_test(tests, the_image_is_not_swept);
    tcase_add_test(tests, the_lowest_page_behind_the_image_is_swept);
    suite_add_tcase(suite, tests);
    return suite;
}
