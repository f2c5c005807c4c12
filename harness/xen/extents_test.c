/* SPDX-License-Identifier: BSD-2-Clause */
/* Extents of several pages: whether their frames are neighbours on both, and which of the two has to follow the other. */
#include "harness/xen/extents.h"

#include "harness/xen/fake_guest.h"
#include "sim/domain/claim.h"

Suite *extents_suite(void);

#define END (host_end_mfn(stage.machine))

static struct fake_guest fake;

static void set_up(void)
{
    fake_guest_new(&fake);
}

static void tear_down(void)
{
    fake_guest_free(&fake);
}

/* Joins frames that the domain owns. */
static void join(uint64_t xen_mfn, uint64_t model_mfn, uint64_t pages)
{
    for (uint64_t page = 0; page < pages; page++) {
        frame_pairs_join(fake.run.pairs, xen_mfn + page, model_mfn + page);
        stage.machine->host.frames[model_mfn + page].owner = (uint16_t)domain_id(fake.guest.domain);
    }
}

START_TEST(neighbours_on_both)
{
    const uint64_t list[] = {7000, 7100};

    join(7000, END - 100, 4);
    join(7100, END - 200, 4);
    for (uint64_t page = 4; page < 8; page++)
        stage.machine->host.frames[END - 100 + page].owner =
            stage.machine->host.frames[END - 200 + page].owner = 0;
    ck_assert(extents_match(&fake.run, domain_id(fake.guest.domain), list, 0, 2, 2));
    ck_assert(
        extents_match(&fake.run, domain_id(fake.guest.domain), list, 0, 2, 3)); /* the next are nobody's */
    join(7004, END - 300, 1);                                                   /* on Xen alone it goes on */
    ck_assert(!extents_match(&fake.run, domain_id(fake.guest.domain), list, 0, 2, 3));
}
END_TEST

/* Behind its own frames an extent may go on differently, for a call ends there on both. */
START_TEST(an_extent_that_ends_on_both)
{
    const uint64_t list[] = {FIRST_XEN_MFN};
    const unsigned owner = domain_id(fake.guest.domain);

    /* On Xen the domain's next frame follows, in the model mostly another one of it. */
    ck_assert_uint_eq(frame_owner(stage.machine, MFN(fake_guest_model_mfn(&fake, 1))), owner);
    ck_assert(!extents_match(&fake.run, owner, list, 0, 1, 9));
    ck_assert(extents_match(&fake.run, owner + 1, list, 0, 1, 9)); /* nothing of it is another domain's */
}
END_TEST

START_TEST(a_hole_in_the_model)
{
    const uint64_t list[] = {7000, 7100};

    join(7000, END - 100, 4);
    join(7100, END - 200, 3);
    join(7103, END - 300, 1);
    ck_assert(!extents_match(&fake.run, domain_id(fake.guest.domain), list, 0, 2, 2));
    ck_assert(extents_match(&fake.run, domain_id(fake.guest.domain), list, 0, 1, 2));
    ck_assert(!extents_match(&fake.run, domain_id(fake.guest.domain), list, 1, 2, 2));
    ck_assert(extents_match(&fake.run, domain_id(fake.guest.domain), list, 1, 2, 1));
}
END_TEST

START_TEST(frames_that_decide_nothing)
{
    const uint64_t list[] = {6500, 7000}; /* the first is a stranger: refused by both */

    join(7000, END - 100, 1);
    ck_assert(extents_match(&fake.run, domain_id(fake.guest.domain), list, 0, 1, 9));
    ck_assert(extents_match(&fake.run, domain_id(fake.guest.domain), list, 0, 2, 0));
    ck_assert(extents_match(
        &fake.run, domain_id(fake.guest.domain), list, 0, 2, ORDER_LIMIT + 1)); /* an order that is refused */
}
END_TEST

static void ck_limit(uint64_t order, uint64_t start, uint64_t nr, uint64_t wanted)
{
    const struct extents_call call = {
        .order = order, .start = start, .nr_extents = nr, .highest_order = ORDER_LIMIT_DOMU};

    extents_limit(&fake.run, NULL, &call);
    ck_assert_uint_eq(stage.machine->host.extents_left, wanted);
}

START_TEST(the_model_gives_no_more_than_xen_could)
{
    ck_limit(9, 0, 3, 3);
    fake.xen->free_pages = 2 * 512 + 100;
    ck_limit(9, 0, 3, 2);
    ck_limit(9, 2, 3, 1);
    fake.xen->largest_order = 8;
    ck_limit(9, 0, 3, 0);
}
END_TEST

/* The conductor finds what is claimed for the domain while it is claimed no more; then all is as it was. */
START_TEST(what_is_claimed_for_it_is_there)
{
    struct domain *domain = fake.guest.domain;
    const struct extents_call call = {.order = 9, .nr_extents = 20, .highest_order = ORDER_LIMIT_DOMU};
    const unsigned domid = fake.domain.domid;

    domain->maximum_pages = 2 * FAKE_GUEST_PAGES;
    ck_assert_int_eq(claim_stake(domain, FAKE_GUEST_PAGES + 3000), 0);
    fake.xen->domain[domid].claim_pages = 3000;
    domain->maximum_pages = fake.xen->domain[domid].maximum_pages = FAKE_GUEST_PAGES + 10;
    extents_limit(&fake.run, NULL, &call);
    ck_assert_uint_eq(stage.machine->host.extents_left, (fake.xen->free_pages - 3000) / 512);
    ck_assert_uint_eq(fake.xen->domain[domid].claim_pages, 3000);
    extents_limit(&fake.run, domain, &call);
    ck_assert_uint_eq(stage.machine->host.extents_left, fake.xen->free_pages / 512);
    ck_assert_uint_eq(fake.xen->domain[domid].claim_pages, 3000);
    ck_assert_uint_eq(fake.xen->domain[domid].maximum_pages, FAKE_GUEST_PAGES + 10);
    ck_assert_uint_eq(fake.nr_differences, 0);
    fake.xen->domain[domid].reservation_pages += 4000; /* what Xen says then is told */
    extents_limit(&fake.run, domain, &call);
    ck_assert_str_eq(fake.differences[0], "a claim of 7096 pages in all, as it was before: Xen answers -22");
}
END_TEST

START_TEST(no_limit_where_the_heap_does_not_decide)
{
    fake.xen->free_pages = 0;
    ck_limit(0, 0, 3, UINT64_MAX);
    ck_limit(ORDER_LIMIT_DOMU + 1, 0, 3, UINT64_MAX);
    ck_limit(9, 3, 3, UINT64_MAX);
}
END_TEST

static bool lacked(uint64_t order, unsigned mem_flags, uint64_t nr, int64_t given)
{
    struct extents_call call = {.order = order, .nr_extents = nr, .highest_order = ORDER_LIMIT_DOMU};

    extents_read_flags(&call, mem_flags, false);
    return extents_model_lacked(&fake.run, fake.guest.domain, &call, given);
}

START_TEST(the_model_lacked_extents)
{
    /* It may have 256 pages more: one extent of order 8, and none of order 9. */
    ck_assert(lacked(8, 0, 3, 2));
    ck_assert(!lacked(9, 0, 3, 2));
    ck_assert(!lacked(8, 0, 3, 3));
    ck_assert(!lacked(8, 0, 3, -EINVAL));
    ck_assert(!lacked(0, 0, 3, 2));                       /* single frames lie in no pieces */
    ck_assert(lacked(0, XENMEMF_address_bits(24), 3, 2)); /* but may lie too high */
}
END_TEST

START_TEST(where_the_heap_decides)
{
    enum { DOMU = ORDER_LIMIT_DOMU, DOM0 = ORDER_LIMIT };
    static const struct {
        uint64_t order;
        unsigned flags, highest_order;
        bool decides;
    } rows[] = {
        {0, 0, DOMU, false},
        {1, 0, DOMU, true},
        {ORDER_LIMIT_DOMU, 0, DOMU, true},
        {ORDER_LIMIT_DOMU + 1, 0, DOMU, false},
        {ORDER_LIMIT_DOMU + 1, 0, DOM0, true},
        {0, XENMEMF_address_bits(32), DOMU, false}, /* both machines are much smaller than 4 GiB */
        {1, XENMEMF_address_bits(32), DOMU, true},
        {0, XENMEMF_address_bits(255), DOMU, false},
        {0, XENMEMF_address_bits(24), DOMU, true},
        {0, XENMEMF_address_bits(12), DOMU, false}, /* refused */
        {1, XENMEMF_address_bits(1), DOMU, false},
        {1, XENMEMF_node(3), DOMU, true}, /* not looked at */
        {1, XENMEMF_node(0) | XENMEMF_exact_node_request, DOMU, false},
        {1, XENMEMF_node(0) | XENMEMF_exact_node_request, DOM0, true},
        {1, XENMEMF_node(1) | XENMEMF_exact_node_request, DOM0, false},
        {1, XENMEMF_node(64), DOM0, false},
        {1, XENMEMF_node(64) | XENMEMF_exact_node_request | XENMEMF_vnode, DOMU, true},
        {1, XENMEMF_populate_on_demand, DOMU, false},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct extents_call call = {
            .order = rows[i].order, .nr_extents = 1, .highest_order = rows[i].highest_order};

        extents_read_flags(&call, rows[i].flags, false);
        ck_assert_msg(extents_heap_decides(&fake.run, &call) == rows[i].decides, "row %zu", i);
    }
}
END_TEST

Suite *extents_suite(void)
{
    Suite *suite = suite_create("extents");
    TCase *tests = tcase_create("extents");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, neighbours_on_both);
    tcase_add_test(tests, a_hole_in_the_model);
    tcase_add_test(tests, frames_that_decide_nothing);
    tcase_add_test(tests, the_model_gives_no_more_than_xen_could);
    tcase_add_test(tests, what_is_claimed_for_it_is_there);
    tcase_add_test(tests, no_limit_where_the_heap_does_not_decide);
    tcase_add_test(tests, the_model_lacked_extents);
    tcase_add_test(tests, where_the_heap_decides);
    tcase_add_test(tests, an_extent_that_ends_on_both);
    suite_add_tcase(suite, tests);
    return suite;
}
