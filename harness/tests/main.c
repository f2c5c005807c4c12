/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The test program runs every suite that the Makefile found in the rooms. Names as arguments choose suites; a name that
 * no suite has is an error. It prints failures and Check's closing line, nothing else.
 */
#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUITE(name) Suite *name(void);
#include "suites.h"
#undef SUITE

static const struct {
    const char *name;
    Suite *(*make)(void);
} suites[] = {
#define SUITE(name) {#name, name},
#include "suites.h"
#undef SUITE
};

#define NR_SUITES (sizeof suites / sizeof suites[0])

/* A suite goes by its name without "_suite", or with it. */
static bool is_called(size_t suite, const char *argument)
{
    const char *name = suites[suite].name;
    size_t stem = strlen(name) - strlen("_suite");

    return strncmp(argument, name, stem) == 0 &&
           (argument[stem] == '\0' || strcmp(argument + stem, "_suite") == 0);
}

/* NULL: all. False when there is none of that name. */
static bool add_chosen(SRunner *runner, const char *name)
{
    bool added = false;

    for (size_t i = 0; i < NR_SUITES; i++)
        if (name == NULL || is_called(i, name)) {
            srunner_add_suite(runner, suites[i].make());
            added = true;
        }
    if (!added)
        fprintf(stderr,
            "check: no suite is called %s; a suite goes by its file, as text_picture of "
            "text_picture_test.c\n",
            name);
    return added;
}

#ifdef BALLAST_SANITIZED
/*
 * Each test is a fork of this process, so that what this process holds costs each test again: the kernel copies its page
 * tables, and the search for leaks at a test's end reads through it.
 */
#include <pthread.h>
#include <sanitizer/lsan_interface.h>
#include <unistd.h>

/* Lets go of memory that was freed and is kept for a while, so that its use is seen. */
void __sanitizer_purge_allocator(void);

static pid_t parent;

/* Check's own freed memory, of all tests before, would grow to 300 MB. A test's own is untouched. */
static void before_a_fork(void)
{
    if (getpid() == parent)
        __sanitizer_purge_allocator();
}

/* Ends the process right after the search for leaks. What would follow, the unregistering of each global variable with the
 * sanitizer, finds nothing and takes longer than most tests. A test that failed has let go of nothing. */
static void at_exit(int status, void *context)
{
    (void)context;
    fflush(NULL);
    if (status == 0)
        __lsan_do_leak_check();
    _exit(status);
}

static void be_a_small_parent(void)
{
    parent = getpid();
    pthread_atfork(before_a_fork, NULL, NULL);
    on_exit(at_exit, NULL);
}
#else
static void be_a_small_parent(void) {}
#endif

int main(int argc, char **argv)
{
    SRunner *runner;
    bool known = true;
    int failed;

    be_a_small_parent();
    /* For each test, in seconds of wall clock: far beyond what any takes, whatever else the machine does. */
    setenv("CK_DEFAULT_TIMEOUT", TEST_WAIT_S, 0);
    runner = srunner_create(NULL);
    if (argc < 2)
        add_chosen(runner, NULL);
    for (int i = 1; i < argc; i++)
        known = add_chosen(runner, argv[i]) && known;
    if (known)
        srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return known && failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
