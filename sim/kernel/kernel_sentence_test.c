/* SPDX-License-Identifier: BSD-2-Clause */
/* Sentences on a console: which pattern is one, what a line says, and what is not said by one that is near. */
#include <check.h>
#include <string.h>

#include "sim/kernel/kernel_sentence.h"

static const struct kernel_sentence moving = {KERNEL_SAYS_MOVING,
                                        "now: {current:pages} pages => target: {target:pages} pages"},
                                    below = {KERNEL_SAYS_BELOW_MIN,
                                        "target {target:kib} is below min {limit:kib}"},
                                    short_of = {KERNEL_SAYS_SHORT, "could not reach {target} ({current})"},
                                    plugged = {KERNEL_SAYS_PLUGGED, "plugged frames "},
                                    frames = {KERNEL_SAYS_PLUGGED, "frames {first} - {last} plugged"};

static struct kernel_said said;

static const struct {
    const struct kernel_sentence *sentence;
    const char *line;
    bool matches;
} lines[] = {
    {&moving, "balloon0: now: 1024 pages => target: 2048 pages", true},
    {&moving, "now: 1024 pages => target: 2048 pages, and more", true},
    {&moving, "now: now: 1024 pages => target: 2048 pages", true}, /* the second beginning is the one */
    {&moving, "now: 1024 pages => target: 2048 page", false},
    {&moving, "now:  1024 pages => target: 2048 pages", false},
    {&moving, "now: -1 pages => target: 2048 pages", false},
    {&moving, "now: 18446744073709551616 pages => target: 2048 pages", false}, /* 64 bits do not hold it */
    {&moving, "", false},
    {&below, "balloon0: new target 131072 is below min 4608", true},
    {&below, "new target 131072 is above max 4608", false},
    {&below, "target 131072 is below min ", false},
    {&short_of, "WARNING: could not reach 8188 (4000)", true},
    {&short_of, "WARNING: could not reach 8188 (4000", false},
    {&plugged, "plugged frames 0x4063 - 0x4100", true},
    {&plugged, "plugged frame", false},
    {&frames, "frames 0x - 0x4 plugged", false},
    {&frames, "frames 0x10000000000000000 - 0x4 plugged", false},
    {&frames, "frames 4g - 5 plugged", false},
};

START_TEST(a_line_matches_or_does_not)
{
    char error[160];

    ck_assert_msg(kernel_sentence_check(lines[_i].sentence, error, sizeof error), "%s", error);
    ck_assert_msg(kernel_sentence_matches(lines[_i].sentence, lines[_i].line, &said) == lines[_i].matches,
        "%s", lines[_i].line);
}
END_TEST

START_TEST(numbers_and_their_units)
{
    ck_assert(kernel_sentence_matches(&moving, "now: 1024 pages => target: 2048 pages", &said));
    ck_assert_uint_eq(said.value[KERNEL_NUMBER_CURRENT], 1024);
    ck_assert_uint_eq(said.value[KERNEL_NUMBER_TARGET], 2048);
    ck_assert_int_eq(said.unit[KERNEL_NUMBER_TARGET], KERNEL_UNIT_PAGES);
    ck_assert(kernel_sentence_matches(&below, "target 7 is below min 18446744073709551615", &said));
    ck_assert_uint_eq(said.value[KERNEL_NUMBER_LIMIT], UINT64_MAX);
    ck_assert_int_eq(said.unit[KERNEL_NUMBER_LIMIT], KERNEL_UNIT_KIB);
    ck_assert_uint_eq(said.value[KERNEL_NUMBER_CURRENT], 0); /* of the line before, not of this one */
    ck_assert(kernel_sentence_matches(&frames, "frames 0x40ff - 12 plugged", &said));
    ck_assert_uint_eq(said.value[KERNEL_NUMBER_FIRST], 0x40ff);
    ck_assert_uint_eq(said.value[KERNEL_NUMBER_LAST], 12);
    ck_assert(kernel_sentence_matches(&short_of, "could not reach 8188 (4000)", &said));
    ck_assert_int_eq(said.unit[KERNEL_NUMBER_TARGET], KERNEL_UNIT_UNSAID);
}
END_TEST

static const struct {
    enum kernel_saying saying;
    const char *pattern, *wrong;
} bad[] = {
    {KERNEL_SAYS_PLUGGED, "", "begins with text"},
    {KERNEL_SAYS_MOVING, "{current} to {target}", "begins with text"},
    {KERNEL_SAYS_MOVING, "from {current to {target}", "no number of a pattern: `{current to {target}"},
    {KERNEL_SAYS_MOVING, "from {current", "no number of a pattern"},
    {KERNEL_SAYS_MOVING, "from {currant} to {target}", "no number of a pattern: `{currant}"},
    {KERNEL_SAYS_MOVING, "from {current:mib} to {target}", "no number of a pattern: `{current:mib}"},
    {KERNEL_SAYS_MOVING, "from {current:} to {target}", "no number of a pattern"},
    {KERNEL_SAYS_MOVING, "from {current}{target}", "touch"},
    {KERNEL_SAYS_MOVING, "from {current} to {current}, {target}", "twice in its pattern: `current`"},
    {KERNEL_SAYS_MOVING, "from {current}", "lacks the number: `target`"},
    {KERNEL_SAYS_BELOW_MIN, "below {target}", "lacks the number: `limit`"},
};

START_TEST(a_pattern_that_is_none)
{
    const struct kernel_sentence sentence = {bad[_i].saying, bad[_i].pattern};
    char error[160] = "";

    ck_assert(!kernel_sentence_check(&sentence, error, sizeof error));
    ck_assert_msg(strstr(error, bad[_i].wrong) != NULL, "no `%s` in: %s", bad[_i].wrong, error);
}
END_TEST

Suite *kernel_sentence_suite(void);

Suite *kernel_sentence_suite(void)
{
    Suite *suite = suite_create("kernel sentence");
    TCase *tests = tcase_create("sentences");

    tcase_add_loop_test(tests, a_line_matches_or_does_not, 0, sizeof lines / sizeof lines[0]);
    tcase_add_test(tests, numbers_and_their_units);
    tcase_add_loop_test(tests, a_pattern_that_is_none, 0, sizeof bad / sizeof bad[0]);
    suite_add_tcase(suite, tests);
    return suite;
}
