/* SPDX-License-Identifier: BSD-2-Clause */
/* The sweep over a P2M: what it counts, against a plain count entry by entry. */
#include "sim/invariants/testing.h"

#include "sim/invariants/sweep.h"
#include "sim/invariants/watched.h"
#include "sim/random.h"

Suite *sweep_suite(void);

static struct sweep swept(const struct ranges *allowed)
{
    struct watched *w = watched_find(show.inv, show.p->domain->domid);
    struct sweep sweep = {.allowed = allowed};

    ck_assert_ptr_nonnull(w);
    sweep_domain(show.inv, w, &sweep);
    return sweep;
}

/* Holes anywhere and allowed rows anywhere: no entry is counted twice, and none left out. */
START_TEST(as_counted_one_by_one)
{
    uint64_t chance = 1, *p2m;

    show_open();
    p2m = test_guest_p2m(show.p);
    for (unsigned round = 0; round < 200; round++) {
        uint64_t saved[BOOT_PAGES], named = 0, owned = 0, unbacked = 0, first = 0;
        struct ranges allowed = {0};
        struct sweep sweep;

        memcpy(saved, p2m, sizeof saved);
        for (unsigned i = (unsigned)(random_next(&chance) % 4); i > 0; i--) {
            const uint64_t start = random_next(&chance) % MAXMEM_PAGES;
            ck_assert(ranges_add(&allowed, start, start + random_next(&chance) % 400));
        }
        for (unsigned i = (unsigned)(random_next(&chance) % 9); i > 0; i--)
            for (uint64_t pfn = random_next(&chance) % BOOT_PAGES, last = pfn + random_next(&chance) % 9;
                 pfn < last && pfn < BOOT_PAGES; pfn++)
                p2m[pfn] = UINT64_MAX;
        for (uint64_t pfn = 0; pfn < domain_p2m_entries(show.p->domain); pfn++) {
            const bool backed = p2m[pfn] != UINT64_MAX, image = pfn < image_end();
            const bool may = image || ranges_hold(&allowed, pfn);

            owned += backed;
            named += backed && may;
            if (!backed && may && !image && unbacked++ == 0)
                first = pfn;
        }
        sweep = swept(&allowed);
        ck_assert_uint_eq(sweep.owned_pages, owned);
        ck_assert_uint_eq(sweep.named_pages, named);
        ck_assert_uint_eq(sweep.unbacked_pages, unbacked);
        ck_assert_uint_eq(sweep.unbacked_first, first);
        ck_assert_uint_eq(sweep.odd.count, 0);
        ranges_free(&allowed);
        memcpy(p2m, saved, sizeof saved);
    }
    held(INVARIANT_P2M_M2P);
    show_close();
}
END_TEST

/* Where nothing is known of segments any pfn may name a frame, and none has to. */
START_TEST(with_no_segments_known)
{
    struct sweep sweep;

    show_open();
    test_guest_p2m(show.p)[900] = UINT64_MAX;
    sweep = swept(NULL);
    ck_assert_uint_eq(sweep.named_pages, BOOT_PAGES - 1);
    ck_assert_uint_eq(sweep.owned_pages, BOOT_PAGES - 1);
    ck_assert_uint_eq(sweep.unbacked_pages, 0);
    show_close();
}
END_TEST

/* One frame with two names is counted once, and is odd under the one that its M2P entry doesn't know. */
START_TEST(a_second_name_is_not_counted)
{
    struct ranges allowed = {0};
    struct sweep sweep;

    show_open();
    ck_assert(ranges_add(&allowed, image_end(), BOOT_PAGES));
    test_guest_p2m(show.p)[1001] = test_guest_p2m(show.p)[1000];
    sweep = swept(&allowed);
    ck_assert_uint_eq(sweep.owned_pages, BOOT_PAGES - 1);
    broken(INVARIANT_NO_ALIAS, "two pfns, 0x3e8 and 0x3e9", NULL);
    free(sweep.odd.at);
    ranges_free(&allowed);
    show_close();
}
END_TEST

Suite *sweep_suite(void)
{
    Suite *suite = suite_create("invariants/sweep");
    TCase *tests = tcase_create("sweep");

    tcase_add_test(tests, as_counted_one_by_one);
    tcase_add_test(tests, with_no_segments_known);
    tcase_add_test(tests, a_second_name_is_not_counted);
    suite_add_tcase(suite, tests);
    return suite;
}
