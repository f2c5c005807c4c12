/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tests of a user's files: which names are taken, from which folder, and what is refused with which sentence; and of
 * the recipe, from which the parts come.
 */
#include <check.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/builder/files.h"

static char here[PATH_MAX], before[PATH_MAX];
static char folder[] = "/tmp/ballast-files-XXXXXX";
static struct user_files files;
static char error[1024];

static void put(const char *path, const char *text)
{
    FILE *out = fopen(path, "w");

    ck_assert_ptr_nonnull(out);
    fputs(text, out);
    fclose(out);
}

/* here/ is the present folder, here/caller/ the one that make was called from. */
static void setup(void)
{
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    ck_assert_ptr_nonnull(getcwd(before, sizeof before));
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    ck_assert_int_eq(mkdir("caller", 0777), 0);
    ck_assert_int_eq(mkdir("caller/inc", 0777), 0);
    put("a b.c", "");
    put("it's.c", "");
    put("twice.c", "");
    put("caller/twice.c", "");
    put("caller/there.c", "");
    put("x.h", "");
    ck_assert_int_eq(mkfifo("pipe.c", 0666), 0);
    snprintf(here, sizeof here, "%s/caller", folder);
}

static void teardown(void)
{
    char command[128];

    user_files_free(&files);
    ck_assert_int_eq(chdir(before), 0);
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    ck_assert_int_eq(system(command), 0);
}

static const struct {
    const char *text, *sources; /* below the folder, apart by | */
    size_t folders;
} taken[] = {
    {"a b.c", "/a b.c", 0}, /* one file's name that has a blank */
    {"it's.c", "/it's.c", 0},
    {"a\\ b.c there.c", "/a b.c|/caller/there.c", 0},
    {"\"it's.c\" 'a b.c' inc", "/it's.c|/a b.c", 1},
    {"./twice.c caller/twice.c", NULL, 0},
};

START_TEST(a_list_is_taken)
{
    char joined[512] = "";

    if (taken[_i].sources == NULL) { /* ./twice.c is in both folders */
        ck_assert(!user_files_add_list(&files, 0, "DRIVER=", taken[_i].text, here, error, sizeof error));
        ck_assert_ptr_nonnull(strstr(error, "name it by its whole path"));
        return;
    }
    ck_assert_msg(
        user_files_add_list(&files, 0, "DRIVER=", taken[_i].text, here, error, sizeof error), "%s", error);
    for (size_t s = 0; s < files.sources[0].count; s++) {
        ck_assert_int_eq(strncmp(files.sources[0].list[s], folder, strlen(folder)), 0);
        strcat(joined, s > 0 ? "|" : "");
        strcat(joined, files.sources[0].list[s] + strlen(folder));
    }
    ck_assert_str_eq(joined, taken[_i].sources);
    ck_assert_uint_eq(files.folders.count, taken[_i].folders);
}
END_TEST

static const struct {
    const char *text, *says;
} refused[] = {
    {"", "DRIVER=: it names no file; leave it out"},
    {"  ", "DRIVER=  : it names no file; leave it out"},
    {"gone.c", "DRIVER=gone.c: there is no such file, neither in"},
    {"gone's.c", "DRIVER=gone's.c: there is no such file"},
    {"twice.c", "DRIVER=twice.c: there is one in"},
    {"x.h", "DRIVER=x.h: a file in C is wanted"},
    {"pipe.c", "DRIVER=pipe.c: it is neither a file nor a folder"},
    {"a\nb.c", "DRIVER=a: there is no such file"},
    {"it's.c/x.c", "Not a directory"},
    {"there.c gone.c", "DRIVER=gone.c: there is no such file"},
};

START_TEST(what_is_no_file_is_refused_in_one_line)
{
    ck_assert(!user_files_add_list(&files, 0, "DRIVER=", refused[_i].text, here, error, sizeof error));
    ck_assert_msg(strstr(error, refused[_i].says) != NULL, "no \"%s\" in: %s", refused[_i].says, error);
    ck_assert_ptr_null(strchr(error, '\n'));
}
END_TEST

START_TEST(options_keep_their_paths)
{
    char wanted[PATH_MAX + 64];

    ck_assert(user_files_add_options(&files,
        "KPI_CFLAGS=", "-DA='x y' -Iinc -I inc -include there.c -U B -Igone", here, error, sizeof error));
    ck_assert_uint_eq(files.options.count, 9);
    ck_assert_str_eq(files.options.list[0], "-DA=x y");
    snprintf(wanted, sizeof wanted, "-I%s/inc", here);
    ck_assert_str_eq(files.options.list[1], wanted);
    ck_assert_str_eq(files.options.list[3], wanted + 2);
    snprintf(wanted, sizeof wanted, "%s/there.c", here);
    ck_assert_str_eq(files.options.list[5], wanted);
    ck_assert_str_eq(files.options.list[7], "B");
    ck_assert_str_eq(files.options.list[8], "-Igone");
}
END_TEST

static const struct {
    const char *text, *says;
} bad_options[] = {
    {"-DX=\"", "KPI_CFLAGS=-DX=\": nothing closes its \""},
    {"other.c", "KPI_CFLAGS=other.c: this is no option"},
    {"-fsyntax-only", "this is no option"},
    {"-o x", "KPI_CFLAGS=-o: this is no option"},
    {"@file", "KPI_CFLAGS=@file: this is no option"},
    {"-I", "KPI_CFLAGS=-I: this option wants something behind it"},
};

START_TEST(options_that_do_something_else_are_refused)
{
    ck_assert(
        !user_files_add_options(&files, "KPI_CFLAGS=", bad_options[_i].text, here, error, sizeof error));
    ck_assert_msg(
        strstr(error, bad_options[_i].says) != NULL, "no \"%s\" in: %s", bad_options[_i].says, error);
}
END_TEST

static const char recipe_text[] =
    "tree tree\npart driver ours/d.c dev/d.c\npart segments ours/s.c vm/s.c\n"
    "compile cc\ncompile -I\ncompile @tree/inc\nflags.hot -DH\nlink -T,@built/x,y\n";

START_TEST(a_recipe_is_lists_of_arguments)
{
    struct words words = {0};
    char wanted[PATH_MAX];

    ck_assert_int_eq(mkdir("tree", 0777), 0);
    put("recipe", recipe_text);
    struct recipe *recipe = recipe_read("recipe", error, sizeof error);
    ck_assert_msg(recipe != NULL, "%s", error);
    ck_assert_uint_eq(recipe->nr_parts, 2);
    ck_assert_str_eq(recipe->parts[1].in_tree, "vm/s.c");
    recipe_list(recipe, "compile", NULL, &words);
    recipe_list(recipe, "flags.*", "hot", &words);
    ck_assert_uint_eq(words.count, 4);
    snprintf(wanted, sizeof wanted, "%s/tree/inc", folder);
    ck_assert_str_eq(words.list[2], wanted);
    ck_assert_str_eq(words.list[3], "-DH");
    snprintf(wanted, sizeof wanted, "-T,%s/x,y", folder);
    ck_assert_str_eq(recipe_value(recipe, "link"), wanted);
    ck_assert_ptr_null(recipe_value(recipe, "lonk"));
    words_free(&words);
    recipe_free(recipe);
}
END_TEST

START_TEST(a_recipe_that_is_none_is_refused)
{
    static const char *const texts[] = {"", "compile cc\n", "tree gone\ncompile cc\n", "tree tree\n",
        "tree tree\ncompile\n", "tree tree\npart driver\n"};

    ck_assert_int_eq(mkdir("tree", 0777), 0);
    put("recipe", texts[_i]);
    ck_assert_ptr_null(recipe_read("recipe", error, sizeof error));
    ck_assert_str_eq(error, "recipe does not say how guests are built: run make");
}
END_TEST

START_TEST(a_source_tree_is_searched)
{
    struct words found = {0};

    ck_assert_int_eq(system("mkdir -p tree src/dev src/vm"), 0);
    put("recipe", recipe_text);
    put("src/dev/d.c", "/* $NetBSD: d.c,v 1.2 2018/01/01 00:00:00 me Exp $ */\n");
    struct recipe *recipe = recipe_read("recipe", error, sizeof error);
    ck_assert_msg(recipe != NULL, "%s", error);
    ck_assert_msg(user_files_add_tree(&files, recipe, "NETBSD=", "src", here, &found, error, sizeof error),
        "%s", error);
    ck_assert_uint_eq(found.count, 2);
    ck_assert_ptr_nonnull(
        strstr(found.list[0], "src/dev/d.c  $NetBSD: d.c,v 1.2 2018/01/01 00:00:00 me Exp $"));
    ck_assert_str_eq(found.list[1], "segments: there is no vm/s.c, ours takes its place");
    ck_assert_uint_eq(files.sources[0].count, 1);
    ck_assert_uint_eq(files.sources[1].count, 0);
    ck_assert(!user_files_add_tree(&files, recipe, "NETBSD=", "tree", here, &found, error, sizeof error));
    ck_assert_str_eq(error, "NETBSD=tree: no file of a kernel's was found in it");
    words_free(&found);
    recipe_free(recipe);
}
END_TEST

Suite *files_suite(void)
{
    Suite *suite = suite_create("a user's files");
    TCase *tcase = tcase_create("files");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, a_list_is_taken, 0, (int)(sizeof taken / sizeof taken[0]));
    tcase_add_loop_test(
        tcase, what_is_no_file_is_refused_in_one_line, 0, (int)(sizeof refused / sizeof refused[0]));
    tcase_add_test(tcase, options_keep_their_paths);
    tcase_add_loop_test(tcase, options_that_do_something_else_are_refused, 0,
        (int)(sizeof bad_options / sizeof bad_options[0]));
    tcase_add_test(tcase, a_recipe_is_lists_of_arguments);
    tcase_add_loop_test(tcase, a_recipe_that_is_none_is_refused, 0, 6);
    tcase_add_test(tcase, a_source_tree_is_searched);
    suite_add_tcase(suite, tcase);
    return suite;
}
