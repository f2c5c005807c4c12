/* SPDX-License-Identifier: BSD-2-Clause */
/* ^C in the middle of many runs, as a user sees it: what was found is told, and the program ends of it. */
#include "harness/ballast/program_for_tests.h"

#include <signal.h>
#include <sys/types.h>

Suite *interrupt_suite(void);

static char mixed[PATH_MAX]; /* standard output and standard error */

/* Starts it in the folder, with the output into a file. */
static pid_t begin(const char *const *arguments)
{
    const char *words[12] = {program_path()};
    char *whole = realpath(words[0], NULL), *guests = getenv("BALLAST_GUESTS");

    ck_assert_ptr_nonnull(whole);
    guests = guests != NULL ? realpath(guests, NULL) : NULL;
    for (size_t a = 0; arguments[a] != NULL; a++)
        words[a + 1] = arguments[a];
    snprintf(mixed, sizeof mixed, "%s/output", folder);
    put("output", "");
    const pid_t child = fork();
    if (child == 0) {
        if (guests != NULL)
            setenv("BALLAST_GUESTS", guests, 1);
        signal(SIGINT, SIG_DFL);
        if (chdir(folder) != 0 || freopen(mixed, "a", stdout) == NULL ||
            dup2(STDOUT_FILENO, STDERR_FILENO) < 0)
            _exit(1);
        execv(whole, (char *const *)(uintptr_t)words);
        _exit(1);
    }
    free(whole);
    free(guests);
    return child;
}

static void read_output(void)
{
    FILE *in = fopen(mixed, "re");

    ck_assert_ptr_nonnull(in);
    output[fread(output, 1, sizeof output - 1, in)] = 0;
    fclose(in);
}

/* Interrupts it when it has printed that; its status. The test's own time limit ends a wait that is in vain. */
static int interrupt_at(pid_t child, const char *printed)
{
    int status = 0;

    do {
        usleep(10000);
        read_output();
        ck_assert_msg(waitpid(child, &status, WNOHANG) == 0, "it has ended:\n%.4000s", output);
    } while (strstr(output, printed) == NULL);
    ck_assert_int_eq(kill(child, SIGINT), 0);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    read_output();
    return status;
}

static void put_all(void)
{
    put("a.scn", HEAD "+0 settle\nexpect p reservation == 4m\n");
    put("b.scn", HEAD "+0 settle\nexpect p reservation == 5m\n");
    put("hang.scn", "language 1\ndomain nb kernel=netbsd memory=32m\n+0 nb$ misbehave hang\n");
}

START_TEST(what_was_run_is_told)
{
    static const char *const arguments[] = {"replay", "a.scn", "b.scn", "hang.scn", "a.scn", NULL};

    put_all();
    const int status = interrupt_at(begin(arguments), "in the debugger");
    ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT, "%#x", (unsigned)status);
    ASSERT_PRINTED("PASS    a.scn");
    ASSERT_PRINTED("2 scenarios: 1 PASS, 1 FAIL\nballast: interrupted: 2 of 4 scenarios were run\n");
}
END_TEST

START_TEST(nobody_interrupts)
{
    put_all();
    ck_assert_int_eq(ballast("replay a.scn b.scn"), 5);
    ck_assert_ptr_null(strstr(output, "interrupted"));
}
END_TEST

/* The causes stand at the end, so that nothing shows how far it is but the pages. */
START_TEST(its_causes_are_told)
{
    static const char *const arguments[] = {
        "replay", "--format=causes", "--report=pages", "b.scn", "hang.scn", NULL};
    char kept[PATH_MAX];
    int status;

    put_all();
    const pid_t child = begin(arguments);
    snprintf(kept, sizeof kept, "%s/pages/b.html", folder);
    while (access(kept, R_OK) != 0) {
        usleep(10000);
        read_output();
        ck_assert_msg(waitpid(child, &status, WNOHANG) == 0, "it has ended:\n%.4000s", output);
    }
    status = interrupt_at(child, "");
    ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT);
    ASSERT_PRINTED("1. expect reservation: 1 scenario\n");
    ASSERT_PRINTED("ballast: interrupted: 1 of 2 scenarios were run\n");
}
END_TEST

Suite *interrupt_suite(void)
{
    Suite *suite = suite_create("interrupt");
    TCase *tests = tcase_create("interrupt");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, what_was_run_is_told);
    tcase_add_test(tests, nobody_interrupts);
    tcase_add_test(tests, its_causes_are_told);
    suite_add_tcase(suite, tests);
    return suite;
}
