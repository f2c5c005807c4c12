/* SPDX-License-Identifier: BSD-2-Clause */
/* Arrays that grow: what was in them stays, and a size that can't be changes nothing. */
#include "sim/array.h"

#include <check.h>
#include <stdint.h>
#include <stdlib.h>

Suite *array_suite(void);

struct list {
    uint64_t *at;
    size_t count, room;
};

START_TEST(one_by_one)
{
    struct list list = {0};
    unsigned moves = 0;

    for (uint64_t i = 0; i < 1000; i++) {
        const size_t room = list.room;
        ck_assert(ARRAY_ONE_MORE(list.at, list.room, list.count));
        moves += list.room != room;
        list.at[list.count++] = i * i;
    }
    ck_assert_uint_le(moves, 8); /* doubled each time, not once an entry */
    for (uint64_t i = 0; i < 1000; i++)
        ck_assert_uint_eq(list.at[i], i * i);
    free(list.at);
}
END_TEST

START_TEST(many_at_once)
{
    struct list list = {0};

    ck_assert(ARRAY_ROOM(list.at, list.room, list.count, 0));
    ck_assert_ptr_null(list.at);
    ck_assert(ARRAY_ROOM(list.at, list.room, list.count, 5000));
    ck_assert_uint_ge(list.room, 5000);
    list.at[list.count++] = 7;
    const uint64_t *before = list.at;
    ck_assert(ARRAY_ROOM(list.at, list.room, list.count, list.room - 1));
    ck_assert_ptr_eq(list.at, before);
    ck_assert(ARRAY_ROOM(list.at, list.room, list.count, list.room));
    ck_assert_uint_eq(list.at[0], 7);
    free(list.at);
}
END_TEST

START_TEST(no_such_size)
{
    struct list list = {0};

    ck_assert(ARRAY_ONE_MORE(list.at, list.room, list.count));
    list.at[list.count++] = 7;
    const struct list before = list;
    ck_assert(!ARRAY_ROOM(list.at, list.room, list.count, SIZE_MAX)); /* more entries than can be counted */
    ck_assert(!ARRAY_ROOM(list.at, list.room, list.count, SIZE_MAX / 2)); /* more bytes than that */
    ck_assert_ptr_eq(list.at, before.at);
    ck_assert_uint_eq(list.room, before.room);
    ck_assert_uint_eq(list.at[0], 7);
    free(list.at);
}
END_TEST

Suite *array_suite(void)
{
    Suite *suite = suite_create("array");
    TCase *tests = tcase_create("array");

    tcase_add_test(tests, one_by_one);
    tcase_add_test(tests, many_at_once);
    tcase_add_test(tests, no_such_size);
    suite_add_tcase(suite, tests);
    return suite;
}
