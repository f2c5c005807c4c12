/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A run's state without guests: which outcome counts, what is complained about, slots of domains; and the observers, which
 * see each record in order, act when they have said that they would, and end a wait.
 */
#include "harness/run/run.h"
#include "harness/run/wait.h"
#include "harness/image/image.h"
#include "harness/image/image_file.h"
#include "harness/image/kernels.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *run_suite(void);

static const char text[] = "language 1\nhost mem=64m\n+0 settle\n";
static const struct span second_line = {.line = 2, .column = 6, .length = 7};

static struct runner *r;
static struct scenario *scenario;
static const struct run_options options = {.seed = 1};

static void setup(void)
{
    const struct machine_config config = {.seed = 1, .host_pages = 64 * PAGES_PER_MIB};
    struct complaint complaint;

    r = runner_new();
    scenario = scenario_parse(
        "t.scn", text, strlen(text), &(struct kernels){.describe = kernel_describe}, &complaint);
    ck_assert_ptr_nonnull(r);
    ck_assert_ptr_nonnull(scenario);
    r->run.scenario = scenario;
    r->run.options = &options;
    recorder_begin(r->recorder, "t.scn", "sim", 1);
    r->machine = machine_new(&config, r->recorder);
    ck_assert_ptr_nonnull(r->machine);
}

static void teardown(void)
{
    r->nr_slots = 0; /* the test itself has freed what they hold */
    runner_free(r);
    scenario_free(scenario);
}

START_TEST(the_first_cause_counts)
{
    ck_assert(!run_is_over(r));
    run_end(r, OUTCOME_HALTED);
    ck_assert(run_is_over(r));
    run_end(r, OUTCOME_TIMEOUT); /* why it was halted turns out later */
    ck_assert_int_eq(r->run.outcome, OUTCOME_TIMEOUT);
    run_end(r, OUTCOME_HALTED);
    run_end(r, OUTCOME_SKIP);
    ck_assert_int_eq(r->run.outcome, OUTCOME_TIMEOUT);
}
END_TEST

START_TEST(the_first_complaint_is_shown)
{
    run_complain(r, second_line, "first %d", 1);
    run_complain(r, second_line, "second");
    ck_assert_int_eq(r->run.outcome, OUTCOME_ERROR);
    ck_assert_str_eq(r->run.sentence, "t.scn:2:6: first 1\n    2 | host mem=64m\n      |      ^~~~~~~\n");
}
END_TEST

START_TEST(slots_by_number)
{
    char error[512];
    struct image *image = image_load(kernel_info("probe"), error, sizeof error);

    ck_assert_msg(image != NULL, "%s", error);
    for (unsigned i = 1; i <= 100; i++) {
        ck_assert(run_slot_room(r));
        run_add_slot(r, image)->domid = i <= 50 ? i : 2 * i; /* numbers of builds that failed are left out */
    }
    for (unsigned i = 1; i <= 100; i++) {
        ck_assert_ptr_eq(run_slot(r, i <= 50 ? i : 2 * i), &r->slots[i - 1]);
        ck_assert_ptr_eq(r->slots[i - 1].image, image);
    }
    ck_assert_ptr_null(run_slot(r, 51));
    ck_assert_ptr_null(run_slot(r, 0));
    ck_assert_ptr_null(run_slot(r, 201));
    for (unsigned i = 0; i < 100; i++)
        image_file_drop(r->slots[i].file);
    image_free(image);
}
END_TEST

START_TEST(no_domain_of_that_name)
{
    ck_assert_ptr_null(run_domain(r, "nb", second_line));
    ck_assert_ptr_nonnull(strstr(r->run.sentence, "there is no domain nb now"));
    ck_assert_int_eq(r->run.outcome, OUTCOME_ERROR);
}
END_TEST

/* ---- observers ---- */

static char order[64];
static uint64_t due_ns;
static bool acts_end_the_wait;

static void note(char c)
{
    const size_t used = strlen(order);

    ck_assert_uint_lt(used + 1, sizeof order);
    order[used] = c;
}

static void see_first(struct runner *runner, const struct record *record, uint64_t event)
{
    ck_assert_ptr_eq(runner, r);
    ck_assert_int_eq(record->type, REC_LOG);
    ck_assert_uint_eq(event, recorder_events(r->recorder));
    note('1');
}

static void see_second(struct runner *runner, const struct record *record, uint64_t event)
{
    (void)record, (void)event;
    note('2');
    wait_came_about(runner, AWAIT_SAVE, 7);
}

static void act(struct runner *runner)
{
    if (machine_now_ns(runner->machine) < due_ns)
        return;
    note('a');
    due_ns = UINT64_MAX;
    if (acts_end_the_wait)
        wait_came_about(runner, AWAIT_SAVE, 7);
}

static void act_before_statements(struct runner *runner)
{
    (void)runner;
    note('b');
}

static uint64_t when(const struct runner *runner)
{
    (void)runner;
    return due_ns;
}

static const struct observer three[] = {
    {.see = see_first, .act = act, .due_ns = when},
    {.see = see_second},
    {.act = act_before_statements, .acts_before_statements = true},
};

static void observe(void)
{
    memset(order, 0, sizeof order);
    due_ns = UINT64_MAX;
    acts_end_the_wait = false;
    r->observers = three;
    r->nr_observers = 3;
    wait_watch(r);
}

static void say(const char *line)
{
    recorder_append_text(r->recorder, REC_LOG, 1, machine_now_ns(r->machine), line, strlen(line));
}

START_TEST(each_record_is_shown_in_order)
{
    observe();
    say("one");
    say("two");
    ck_assert_str_eq(order, "1212");
}
END_TEST

START_TEST(guests_run_no_further_than_what_is_due)
{
    observe();
    due_ns = 5 * NS_PER_S;
    ck_assert_int_eq(wait_until(r, 9 * NS_PER_S, (struct awaited){.what = AWAIT_NOTHING}), WENT_TIME);
    ck_assert_uint_eq(machine_now_ns(r->machine), 9 * NS_PER_S);
    ck_assert_uint_eq(due_ns, UINT64_MAX);
    ck_assert_str_eq(order, "babb"); /* before each stretch, and before the next statement */
}
END_TEST

START_TEST(a_wait_ends_with_what_it_waits_for)
{
    observe();
    due_ns = 5 * NS_PER_S;
    acts_end_the_wait = true;
    ck_assert_int_eq(
        wait_until(r, 9 * NS_PER_S, (struct awaited){.what = AWAIT_SAVE, .domid = 7}), WENT_CAME_ABOUT);
    ck_assert_uint_eq(machine_now_ns(r->machine), 5 * NS_PER_S);
    due_ns = 6 * NS_PER_S;
    ck_assert_int_eq(/* another domain's save */
        wait_until(r, 9 * NS_PER_S, (struct awaited){.what = AWAIT_SAVE, .domid = 8}), WENT_TIME);
    ck_assert_uint_eq(machine_now_ns(r->machine), 9 * NS_PER_S);
}
END_TEST

START_TEST(rest_is_none_while_something_is_due)
{
    observe();
    due_ns = 5 * NS_PER_S; /* within the quiet window */
    ck_assert_int_eq(wait_until(r, NS_PER_S, (struct awaited){.what = AWAIT_REST}), WENT_TIME);
    due_ns = UINT64_MAX;
    ck_assert_int_eq(wait_until(r, 60 * NS_PER_S, (struct awaited){.what = AWAIT_REST}), WENT_REST);
}
END_TEST

START_TEST(nobody_acts_when_the_run_is_over)
{
    observe();
    run_end(r, OUTCOME_HALTED);
    ck_assert_int_eq(wait_until(r, 9 * NS_PER_S, (struct awaited){.what = AWAIT_NOTHING}), WENT_OVER);
    ck_assert_str_eq(order, "");
    ck_assert_uint_eq(machine_now_ns(r->machine), 0);
}
END_TEST

Suite *run_suite(void)
{
    Suite *suite = suite_create("run");
    TCase *tests = tcase_create("run");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, the_first_cause_counts);
    tcase_add_test(tests, the_first_complaint_is_shown);
    tcase_add_test(tests, slots_by_number);
    tcase_add_test(tests, no_domain_of_that_name);
    tcase_add_test(tests, each_record_is_shown_in_order);
    tcase_add_test(tests, guests_run_no_further_than_what_is_due);
    tcase_add_test(tests, a_wait_ends_with_what_it_waits_for);
    tcase_add_test(tests, rest_is_none_while_something_is_due);
    tcase_add_test(tests, nobody_acts_when_the_run_is_over);
    suite_add_tcase(suite, tests);
    return suite;
}
