/* SPDX-License-Identifier: BSD-2-Clause */
/* Which kernels a folder has, and what their files say of them. */
#include "harness/image/kernels.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char error[600], folder[64], program[64];

static void setup(void)
{
    strcpy(folder, "/tmp/ballast-kernels-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_gt(readlink("/proc/self/exe", program, sizeof program - 1), 0);
}

static void teardown(void)
{
    char command[128];

    snprintf(command, sizeof command, "rm -r '%s'", folder);
    ck_assert_int_eq(system(command), 0);
}

static void put(const char *name, const char *text)
{
    char path[128];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *out = fopen(path, "w");
    ck_assert_ptr_nonnull(out);
    fputs(text, out);
    fclose(out);
}

START_TEST(those_of_the_build)
{
    char names[1000];

    kernel_names(names, sizeof names); /* other families' come before and behind */
    ck_assert_msg(
        strstr(names, "netbsd, netbsd-2017-page, netbsd-clip, netbsd-static,") != NULL, "%s", names);
    ck_assert_str_eq(kernel_describe("netbsd")->family, "netbsd");
    ck_assert(kernel_has_feature(kernel_describe("netbsd"), "hotplug"));
    ck_assert_str_eq(kernel_describe("netbsd-static")->family, "netbsd");
    ck_assert(!kernel_has_feature(kernel_describe("netbsd-static"), "hotplug"));
    ck_assert(kernel_describe("probe")->p2m_means_nothing);
    ck_assert_ptr_eq(kernel_describe("probe"), kernel_describe("probe")); /* read once */
    ck_assert_ptr_null(kernel_describe("netbs"));
}
END_TEST

START_TEST(a_folder_tells_which_there_are)
{
    put("b.so", "");
    put("a.so", "");
    put("a.missing", "of old\n");
    put("c.missing", "linux-source-9\nand more\n");
    put("d.missing", "");
    put("e.txt", "");
    put(".so", "");
    put("a-name-that-is-too-long-for-one.so", "");
    setenv("BALLAST_GUESTS", folder, 1);
    char names[64], small[8];
    kernel_names(names, sizeof names);
    ck_assert_str_eq(names, "a, b, c, d");
    kernel_names(small, sizeof small);
    ck_assert_str_eq(small, "a, b, c");
    ck_assert_str_eq(kernel_info("a")->package, "");
    ck_assert_str_eq(kernel_info("a")->file, "a.so");
    ck_assert_str_eq(kernel_info("c")->package, "linux-source-9");
    ck_assert_str_ne(kernel_info("d")->package, "");
    ck_assert_ptr_null(kernel_info("e"));
}
END_TEST

START_TEST(a_kernel_in_place_of_another)
{
    static const char *const files[] = {"v-1.so", "v-1-odd.so", "v-1-two-words.so", "v-2.so", "v-2-odd.so",
        "v-2-two-words.so", "v-2-even.missing", "w.so"};
    static const struct {
        const char *other, *own, *runs;
    } cases[] = {
        {"v-2", "v-1-odd", "v-2-odd"},
        {"v-2", "v-1-even", "v-2-even"},
        {"v-2", "v-1-two-words", "v-2-two-words"},
        {"v-2", "v-1", "v-2"},
        {"v-2", "v-2-odd", "v-2"},
        {"v-2-odd", "v-1-odd", "v-2-odd"},
        {"w", "v-1-odd", "w"},
        {"v-2", "w-odd", "v-2-odd"},
        {"v-2", "x-odd", "v-2"},
        {NULL, "v-1-odd", "v-1-odd"},
    };

    for (size_t f = 0; f < sizeof files / sizeof files[0]; f++)
        put(files[f], "");
    setenv("BALLAST_GUESTS", folder, 1);
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++)
        ck_assert_str_eq(kernel_in_place(cases[c].other, cases[c].own), cases[c].runs);
}
END_TEST

START_TEST(a_folder_without_any)
{
    char names[64];

    setenv("BALLAST_GUESTS", folder, 1);
    kernel_names(names, sizeof names);
    ck_assert_str_eq(names, "");
    ck_assert_ptr_null(kernel_next(NULL));
    setenv("BALLAST_GUESTS", "/nonexistent", 1);
    ck_assert_ptr_null(kernel_next(NULL));
}
END_TEST

START_TEST(files_that_describe_nothing)
{
    char path[128];

    ck_assert_ptr_null(kernel_of_file("/nonexistent/a.so", error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "/nonexistent/a.so is missing"));
    put("a.so", "no object");
    snprintf(path, sizeof path, "%s/a.so", folder);
    ck_assert_ptr_null(kernel_of_file(path, error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "it is no ELF file"));
    ck_assert_ptr_null(kernel_of_file(program, error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "there is no section .ballast.kernel"));
}
END_TEST

/* An ELF file whose section is changed: what is wrong in it is told with the file. */
START_TEST(a_description_with_a_fault)
{
    char command[512], path[128];

    put("rows", "family a\nversion 1\nabout b\nimage 1 x\n");
    snprintf(path, sizeof path, "%s/a.so", folder);
    snprintf(command, sizeof command, "objcopy --update-section .ballast.kernel=%s/rows %s/probe.so %s",
        folder, image_folder(), path);
    ck_assert_int_eq(system(command), 0);
    ck_assert_ptr_null(kernel_of_file(path, error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "/a.so can't be loaded: row 4 of the kernel's description, `image`"));
    put("rows", "family a\nversion 1\nabout b\nimage 1 2\n");
    ck_assert_int_eq(system(command), 0);
    struct kernel *kernel = kernel_of_file(path, error, sizeof error);
    ck_assert_msg(kernel != NULL, "%s", error);
    ck_assert_uint_eq(kernel->image_bytes_a_page, 2);
    kernel_free(kernel);
}
END_TEST

Suite *kernels_suite(void);

Suite *kernels_suite(void)
{
    Suite *suite = suite_create("kernels");
    TCase *tests = tcase_create("files");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, those_of_the_build);
    tcase_add_test(tests, a_folder_tells_which_there_are);
    tcase_add_test(tests, a_kernel_in_place_of_another);
    tcase_add_test(tests, a_folder_without_any);
    tcase_add_test(tests, files_that_describe_nothing);
    tcase_add_test(tests, a_description_with_a_fault);
    suite_add_tcase(suite, tests);
    return suite;
}
