/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of the states of a small world: kept, compared and put back, and keys met once. */
#include "harness/segments/states.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *states_suite(void);

#define DATA_BYTES  200 /* no whole number of lines */
#define ARENA_BYTES 1000

static char data[DATA_BYTES], arena[ARENA_BYTES];
static struct states states;

static void begin(void)
{
    const struct memory memory = {data, arena, DATA_BYTES, ARENA_BYTES};

    memset(data, 1, sizeof data);
    memset(arena, 2, sizeof arena);
    ck_assert(states_begin(&states, &memory, 0));
}

static void end(void)
{
    states_free(&states);
}

static void keep(size_t arena_used)
{
    const struct state how = {.before = 0};

    ck_assert(states_keep(&states, &how, arena_used));
}

START_TEST(a_state_comes_back_as_it_was)
{
    data[0] = 10;
    data[DATA_BYTES - 1] = 11;
    arena[0] = 12;
    arena[699] = 13;
    keep(700);
    memset(data, 50, sizeof data);
    memset(arena, 51, 900);
    states_restore(&states, 1, 900);
    ck_assert_int_eq(data[0], 10);
    ck_assert_int_eq(data[1], 1);
    ck_assert_int_eq(data[DATA_BYTES - 1], 11);
    ck_assert_int_eq(arena[0], 12);
    ck_assert_int_eq(arena[699], 13);
    ck_assert_int_eq(arena[700], 2); /* what only the later state used is as at first */
    ck_assert_int_eq(arena[899], 2);
    ck_assert(!states_is(&states, 0, 700));
    states_restore(&states, 0, 700);
    ck_assert(states_is(&states, 0, 0));
    ck_assert_int_eq(data[0], 1);
    ck_assert_int_eq(arena[699], 2);
}
END_TEST

START_TEST(a_changed_byte_is_another_state)
{
    data[100] = 9;
    keep(64);
    ck_assert(states_is(&states, 1, 64));
    ck_assert(!states_is(&states, 1, 65));
    data[100]++;
    ck_assert(!states_is(&states, 1, 64));
    data[100]--;
    arena[63]++;
    ck_assert(!states_is(&states, 1, 64));
    const uint64_t one = states_hash(&states, 64);
    arena[63]++;
    ck_assert_uint_ne(one, states_hash(&states, 64));
    arena[64]++; /* outside of what is used */
    arena[63]--;
    ck_assert_uint_eq(one, states_hash(&states, 64));
}
END_TEST

START_TEST(many_states_are_kept_apart)
{
    for (int s = 1; s < 3000; s++) {
        memcpy(data + 4, &s, sizeof s);
        keep(10);
    }
    for (int s = 1; s < 3000; s += 500) {
        int was;
        states_restore(&states, (size_t)s, 10);
        memcpy(&was, data + 4, sizeof was);
        ck_assert_int_eq(was, s);
    }
}
END_TEST

START_TEST(a_key_is_new_once)
{
    bool failed = false;

    for (uint64_t key = 0; key < 5000; key++)
        ck_assert(states_new_key(&states, key << 20, &failed) == true);
    for (uint64_t key = 1; key < 5000; key++)
        ck_assert(!states_new_key(&states, key << 20, &failed));
    ck_assert(!failed);
}
END_TEST

Suite *states_suite(void)
{
    Suite *suite = suite_create("states of small worlds");
    TCase *tests = tcase_create("states");

    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, a_state_comes_back_as_it_was);
    tcase_add_test(tests, a_changed_byte_is_another_state);
    tcase_add_test(tests, many_states_are_kept_apart);
    tcase_add_test(tests, a_key_is_new_once);
    suite_add_tcase(suite, tests);
    return suite;
}
