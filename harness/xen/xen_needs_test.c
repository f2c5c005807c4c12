/* SPDX-License-Identifier: BSD-2-Clause */
/* Which scenarios can run on the real Xen, and on how large a machine. */
#include "harness/xen/xen_needs.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "harness/image/kernels.h"

Suite *xen_needs_suite(void);

static const struct kernels kernels = {.describe = kernel_describe};

/* The language line is put in front of the text. */
static struct scenario *parsed(const char *text)
{
    struct complaint complaint;
    char all[4096];

    snprintf(all, sizeof all, "language 1\n%s", text);
    struct scenario *scenario = scenario_parse("test.scn", all, strlen(all), &kernels, &complaint);
    ck_assert_msg(scenario != NULL, "line %u: %s", complaint.where.line, complaint.message);
    return scenario;
}

static const struct {
    const char *text, *refusal; /* a part of it; NULL: it can run */
} rows[] = {
    {"domain nb kernel=netbsd memory=64m\n", NULL},
    {"host mem=7947m\ndomain nb kernel=netbsd memory=64m\n", NULL},
    /* With frame table, Xen and dom0 this machine would have 8193 MiB. */
    {"host mem=7948m\ndomain nb kernel=netbsd memory=64m\n", "larger than the 8 GiB"},
    {"host mem=4g xen=4.20\ndomain nb kernel=netbsd memory=64m\n", NULL},
    {"host mem=4g scrub-domheap\ndomain nb kernel=netbsd memory=64m\n", "scrub-domheap"},
    {"host mem=4g\ndomain d[1..64] kernel=netbsd memory=16m\n", NULL},
    {"host mem=4g\ndomain d[1..65] kernel=netbsd memory=16m\n", "more domains"},
    {"domain nb kernel=netbsd memory=64m maxmem=256m\n", NULL},
    {"domain nb kernel=netbsd memory=64m maxmem=257m\n", NULL},
    {"domain nb kernel=probe memory=16m maxmem=128m\n", NULL},
    {"domain nb kernel=netbsd memory=64m maxmem=257m p2m=exact\n", NULL},
    {"domain p kernel=probe memory=16m type=pvh\n", NULL},
    {"domain p kernel=probe memory=16m maxmem=32m type=pvh\n", NULL},
    {"domain nb kernel=netbsd memory=64m maxmem=128m type=pvh\n", NULL},
    {"domain nb kernel=netbsd memory=64m type=hvm\n", "type=hvm"},
    {"domain p kernel=probe memory=16m e820=xl\n", NULL},
    {"domain nb kernel=netbsd memory=64m\nboot-map nb 0m..40m 64m..88m\n", NULL},
    {"domain nb kernel=netbsd memory=64m\n+1s expect crash nb\n", NULL},
    {"domain nb kernel=netbsd memory=64m\n+1s xl mem-set nb 32m\n", NULL},
    {"domain nb kernel=netbsd memory=64m\n+1s xl destroy nb\n", NULL},
    {"domain nb kernel=netbsd memory=64m\n+1s xl save nb file\n", NULL},
    {"domain nb kernel=netbsd memory=64m\non nb increase_reservation call=1 enter: xl mem-set nb 60m\n",
        NULL},
    {"domain nb kernel=netbsd memory=64m\non nb increase_reservation call=1 return: xl mem-set nb 60m\n",
        NULL},
    {"domain nb kernel=netbsd memory=64m maxmem=256m\n+1s dom0 hypercall getdomaininfo domid=nb\n", NULL},
    {"domain nb kernel=netbsd memory=64m maxmem=257m\n+1s dom0 hypercall getdomaininfo domid=nb\n",
        "more frames there"},
    {"domain nb kernel=netbsd memory=64m maxmem=257m\n+1s every 1s for 2s: dom0 hypercall getdomaininfo "
     "domid=nb\n",
        "more frames there"},
    {"domain nb kernel=netbsd memory=64m maxmem=257m\non nb increase_reservation call=1 enter: dom0 "
     "hypercall getdomaininfo domid=nb\n",
        "more frames there"},
    {"domain p kernel=probe memory=16m\n+1s p hypercall exchange pfn=600 [$f[0]] out [$f[1]]\n", NULL},
    {"domain p kernel=probe memory=16m\n+1s dom0 hypercall exchange pfn=600 [$f[0]] out [$f[1]]\n",
        "dom0's own frames"},
};

START_TEST(a_refusal)
{
    struct scenario *scenario = parsed(rows[_i].text);
    const char *refusal = xen_needs_refusal(scenario);

    if (rows[_i].refusal == NULL)
        ck_assert_msg(refusal == NULL, "%s: %s", rows[_i].text, refusal);
    else
        ck_assert_msg(refusal != NULL && strstr(refusal, rows[_i].refusal) != NULL, "%s: %s", rows[_i].text,
            refusal != NULL ? refusal : "not refused");
    scenario_free(scenario);
}
END_TEST

START_TEST(memory_of_the_machine)
{
    static const struct {
        const char *text;
        unsigned mib;
    } hosts[] = {
        {"host mem=20m\n", 128},                 /* no smaller one is booted */
        {"host mem=512m\n", 512 + 10 + 48 + 32}, /* frame table, Xen, dom0 */
        {"host mem=4095m\n", 4095 + 85 + 48 + 32},
        {"host mem=20481p\n", 81 + 1 + 48 + 32}, /* not a whole number of MiB */
    };

    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        char text[200];

        snprintf(text, sizeof text, "%sdomain nb kernel=probe memory=16m\n", hosts[i].text);
        struct scenario *scenario = parsed(text);
        ck_assert_uint_eq(xen_needs_memory_mib(scenario), hosts[i].mib);
        scenario_free(scenario);
    }
}
END_TEST

/* page-by-page needs the heap; frame-taken-away asks, and has one without. */
START_TEST(an_image_apart_where_nobody_asks)
{
    static const struct {
        const char *text;
        unsigned growth;
    } asked[] = {
        {"domain nb kernel=netbsd memory=64m maxmem=128m\n", 1},
        {"domain nb kernel=netbsd memory=64m maxmem=128m\n+0 dom0 hypercall getdomaininfo domid=nb\n",
            DOMAIN_GROWTH_LIMIT},
    };

    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        struct scenario *scenario = parsed(asked[i].text);
        ck_assert_uint_eq(xen_needs_growth_in_image(scenario), asked[i].growth);
        scenario_free(scenario);
    }
}
END_TEST

START_TEST(nested_paging_for_translated_domains)
{
    struct scenario *scenario =
        parsed("domain p kernel=probe memory=16m\n+0 dom0 hypercall createdomain domid=9\n");

    ck_assert(!xen_needs_nested_paging(scenario));
    scenario_free(scenario);
    static const char *const translated[] = {
        "domain p kernel=probe memory=16m\n+0 dom0 hypercall createdomain domid=9 pvh\n",
        "domain p kernel=probe memory=16m\ndomain v kernel=probe memory=16m type=pvh\n"};
    for (size_t i = 0; i < sizeof translated / sizeof translated[0]; i++) {
        scenario = parsed(translated[i]);
        ck_assert(xen_needs_nested_paging(scenario));
        scenario_free(scenario);
    }
}
END_TEST

Suite *xen_needs_suite(void)
{
    Suite *suite = suite_create("xen_needs");
    TCase *tests = tcase_create("needs");

    tcase_add_loop_test(tests, a_refusal, 0, sizeof rows / sizeof rows[0]);
    tcase_add_test(tests, memory_of_the_machine);
    tcase_add_test(tests, an_image_apart_where_nobody_asks);
    tcase_add_test(tests, nested_paging_for_translated_domains);
    suite_add_tcase(suite, tests);
    return suite;
}
