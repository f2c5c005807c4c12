/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A kernel that no code knows, and scenarios about it: its sites, functions and refusals come from its description alone.
 * The tests show that a second family of kernels needs no change in this folder.
 */
#include "harness/language/scenario.h"
#include "sim/test_kernel.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#define HEAD "language 1\ndomain t kernel=testix memory=64m\ndomain u kernel=unknown memory=64m\n"

static const struct kernel *describe(const char *name)
{
    return strcmp(name, "testix") == 0 ? test_kernel() : NULL;
}

static struct complaint complaint;

static struct scenario *parse(const char *line, const char *instead)
{
    const struct kernels kernels = {.describe = describe, .instead = instead};
    char text[400] = HEAD;

    strcat(text, line);
    return scenario_parse("t.scn", text, strlen(text), &kernels, &complaint);
}

static const char *const good[] = {
    "fault t section_add page=3 sticky",
    "fault t section_remove page=1",
    "fault t heap.section every=2 times=3",
    "fault t thread_create call=1 errno=EBUSY",
    "fault t increase_reservation call=1 short=3",
    "heal t page_alloc",
    "heal t",
    "on t section_add page=3 return: xl mem-set t 32m",
    "on t page_alloc call=1 enter: heal t",
    "t call section_add first=16 pages=4 -> true",
    "t call section_count -> 3",
    "t$ balloonctl 3m",
    "t$ balloonct 3m -> 127",
    "u$ whatever",
    /* For a kernel that isn't there any name is taken, since its domain can't be built anyway. */
    "fault u whatever page=3 short=1",
    "on u whatever call=1 return: heal u",
    "u call whatever a=1 b=2 -> 3",
    "u map $a -> 0",
};

START_TEST(what_it_describes_can_be_said)
{
    struct scenario *scenario = parse(good[_i], NULL);

    ck_assert_msg(scenario != NULL, "%s: %s", good[_i], complaint.message);
    ck_assert_uint_eq(scenario->nr_statements, 1);
    scenario_free(scenario);
}
END_TEST

START_TEST(sites_have_its_numbers)
{
    struct scenario *scenario = parse("fault t heap.section call=1", NULL);

    ck_assert_ptr_nonnull(scenario);
    ck_assert_int_eq((int)scenario->statements[0].fault.site, TEST_SITE_ADD_HEAP);
    scenario_free(scenario);
}
END_TEST

static const struct {
    const char *line, *wrong;
} bad[] = {
    {"fault t heap.section page=1", "heap.section is not asked about single pages: page= goes with "
                                    "section_add and section_remove; use call="},
    {"fault t section_add call=1 short=2", "section_add does not answer short: -ENOSPC, before the call"},
    {"fault t section_add call=1 errno=5", "section_add answers with no error number"},
    {"fault t section_ad call=1", "there is no fault site `section_ad`; did you mean `section_add`?"},
    {"fault t uvm_physseg_plug call=1",
        "there is no fault site `uvm_physseg_plug` where kernel=testix runs; `ballast list faults testix`"},
    {"on t heap.section call=1 return: heal t",
        "heap.section is seen when it is entered, not when it returns"},
    {"t$ baloonctl 3m", "there is no command `baloonctl` inside t; did you mean `balloonctl`?"},
    {"every 1s for 2s: t$ sysctl -n x",
        "there is no command `sysctl` inside t; there are balloonctl, hold; if that is the point"},
    {"t call section_ad first=1 pages=1", "a scenario can't call `section_ad`; did you mean `section_add`?"},
    {"t call reboot", "a scenario can't call `reboot`; it can call section_add, section_count"},
    {"t call section_add pages=1", "expected first=NUMBER"},
    {"t map $a -> 0",
        "only a domain whose kernel issues raw hypercalls does this, as kernel=probe, and t has "
        "kernel=testix"},
    {"domain v kernel=testix memory=4m heat=full", "testix has no heat=full; it has heat=on, heat=off"},
    {"domain v kernel=testix memory=4m haet=on", "a domain has no option `haet`; did you mean `heat`?"},
    {"domain v kernel=testix memory=4m colour=on",
        "e820, role, or of its kernel's: heat=on, heat=off, sections=off"},
    {"domain v kernel=unknown mmeory=4m", "a domain has no option `mmeory`; did you mean `memory`?"},
    {"domain v kernel=testix memory=4m heat=on heat=on", "`heat` is said twice"},
    {"t call section_add first=1", "the line ends where pages=NUMBER should follow"},
};

static const struct {
    const char *options, *kernel, *command_line;
} chosen[] = {
    {"kernel=testix heat=off", "testix", NULL},
    {"kernel=testix heat=on", "testix", "heat=1"},
    {"heat=on kernel=testix cmdline=\"-v\"", "testix", "-v heat=1"},
    {"kernel=testix sections=off", "testix-flat", NULL},
    {"heat=on kernel=testix sections=off", "testix-flat", "heat=1"},
    /* What is behind a kernel that isn't there is taken, too. */
    {"kernel=testix sections=off whatever=on", "testix-flat", NULL},
    {"kernel=unknown whatever=on", "unknown", NULL},
};

START_TEST(its_choices_are_options)
{
    char line[120];
    struct scenario *scenario;

    snprintf(line, sizeof line, "domain v memory=4m %s", chosen[_i].options);
    scenario = parse(line, NULL);
    ck_assert_msg(scenario != NULL, "%s: %s", line, complaint.message);
    ck_assert_str_eq(scenario->domains[2].kernel, chosen[_i].kernel);
    ck_assert_pstr_eq(scenario->domains[2].command_line, chosen[_i].command_line);
    scenario_free(scenario);
}
END_TEST

/* Where a domain's own kernel isn't there, the one that runs in its place knows what the words are. */
START_TEST(a_choice_of_the_kernel_in_place)
{
    struct scenario *scenario = parse("domain v kernel=unknown memory=4m heat=on", "testix");

    ck_assert_msg(scenario != NULL, "%s", complaint.message);
    ck_assert_str_eq(scenario->domains[2].command_line, "heat=1");
    scenario_free(scenario);
}
END_TEST

START_TEST(what_it_lacks_is_refused)
{
    ck_assert_ptr_null(parse(bad[_i].line, NULL));
    ck_assert_msg(
        strstr(complaint.message, bad[_i].wrong) != NULL, "no `%s` in: %s", bad[_i].wrong, complaint.message);
}
END_TEST

/* With another kernel in place of a domain's own, it is that one's sites that there are. */
START_TEST(another_kernel_instead)
{
    struct scenario *scenario = parse("fault u section_add page=1", "testix");

    ck_assert_msg(scenario != NULL, "%s", complaint.message);
    scenario_free(scenario);
    ck_assert_ptr_null(parse("fault u whatever call=1", "testix"));
}
END_TEST

Suite *parser_kernel_suite(void);

Suite *parser_kernel_suite(void)
{
    Suite *suite = suite_create("parser and kernel");
    TCase *tests = tcase_create("a kernel of its own");

    tcase_add_loop_test(tests, what_it_describes_can_be_said, 0, sizeof good / sizeof good[0]);
    tcase_add_test(tests, sites_have_its_numbers);
    tcase_add_loop_test(tests, what_it_lacks_is_refused, 0, sizeof bad / sizeof bad[0]);
    tcase_add_test(tests, another_kernel_instead);
    tcase_add_loop_test(tests, its_choices_are_options, 0, sizeof chosen / sizeof chosen[0]);
    tcase_add_test(tests, a_choice_of_the_kernel_in_place);
    suite_add_tcase(suite, tests);
    return suite;
}
