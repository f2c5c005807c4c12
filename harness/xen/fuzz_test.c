/* SPDX-License-Identifier: BSD-2-Clause */
/* Random scenarios: a part's text is always the same and can be read, and statements can be left out of it. */
#include "harness/xen/fuzz.h"

#include "harness/xen/fuzz_kinds.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "harness/image/kernels.h"
#include "harness/language/scenario.h"

Suite *fuzz_suite(void);

static const struct kernels kernels = {.describe = kernel_describe};

static char *text_of_kind(
    const struct fuzz_kind *kind, uint64_t seed, unsigned domains, unsigned statements, size_t *bytes)
{
    const struct fuzz_part part = {.seed = seed, .kind = kind, .domains = domains, .statements = statements};
    char *text = fuzz_scenario(&part, bytes);

    ck_assert_ptr_nonnull(text);
    ck_assert_uint_eq(strlen(text), *bytes);
    return text;
}

static char *text_of(uint64_t seed, unsigned domains, unsigned statements, size_t *bytes)
{
    return text_of_kind(fuzz_kind_of(seed), seed, domains, statements, bytes);
}

START_TEST(the_same_part_gives_the_same_text)
{
    size_t bytes, again_bytes, other_bytes;
    char *text = text_of(5, 3, 200, &bytes), *again = text_of(5, 3, 200, &again_bytes),
         *other = text_of(6, 3, 200, &other_bytes);

    ck_assert_uint_eq(bytes, again_bytes);
    ck_assert_int_eq(memcmp(text, again, bytes), 0);
    ck_assert(bytes != other_bytes || memcmp(text, other, bytes) != 0);
    free(text);
    free(again);
    free(other);
}
END_TEST

/* A seed that found something must find it again, with another compiler and after a change of this code. */
START_TEST(seeds_keep_their_meaning)
{
    uint64_t hash = 0;

    for (unsigned i = 0; i < nr_fuzz_kinds; i++) {
        size_t bytes;
        char *text = text_of_kind(&fuzz_kinds[i], 1795230447, 4, 300, &bytes);

        hash = XXH64(text, bytes, hash);
        free(text);
    }
    ck_assert_msg(hash == 0xc649c279211011fdull, "of all kinds' texts together the hash is now 0x%llx",
        (unsigned long long)hash);
}
END_TEST

START_TEST(each_part_can_be_read)
{
    for (unsigned i = 1; i <= 40; i++) {
        const unsigned seed = i * 131; /* of all kinds */
        struct complaint complaint;
        size_t bytes;
        char *text = text_of(seed, 1 + seed % FUZZ_DOMAINS_MAX, 100, &bytes);
        struct scenario *scenario = scenario_parse("random.scn", text, bytes, &kernels, &complaint);

        ck_assert_msg(
            scenario != NULL, "seed %u, line %u: %s", seed, complaint.where.line, complaint.message);
        ck_assert_uint_eq(scenario->nr_domains, 1 + seed % FUZZ_DOMAINS_MAX);
        ck_assert_uint_eq(scenario->nr_statements, scenario->nr_domains + 100);
        scenario_free(scenario);
        free(text);
    }
}
END_TEST

static const char three[] = "language 1\n# a line\nhost mem=20m\n+0 one\n+0 two\n+0 three\n";

START_TEST(statements_are_left_out)
{
    static const struct {
        unsigned char keep[3];
        const char *left;
    } rows[] = {
        {{1, 1, 1}, "+0 one\n+0 two\n+0 three\n"},
        {{0, 1, 1}, "+0 two\n+0 three\n"},
        {{1, 0, 1}, "+0 one\n+0 three\n"},
        {{0, 0, 0}, ""},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char wanted[sizeof three];
        size_t bytes;
        char *left = fuzz_without(three, sizeof three - 1, rows[i].keep, 3, &bytes);

        snprintf(wanted, sizeof wanted, "language 1\n# a line\nhost mem=20m\n%s", rows[i].left);
        ck_assert_str_eq(left, wanted);
        ck_assert_uint_eq(bytes, strlen(wanted));
        free(left);
    }
}
END_TEST

START_TEST(statements_past_the_count_go_too)
{
    const unsigned char keep[] = {1};
    size_t bytes;
    char *left = fuzz_without(three, sizeof three - 1, keep, 1, &bytes);

    ck_assert_str_eq(left, "language 1\n# a line\nhost mem=20m\n+0 one\n");
    free(left);
}
END_TEST

START_TEST(a_last_line_without_an_end)
{
    static const char text[] = "host mem=1m\n+0 one";
    const unsigned char keep[] = {1};
    size_t bytes;
    char *left = fuzz_without(text, sizeof text - 1, keep, 1, &bytes);

    ck_assert_str_eq(left, text);
    ck_assert_int_eq(fuzz_statement_of_line(text, sizeof text - 1, 2), 0);
    free(left);
}
END_TEST

START_TEST(which_statement_a_line_is)
{
    static const long wanted[] = {-1, -1, -1, -1, 0, 1, 2, -1, -1};

    for (unsigned line = 0; line < sizeof wanted / sizeof wanted[0]; line++)
        ck_assert_int_eq(fuzz_statement_of_line(three, sizeof three - 1, line), wanted[line]);
    ck_assert_int_eq(fuzz_statement_of_line("", 0, 1), -1);
}
END_TEST

Suite *fuzz_suite(void)
{
    Suite *suite = suite_create("fuzz");
    TCase *tests = tcase_create("text");

    tcase_add_test(tests, the_same_part_gives_the_same_text);
    tcase_add_test(tests, seeds_keep_their_meaning);
    tcase_add_test(tests, each_part_can_be_read);
    tcase_add_test(tests, statements_are_left_out);
    tcase_add_test(tests, statements_past_the_count_go_too);
    tcase_add_test(tests, a_last_line_without_an_end);
    tcase_add_test(tests, which_statement_a_line_is);
    suite_add_tcase(suite, tests);
    return suite;
}
