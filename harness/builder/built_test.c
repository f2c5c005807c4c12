/* SPDX-License-Identifier: BSD-2-Clause */
/* What a folder of guests says of files that have changed since. No guest is built. */
#include "harness/builder/built.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/builder/build.h"
#include "harness/builder/contents.h"

Suite *built_suite(void);

static char folder[64], first[96], second[96];

static void write_file(const char *path, const char *text)
{
    FILE *out = fopen(path, "we");

    ck_assert_msg(out != NULL, "%s", path);
    fputs(text, out);
    fclose(out);
}

static void write_in(const char *name, const char *text)
{
    char path[160];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    write_file(path, text);
}

/* Two files of a user's, with one of ours between them, as they would have been built just now. */
static void setup(void)
{
    char text[512], path[96];
    uint64_t one, other;

    strcpy(folder, "/tmp/built-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(first, sizeof first, "%s/a b.c", folder);
    snprintf(second, sizeof second, "%s/second.c", folder);
    write_file(first, "int a;\n");
    write_file(second, "int b;\n");
    ck_assert(hash_of_file(first, &one) && hash_of_file(second, &other));
    snprintf(path, sizeof path, "%s/objects", folder);
    ck_assert_int_eq(mkdir(path, 0777), 0);
    snprintf(text, sizeof text, "0123456789abcdef\ndriver %s\nphysseg %s\n", first, second);
    write_in(BUILT_FILE, text);
    snprintf(text, sizeof text,
        "file driver xxh64:%016" PRIx64 " a b.c\nfile other ours\nfile physseg xxh64:%016" PRIx64
        " second.c\n",
        one, other);
    write_in(BUILT_DESCRIPTION, text);
}

static void teardown(void)
{
    static const char *const names[] = {"a b.c", "second.c", BUILT_FILE, BUILT_DESCRIPTION, "objects", "."};

    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
        char path[160];
        snprintf(path, sizeof path, "%s/%s", folder, names[n]);
        if (unlink(path) != 0)
            rmdir(n + 1 < sizeof names / sizeof names[0] ? path : folder);
    }
}

/* No path: nothing has changed. */
static void ck_changed(const char *path)
{
    struct words options = {0};
    char *changed = built_changed(folder, &options);

    words_free(&options);
    if (path == NULL) {
        ck_assert_msg(changed == NULL, "%s", changed);
        return;
    }
    ck_assert_ptr_nonnull(changed);
    ck_assert_str_eq(changed, path);
    free(changed);
}

START_TEST(contents_decide)
{
    ck_changed(NULL);
    write_file(second, "int c;\n");
    ck_changed(second);
    write_file(second, "int b;\n"); /* newer, and the same again */
    ck_changed(NULL);
    write_file(first, "int b;\n");
    ck_changed(first);
    unlink(first);
    ck_changed(NULL);
}
END_TEST

/* What a user is told to type builds no file of ours in place of one that has not changed. */
START_TEST(all_files_are_named_again)
{
    const char *const wanted[] = {"--driver", first, "--physseg", second};
    struct words options = {0};

    write_file(first, "int b;\n");
    free(built_changed(folder, &options));
    ck_assert_uint_eq(options.count, sizeof wanted / sizeof wanted[0]);
    for (size_t w = 0; w < options.count; w++)
        ck_assert_str_eq(options.list[w], wanted[w]);
    words_free(&options);
}
END_TEST

START_TEST(a_folder_may_not_say)
{
    struct words options = {0};

    write_file(first, "int b;\n");
    write_in(BUILT_DESCRIPTION, "file driver\n");
    ck_changed(NULL);
    write_in(BUILT_DESCRIPTION, "");
    ck_changed(NULL);
    write_in(BUILT_FILE, "0123456789abcdef\nnothing\n");
    ck_changed(NULL);
    write_in(BUILT_FILE, "");
    ck_changed(NULL);
    ck_assert_ptr_null(built_changed("/nowhere", &options));
}
END_TEST

Suite *built_suite(void)
{
    Suite *suite = suite_create("built");
    TCase *tests = tcase_create("changed files");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, contents_decide);
    tcase_add_test(tests, all_files_are_named_again);
    tcase_add_test(tests, a_folder_may_not_say);
    suite_add_tcase(suite, tests);
    return suite;
}
