/* SPDX-License-Identifier: BSD-2-Clause */
#include "harness/ballast/outcome_file.h"

#include <check.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A file that another process has mapped to write until it ends, a moment after this returns. */
static pid_t let_another_hold(int fd)
{
    int mapped[2];
    char byte;

    ck_assert_int_eq(pipe(mapped), 0);
    const pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        const bool told = memory != MAP_FAILED && write(mapped[1], "", 1) == 1;
        nanosleep(&(struct timespec){.tv_nsec = 50 * 1000 * 1000}, NULL);
        _exit(told ? 0 : 1);
    }
    ck_assert_int_eq(read(mapped[0], &byte, 1), 1);
    close(mapped[0]);
    close(mapped[1]);
    return pid;
}

START_TEST(it_is_waited_for_who_is_about_to_let_go)
{
    const struct outcome outcome = {.verdict = VERDICT_FAIL, .sentence = "so it went"};
    struct outcome_left left;
    struct outcome read;
    uint64_t missed = 0;
    int status = 0;
    const int fd = outcome_file_new();

    ck_assert_int_ge(fd, 0);
    ck_assert(outcome_file_write(fd, &outcome, 3));
    const pid_t pid = let_another_hold(fd);
    ck_assert(outcome_file_open(fd, &left));
    ck_assert(outcome_file_read(left.memory, left.bytes, &read, &missed));
    ck_assert_int_eq(read.verdict, VERDICT_FAIL);
    ck_assert_str_eq(read.sentence, "so it went");
    ck_assert_uint_eq(missed, 3);
    outcome_file_close(&left);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
    close(fd);
}
END_TEST

START_TEST(who_never_lets_go_is_refused)
{
    const struct outcome outcome = {.verdict = VERDICT_PASS, .sentence = ""};
    struct outcome_left left;
    const int fd = outcome_file_new();

    ck_assert(outcome_file_write(fd, &outcome, 0));
    void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    ck_assert(memory != MAP_FAILED);
    ck_assert(!outcome_file_open(fd, &left));
    ck_assert(!left.no_memory);
    ck_assert_ptr_nonnull(strstr(left.missing, "still has hold of it"));
    munmap(memory, 4096);
    close(fd);
}
END_TEST

Suite *outcome_file_suite(void);
Suite *outcome_file_suite(void)
{
    Suite *suite = suite_create("outcome_file");
    TCase *tests = tcase_create("what a worker leaves");

    tcase_add_test(tests, it_is_waited_for_who_is_about_to_let_go);
    tcase_add_test(tests, who_never_lets_go_is_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
