/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of replay's options: what they become, and how each wrong one is refused. */
#include "harness/ballast/options.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct replay_options options;
static char error[512];

#define PARSE(...) parse((const char *[]){"replay", __VA_ARGS__, NULL})
static bool parse(const char **arguments)
{
    int count = 0;

    while (arguments[count] != NULL)
        count++;
    error[0] = 0;
    return replay_options_parse(&options, count, arguments, error, sizeof error);
}

static void teardown(void)
{
    replay_options_free(&options);
}

START_TEST(without_any)
{
    ck_assert(PARSE("a.scn"));
    ck_assert_uint_eq(options.nr_files, 1);
    ck_assert_str_eq(options.files[0], "a.scn");
    ck_assert_ptr_null(options.files[1]);
    ck_assert_uint_eq(options.run.seed, 1);
    ck_assert_uint_eq(options.run.until_event, 0);
    ck_assert_ptr_null(options.run.kernel);
    ck_assert_uint_eq(options.jobs, 1);
    ck_assert_uint_eq(options.timeout_s, TIMEOUT_S_DEFAULT);
    ck_assert(!options.strict && !options.quiet && !options.show_help);
}
END_TEST

START_TEST(with_all)
{
    ck_assert(PARSE("--seed=7", "a.scn", "--kernel", "netbsd-static", "--until", "2841", "--jobs=2",
        "--strict", "-q", "--show=picture,log", "--timeout=5", "--stop-at-first", "--format=text", "b.scn"));
    ck_assert_uint_eq(options.nr_files, 2);
    ck_assert_str_eq(options.files[1], "b.scn");
    ck_assert_uint_eq(options.run.seed, 7);
    ck_assert_str_eq(options.run.kernel, "netbsd-static");
    ck_assert_uint_eq(options.run.until_event, 2841);
    ck_assert_uint_eq(options.jobs, 2);
    ck_assert_uint_eq(options.timeout_s, 5);
    ck_assert_uint_eq(options.show, SHOW_LOG | SHOW_PICTURE);
    ck_assert(options.strict && options.quiet && options.run.stop_at_first);
    ck_assert_str_eq(options.format, "text");
}
END_TEST

START_TEST(a_seed_may_be_large)
{
    ck_assert(PARSE("--seed=18446744073709551615", "a.scn"));
    ck_assert_uint_eq(options.run.seed, 18446744073709551615ull);
}
END_TEST

static const struct {
    const char *first, *second, *says;
} wrong[] = {
    {"--sed=1", "a.scn", "did you mean --seed?"},
    {"--xyzzy", "a.scn", "--help"},
    {"--seed=x", "a.scn", "seed"},
    {"--seed", NULL, "seed"},
    {"--schedules=x", "a.scn", "--schedules x: a number from 0 to 1000000 is wanted"},
    {"--schedule-seed=0", "a.scn", "--schedule-seed 0: a number from 1 up is wanted"},
    {"--seed=-1", "a.scn", "from 0"},
    {"--seed=18446744073709551616", "a.scn", "from 0"},
    {"--until=-5", "a.scn", "from 1"},
    {"--jobs=0", "a.scn", "--jobs 0: a number from 1 to 256 is wanted"},
    {"--jobs=1000", "a.scn", "--jobs 1000: a number from 1 to 256 is wanted"},
    {"--jobs=x", "a.scn", "--jobs x: a number from 1 to 256 is wanted"},
    {"-jx", "a.scn", "--jobs x: a number from 1 to 256 is wanted"},
    {"--jobs= 2", "a.scn", "--jobs  2: a number from 1 to 256 is wanted"},
    {"--jobs=", "a.scn", "--jobs : a number from 1 to 256 is wanted"},
    {"--jobs", NULL, "--jobs wants a value, N: replay so many files at a time"},
    {"-j", NULL, "--jobs wants a value, N: replay so many files at a time"},
    {"--quiet=2", "a.scn", "--quiet"},
    {"--timeout=0", "a.scn", "--timeout 0: a number from 1 to 86400 is wanted"},
    {"--timeout=9s", "a.scn", "--timeout 9s: a number from 1 to 86400 is wanted"},
    {"--until=1e3", "a.scn", "--until 1e3: a number from 1 up is wanted"},
    {"--on=qemu", "a.scn", "--on qemu: there are sim, xen and both"},
    {"--kernel=linux", "a.scn", "did you mean `linux-6.1`?"},
    {"--show=pictures", "a.scn", "log and picture"},
    {"--quiet", NULL, "no scenario file"},
    {"--seed=5x", "a.scn", "from 0"},
    {"--seed=", "a.scn", "from 0"},
    {"--timeout=86401", "a.scn", "to 86400"},
    {"--show=log,logs", "a.scn", "--show logs: there are log and picture"},
    {"--show=,log", "a.scn", "log and picture"},
    {"--on=zen", "a.scn", "--on zen: there are sim, xen and both"},
};

START_TEST(wrong_ones_are_refused)
{
    ck_assert(!PARSE(wrong[_i].first, wrong[_i].second));
    ck_assert_msg(strstr(error, wrong[_i].says) != NULL, "%s: %s", wrong[_i].first, error);
}
END_TEST

START_TEST(schedules_are_many_replays_or_one)
{
    ck_assert(PARSE("--schedules=40", "a.scn", "b.scn"));
    ck_assert_uint_eq(options.schedules, 40);
    ck_assert_uint_eq(options.run.schedule_seed, 0);
    replay_options_free(&options);
    ck_assert(PARSE("--schedule-seed=18446744073709551615", "--until=3", "a.scn"));
    ck_assert_uint_eq(options.schedules, 0);
    ck_assert_uint_eq(options.run.schedule_seed, UINT64_MAX);
    replay_options_free(&options);
    ck_assert(!PARSE("--schedules=2", "--until=3", "a.scn"));
    ck_assert_str_eq(
        error, "--schedules is many replays, and --until is about one: say --schedule-seed for one of them");
    replay_options_free(&options);
    ck_assert(!PARSE("--schedules=2", "--record=r", "a.scn"));
    replay_options_free(&options);
    ck_assert(!PARSE("--schedules=2", "--gdb", "a.scn"));
    replay_options_free(&options);
    ck_assert(!PARSE("--schedules=2", "--schedule-seed=3", "a.scn"));
    ck_assert_str_eq(
        error, "--schedules chooses the seeds itself, and --schedule-seed says one: one of the two");
}
END_TEST

START_TEST(where_guests_run)
{
    ck_assert(PARSE("--on=sim", "a.scn"));
    ck_assert_int_eq(options.run.on, ON_SIM);
    replay_options_free(&options);
    ck_assert(PARSE("--on=xen", "a.scn"));
    ck_assert_int_eq(options.run.on, ON_XEN);
    replay_options_free(&options);
    ck_assert(PARSE("--on=both", "a.scn"));
    ck_assert_int_eq(options.run.on, ON_BOTH);
    replay_options_free(&options);
    ck_assert(!PARSE("--gdb", "--on=xen", "a.scn"));
    ck_assert_ptr_nonnull(strstr(error, "--gdb shows one replay"));
}
END_TEST

START_TEST(one_recording_for_two_files_is_refused)
{
    ck_assert(!PARSE("--record=x", "a.scn", "b.scn"));
    ck_assert_ptr_nonnull(strstr(error, "2 files"));
}
END_TEST

START_TEST(help_wants_no_file_and_names_each_option)
{
    char text[8192] = "";
    FILE *out = fmemopen(text, sizeof text - 1, "w");

    ck_assert(PARSE("--help"));
    ck_assert(options.show_help);
    ck_assert(replay_options_help(out, &options));
    fclose(out);
    ck_assert_ptr_nonnull(strstr(text, "--until"));
    ck_assert_ptr_nonnull(strstr(text, "--strict"));
    ck_assert_ptr_nonnull(strstr(text, "Exit codes"));
}
END_TEST

/* The manual page, which no program writes. */
static char *manual(void)
{
    static char text[65536];
    FILE *in = fopen("docs/ballast.1", "r");

    ck_assert_ptr_nonnull(in);
    text[fread(text, 1, sizeof text - 1, in)] = 0;
    fclose(in);
    return text;
}

START_TEST(the_manual_has_every_option)
{
    char *text = NULL, wanted[64], name[48];
    size_t bytes;
    unsigned found = 0;
    options = (struct replay_options){.driver = _i != 0};
    FILE *out = open_memstream(&text, &bytes);

    guest_options_begin(&options.guest);
    ck_assert(replay_options_help(out, &options));
    fclose(out);
    for (const char *at = text; (at = strstr(at, " --")) != NULL; at += 3) {
        ck_assert_int_eq(sscanf(at + 3, "%47[a-z-]", name), 1);
        snprintf(wanted, sizeof wanted, "Fl -%s", name);
        ck_assert_msg(strstr(manual(), wanted) != NULL, "docs/ballast.1 does not tell of --%s", name);
        found++;
    }
    ck_assert_uint_gt(found, 20);
    free(text);
    guest_options_end(&options.guest);
}
END_TEST

START_TEST(the_manual_has_every_exit_code)
{
    char row[160];

    for (unsigned c = 0; c < NR_EXIT_CODES; c++) {
        snprintf(row, sizeof row, ".It %d\n%s\n", exit_codes[c].code, exit_codes[c].means);
        ck_assert_msg(strstr(manual(), row) != NULL, "docs/ballast.1 has no row\n%s", row);
    }
}
END_TEST

Suite *options_suite(void)
{
    Suite *suite = suite_create("options");
    TCase *tests = tcase_create("replay's options");

    tcase_add_checked_fixture(tests, NULL, teardown);
    tcase_add_test(tests, without_any);
    tcase_add_test(tests, with_all);
    tcase_add_test(tests, a_seed_may_be_large);
    tcase_add_loop_test(tests, wrong_ones_are_refused, 0, (int)(sizeof wrong / sizeof wrong[0]));
    tcase_add_test(tests, where_guests_run);
    tcase_add_test(tests, schedules_are_many_replays_or_one);
    tcase_add_test(tests, one_recording_for_two_files_is_refused);
    tcase_add_test(tests, help_wants_no_file_and_names_each_option);
    tcase_add_loop_test(tests, the_manual_has_every_option, 0, 2);
    tcase_add_test(tests, the_manual_has_every_exit_code);
    suite_add_tcase(suite, tests);
    return suite;
}
