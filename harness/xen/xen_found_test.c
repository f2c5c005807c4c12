/* SPDX-License-Identifier: BSD-2-Clause */
/* A Xen is asked for its version and its interface numbers, and for nothing else before those are known. */
#include "harness/xen/xen_found.h"

#include "harness/xen/fake_xen.h"
#include "harness/xen/xen_pages.h"

Suite *xen_found_suite(void);

static struct fake_xen *xen;
static struct xen_found found;
static char sentence[300];

static void set_up(void)
{
    xen = fake_xen_new(77);
    xen->control.pages = xen->domain[0].reservation_pages = 8192;
}

static void tear_down(void)
{
    fake_xen_free(xen);
}

/* A build says its version and takes its numbers: it is described by the row of that name, exactly or as the nearest. */
static const struct {
    unsigned minor;
    uint32_t domctl_version, sysctl_version;
    const char *known, *text;
} builds[] = {
    {17, 0x15, 0x15, "4.17", "Xen 4.17.9-ours (domctl 0x15, sysctl 0x15)"},
    {20, 0x17, 0x15, "4.20", "Xen 4.20.9-ours (domctl 0x17, sysctl 0x15)"},
    {18, 0x16, 0x15, "4.17",
        "Xen 4.18.9-ours (domctl 0x16, sysctl 0x15), taken for the nearest that is known, 4.17"},
    {19, 0x17, 0x15, "4.20",
        "Xen 4.19.9-ours (domctl 0x17, sysctl 0x15), taken for the nearest that is known, 4.20"},
    {23, 0x1f, 0x20, "4.20",
        "Xen 4.23.9-ours (domctl 0x1f, sysctl 0x20), taken for the nearest that is known, 4.20"},
    {17, 0x16, 0x15, "4.17",
        "Xen 4.17.9-ours (domctl 0x16, sysctl 0x15), taken for the nearest that is known, 4.17"},
};

START_TEST(it_says_which_it_is)
{
    char text[XEN_FOUND_TEXT_BYTES];

    xen->minor = builds[_i].minor;
    xen->domctl_version = builds[_i].domctl_version;
    xen->sysctl_version = builds[_i].sysctl_version;
    ck_assert_msg(xen_found_ask(xen->conductor, &found, sentence, sizeof sentence), "%s", sentence);
    ck_assert_str_eq(found.known->name, builds[_i].known);
    xen_found_text(&found, text, sizeof text);
    ck_assert_str_eq(text, builds[_i].text);
    /* From now on calls say these numbers. */
    ck_assert_uint_eq(xen_pages_free(xen->conductor), 77);
    ck_assert(xen_pages_of_domain(xen->conductor, 0).exists);
}
END_TEST

START_TEST(numbers_that_nobody_takes)
{
    xen->sysctl_version = 0xffff;
    ck_assert(!xen_found_ask(xen->conductor, &found, sentence, sizeof sentence));
    ck_assert_msg(strstr(sentence, "takes no number of the sysctl interface") != NULL, "%s", sentence);
    xen->domctl_version = 0;
    ck_assert(!xen_found_ask(xen->conductor, &found, sentence, sizeof sentence));
    ck_assert_msg(strstr(sentence, "takes no number of the domctl interface") != NULL, "%s", sentence);
}
END_TEST

START_TEST(answers_that_lie_elsewhere)
{
    xen->control.pages = 8191;
    ck_assert(!xen_found_ask(xen->conductor, &found, sentence, sizeof sentence));
    ck_assert_msg(strstr(sentence, "tells 8192 pages of a dom0 that has 8191") != NULL, "%s", sentence);
}
END_TEST

START_TEST(the_nearest_of_two)
{
    ck_assert_str_eq(known_xen_nearest(0)->name, "4.17");
    ck_assert_str_eq(known_xen_nearest(18)->name, "4.17");
    ck_assert_str_eq(known_xen_nearest(99)->name, "4.20");
    ck_assert_ptr_eq(known_xen_named("4.20", 4), &known_xens[1]);
    ck_assert_ptr_null(known_xen_named("4.2", 3));
    ck_assert_ptr_null(known_xen_named("4.200", 5));
    for (size_t i = 0; i < NR_KNOWN_XENS; i++)
        ck_assert_ptr_nonnull(strstr(KNOWN_XENS_IN_WORDS, known_xens[i].name));
}
END_TEST

Suite *xen_found_suite(void)
{
    Suite *suite = suite_create("xen_found");
    TCase *tests = tcase_create("xen_found");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, it_says_which_it_is, 0, sizeof builds / sizeof builds[0]);
    tcase_add_test(tests, numbers_that_nobody_takes);
    tcase_add_test(tests, answers_that_lie_elsewhere);
    tcase_add_test(tests, the_nearest_of_two);
    suite_add_tcase(suite, tests);
    return suite;
}
