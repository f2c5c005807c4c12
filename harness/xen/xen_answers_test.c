/* SPDX-License-Identifier: BSD-2-Clause */
/* Two Xens differ where one parts from the model and the other doesn't, or not so; calls that only one got are passed over. */
#include "harness/xen/xen_answers.h"

#include <check.h>

Suite *xen_answers_suite(void);

#define LINES 3000u

static struct xen_answers a, b;
static struct xen_answer_value one, other;

static void set_up(void)
{
    for (unsigned i = 0; i < LINES; i++) {
        xen_answers_begin(&a, 12, i % 7, i, (int64_t)i - 5, (int64_t)i - 5);
        xen_answers_begin(&b, 12, i % 7, i, (int64_t)i - 5, (int64_t)i - 5);
        xen_answers_tell(&a, "the reservation", i, i);
        xen_answers_tell(&b, "the reservation", i, i);
    }
}

static void tear_down(void)
{
    xen_answers_free(&a);
    xen_answers_free(&b);
}

/* How many calls both have; *line is that of the first difference, UINT32_MAX without one. */
static size_t walk(uint32_t *line)
{
    struct xen_answers_walk walk = {.left = 0};
    size_t count = 0;

    for (*line = UINT32_MAX; xen_answers_next(&a, &b, &walk); count++)
        if (*line == UINT32_MAX && xen_answers_differ(walk.one, walk.other, &one, &other))
            *line = walk.one->line;
    return count;
}

START_TEST(the_same)
{
    uint32_t line;

    ck_assert(!a.lost);
    ck_assert_uint_eq(walk(&line), LINES);
    ck_assert_uint_eq(line, UINT32_MAX);
    xen_answers_begin(NULL, 1, 2, 3, 4, 4); /* nobody wants to know */
    xen_answers_tell(NULL, "the reservation", 1, 1);
}
END_TEST

START_TEST(a_result)
{
    uint32_t line;

    b.list[LINES - 1].values[0].xen = -3;
    ck_assert_uint_eq(walk(&line), LINES);
    ck_assert_uint_eq(line, LINES - 1);
    b.list[1200].values[0].xen = -3;
    walk(&line);
    ck_assert_uint_eq(line, 1200);
    xen_answers_differ(&a.list[1200], &b.list[1200], &one, &other);
    ck_assert_str_eq(one.what, "result");
    ck_assert_int_eq(one.xen, 1195);
    ck_assert_int_eq(other.xen, -3);
    /* Both part from the model, and in the same way. */
    a.list[1200].values[0].xen = -3;
    walk(&line);
    ck_assert_uint_eq(line, LINES - 1);
}
END_TEST

START_TEST(other_frames_are_no_difference)
{
    uint32_t line;

    b.list[7].values[0] = (struct xen_answer_value){"result", 99, 99};
    b.list[8].values[1] = (struct xen_answer_value){"updates done", 8, 9};
    walk(&line);
    ck_assert_uint_eq(line, UINT32_MAX);
    b.list[9].values[1].xen++;
    walk(&line);
    ck_assert_uint_eq(line, 9);
    ck_assert_str_eq(one.what, "the reservation");
}
END_TEST

START_TEST(calls_of_one_alone)
{
    uint32_t line;

    b.list[5].subop = 100;
    ck_assert_uint_eq(walk(&line), LINES - 1);
    b.list[6].line = 5; /* two calls at line 5, none at line 6 */
    ck_assert_uint_eq(walk(&line), LINES - 2);
    xen_answers_begin(&a, 12, 1, LINES - 1, 0, 0);
    ck_assert_uint_eq(walk(&line), LINES - 3);
    xen_answers_clear(&b);
    ck_assert_uint_eq(walk(&line), 0);
}
END_TEST

START_TEST(more_than_there_is_room_for)
{
    for (unsigned i = 0; i < 2 * XEN_ANSWER_TOLD_MAX; i++)
        xen_answers_tell(&a, "free pages", i, i);
    ck_assert_uint_eq(a.list[LINES - 1].nr_values, 1 + XEN_ANSWER_TOLD_MAX);
}
END_TEST

Suite *xen_answers_suite(void)
{
    Suite *suite = suite_create("xen_answers");
    TCase *tests = tcase_create("xen_answers");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, the_same);
    tcase_add_test(tests, a_result);
    tcase_add_test(tests, other_frames_are_no_difference);
    tcase_add_test(tests, calls_of_one_alone);
    tcase_add_test(tests, more_than_there_is_room_for);
    suite_add_tcase(suite, tests);
    return suite;
}
