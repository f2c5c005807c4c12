/* SPDX-License-Identifier: BSD-2-Clause */
/* Faults: which calls are refused, as tables of calls in the order in which they are made. */
#include "sim/fault.h"
#include "sim/test_kernel.h"

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

Suite *fault_suite(void);

#define PLUG ((enum fault_site)TEST_SITE_ADD)
#define HEAP ((enum fault_site)TEST_SITE_ADD_HEAP)

static struct fault_set *set;

static void setup(void)
{
    set = fault_set_new();
    fault_set_clear(set, test_kernel());
    ck_assert_ptr_nonnull(set);
}

static void teardown(void)
{
    fault_set_free(set);
}

static void arm(enum fault_when when, uint64_t n, enum fault_keep keep, uint64_t times)
{
    struct fault_spec spec = {.site = PLUG, .when = when, .n = n, .keep = keep, .times = times};

    ck_assert(fault_arm(set, &spec));
}

static bool ask(uint64_t pfn, uint64_t pages)
{
    return fault_ask(set, PLUG, PFN(pfn), pages).refused;
}

/* ---- call= and every= ------------------------------------------------------------------------- */

static const struct counting {
    enum fault_when when;
    uint64_t n;
    enum fault_keep keep;
    uint64_t times;
    const char *calls; /* x refused, . let through */
    bool armed_after;
} countings[] = {
    {FAULT_CALL, 1, FAULT_DEFAULT, 0, "x.....", false},
    {FAULT_CALL, 3, FAULT_DEFAULT, 0, "..x...", false},
    {FAULT_CALL, 3, FAULT_ONCE, 0, "..x...", false},
    {FAULT_CALL, 3, FAULT_TIMES, 2, "..xx..", false},
    {FAULT_CALL, 3, FAULT_TIMES, 9, "..xxxx", true},
    {FAULT_CALL, 3, FAULT_STICKY, 0, "..xxxx", true},
    {FAULT_CALL, 7, FAULT_DEFAULT, 0, "......", true},
    {FAULT_EVERY, 1, FAULT_DEFAULT, 0, "xxxxxx", true},
    {FAULT_EVERY, 2, FAULT_DEFAULT, 0, ".x.x.x", true},
    {FAULT_EVERY, 2, FAULT_STICKY, 0, ".x.x.x", true},
    {FAULT_EVERY, 2, FAULT_ONCE, 0, ".x....", false},
    {FAULT_EVERY, 2, FAULT_TIMES, 2, ".x.x..", false},
};

START_TEST(counting)
{
    const struct counting *row = &countings[_i];
    uint64_t fired = 0;
    size_t i;

    arm(row->when, row->n, row->keep, row->times);
    for (i = 0; row->calls[i] != '\0'; i++) {
        ck_assert_msg(ask(0, 1) == (row->calls[i] == 'x'), "row %d, call %zu", _i, i + 1);
        fired += row->calls[i] == 'x';
    }
    ck_assert_uint_eq(fault_fired(set), fired);
    ck_assert_int_eq(fault_armed(set), row->armed_after);
    ck_assert_uint_eq(fault_heal(set, true, PLUG), row->armed_after);
}
END_TEST

/* ---- page= ------------------------------------------------------------------------------------ */

struct offer {
    uint64_t pfn, pages;
    bool refused;
};

static const struct paging {
    const char *what;
    uint64_t n;
    enum fault_keep keep;
    uint64_t times;
    struct offer offers[8]; /* ends with pages == 0 and pfn == 0 */
} pagings[] = {
    {"the first page", 1, FAULT_DEFAULT, 0, {{7, 1, true}, {8, 1, false}, {7, 1, true}, {0, 8, true}}},
    {"marked inside a big range", 100, FAULT_DEFAULT, 0,
        {{0x4000, 512, true}, {0x4000, 99, false}, {0x4063, 1, true}, {0x4064, 512, false},
            {0x4000, 100, true}}},
    {"the last of a range", 512, FAULT_DEFAULT, 0,
        {{0x4000, 512, true}, {0x4000, 511, false}, {0x41ff, 1, true}, {0x4200, 1, false}}},
    {"the one behind a range", 513, FAULT_DEFAULT, 0,
        {{0x4000, 512, false}, {0x4000, 512, false}, {0x4200, 512, true}, {0x4201, 511, false}}},
    {"offered again does not count again", 3, FAULT_DEFAULT, 0,
        {{10, 2, false}, {10, 2, false}, {11, 1, false}, {12, 1, true}, {10, 2, false}}},
    {"a range over what was offered counts its gaps", 5, FAULT_DEFAULT, 0,
        {{20, 1, false}, {10, 2, false}, {5, 100, true}, {6, 1, true}, {5, 1, false}}},
    {"the gap between two runs", 6, FAULT_DEFAULT, 0,
        {{10, 2, false}, {14, 2, false}, {10, 6, true}, {13, 1, true}, {12, 1, false}}},
    {"behind the last run", 7, FAULT_DEFAULT, 0,
        {{10, 2, false}, {14, 2, false}, {10, 7, true}, {16, 1, true}, {13, 1, false}}},
    {"downwards, page by page", 4, FAULT_DEFAULT, 0,
        {{9, 1, false}, {8, 1, false}, {7, 1, false}, {6, 1, true}, {9, 1, false}, {0, 64, true}}},
    {"once", 2, FAULT_ONCE, 0, {{1, 3, true}, {1, 3, false}, {2, 1, false}}},
    {"twice", 2, FAULT_TIMES, 2, {{1, 3, true}, {1, 1, false}, {2, 1, true}, {2, 1, false}}},
    {"no pages mark nothing", 1, FAULT_DEFAULT, 0, {{5, 0, false}, {5, 1, true}, {5, 0, false}}},
    {"more than there are", 1ull << 40, FAULT_DEFAULT, 0,
        {{0, 1u << 30, false}, {1u << 20, 1u << 30, false}, {1u << 31, 5, false}}},
    {"a range past the end of the world", 3, FAULT_DEFAULT, 0,
        {{UINT64_MAX - 2, 100, false}, {0, 1, true}, {UINT64_MAX - 2, 2, false}}},
};

START_TEST(paging)
{
    const struct paging *row = &pagings[_i];
    const struct offer *offer;

    arm(FAULT_PAGE, row->n, row->keep, row->times);
    for (offer = row->offers; offer->pfn != 0 || offer->pages != 0; offer++)
        ck_assert_msg(
            ask(offer->pfn, offer->pages) == offer->refused, "%s, offer %td", row->what, offer - row->offers);
    ck_assert(!fault_memory_out(set));
}
END_TEST

/* Against a set that remembers each page by itself, with ranges that overlap in every way. */
START_TEST(paging_like_a_plain_set)
{
    enum { PAGES = 400, OFFERS = 300 };
    unsigned state = (unsigned)_i + 1, distinct, n, marked, i, pfn, pages, p;
    bool held[PAGES] = {false}, wanted;

    n = (unsigned)_i * 7 % (PAGES - 10) + 1;
    arm(FAULT_PAGE, n, FAULT_DEFAULT, 0);
    for (i = 0, distinct = 0, marked = PAGES; i < OFFERS; i++) {
        state = state * 1103515245u + 12345u;
        pfn = (state >> 8) % PAGES;
        state = state * 1103515245u + 12345u;
        pages = (state >> 8) % 9 % (PAGES - pfn + 1);
        for (p = pfn, wanted = false; p < pfn + pages; p++) {
            if (!held[p] && ++distinct == n)
                marked = p;
            held[p] = true;
            wanted |= p == marked;
        }
        wanted |= marked >= pfn && marked < pfn + pages;
        ck_assert_msg(ask(pfn, pages) == wanted, "n %u, offer %u: %u pages from %u", n, i, pages, pfn);
    }
}
END_TEST

/* call=N..M refuses each of them, and is over then. */
START_TEST(a_range_of_calls)
{
    static const char calls[] = "..xxx...";
    const struct fault_spec spec = {.site = PLUG, .when = FAULT_CALL, .n = 3, .last = 5};

    ck_assert(fault_arm(set, &spec));
    for (size_t i = 0; calls[i] != '\0'; i++) {
        const struct fault_answer answer = fault_ask(set, PLUG, PFN(0), 1);
        ck_assert_int_eq(answer.refused, calls[i] == 'x');
        ck_assert(!answer.refused || answer.nth == i + 1);
    }
    ck_assert(!fault_armed(set));
}
END_TEST

/* page=N..M against a set that remembers each page by itself. */
START_TEST(a_range_of_pages)
{
    enum { PAGES = 300, OFFERS = 200 };
    unsigned state = (unsigned)_i + 7, distinct = 0;
    const unsigned n = (unsigned)_i * 5 + 1, last = n + (unsigned)_i * 11;
    bool held[PAGES] = {false}, marked[PAGES] = {false};
    const struct fault_spec spec = {.site = PLUG, .when = FAULT_PAGE, .n = n, .last = last};

    ck_assert(fault_arm(set, &spec));
    for (unsigned i = 0; i < OFFERS; i++) {
        state = state * 1103515245u + 12345u;
        const unsigned pfn = (state >> 8) % PAGES, pages = (state >> 20) % 9 % (PAGES - pfn + 1);
        bool wanted = false;
        for (unsigned p = pfn; p < pfn + pages; p++) {
            if (!held[p] && ++distinct >= n && distinct <= last)
                marked[p] = true;
            held[p] = true;
            wanted |= marked[p];
        }
        ck_assert_msg(ask(pfn, pages) == wanted, "n %u, offer %u: %u pages from %u", n, i, pages, pfn);
    }
}
END_TEST

START_TEST(a_chance_is_its_seed)
{
    struct fault_spec spec = {.site = PLUG, .when = FAULT_CHANCE, .n = 30, .seed = 5};
    unsigned refused = 0;
    bool first[1000];

    ck_assert(fault_arm(set, &spec));
    for (unsigned i = 0; i < 1000; i++)
        refused += first[i] = ask(0, 1);
    ck_assert_uint_gt(refused, 250);
    ck_assert_uint_lt(refused, 350);
    fault_heal(set, true, PLUG);
    ck_assert(fault_arm(set, &spec));
    for (unsigned i = 0; i < 1000; i++)
        ck_assert(ask(0, 1) == first[i]);
    fault_heal(set, true, PLUG);
    spec.seed = 6;
    ck_assert(fault_arm(set, &spec));
    unsigned same = 0;
    for (unsigned i = 0; i < 1000; i++)
        same += ask(0, 1) == first[i];
    ck_assert_uint_lt(same, 1000);
    fault_heal(set, true, PLUG);
    spec.n = 100;
    ck_assert(fault_arm(set, &spec));
    ck_assert(ask(0, 1) && ask(0, 1));
}
END_TEST

/* What only counts refuses nothing, is no armed fault, and outlives a heal. */
START_TEST(counting_is_no_fault)
{
    struct fault_seen seen = {0};
    const struct fault_spec spec = {
        .site = PLUG, .n = 1, .keep = FAULT_STICKY, .counts_only = true, .seen = &seen};

    ck_assert(fault_arm(set, &spec));
    ck_assert(!fault_armed(set));
    ck_assert(!ask(0, 1));
    ck_assert_uint_eq(fault_heal(set, true, PLUG), 0);
    arm(FAULT_CALL, 1, FAULT_DEFAULT, 0);
    ck_assert(ask(0, 1));
    ck_assert_uint_eq(seen.calls, 2);
    ck_assert_uint_eq(fault_sites(set), 1ull << PLUG);
}
END_TEST

START_TEST(healed_and_armed_counts_anew)
{
    arm(FAULT_PAGE, 100, FAULT_DEFAULT, 0);
    ck_assert(ask(0x4000, 512));
    ck_assert_uint_eq(fault_heal(set, false, PLUG), 1);
    ck_assert(!ask(0x4000, 512));
    arm(FAULT_PAGE, 100, FAULT_DEFAULT, 0);
    ck_assert(!ask(0x5000, 99));
    ck_assert(!ask(0x5000, 99));
    ck_assert(ask(0x4063, 1)); /* the old mark is forgotten, and is the 100th by chance */
    ck_assert(!ask(0x4064, 1));
    ck_assert_uint_eq(fault_fired(set), 2);
}
END_TEST

/* ---- several at once -------------------------------------------------------------------------- */

START_TEST(several_at_one_site)
{
    struct fault_spec first = {.site = PLUG, .when = FAULT_CALL, .n = 2, .error = EIO};
    struct fault_spec second = {
        .site = PLUG, .when = FAULT_CALL, .n = 2, .keep = FAULT_TIMES, .times = 2, .error = EBUSY};
    struct fault_spec third = {.site = PLUG, .when = FAULT_PAGE, .n = 4};
    struct fault_answer answer;

    ck_assert(fault_arm(set, &first) && fault_arm(set, &second) && fault_arm(set, &third));
    ck_assert(!ask(1, 1));
    answer = fault_ask(set, PLUG, PFN(2), 1);
    ck_assert(answer.refused);
    ck_assert_int_eq(answer.error, EIO); /* the one armed first says how */
    answer = fault_ask(set, PLUG, PFN(3), 1);
    ck_assert(answer.refused);
    ck_assert_int_eq(answer.error, EBUSY); /* and had its refusal in the call before, too: */
    answer = fault_ask(set, PLUG, PFN(4), 1);
    ck_assert(answer.refused); /* pages of refused calls were offered all the same */
    ck_assert_int_eq(answer.when, FAULT_PAGE);
    ck_assert_uint_eq(answer.nth, 4);
    ck_assert(!ask(5, 1));
    ck_assert_uint_eq(fault_fired(set), 3);
    ck_assert_uint_eq(fault_heal(set, true, PLUG), 1);
}
END_TEST

START_TEST(sites_do_not_mix)
{
    struct fault_spec kmem = {.site = HEAP, .when = FAULT_CALL, .n = 2, .keep = FAULT_STICKY};

    arm(FAULT_CALL, 1, FAULT_STICKY, 0);
    ck_assert(fault_arm(set, &kmem));
    ck_assert(ask(0, 1));
    ck_assert(!fault_ask(set, HEAP, PFN(0), 0).refused);
    ck_assert(fault_ask(set, HEAP, PFN(0), 0).refused);
    ck_assert(!fault_ask(set, (enum fault_site)TEST_SITE_PAGE_ALLOC, PFN(0), 0).refused);
    ck_assert_uint_eq(fault_heal(set, false, (enum fault_site)TEST_SITE_PAGE_ALLOC), 0);
    ck_assert_uint_eq(fault_heal(set, false, HEAP), 1);
    ck_assert(!fault_ask(set, HEAP, PFN(0), 0).refused);
    ck_assert(ask(0, 1));
    ck_assert(fault_armed(set));
    fault_set_clear(set, test_kernel());
    ck_assert(!fault_armed(set));
    ck_assert(!ask(0, 1));
    ck_assert_uint_eq(fault_fired(set), 0);
}
END_TEST

START_TEST(many)
{
    unsigned i;

    for (i = 1; i <= 100; i++)
        arm(FAULT_CALL, i, FAULT_ONCE, 0);
    for (i = 1; i <= 100; i++)
        ck_assert(ask(0, 1));
    ck_assert(!ask(0, 1));
    ck_assert(!fault_armed(set));
}
END_TEST

START_TEST(armed_sites_are_told)
{
    const struct fault_spec heap = {.site = HEAP, .when = FAULT_CALL, .n = 1};

    ck_assert_uint_eq(fault_sites(set), 0);
    arm(FAULT_CALL, 1, FAULT_ONCE, 0);
    ck_assert_uint_eq(fault_sites(set), 1ull << PLUG);
    ck_assert(fault_arm(set, &heap));
    ck_assert_uint_eq(fault_sites(set), 1ull << PLUG | 1ull << HEAP);
    ck_assert(ask(0, 1));
    ck_assert_uint_eq(fault_sites(set), 1ull << HEAP);
}
END_TEST

/* ---- what a refusal says ---------------------------------------------------------------------- */

START_TEST(answers)
{
    struct fault_spec spec = {.site = FAULT_SITE_INCREASE_RESERVATION, .when = FAULT_EVERY, .n = 1};
    struct fault_answer answer;

    ck_assert(fault_arm(set, &spec));
    answer = fault_ask(set, spec.site, PFN(0), 512);
    ck_assert(answer.refused && !answer.has_short);
    ck_assert_int_eq(answer.error, 0);
    ck_assert_uint_eq(answer.shortened_to, 0);
    fault_heal(set, true, spec.site);
    spec.has_short = true;
    spec.shortened_to = 17;
    ck_assert(fault_arm(set, &spec));
    answer = fault_ask(set, spec.site, PFN(0), 512);
    ck_assert(answer.has_short);
    ck_assert_uint_eq(answer.shortened_to, 17);
    ck_assert_int_eq(answer.when, FAULT_EVERY);
}
END_TEST

/* The errno that sites.h names in words is the one that is given. */
START_TEST(site_errors)
{
    static const struct {
        const char *name;
        int error;
    } names[] = {
        {"(EAGAIN)", EAGAIN}, {"(E2BIG)", E2BIG}, {"(EINVAL)", EINVAL}, {"(ENOMEM)", ENOMEM}, {"(0)", 0}};
    const struct fault_site_info *info;
    struct fault_spec spec = {.when = FAULT_CALL, .n = 1};
    struct fault_answer answer;
    unsigned site, i, named = 0;

    for (site = 0; site < TEST_SITES_END; site++) {
        info = kernel_site(test_kernel(), (enum fault_site)site);
        if (info == NULL) /* between Xen's and the kernel's */
            continue;
        spec.site = (enum fault_site)site;
        ck_assert(fault_arm(set, &spec));
        answer = fault_ask(set, (enum fault_site)site, PFN(0), 1);
        ck_assert(answer.refused);
        for (i = 0; i < sizeof names / sizeof names[0]; i++)
            if (strstr(info->refusal, names[i].name) != NULL) {
                ck_assert_msg(answer.error == names[i].error, "%s", info->name);
                named++;
            }
        if (site >= FAULT_SITE_OF_KERNEL)
            ck_assert_msg(answer.error != 0, "%s: the port has no other way to say no", info->name);
    }
    ck_assert_uint_ge(named, 8);
}
END_TEST

Suite *fault_suite(void)
{
    Suite *suite = suite_create("fault");
    TCase *tcase = tcase_create("fault");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, counting, 0, sizeof countings / sizeof countings[0]);
    tcase_add_loop_test(tcase, paging, 0, sizeof pagings / sizeof pagings[0]);
    tcase_add_loop_test(tcase, paging_like_a_plain_set, 0, 50);
    tcase_add_test(tcase, a_range_of_calls);
    tcase_add_loop_test(tcase, a_range_of_pages, 0, 12);
    tcase_add_test(tcase, a_chance_is_its_seed);
    tcase_add_test(tcase, counting_is_no_fault);
    tcase_add_test(tcase, healed_and_armed_counts_anew);
    tcase_add_test(tcase, several_at_one_site);
    tcase_add_test(tcase, sites_do_not_mix);
    tcase_add_test(tcase, many);
    tcase_add_test(tcase, armed_sites_are_told);
    tcase_add_test(tcase, answers);
    tcase_add_test(tcase, site_errors);
    suite_add_tcase(suite, tcase);
    return suite;
}
