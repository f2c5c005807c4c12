/* SPDX-License-Identifier: BSD-2-Clause */
/* Sizes and times: both directions, their edges, and what must be refused. */
#include "harness/language/sizes.h"
#include "harness/language/scenario.h"

#include <check.h>
#include <string.h>

Suite *sizes_suite(void);

static const struct {
    const char *text;
    enum number_reading reading;
    uint64_t pages;
} sizes[] = {
    {"0p", READING_OK, 0},
    {"1p", READING_OK, 1},
    {"4k", READING_OK, 1},
    {"64m", READING_OK, 16384},
    {"3g", READING_OK, 3ull << 18},
    {"2t", READING_OK, 2ull << 28},
    {"16777215t", READING_OK, 16777215ull << 28},
    {"16777216t", READING_TOO_LARGE, 0},
    {"4503599627370495p", READING_OK, (1ull << 52) - 1},
    {"4503599627370496p", READING_TOO_LARGE, 0},
    {"18014398509481980k", READING_OK, (1ull << 52) - 1},
    {"18014398509481984k", READING_TOO_LARGE, 0},
    {"18446744073709551615p", READING_TOO_LARGE, 0},
    {"18446744073709551616p", READING_TOO_LARGE, 0},
    {"99999999999999999999999999999999m", READING_TOO_LARGE, 0},
    {"3", READING_NO_UNIT, 0},
    {"3k", READING_NOT_WHOLE, 0},
    {"64mb", READING_BAD_UNIT, 0},
    {"64M", READING_BAD_UNIT, 0},
    {"1.5g", READING_BAD_UNIT, 0},
    {"m", READING_NO_NUMBER, 0},
    {"-1m", READING_NO_NUMBER, 0},
    {"", READING_NO_NUMBER, 0},
};

START_TEST(reads_sizes)
{
    uint64_t pages = 0;
    char suffix = 0;
    enum number_reading reading = size_parse(sizes[_i].text, strlen(sizes[_i].text), &pages, &suffix);

    ck_assert_msg(reading == sizes[_i].reading, "%s", sizes[_i].text);
    if (reading == READING_OK) {
        ck_assert_uint_eq(pages, sizes[_i].pages);
        ck_assert_int_eq(suffix, sizes[_i].text[strlen(sizes[_i].text) - 1]);
    }
}
END_TEST

START_TEST(writes_sizes)
{
    static const struct {
        uint64_t pages;
        char suffix;
        const char *text;
    } cases[] = {
        {32768, 'm', "128m"},
        {32768, 0, "128m"},
        {16483, 'm', "16483p"},
        {16483, 'k', "65932k"},
        {16483, 0, "16483p"},
        {1u << 18, 0, "1g"},
        {1u << 18, 'm', "1024m"},
        {1ull << 28, 0, "1t"},
        {0, 0, "0p"},
        {0, 'm', "0m"},
        {0, 'k', "0k"},
        {256, 'p', "256p"},
        {256, 'g', "256p"},
        {UINT64_MAX, 'k', "18446744073709551615p"},
    };
    char out[32];

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_text(cases[i].pages, cases[i].suffix, out, sizeof out);
        ck_assert_str_eq(out, cases[i].text);
    }
}
END_TEST

START_TEST(size_comes_back)
{
    static const char suffixes[] = {0, 'k', 'm', 'g', 't', 'p'};
    char out[32], suffix;
    uint64_t pages;

    for (uint64_t n = 1; n < 1ull << 51; n = n * 3 + (n & 5)) {
        for (size_t i = 0; i < sizeof suffixes; i++) {
            size_text(n, suffixes[i], out, sizeof out);
            ck_assert_int_eq(size_parse(out, strlen(out), &pages, &suffix), READING_OK);
            ck_assert_uint_eq(pages, n);
        }
    }
}
END_TEST

static const struct {
    const char *text;
    enum number_reading reading;
    uint64_t ns;
} times[] = {
    {"0", READING_OK, 0},
    {"0s", READING_OK, 0},
    {"0.0", READING_OK, 0},
    {"1ns", READING_OK, 1},
    {"7us", READING_OK, 7000},
    {"250ms", READING_OK, 250000000},
    {"1.5s", READING_OK, 1500000000},
    {"0.000000001s", READING_OK, 1},
    {"0.0000000010000s", READING_OK, 1},
    {"0.0000000001s", READING_NOT_WHOLE, 0},
    {"1.0000001ms", READING_NOT_WHOLE, 0},
    {"1.5ns", READING_NOT_WHOLE, 0},
    {"0.5min", READING_OK, 30000000000},
    {"0.999999999h", READING_OK, 3599999996400},
    {"2h", READING_OK, 7200000000000},
    {"18446744073709551615ns", READING_OK, UINT64_MAX},
    {"18446744073709551616ns", READING_TOO_LARGE, 0},
    {"18446744073.709551615s", READING_OK, UINT64_MAX},
    {"18446744073.709551616s", READING_TOO_LARGE, 0},
    {"5124096h", READING_TOO_LARGE, 0},
    {"5", READING_NO_UNIT, 0},
    {"5.5", READING_NO_UNIT, 0},
    {"5m", READING_BAD_UNIT, 0},
    {"5.s", READING_BAD_UNIT, 0},
    {"5sec", READING_BAD_UNIT, 0},
    {"s", READING_NO_NUMBER, 0},
    {"", READING_NO_NUMBER, 0},
};

START_TEST(reads_times)
{
    uint64_t ns = 0;
    enum number_reading reading = time_parse(times[_i].text, strlen(times[_i].text), &ns);

    ck_assert_msg(reading == times[_i].reading, "%s", times[_i].text);
    if (reading == READING_OK)
        ck_assert_msg(ns == times[_i].ns, "%s gave %llu", times[_i].text, (unsigned long long)ns);
}
END_TEST

START_TEST(writes_times)
{
    static const struct {
        uint64_t ns;
        const char *text;
    } cases[] = {
        {0, "0s"},
        {1, "1ns"},
        {1500, "1.5us"},
        {250000000, "250ms"},
        {1500000000, "1.5s"},
        {1000000001, "1.000000001s"},
        {10000000000, "10s"},
        {60000000000, "1min"},
        {90000000000, "90s"},
        {7200000000000, "2h"},
        {UINT64_MAX, "18446744073.709551615s"},
    };
    char out[48];

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        time_text(cases[i].ns, out, sizeof out);
        ck_assert_str_eq(out, cases[i].text);
    }
}
END_TEST

START_TEST(time_comes_back)
{
    char out[48];
    uint64_t ns;

    for (uint64_t n = 1; n < 1ull << 61; n = n * 5 + (n & 3)) {
        time_text(n, out, sizeof out);
        ck_assert_int_eq(time_parse(out, strlen(out), &ns), READING_OK);
        ck_assert_uint_eq(ns, n);
    }
}
END_TEST

START_TEST(reads_numbers)
{
    uint64_t n = 7;

    ck_assert_int_eq(number_parse("0", 1, &n), READING_OK);
    ck_assert_uint_eq(n, 0);
    ck_assert_int_eq(number_parse("0x4000", 6, &n), READING_OK);
    ck_assert_uint_eq(n, 0x4000);
    ck_assert_int_eq(number_parse("0xffffffffffffffff", 18, &n), READING_OK);
    ck_assert_uint_eq(n, UINT64_MAX);
    ck_assert_int_eq(number_parse("0x10000000000000000", 19, &n), READING_TOO_LARGE);
    ck_assert_int_eq(number_parse("18446744073709551616", 20, &n), READING_TOO_LARGE);
    ck_assert_int_eq(number_parse("0x", 2, &n), READING_BAD_UNIT);
    ck_assert_int_eq(number_parse("12m", 3, &n), READING_BAD_UNIT);
    ck_assert_int_eq(number_parse("", 0, &n), READING_NO_NUMBER);
}
END_TEST

START_TEST(guesses_units)
{
    char out[40];

    ck_assert(size_guess("64mb", 4, out, sizeof out));
    ck_assert_str_eq(out, "64m");
    ck_assert(size_guess("64MiB", 5, out, sizeof out));
    ck_assert_str_eq(out, "64m");
    ck_assert(size_guess("7pages", 6, out, sizeof out));
    ck_assert_str_eq(out, "7p");
    ck_assert(!size_guess("1.5g", 4, out, sizeof out));
    ck_assert(!size_guess("64q", 3, out, sizeof out));
    ck_assert(time_guess("5m", 2, out, sizeof out));
    ck_assert_str_eq(out, "5min");
    ck_assert(time_guess("1.5Sec", 6, out, sizeof out));
    ck_assert_str_eq(out, "1.5s");
    ck_assert(!time_guess("ages", 4, out, sizeof out));
    ck_assert(!time_guess("123456789012345678901m", 22, out, sizeof out));
}
END_TEST

Suite *sizes_suite(void)
{
    Suite *suite = suite_create("sizes");
    TCase *tc = tcase_create("sizes and times");

    tcase_add_loop_test(tc, reads_sizes, 0, sizeof sizes / sizeof sizes[0]);
    tcase_add_test(tc, writes_sizes);
    tcase_add_test(tc, size_comes_back);
    tcase_add_loop_test(tc, reads_times, 0, sizeof times / sizeof times[0]);
    tcase_add_test(tc, writes_times);
    tcase_add_test(tc, time_comes_back);
    tcase_add_test(tc, reads_numbers);
    tcase_add_test(tc, guesses_units);
    suite_add_tcase(suite, tc);
    return suite;
}
