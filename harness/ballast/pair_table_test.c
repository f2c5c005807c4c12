/* SPDX-License-Identifier: BSD-2-Clause */
/* What is printed of two Xens that answer alike, and of two that don't. */
#include "harness/ballast/pair_table.h"

#include <check.h>
#include <stdlib.h>
#include <xen/event_channel.h>
#include <xen/memory.h>
#include <xen/xen.h>

#include "harness/xen/fuzz_kinds.h"

Suite *pair_table_suite(void);

static const char *const named[2] = {"4.17", "other/xen.gz"};
static const struct xen_answer claim = {.op = __HYPERVISOR_memory_op, .subop = XENMEM_claim_pages},
                               send = {.op = __HYPERVISOR_event_channel_op, .subop = EVTCHNOP_send};

static struct pair_table *table;

static void set_up(void)
{
    table = pair_table_new();
    ck_assert_ptr_nonnull(table);
}

static void tear_down(void)
{
    pair_table_free(table);
}

static void is_printed(uint64_t statements, const char *wanted)
{
    char *text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);

    pair_table_print(table, named, statements, out);
    fclose(out);
    ck_assert_str_eq(text, wanted);
    free(text);
}

static void differ(
    const struct xen_answer *answer, const char *what, int64_t a, int64_t b, const char *statement)
{
    const struct fuzz_part part = {
        .seed = 77, .kind = fuzz_kind_named("dying"), .domains = 2, .statements = 250};
    const struct xen_answer_value one = {what, a, a}, other = {what, b, a};

    pair_table_differ(table, answer, &one, &other, &(const struct pair_place){&part, statement});
}

START_TEST(two_that_say_the_same)
{
    for (unsigned i = 0; i < 12; i++)
        pair_table_answered(table, &claim);
    pair_table_answered(table, &send);
    is_printed(250, "they say the same of:\n"
                    "  XENMEM_claim_pages                        12\n"
                    "  EVTCHNOP_send                              1\n"
                    "250 statements, 13 hypercalls answered by both: 0 differences\n");
}
END_TEST

/* The first of each sort is shown; a result is an error by its name, a number of pages never. */
START_TEST(two_that_differ)
{
    pair_table_answered(table, &send);
    pair_table_answered(table, &claim);
    differ(&claim, "result", 0, -22, "dom0 hypercall claim_pages domid=a value=7");
    differ(&claim, "result", 0, -3, "dom0 hypercall claim_pages domid=b value=7");
    differ(&claim, "the claim", 7, -3, "dom0 hypercall claim_pages domid=b value=9");
    is_printed(500,
        "they differ in:\n"
        "  XENMEM_claim_pages, in 3 of 4 answers\n"
        "    2 times in result, as A 0 and B -EINVAL to:  dom0 hypercall claim_pages domid=a value=7\n"
        "      the same again:  ballast xen-fuzz --seed 77 --ops 250 --domains 2 --part --kind dying --xen "
        "4.17 "
        "--xen other/xen.gz\n"
        "    1 time in the claim, as A 7 and B -3 to:  dom0 hypercall claim_pages domid=b value=9\n"
        "      the same again:  ballast xen-fuzz --seed 77 --ops 250 --domains 2 --part --kind dying --xen "
        "4.17 "
        "--xen other/xen.gz\n"
        "they say the same of:\n"
        "  EVTCHNOP_send                              1\n"
        "500 statements, 5 hypercalls answered by both: 3 differences\n");
}
END_TEST

START_TEST(one_difference)
{
    differ(&send, "result", -3, 0, "a hypercall evtchn_send port=3");
    is_printed(1,
        "they differ in:\n"
        "  EVTCHNOP_send, in 1 of 1 answers\n"
        "    1 time in result, as A -ESRCH and B 0 to:  a hypercall evtchn_send port=3\n"
        "      the same again:  ballast xen-fuzz --seed 77 --ops 250 --domains 2 --part --kind dying "
        "--xen 4.17 --xen other/xen.gz\n"
        "they say the same of:\n"
        "1 statements, 1 hypercalls answered by both: 1 difference\n");
}
END_TEST

Suite *pair_table_suite(void)
{
    Suite *suite = suite_create("pair_table");
    TCase *tests = tcase_create("pair_table");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, two_that_say_the_same);
    tcase_add_test(tests, two_that_differ);
    tcase_add_test(tests, one_difference);
    suite_add_tcase(suite, tests);
    return suite;
}
