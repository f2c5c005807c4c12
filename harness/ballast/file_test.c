/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of whole-file reading and writing: what is refused, and what a failed write leaves (nothing). */
#include "harness/ballast/file.h"

#include <check.h>
#include <signal.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/ballast-file-XXXXXX";
static char path[64], error[512];

static void setup(void)
{
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/it", folder);
    error[0] = 0;
}

static void teardown(void)
{
    unlink(path);
    ck_assert_int_eq(rmdir(folder), 0); /* nothing else was left in it */
}

START_TEST(what_is_written_is_read)
{
    const char bytes[] = "one\0two\n";
    size_t count;

    ck_assert(file_write(path, bytes, sizeof bytes, error, sizeof error));
    char *read = file_read(path, 100, &count, error, sizeof error);
    ck_assert_ptr_nonnull(read);
    ck_assert_uint_eq(count, sizeof bytes);
    ck_assert_int_eq(memcmp(read, bytes, sizeof bytes), 0);
    ck_assert_int_eq(read[count], 0);
    free(read);
}
END_TEST

START_TEST(an_empty_file_is_a_file)
{
    size_t count = 7;

    ck_assert(file_write(path, NULL, 0, error, sizeof error));
    char *read = file_read(path, 100, &count, error, sizeof error);
    ck_assert_ptr_nonnull(read);
    ck_assert_uint_eq(count, 0);
    free(read);
}
END_TEST

START_TEST(the_largest_that_is_allowed_is_read_and_one_more_refused)
{
    static char bytes[40000];
    size_t count;

    ck_assert(file_write(path, bytes, sizeof bytes, error, sizeof error));
    char *read = file_read(path, sizeof bytes, &count, error, sizeof error);
    ck_assert_ptr_nonnull(read);
    ck_assert_uint_eq(count, sizeof bytes);
    free(read);
    ck_assert_ptr_null(file_read(path, sizeof bytes - 1, &count, error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "larger than 39999 bytes"));
}
END_TEST

START_TEST(what_is_not_there_or_a_folder_is_refused_by_name)
{
    size_t count;

    ck_assert_ptr_null(file_read(path, 100, &count, error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, path));
    ck_assert_ptr_null(file_read(folder, 100, &count, error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "directory"));
}
END_TEST

START_TEST(a_write_that_fails_leaves_the_old_file_and_nothing_beside)
{
    char below[96];

    ck_assert(file_write(path, "old", 3, error, sizeof error));
    snprintf(below, sizeof below, "%s/below", path); /* a folder that is a file */
    ck_assert(!file_write(below, "new", 3, error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "can't be written"));
    ck_assert(!file_write(folder, "new", 3, error, sizeof error)); /* can't be renamed onto a folder */
    ck_assert_ptr_nonnull(strstr(error, "no regular file"));

    size_t count;
    char *read = file_read(path, 100, &count, error, sizeof error);
    ck_assert_str_eq(read, "old");
    free(read);
}
END_TEST

#define MANY ((size_t)1 << 20) /* bytes, more than fit under the limits below */

/* Killed by the system in the middle of writing: the old file is whole, and nothing lies beside it. */
static void die_while_writing(void)
{
    char *many = calloc(1, MANY);
    const pid_t child = fork();
    int status;

    ck_assert_int_ge(child, 0);
    if (child == 0) {
        signal(SIGXFSZ, SIG_DFL);
        setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
        setrlimit(RLIMIT_FSIZE, &(struct rlimit){4096, 4096});
        file_write(path, many, MANY, error, sizeof error);
        _exit(0);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    free(many);
    ck_assert_msg(
        WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ, "it was to be killed, status %x", status);
}

START_TEST(a_writer_that_is_killed_leaves_the_old_file_or_none)
{
    size_t count;

    die_while_writing();
    ck_assert_int_ne(access(path, F_OK), 0);
    ck_assert_int_eq(rmdir(folder), 0); /* empty */
    ck_assert_int_eq(mkdir(folder, 0700), 0);
    ck_assert(file_write(path, "old", 3, error, sizeof error));
    die_while_writing();
    char *read = file_read(path, 100, &count, error, sizeof error);
    ck_assert_ptr_nonnull(read);
    ck_assert_str_eq(read, "old");
    free(read);
}
END_TEST

/* No room for all of it, as on a full disk: refused, and nothing of it is left. */
START_TEST(a_disk_that_is_full_is_told)
{
    char *many = calloc(1, MANY);
    struct rlimit before;

    ck_assert(file_write(path, "old", 3, error, sizeof error));
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){4096, before.rlim_max});
    const bool written = file_write(path, many, MANY, error, sizeof error);
    free(many);
    setrlimit(RLIMIT_FSIZE, &before);
    ck_assert(!written);
    ck_assert_ptr_nonnull(strstr(error, "can't be written: File too large"));
    size_t count;
    char *read = file_read(path, 100, &count, error, sizeof error);
    ck_assert_str_eq(read, "old");
    free(read);
}
END_TEST

START_TEST(a_name_that_is_too_long_is_refused)
{
    char name[5000];

    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = 0;
    ck_assert(!file_write(name, "x", 1, error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "the name is too long"));
    name[300] = 0; /* longer than a file system takes */
    ck_assert(!file_write(name, "x", 1, error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "can't be written"));
}
END_TEST

START_TEST(a_new_file_has_the_users_permissions)
{
    struct stat status;
    mode_t before = umask(027);

    ck_assert(file_write(path, "x", 1, error, sizeof error));
    umask(before);
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_uint_eq(status.st_mode & 0777, 0640);
}
END_TEST

/* The file that a link leads to is replaced, and keeps its permissions; the link stays a link. */
START_TEST(a_link_is_followed_and_permissions_are_kept)
{
    char link_path[96];
    struct stat status;

    ck_assert(file_write(path, "old", 3, error, sizeof error));
    ck_assert_int_eq(chmod(path, 0600), 0);
    snprintf(link_path, sizeof link_path, "%s/link", folder);
    ck_assert_int_eq(symlink("it", link_path), 0);
    ck_assert(file_write(link_path, "newer", 5, error, sizeof error));
    ck_assert_int_eq(lstat(link_path, &status), 0);
    ck_assert(S_ISLNK(status.st_mode));
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_uint_eq(status.st_mode & 0777, 0600);
    ck_assert_int_eq(status.st_size, 5);
    ck_assert_int_eq(unlink(link_path), 0);
}
END_TEST

START_TEST(what_is_no_regular_file_is_not_written_over)
{
    struct stat status;

    ck_assert_int_eq(mkfifo(path, 0600), 0);
    ck_assert(!file_write(path, "x", 1, error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "no regular file"));
    ck_assert_int_eq(lstat(path, &status), 0);
    ck_assert(S_ISFIFO(status.st_mode));
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(symlink("nowhere", path), 0);
    ck_assert(!file_write(path, "x", 1, error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "a link to nothing"));
}
END_TEST

/* Nobody waits for the other end of a pipe that a file's name leads to. One that the caller has opened is read. */
START_TEST(a_pipe_is_read_where_it_is_open_already)
{
    int ends[2];
    size_t bytes;
    char name[32];

    ck_assert_int_eq(mkfifo(path, 0600), 0);
    ck_assert_ptr_null(file_read(path, 100, &bytes, error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, ": it is a pipe, and no file"));
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(write(ends[1], "one", 3), 3);
    close(ends[1]);
    snprintf(name, sizeof name, "/dev/fd/%d", ends[0]);
    char *text = file_read(name, 100, &bytes, error, sizeof error);
    ck_assert_msg(text != NULL, "%s", error);
    ck_assert_str_eq(text, "one");
    free(text);
    close(ends[0]);
}
END_TEST

/* In a folder where others' files stay, neither of two is touched when one can't be. */
START_TEST(two_files_are_both_written_or_neither)
{
    char sticky[] = "/tmp/ballast-two-XXXXXX", one[64], two[64], text[200];
    const struct file_content both[] = {{one, "new", 3}, {two, "new", 3}};

    if (geteuid() != 0)
        return; /* it takes two users */
    ck_assert_ptr_nonnull(mkdtemp(sticky));
    snprintf(one, sizeof one, "%s/one", sticky);
    snprintf(two, sizeof two, "%s/two", sticky);
    for (int which = 0; which < 3;
         which++) { /* the second is another's, the first is, and the first is missing */
        ck_assert(file_write(two, "old", 3, text, sizeof text));
        if (which < 2)
            ck_assert(file_write(one, "old", 3, text, sizeof text));
        else
            unlink(one);
        ck_assert_int_eq(chmod(sticky, 01777), 0);
        if (which < 2)
            ck_assert_int_eq(chown(which == 0 ? one : two, 65534, 65534), 0);
        const pid_t pid = fork();
        if (pid == 0)
            _exit(setuid(65534) == 0 && !file_write_two(both, text, sizeof text) ? 0 : 1);
        int status = 1;
        ck_assert_int_eq(waitpid(pid, &status, 0), pid);
        ck_assert_int_eq(status, 0);
        size_t bytes;
        char *now = file_read(one, 100, &bytes, text, sizeof text);
        ck_assert_int_eq(now == NULL, which == 2);
        ck_assert(now == NULL || strcmp(now, "old") == 0);
        free(now);
        now = file_read(two, 100, &bytes, text, sizeof text);
        ck_assert_str_eq(now, "old");
        free(now);
    }
    unlink(one);
    unlink(two);
    ck_assert_int_eq(rmdir(sticky), 0); /* and nothing is left */
}
END_TEST

Suite *file_suite(void)
{
    Suite *suite = suite_create("file");
    TCase *tests = tcase_create("whole files");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, what_is_written_is_read);
    tcase_add_test(tests, an_empty_file_is_a_file);
    tcase_add_test(tests, the_largest_that_is_allowed_is_read_and_one_more_refused);
    tcase_add_test(tests, what_is_not_there_or_a_folder_is_refused_by_name);
    tcase_add_test(tests, a_write_that_fails_leaves_the_old_file_and_nothing_beside);
    tcase_add_test(tests, a_writer_that_is_killed_leaves_the_old_file_or_none);
    tcase_add_test(tests, a_disk_that_is_full_is_told);
    tcase_add_test(tests, a_name_that_is_too_long_is_refused);
    tcase_add_test(tests, a_new_file_has_the_users_permissions);
    tcase_add_test(tests, a_link_is_followed_and_permissions_are_kept);
    tcase_add_test(tests, what_is_no_regular_file_is_not_written_over);
    tcase_add_test(tests, a_pipe_is_read_where_it_is_open_already);
    tcase_add_test(tests, two_files_are_both_written_or_neither);
    suite_add_tcase(suite, tests);
    return suite;
}
