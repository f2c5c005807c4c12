/* SPDX-License-Identifier: BSD-2-Clause */
/* Which records move which line of a picture. */
#include "reports/recording_for_tests.h"
#include "reports/series.h"

Suite *series_suite(void);

static struct run_series run;

static const struct series *read_all(unsigned domid, enum quantity quantity)
{
    finish_recording();
    ck_assert(run_series_read(&run, reading));
    for (size_t i = run.nr_domains; i-- > 0;)
        if (run.domains[i].domid == domid)
            return &run.domains[i].of[quantity];
    return NULL;
}

static void ck_step(const struct series *series, size_t i, uint64_t time_ns, uint64_t pages)
{
    ck_assert_uint_lt(i, series->count);
    ck_assert_uint_eq(series->steps[i].time_ns, time_ns);
    ck_assert_uint_eq(series->steps[i].pages, pages);
}

static void write_target(unsigned by, uint64_t time_ns, const char *path, const char *kib, int error)
{
    struct record_xenstore request = {.op = XS_WRITE, .error = error, .by = by};

    add_texts(REC_XENSTORE, by == 0 ? DOMID_HOST : by, time_ns, &request, sizeof request, path, kib);
}

START_TEST(a_reservation_steps)
{
    const struct series *series;
    uint64_t pages;

    add_domain(1, "nb", 1000, 2000);
    add_reservation(1, 5 * MS, XENMEM_increase_reservation, 10, 1010, 2000);
    add_reservation(1, 6 * MS, XENMEM_increase_reservation, 0, 1010, 2000); /* nothing new */
    add_reservation(1, 7 * MS, XENMEM_decrease_reservation, 5, 1005, 2000);
    add_reservation(
        1, 7 * MS, XENMEM_decrease_reservation, 5, 1000, 2000); /* at the same moment: the last counts */
    add_reservation(
        1, 6 * MS, XENMEM_decrease_reservation, 1, 999, 2000); /* a batch is dated by its beginning */
    series = read_all(1, QUANTITY_RESERVATION);
    ck_assert_uint_eq(series->count, 3);
    ck_step(series, 0, 0, 1000);
    ck_step(series, 1, 5 * MS, 1010);
    ck_step(series, 2, 7 * MS, 999);
    ck_assert_uint_eq(run.domains[0].of[QUANTITY_MAXIMUM].count, 1);
    ck_assert(series_at(series, 5 * MS - 1, &pages) && pages == 1000);
    ck_assert(series_at(series, 5 * MS, &pages) && pages == 1010);
    ck_assert(series_at(series, UINT64_MAX, &pages) && pages == 999);
    ck_assert(!series_at(&run.domains[0].of[QUANTITY_MAXIMUM], 5 * MS - 1, &pages));
    ck_assert_uint_eq(run.end_ns, 7 * MS);
    run_series_free(&run);
}
END_TEST

START_TEST(a_target_by_either_path)
{
    const struct series *series;

    add_domain(1, "nb", 1000, 2000);
    add_domain(12, "other", 1000, 2000);
    write_target(0, MS, "/local/domain/1/memory/target", "8000", 0);
    write_target(1, 2 * MS, "memory/target", "4000", 0);
    write_target(12, 3 * MS, "memory/target", "44", 0);
    write_target(0, 4 * MS, "/local/domain/1/memory/target", "400", 13);
    write_target(0, 5 * MS, "/local/domain/1/memory/targets", "404", 0);
    write_target(0, 6 * MS, "/local/domain/1/memory/static-max", "404", 0);
    write_target(0, 7 * MS, "/local/domain/99/memory/target", "404", 0);
    series = read_all(1, QUANTITY_TARGET);
    ck_assert_uint_eq(series->count, 2);
    ck_step(series, 0, MS, 2000);
    ck_step(series, 1, 2 * MS, 1000);
    ck_assert_uint_eq(run.domains[1].of[QUANTITY_TARGET].count, 1);
    ck_assert_uint_eq(run.nr_domains, 2);
    run_series_free(&run);
}
END_TEST

/* The number may be given again: what comes then is the younger one's. */
START_TEST(a_domain_ends)
{
    const struct series *series;

    add_domain(1, "nb", 1000, 2000);
    add_value(REC_DOMAIN_END, 1, 3 * MS, DOMAIN_END_DESTROY);
    add_domain(1, "again", 500, 500);
    add_reservation(1, 5 * MS, XENMEM_increase_reservation, 10, 510, 600);
    series = read_all(1, QUANTITY_RESERVATION);
    ck_assert_uint_eq(run.nr_domains, 2);
    ck_assert_uint_eq(run.domains[0].end_ns, 3 * MS);
    ck_step(&run.domains[0].of[QUANTITY_RESERVATION], 1, 3 * MS, 0);
    ck_assert_uint_eq(run.domains[1].end_ns, UINT64_MAX);
    ck_step(series, 1, 5 * MS, 510);
    run_series_free(&run);
}
END_TEST

/* Numbers that nobody can have are cut before anything is scaled with them. */
START_TEST(no_number_is_too_large)
{
    const struct series *series;

    add_domain(1, "nb", UINT64_MAX, UINT64_MAX);
    series = read_all(1, QUANTITY_RESERVATION);
    ck_step(series, 0, 0, UINT64_C(1) << 52);
    run_series_free(&run);
}
END_TEST

Suite *series_suite(void)
{
    Suite *suite = suite_create("reports/series");
    TCase *tests = tcase_create("series");

    tcase_add_checked_fixture(tests, begin_recording, drop_recording);
    tcase_add_test(tests, a_reservation_steps);
    tcase_add_test(tests, a_target_by_either_path);
    tcase_add_test(tests, a_domain_ends);
    tcase_add_test(tests, no_number_is_too_large);
    suite_add_tcase(suite, tests);
    return suite;
}
