/* SPDX-License-Identifier: BSD-2-Clause */
/* A kernel's description is read: every row of a good one, and each bad row refused with a sentence. */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sim/test_kernel.h"

static char error[400];

START_TEST(what_the_test_kernel_says)
{
    const struct kernel *kernel = test_kernel();
    const struct fault_site_info *site = kernel_site(kernel, (enum fault_site)TEST_SITE_ADD);

    ck_assert_str_eq(kernel->family, "testix");
    ck_assert_str_eq(kernel->version, "1.0");
    ck_assert_str_eq(kernel->about, "a kernel for tests");
    ck_assert_str_eq(kernel->rows, TEST_KERNEL_ROWS);
    ck_assert(strcmp(site->name, "section_add") == 0 && site->has_pages && !site->takes_errno);
    ck_assert_str_eq(site->refusal, "-ENOSPC, before the call");
    ck_assert_str_eq(site->source, "section(9): may fail");
    ck_assert(site->error == ENOMEM && site->ending == NOTE_PLUG_END && site->bars == FAULT_BARS_MOVING);
    site = kernel_site(kernel, (enum fault_site)TEST_SITE_THREAD);
    ck_assert(site->takes_errno && !site->has_pages && site->bars == FAULT_BARS_NOTHING && !site->hostile);
    ck_assert(kernel_site(kernel, (enum fault_site)TEST_SITE_ODD)->hostile);
    ck_assert_uint_eq(kernel->nr_calls, 2);
    ck_assert_uint_eq(kernel->calls[0].nr_parameters, 2);
    ck_assert_str_eq(kernel->calls[0].parameters[1], "pages");
    ck_assert_uint_eq(kernel->calls[1].nr_parameters, 0);
    ck_assert_ptr_null(kernel->nodes[NODE_MAX].name);
    ck_assert_int_eq(kernel->nodes[NODE_TARGET].unit, KERNEL_UNIT_PAGES);
    ck_assert_str_eq(kernel->nodes[NODE_TARGET].name, "/sys/balloon/target");
    ck_assert(kernel->grain_pages == 1 && strcmp(kernel->walk, "section_next") == 0);
    ck_assert(kernel->image_fixed_pages == 320 && kernel->image_bytes_a_page == 128);
    ck_assert(!kernel->p2m_means_nothing);
    ck_assert(kernel_has_feature(kernel, "hotplug") && !kernel_has_feature(kernel, "hot"));
    ck_assert_uint_eq(kernel->nr_says, 8);
    ck_assert_uint_eq(kernel->nr_choices, 3);
    ck_assert_str_eq(kernel_choice_of(kernel, "heat", "on")->words, "heat=1");
    ck_assert_ptr_null(kernel_choice_of(kernel, "heat", "off")->words);
    ck_assert_str_eq(kernel_choice_of(kernel, "sections", "off")->suffix, "-flat");
    ck_assert_ptr_null(kernel_choice_of(kernel, "sections", "on"));
}
END_TEST

#define LEAST "family a\nversion 1\nabout b\nimage 1 2\n"

START_TEST(the_least_that_a_kernel_says)
{
    struct kernel *kernel = kernel_parse(LEAST "\0\0", sizeof LEAST + 1, error, sizeof error);

    ck_assert_msg(kernel != NULL, "%s", error);
    ck_assert_uint_eq(kernel_sites_end(kernel), FAULT_SITE_OF_KERNEL);
    ck_assert(kernel->nr_calls == 0 && kernel->nr_says == 0 && kernel->grain_pages == 0);
    ck_assert(!kernel_counts(kernel, PORT_COUNTER_FREE));
    ck_assert_str_eq(kernel_counter_name(kernel, PORT_COUNTER_FREE), "free pages");
    ck_assert_str_eq(kernel_plug_name(kernel), "plug");
    ck_assert_str_eq(kernel_unplug_name(kernel), "unplug");
    kernel_free(kernel);
}
END_TEST

START_TEST(whose_files_it_is_made_of)
{
    static const char rows[] =
        "file driver xxh64:12 my balloon.c\nfile driver xxh64:3 b.c\nfile vm ours\noptions -DA -DB\n" LEAST;
    struct kernel *kernel = kernel_parse(rows, sizeof rows, error, sizeof error);

    ck_assert_msg(kernel != NULL, "%s", error);
    ck_assert_uint_eq(kernel->nr_files, 3);
    ck_assert_str_eq(kernel->files[0].part, "driver");
    ck_assert_str_eq(kernel->files[0].hash, "xxh64:12");
    ck_assert_str_eq(kernel->files[0].name, "my balloon.c");
    ck_assert_ptr_null(kernel->files[2].hash);
    ck_assert_str_eq(kernel->options, "-DA -DB");
    kernel_free(kernel);
}
END_TEST

START_TEST(what_it_breaks_by_intent)
{
    static const char rows[] = "waiver no-overshoot it plugs whole sections\n" LEAST,
                      users[] =
                          "waiver no-leak I may\nfile kernel 6.1 linux\nfile driver 0123 mine.c\n" LEAST;
    struct kernel *kernel = kernel_parse(rows, sizeof rows - 1, error, sizeof error);

    ck_assert_msg(kernel != NULL, "%s", error);
    ck_assert_str_eq(kernel_waives(kernel, "no-overshoot"), "it plugs whole sections");
    ck_assert_ptr_null(kernel_waives(kernel, "no-leak"));
    ck_assert_ptr_null(kernel_waives(NULL, "no-overshoot"));
    kernel_free(kernel);
    kernel = kernel_parse(users, sizeof users - 1, error, sizeof error);
    ck_assert_msg(kernel != NULL, "%s", error);
    ck_assert_uint_eq(kernel->nr_waivers, 1);
    ck_assert_ptr_null(kernel_waives(kernel, "no-leak"));
    kernel_free(kernel);
}
END_TEST

START_TEST(which_design_it_stands_for)
{
    static const char rows[] = "design page-2017 2017-02 a page at a time\ndesign other 2020 later\n" LEAST;
    struct kernel *kernel = kernel_parse(rows, sizeof rows, error, sizeof error);

    ck_assert_msg(kernel != NULL, "%s", error);
    ck_assert_str_eq(kernel->design, "page-2017");
    ck_assert_str_eq(kernel->design_date, "2017-02");
    ck_assert_str_eq(kernel->design_text, "a page at a time");
    kernel_free(kernel);
}
END_TEST

#define SITE "site s interface | r | w\n"
static const struct {
    const char *rows, *wrong;
} bad[] = {
    {"", "lacks the row `family NAME`"},
    {"family a\nversion 1\nimage 1 2\n", "lacks the row `about TEXT`"},
    {LEAST "family b\n", "row 5 of the kernel's description, `family`: it stands there twice"},
    {LEAST "p2m builder\np2m builder\n", "row 6 of the kernel's description, `p2m`: it stands there twice"},
    {"family a", "row 1 of the kernel's description, `family a`: no newline"},
    {LEAST "\n", "a row begins with a word"},
    {LEAST " p2m builder\n", "a row begins with a word"},
    {LEAST "colour red\n", "row 5 of the kernel's description, `colour`: no row begins with this word"},
    {"family a b\n", "`family`: its form is `family NAME`"},
    {"family\n", "its form is `family NAME`"},
    {"version\n", "its form is `version TEXT`"},
    {LEAST "site s interface\n", "its form is `site NAME CLASS"},
    {LEAST "site s interface | r\n", "its form is `site NAME CLASS"},
    {LEAST "site s interface |  | w\n", "its form is `site NAME CLASS"},
    {LEAST "site s | r | w\n", "its form is `site NAME CLASS"},
    {LEAST "site s odd | r | w\n", "odd is none of the words that may stand there"},
    {LEAST "site s interface odd | r | w\n", "odd says nothing about a site"},
    {LEAST "site s interface ends=plugs | r | w\n", "ends=plugs says nothing about a site"},
    {LEAST SITE SITE, "there is a site s already"},
    {LEAST "site mmu_update interface | r | w\n", "there is a site mmu_update already"},
    {LEAST "site s interface ends=plug | r | w\nsite t interface ends=plug | r | w\n", "the same note"},
    {LEAST "choice a\n", "its form is `choice NAME VALUE [cmdline TEXT|kernel SUFFIX]`"},
    {LEAST "choice a on words x\n", "words is none of the words"},
    {LEAST "choice a on cmdline\n", "its form is `choice NAME"},
    {LEAST "choice a on\nchoice a on cmdline x\n", "there is a choice a=on already"},
    {LEAST "command\n", "its form is `command NAME`"},
    {LEAST "command c\ncommand c\n", "there is a command c already"},
    {LEAST "call\n", "its form is `call FUNCTION [PARAMETER ...]`"},
    {LEAST "call f a b c d e g\n", "f has more than 5 parameters"},
    {LEAST "node least a kib\n", "least is none of the words"},
    {LEAST "node min a\n", "its form is `node min|current|target|max NAME pages|kib|bytes`"},
    {LEAST "node min a mib\n", "in pages, kib or bytes, not in mib"},
    {LEAST "node min a kib\nnode min b kib\n", "there is a node min already"},
    {LEAST "function push a\n", "push is none of the words"},
    {LEAST "function plug\n", "its form is `function plug|unplug NAME`"},
    {LEAST "counter npages a\n", "npages is none of the words"},
    {LEAST "counter free\n", "its form is `counter COUNTER NAME`"},
    {LEAST "segments x f\n", "x is no number that could stand here"},
    {LEAST "segments 0 f\n", "a grain of no pages is none"},
    {LEAST "segments 1\n", "its form is `segments PAGES WALK`"},
    {"image 1\n", "its form is `image FIXED BYTES`"},
    {"image 1 -2\n", "-2 is no number that could stand here"},
    {"image 1 99999999999999999999\n", "is no number that could stand here"},
    {"image 1 2 3\n", "its form is `image FIXED BYTES`"},
    {LEAST "p2m mine\n", "mine is none of the words"},
    {LEAST "feature\n", "its form is `feature NAME`"},
    {LEAST "file driver\n", "its form is `file PART ours|HASH [NAME]`"},
    {LEAST "file driver xxh64:1\n", "its form is `file PART ours|HASH [NAME]`"},
    {LEAST "file driver ours d.c\n", "its form is `file PART ours|HASH [NAME]`"},
    {LEAST "waiver no-leak\n", "its form is `waiver INVARIANT TEXT`"},
    {LEAST "design a 2010\n", "its form is `design NAME DATE TEXT`"},
    {LEAST "options\n", "its form is `options TEXT`"},
    {LEAST "options a\noptions b\n", "`options`: it stands there twice"},
    {LEAST "says hello there\n", "hello is none of the words"},
    {LEAST "says plugged\n", "its form is `says SAYING PATTERN`"},
    {LEAST "says short of {target}\n", "`says`: its pattern lacks the number: `current`"},
};

START_TEST(a_bad_row_is_a_sentence)
{
    ck_assert_ptr_null(kernel_parse(bad[_i].rows, strlen(bad[_i].rows), error, sizeof error));
    ck_assert_msg(strstr(error, bad[_i].wrong) != NULL, "no `%s` in: %s", bad[_i].wrong, error);
}
END_TEST

/* More rows of a kind than there is room for, one by one: the last that fits is taken. */
static const struct {
    const char *format;
    unsigned most;
} rooms[] = {
    {"site s%u interface | r | w\n", KERNEL_SITES_MAX},
    {"call f%u\n", KERNEL_CALLS_MAX},
    {"command c%u\n", KERNEL_COMMANDS_MAX},
    {"feature f%u\n", KERNEL_FEATURES_MAX},
    {"file f%u ours\n", KERNEL_FILES_MAX},
    {"says plugged s%u\n", KERNEL_SAYS_MAX},
};

START_TEST(rows_past_the_room)
{
    char text[4096] = LEAST;
    size_t used = strlen(text);

    for (unsigned i = 0; i <= rooms[_i].most; i++) {
        struct kernel *kernel = kernel_parse(text, used, error, sizeof error);
        ck_assert_msg(kernel != NULL, "%s", error);
        kernel_free(kernel);
        used += (size_t)sprintf(text + used, rooms[_i].format, i);
    }
    ck_assert_ptr_null(kernel_parse(text, used, error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "of these rows at most"));
}
END_TEST

START_TEST(no_text)
{
    static char large[KERNEL_BYTES_MAX + 2];

    ck_assert_ptr_null(kernel_parse("family a\0b\n", 11, error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "no text of at most 16384 bytes"));
    memset(large, 'a', sizeof large);
    ck_assert_ptr_null(kernel_parse(large, sizeof large, error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "no text of at most 16384 bytes"));
}
END_TEST

START_TEST(sites_by_name_and_number)
{
    const struct kernel *kernel = test_kernel();
    enum fault_site site;

    for (unsigned i = 0; i < TEST_SITES_END; i++) {
        if (kernel_site(kernel, (enum fault_site)i) == NULL)
            continue; /* between Xen's and the kernel's */
        const char *name = kernel_site(kernel, (enum fault_site)i)->name;
        ck_assert(kernel_site_by_name(kernel, name, strlen(name), &site) && (unsigned)site == i);
        ck_assert(!kernel_site_by_name(kernel, name, strlen(name) - 1, &site) || (unsigned)site != i);
    }
    ck_assert(!kernel_site_by_name(kernel, "", 0, &site));
    ck_assert(!kernel_site_by_name(NULL, "section_add", 11, &site));
    ck_assert(kernel_site_by_name(NULL, "mmu_update", 10, &site) && site == FAULT_SITE_MMU_UPDATE);
    ck_assert_ptr_null(kernel_site(kernel, (enum fault_site)TEST_SITES_END));
    for (unsigned i = NR_FAULT_SITES_OF_XEN; i < FAULT_SITE_OF_KERNEL; i++)
        ck_assert_ptr_null(kernel_site(kernel, (enum fault_site)i));
    ck_assert_ptr_null(kernel_site(NULL, FAULT_SITE_OF_KERNEL));
    ck_assert(kernel_site_by_ending(kernel, NOTE_UNPLUG_END, &site) && (int)site == TEST_SITE_REMOVE);
    ck_assert(!kernel_site_by_ending(kernel, NOTE_PLUG_BEGIN, &site));
    ck_assert(!kernel_site_by_ending(kernel, 0, &site));
    ck_assert(kernel_site_returns(kernel, FAULT_SITE_MMU_UPDATE));
    ck_assert(kernel_site_returns(kernel, (enum fault_site)TEST_SITE_ADD));
    ck_assert(!kernel_site_returns(kernel, (enum fault_site)TEST_SITE_PAGE_ALLOC));
}
END_TEST

/* Where nothing is known of a kernel, all counters count, by names that anybody understands. */
START_TEST(names_of_what_is_counted)
{
    ck_assert(kernel_counts(NULL, PORT_COUNTER_PRESENT));
    ck_assert_str_eq(kernel_counter_name(NULL, PORT_COUNTER_PRESENT), "present pages");
    ck_assert_str_eq(kernel_counter_name(test_kernel(), PORT_COUNTER_PRESENT), "testix.present");
    ck_assert_str_eq(kernel_plug_name(test_kernel()), "section_add");
    ck_assert_str_eq(kernel_unplug_name(test_kernel()), "section_remove");
    ck_assert_str_eq(kernel_plug_name(NULL), "plug");
    ck_assert(!kernel_has_feature(NULL, "hotplug"));
}
END_TEST

Suite *kernel_rows_suite(void);

Suite *kernel_rows_suite(void)
{
    Suite *suite = suite_create("kernel rows");
    TCase *tests = tcase_create("rows");

    tcase_add_test(tests, what_the_test_kernel_says);
    tcase_add_test(tests, the_least_that_a_kernel_says);
    tcase_add_test(tests, whose_files_it_is_made_of);
    tcase_add_test(tests, what_it_breaks_by_intent);
    tcase_add_test(tests, which_design_it_stands_for);
    tcase_add_loop_test(tests, a_bad_row_is_a_sentence, 0, sizeof bad / sizeof bad[0]);
    tcase_add_loop_test(tests, rows_past_the_room, 0, sizeof rooms / sizeof rooms[0]);
    tcase_add_test(tests, no_text);
    tcase_add_test(tests, sites_by_name_and_number);
    tcase_add_test(tests, names_of_what_is_counted);
    suite_add_tcase(suite, tests);
    return suite;
}
