/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of `ballast compare` as a user runs it: what it reads, and that it leaves nothing behind. */
#include <glob.h>

#include "harness/ballast/program_for_tests.h"

Suite *compare_suite(void);

START_TEST(standard_input_and_a_folder_are_compared)
{
    put("a.scn", HEAD "+0 settle\n");
    ck_assert_int_eq(ballast("compare - --kernels probe,probe < a.scn"), 0);
    ASSERT_PRINTED("PASS");
    ck_assert_int_eq(ballast("compare . --kernels probe,probe"), 0);
    ASSERT_PRINTED("a.scn");
    ck_assert_int_eq(ballast("compare a.scn --kernels probe,netbsd --report pages && "
                             "grep -o '\"command\":\"[^\"]*' pages/a-netbsd.html"),
        0);
    ASSERT_PRINTED("\"command\":\"/"); /* the program as it was called */
    ASSERT_PRINTED(" --kernel netbsd");
    ck_assert_int_eq(ballast("compare a.scn --kernels probe,netbsd --report a.scn"), 4);
    ck_assert_int_eq(ballast("compare no-such.scn --kernels probe,probe"), 4);
    ASSERT_PRINTED("no-such.scn");
    put("wrong.scn", HEAD "setle\n");
    ck_assert_int_eq(ballast("compare wrong.scn --kernels probe,probe"), 4);
    ASSERT_PRINTED("did you mean `settle`?");
}
END_TEST

START_TEST(a_run_that_has_no_numbers_says_why)
{
    put("calls.scn", HEAD "+0 p hypercall memory_op current_reservation\n");
    ck_assert_int_eq(ballast("compare calls.scn --kernels netbsd"), 4);
    ASSERT_PRINTED("ERROR");
    ASSERT_PRINTED("p runs kernel=netbsd here: raw hypercalls are a probe's");
    ck_assert_int_eq(ballast("compare calls.scn --kernels netbsd --format json"), 4);
    ASSERT_PRINTED("\"reason\": \"");
    put("fails.scn", HEAD "expect p reservation == 1m\n");
    ck_assert_int_eq(ballast("compare fails.scn --kernels probe"), 0);
    ASSERT_PRINTED("FAIL");
    ASSERT_PRINTED("`ballast replay --kernel probe fails.scn` tells why");
    put("hangs.scn", "language 1\ndomain nb kernel=netbsd memory=32m\n+0 nb$ misbehave hang\n");
    ck_assert_int_eq(ballast("compare hangs.scn --kernels netbsd --timeout 1"), 4);
    ASSERT_PRINTED("TIMEOUT");
    ASSERT_PRINTED("1.000 s of wall clock");
    ck_assert_int_eq(ballast("compare hangs.scn --kernels netbsd --timeout 0"), 4);
    ASSERT_PRINTED("--timeout");
}
END_TEST

/* Its runs would be the same. Both options together make one table. */
START_TEST(a_kernel_that_is_named_twice_runs_once)
{
    put("a.scn", HEAD "+0 settle\n");
    ck_assert_int_eq(
        ballast("compare a.scn --kernels probe,netbsd,probe --designs netbsd-2017-page,netbsd"), 0);
    const char *probe = strstr(output, "\n  probe "), *netbsd = strstr(output, "\n  netbsd ");
    ck_assert_msg(probe != NULL && netbsd != NULL && probe < netbsd, "%s", output);
    ASSERT_PRINTED("\n  netbsd-2017-page ");
    ck_assert_msg(
        strstr(probe + 1, "\n  probe ") == NULL && strstr(netbsd + 1, "\n  netbsd ") == NULL, "%s", output);
}
END_TEST

/* By runs of their own, only when that is asked for. The scenario's first domain boots alone, without what the scenario needs. */
START_TEST(growth_has_runs_of_its_own)
{
    put("grows.scn", "language 1\nhost mem=1g\ndomain nb kernel=netbsd memory=16m maxmem=64m\n"
                     "+0 nb$ cache 8m\n+0 xl mem-set nb 32m\n+5s settle\n+0 nb$ cache 8m\n+0 settle\n");
    ck_assert_int_eq(ballast("compare grows.scn --kernels netbsd --measures growth"), 0);
    ASSERT_PRINTED("largest  ungrown  spared");
    const char *row = strstr(output, "\n  netbsd ");
    unsigned largest, ungrown, spared;
    ck_assert_msg(
        row != NULL && sscanf(row, " netbsd PASS %u %u %u", &largest, &ungrown, &spared) == 3, "%s", output);
    ck_assert_uint_gt(largest, 100);
    ck_assert_uint_gt(ungrown, 0);
    ck_assert_uint_eq(spared, ungrown);
    ck_assert_int_eq(ballast("compare grows.scn --kernels netbsd --format json --measures summary"), 0);
    ASSERT_PRINTED("\"largest_maxmem_times_memory\": null");
    put("crowded.scn", "language 1\nhost mem=1g\n+0 settle\n");
    ck_assert_int_eq(ballast("compare crowded.scn --kernels netbsd --measures growth"), 0);
    ASSERT_PRINTED(
        "largest -: it boots with no maxmem above its memory, a boot took too long, or it was not tried");
}
END_TEST

/* Names that a run before this one left. */
static size_t leftovers(void)
{
    glob_t found;
    const int error = glob("/tmp/ballast-compare-*", 0, NULL, &found);
    const size_t count = error == 0 ? found.gl_pathc : 0;

    globfree(&found);
    return count;
}

START_TEST(a_comparison_that_is_killed_leaves_nothing)
{
    const size_t before = leftovers();

    put("hang.scn", "language 1\ndomain nb kernel=netbsd memory=32m\n+0 nb$ misbehave hang\n");
    (void)ballast("compare hang.scn --kernels netbsd,netbsd & p=$!; sleep 0.5; kill -9 $p; wait");
    ck_assert_uint_le(leftovers(), before);
}
END_TEST

Suite *compare_suite(void)
{
    Suite *suite = suite_create("compare");
    TCase *tests = tcase_create("as a user runs it");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, standard_input_and_a_folder_are_compared);
    tcase_add_test(tests, a_run_that_has_no_numbers_says_why);
    tcase_add_test(tests, a_kernel_that_is_named_twice_runs_once);
    tcase_add_test(tests, growth_has_runs_of_its_own);
    tcase_add_test(tests, a_comparison_that_is_killed_leaves_nothing);
    suite_add_tcase(suite, tests);
    return suite;
}
