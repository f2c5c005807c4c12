/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The reservation's functions by themselves: those that move many frames must have the same effect as those that move one,
 * a mapped frame stays until its last unmap, and a dead domain's frame goes to the zombie while dom0 maps it.
 */
#include "sim/domain/reservation.h"

#include <errno.h>

#include "sim/host/pool.h"
#include "sim/host/zombie.h"
#include "sim/random.h"
#include "sim/test_guest.h"

Suite *reservation_suite(void);

#define MANY 600u

static struct domain *d;
static struct host *host;

static void setup(void)
{
    stage_open(8 * WINDOW_FRAMES);
    d = test_guest_new("nb", 1024, 2048)->domain;
    host = &stage.machine->host;
}

static void teardown(void)
{
    stage_close();
}

/* What the domain's own counts say is what a walk over the table says. */
static void books_are_right(void)
{
    uint64_t in_windows = 0;

    for (uint64_t window = 0; window < d->window_room; window++)
        in_windows += d->window_pages[window];
    ck_assert_uint_eq(d->reservation_pages, domain_counted_pages(d));
    ck_assert_uint_eq(d->reservation_pages, in_windows);
    ck_assert_uint_eq(host->free_pages, host_counted_free_pages(stage.machine));
}

/* Frames in no order, of several windows. */
static void take(uint32_t mfns[MANY])
{
    ck_assert_uint_eq(pool_take_singles(host, mfns, MANY / 2), MANY / 2);
    for (unsigned i = MANY / 2; i < MANY; i += 4) {
        uint64_t block = pool_take(host, 2);
        ck_assert_uint_ne(block, 0);
        for (unsigned k = 0; k < 4; k++)
            mfns[i + k] = (uint32_t)block + k;
    }
    uint64_t chance = 7;
    for (unsigned i = MANY - 1; i > 0; i--) {
        unsigned k = (unsigned)(random_next(&chance) % (i + 1));
        uint32_t other = mfns[i];
        mfns[i] = mfns[k];
        mfns[k] = other;
    }
}

START_TEST(a_row_is_as_one_by_one)
{
    static uint32_t mfns[MANY], gone[MANY];
    static uint64_t list[MANY];

    for (unsigned round = 0; round < 4; round++) {
        const bool add_row = round & 1, release_row = round & 2;
        uint64_t before = d->reservation_pages, freed = 0;

        take(mfns);
        if (add_row)
            reservation_add_many(d, mfns, MANY);
        else
            for (unsigned i = 0; i < MANY; i++)
                reservation_add(d, mfns[i]);
        ck_assert_uint_eq(d->reservation_pages, before + MANY);
        books_are_right();
        for (unsigned i = 0; i < MANY; i++) {
            ck_assert_uint_eq(frame_owner(stage.machine, MFN(mfns[i])), d->domid);
            ck_assert_uint_eq(frame_m2p(stage.machine, MFN(mfns[i])).pfn, PFN_NONE.pfn);
            list[i] = mfns[i];
        }
        if (release_row)
            freed = reservation_release_many(d, (const char *)list, MANY, gone);
        else
            for (unsigned i = 0; i < MANY; i++)
                ck_assert(reservation_release(d, mfns[i], &freed));
        ck_assert_uint_eq(freed, MANY);
        ck_assert_uint_eq(d->reservation_pages, before);
        books_are_right();
    }
}
END_TEST

/* A row ends at the first frame that is not plain: another's, one named before, a mapped one, none at all. */
START_TEST(a_row_ends_where_something_is_special)
{
    static uint32_t mfns[MANY], gone[MANY];
    const uint64_t others = d->overhead.mfn[1];
    take(mfns);
    reservation_add_many(d, mfns, MANY);
    ck_assert_int_eq(reservation_map(d, mfns[9], false), 0);
    const uint64_t lists[][3] = {
        {mfns[0], others, mfns[1]},
        {mfns[2], mfns[2], mfns[3]},
        {mfns[4], mfns[9], mfns[5]},
        {mfns[6], UINT64_MAX, mfns[7]},
    };

    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        ck_assert_uint_eq(reservation_release_many(d, (const char *)lists[i], 3, gone), 1);
        ck_assert_uint_eq(gone[0], lists[i][0]);
        ck_assert_uint_eq(frame_owner(stage.machine, MFN(lists[i][0])), OWNER_FREE);
        ck_assert_uint_eq(frame_owner(stage.machine, MFN(lists[i][2])), d->domid);
        books_are_right();
    }
}
END_TEST

START_TEST(a_mapped_frame_stays_until_its_last_unmap)
{
    uint64_t mfn = pool_take(host, 0), freed = 0, before = d->reservation_pages;

    reservation_add(d, mfn);
    ck_assert_int_eq(reservation_map(d, mfn, false), 0);
    ck_assert_int_eq(reservation_map(d, mfn, true), 0);
    ck_assert(reservation_release(d, mfn, &freed));
    ck_assert_uint_eq(freed, 0);
    ck_assert(frame_release_pending(stage.machine, MFN(mfn)));
    ck_assert(!reservation_unmap(stage.machine, mfn, false));
    ck_assert_uint_eq(d->reservation_pages, before + 1);
    ck_assert(reservation_unmap(stage.machine, mfn, true));
    ck_assert_uint_eq(d->reservation_pages, before);
    ck_assert_uint_eq(frame_owner(stage.machine, MFN(mfn)), OWNER_FREE);
    books_are_right();
}
END_TEST

START_TEST(what_may_not_be_given_up_or_mapped)
{
    uint64_t freed = 0;

    ck_assert(!reservation_release(d, UINT64_MAX, &freed));
    ck_assert(!reservation_release(d, HOST_FIRST_MFN - 1, &freed));
    ck_assert(reservation_release(d, d->overhead.mfn[0], &freed)); /* it may be named, and stays */
    ck_assert_uint_eq(freed, 0);
    ck_assert_int_eq(reservation_map(d, host->end_mfn, false), EPERM);
    ck_assert_int_eq(reservation_map(d, 0xfffffffffe, false), EPERM);
    ck_assert_int_eq(reservation_map(d, 0xffffffffff, false), EINVAL); /* all bits of an entry */
    ck_assert_int_eq(reservation_map(d, d->overhead.mfn[1], false), EPERM);
    ck_assert_int_eq(reservation_map(d, HOST_FIRST_MFN - 1, false), EPERM);
    books_are_right();
}
END_TEST

START_TEST(a_zombie_has_what_dom0_maps)
{
    const struct dying dying = {.domid = d->domid, .maximum_pages = 7};
    uint64_t mapped = pool_take(host, 0), other = pool_take(host, 0), overhead = host->overhead_pages;
    struct overhead structures = {0};

    overhead_take(host, &structures, 2);
    const uint32_t structure = structures.mfn[1];
    reservation_add(d, mapped);
    reservation_add(d, other);
    frame_of(host, mapped)->stamp = 77;
    ck_assert_int_eq(reservation_map(d, mapped, true), 0);
    uint64_t before = d->reservation_pages, free_pages = host->free_pages;
    d->zombie = zombie_begin(host, &dying);
    reservation_end(d, mapped);
    reservation_end(d, other);
    ck_assert(zombie_end(d->zombie, &structures));
    ck_assert_uint_eq(structures.count, 0);
    d->zombie = NULL;
    ck_assert_uint_eq(d->reservation_pages, before - 2);
    ck_assert_uint_eq(host->free_pages, free_pages + 1);
    ck_assert_uint_eq(frame_owner(stage.machine, MFN(mapped)), OWNER_XEN);
    ck_assert_uint_eq(frame_stamp(stage.machine, MFN(mapped)), 77);
    ck_assert_uint_eq(host->overhead_pages, overhead + 3);
    struct zombie *zombie = zombie_of(host, dying.domid);
    ck_assert_ptr_nonnull(zombie);
    ck_assert_uint_eq(zombie->dying.maximum_pages, 7);
    ck_assert(zombie_has(host, zombie, mapped) && !zombie_has(host, zombie, other));
    zombie_mapped(host, zombie, mapped);
    ck_assert(!reservation_unmap(stage.machine, mapped, true)); /* it was mapped twice */
    ck_assert(reservation_unmap(stage.machine, mapped, true));
    ck_assert_ptr_null(zombie_of(host, dying.domid));
    ck_assert_uint_eq(host->overhead_pages, overhead);
    ck_assert_uint_eq(frame_owner(stage.machine, MFN(structure)), OWNER_FREE);
    ck_assert_uint_eq(frame_stamp(stage.machine, MFN(mapped)), 0);
    books_are_right();
    overhead_take(host, &structures, 2);
    d->zombie = zombie_begin(host, &dying); /* one of which nothing stays takes nothing over */
    ck_assert(!zombie_end(d->zombie, &structures));
    ck_assert_uint_eq(structures.count, 2);
    d->zombie = NULL;
    overhead_give_back(host, &structures);
    books_are_right();
}
END_TEST

Suite *reservation_suite(void)
{
    Suite *suite = suite_create("reservation");
    TCase *tests = tcase_create("reservation");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_row_is_as_one_by_one);
    tcase_add_test(tests, a_row_ends_where_something_is_special);
    tcase_add_test(tests, a_mapped_frame_stays_until_its_last_unmap);
    tcase_add_test(tests, what_may_not_be_given_up_or_mapped);
    tcase_add_test(tests, a_zombie_has_what_dom0_maps);
    suite_add_tcase(suite, tests);
    return suite;
}
