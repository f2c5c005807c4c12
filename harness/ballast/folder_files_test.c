/* SPDX-License-Identifier: BSD-2-Clause */
/* What a folder's name stands for, and that nothing in it is left out without a word. */
#include "harness/ballast/folder_files.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/ballast/nobody_for_tests.h"

Suite *folder_files_suite(void);

static char folder[] = "/tmp/ballast-folder-XXXXXX";
static char error[512];

static void shell(const char *in_folder)
{
    char command[512];

    snprintf(command, sizeof command, "cd '%s' && %s", folder, in_folder);
    ck_assert_int_eq(system(command), 0);
}

static void setup(void)
{
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chmod(folder, 0755), 0);
    shell("mkdir -p b/c shut && touch a.rec b/no.txt b/c/d.rec shut/e.rec && ln -s .. b/round");
    error[0] = '\0';
}

static void teardown(void)
{
    char command[64];

    snprintf(command, sizeof command, "rm -r '%s'", folder);
    ck_assert_int_eq(system(command), 0);
}

static bool ends_with(const char *text, const char *end)
{
    return strlen(text) >= strlen(end) && strcmp(text + strlen(text) - strlen(end), end) == 0;
}

START_TEST(all_of_one_kind_by_name)
{
    struct words found = {0};

    ck_assert_msg(folder_files_add(&found, folder, ".rec", "recording", error, sizeof error), "%s", error);
    ck_assert_uint_eq(found.count, 3);
    ck_assert(ends_with(found.list[0], "/a.rec"));
    ck_assert(ends_with(found.list[1], "/b/c/d.rec"));
    ck_assert(ends_with(found.list[2], "/shut/e.rec"));
    words_free(&found);
}
END_TEST

/* With or without files beside it: a verdict on some of a folder's files would be taken for one on all. */
static bool is_refused_here(void)
{
    struct words found = {0};

    return !folder_files_add(&found, folder, ".rec", "recording", error, sizeof error) &&
           strstr(error, "/shut: can't be read: Permission denied") != NULL;
}

START_TEST(a_folder_in_it_that_cannot_be_read_is_told)
{
    shell("chmod 0 shut");
    const bool refused = holds_for_nobody(is_refused_here);
    shell("chmod 755 shut");
    ck_assert(refused);
}
END_TEST

START_TEST(what_is_too_deep_is_told)
{
    struct words found = {0};

    shell("mkdir -p `printf %0200d 0 | sed s,0,0/,g`");
    ck_assert(!folder_files_add(&found, folder, ".rec", "recording", error, sizeof error));
    ck_assert_msg(
        strstr(error, "/0/0/0: can't be read: it lies more than 64 folders deep") != NULL, "%s", error);
    words_free(&found);
}
END_TEST

START_TEST(a_name_that_is_no_folder_stands_for_itself)
{
    struct words found = {0};

    ck_assert(folder_files_add(&found, "none.rec", ".rec", "recording", error, sizeof error));
    ck_assert_uint_eq(found.count, 1);
    ck_assert_str_eq(found.list[0], "none.rec");
    words_free(&found);
}
END_TEST

Suite *folder_files_suite(void)
{
    Suite *suite = suite_create("folder files");
    TCase *tests = tcase_create("folders");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, all_of_one_kind_by_name);
    tcase_add_test(tests, a_folder_in_it_that_cannot_be_read_is_told);
    tcase_add_test(tests, what_is_too_deep_is_told);
    tcase_add_test(tests, a_name_that_is_no_folder_stands_for_itself);
    suite_add_tcase(suite, tests);
    return suite;
}
