/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tests of the search, on a world whose whole state is a number that operations add to. Some numbers break rules, end the
 * process or don't return.
 */
#include "harness/segments/explore.h"

#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "harness/segments/cage.h"

Suite *explore_suite(void);

enum { SOFT, HARD, STOPPED, PROBED, NR_RULES };
#define ENOUGH 1000000

static struct {
    uint64_t number, refused, unused;
} state;
static const struct small_world_host *host;
static struct exploration found;
static uint64_t soft_at, hard_at, crash_at, panic_at; /* not state: they stay */

static bool suits(unsigned setup)
{
    return setup == 0;
}

static void world_begin(unsigned setup, const struct small_world_host *its_host)
{
    (void)setup;
    host = its_host;
    state.number = 0;
}

static unsigned three(void)
{
    return 3;
}

static unsigned one(void)
{
    return 1;
}

static bool allowed(unsigned operation)
{
    return state.number + operation + 1 <= 20;
}

static bool probe_allowed(unsigned probe)
{
    (void)probe;
    return state.number == 7;
}

/* Adds 1, 2 or 3, and asks for memory twice. With a request refused it adds 10 as well. */
static unsigned world_run(unsigned operation, unsigned refused)
{
    state.number += operation + 1 + (refused != 0 ? 10 : 0);
    state.refused = refused;
    if (state.number == panic_at)
        host->stop(SMALL_WORLD_PANIC, "it panics");
    if (state.number == crash_at)
        raise(SIGSEGV);
    return 2;
}

static void world_look(void)
{
    if (state.number == soft_at)
        host->broken(SOFT, "soft");
    if (state.number == hard_at)
        host->broken(HARD, "hard");
}

static void world_probe(unsigned probe)
{
    (void)probe;
    state.number = 99; /* it is put back */
    host->broken(PROBED, "probed");
}

static void settle(void)
{
    state.refused = 0;
}

static size_t abstract(uint8_t *key)
{
    memcpy(key, &state.number, sizeof state.number);
    return sizeof state.number;
}

static void stopped(enum small_world_stop how, const char *text)
{
    host->broken(STOPPED, how == SMALL_WORLD_SIGNAL ? "signal" : text);
}

static size_t arena_used(void)
{
    return 0;
}

static void name_operation(unsigned operation, unsigned refused, char *text)
{
    snprintf(text, SMALL_WORLD_TEXT_MAX, refused != 0 ? "add%u/%u" : "add%u", operation + 1, refused);
}

static void name_probe(unsigned probe, char *text)
{
    snprintf(text, SMALL_WORLD_TEXT_MAX, "probe %u", probe);
}

static const struct small_world_rule rules[NR_RULES] = {[SOFT] = {"soft", "", false, false},
    [HARD] = {"hard", "", false, true},
    [STOPPED] = {"stopped", "", false, true},
    [PROBED] = {"probed", "", false, false}};
static struct small_world_setup setups[] = {{"numbers", 0, true, false}, {"never", 0, true, false}};
static const struct small_world numbers = {.magic = SMALL_WORLD_MAGIC,
    .name = "numbers",
    .rules = rules,
    .nr_rules = NR_RULES,
    .setups = setups,
    .nr_setups = 2,
    .suits = suits,
    .begin = world_begin,
    .operations = three,
    .probes = one,
    .allowed = allowed,
    .probe_allowed = probe_allowed,
    .run = world_run,
    .look = world_look,
    .probe = world_probe,
    .settle = settle,
    .abstract = abstract,
    .stopped = stopped,
    .arena_used = arena_used,
    .name_operation = name_operation,
    .name_probe = name_probe};

static void search(uint64_t steps_max)
{
    const struct memory data = {.data = (char *)&state, .data_bytes = sizeof state};
    char error[128] = "";

    ck_assert(cage_begin());
    ck_assert_msg(explore(&numbers, 0, &data, steps_max, &found, error, sizeof error), "%s", error);
}

static void begin(void)
{
    soft_at = hard_at = crash_at = panic_at = UINT64_MAX;
}

static void end(void)
{
    exploration_free(&found);
}

START_TEST(all_states_are_met_once)
{
    search(ENOUGH);
    ck_assert_int_eq(found.end, EXPLORED_ALL);
    /* 0 to 20 by sums, and what a refusal adds: up to 20 + 10. */
    ck_assert_uint_eq(found.states, 31);
    ck_assert_uint_eq(found.rules[SOFT].count, 0);
}
END_TEST

START_TEST(the_first_way_is_a_shortest)
{
    soft_at = 9;
    search(ENOUGH);
    ck_assert_str_eq(found.rules[SOFT].path, "add3 add3 add3");
    ck_assert_str_eq(found.rules[SOFT].text, "soft");
    ck_assert_uint_gt(found.rules[SOFT].count, 1); /* each time that the state is come to */
}
END_TEST

START_TEST(a_refused_request_is_part_of_the_way)
{
    soft_at = 24;
    search(ENOUGH);
    ck_assert_str_eq(found.rules[SOFT].path, "add1/1 add3/1");
}
END_TEST

START_TEST(nothing_is_tried_behind_a_hard_one)
{
    hard_at = 1;
    soft_at = 2;
    search(ENOUGH);
    ck_assert_str_eq(found.rules[HARD].path, "add1");
    ck_assert_str_eq(found.rules[SOFT].path, "add2"); /* and not by way of 1 */
    ck_assert_uint_eq(found.rules[SOFT].count, 1);
    ck_assert_uint_eq(found.states, 30);
}
END_TEST

START_TEST(panics_and_signals_are_answers)
{
    panic_at = 4;
    search(ENOUGH);
    ck_assert_str_eq(found.rules[STOPPED].text, "it panics");
    ck_assert_str_eq(found.rules[STOPPED].path, "add1 add3");
    ck_assert_int_eq(found.end, EXPLORED_ALL);
    exploration_free(&found);
    panic_at = UINT64_MAX;
    crash_at = 2;
    search(ENOUGH);
    ck_assert_str_eq(found.rules[STOPPED].text, "signal");
    ck_assert_str_eq(found.rules[STOPPED].path, "add2");
}
END_TEST

START_TEST(a_probe_changes_nothing)
{
    search(ENOUGH);
    ck_assert_uint_eq(found.rules[PROBED].count, 1);
    ck_assert_str_eq(found.rules[PROBED].path, "add1 add3 add3, then probe 0");
    ck_assert_uint_eq(found.states, 31);
}
END_TEST

START_TEST(a_depth_and_a_number_of_operations_are_kept)
{
    setups[0].depth = 2;
    search(ENOUGH);
    ck_assert_uint_eq(found.depth, 2);
    ck_assert_int_eq(found.end, EXPLORED_ALL);
    setups[0].depth = 0;
    exploration_free(&found);
    search(10);
    ck_assert_int_eq(found.end, EXPLORED_STOPPED);
    ck_assert_uint_le(found.steps, 12);
}
END_TEST

Suite *explore_suite(void)
{
    Suite *suite = suite_create("search of small worlds");
    TCase *tests = tcase_create("explore");

    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, all_states_are_met_once);
    tcase_add_test(tests, the_first_way_is_a_shortest);
    tcase_add_test(tests, a_refused_request_is_part_of_the_way);
    tcase_add_test(tests, nothing_is_tried_behind_a_hard_one);
    tcase_add_test(tests, panics_and_signals_are_answers);
    tcase_add_test(tests, a_probe_changes_nothing);
    tcase_add_test(tests, a_depth_and_a_number_of_operations_are_kept);
    suite_add_tcase(suite, tests);
    return suite;
}
