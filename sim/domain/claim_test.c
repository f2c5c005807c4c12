/* SPDX-License-Identifier: BSD-2-Clause */
/* Claims, by themselves: what others still find in the pool, and how a claim follows its domain's reservation. */
#include "sim/domain/claim.h"

#include <errno.h>

#include "sim/domain/reservation.h"
#include "sim/host/pool.h"
#include "sim/test_guest.h"

Suite *claim_suite(void);

#define HOST_PAGES 8192u

static struct domain *a, *b;
static struct host *host;

static void setup(void)
{
    stage_open(HOST_PAGES);
    a = test_guest_new("a", 1024, 2048)->domain;
    b = test_guest_new("b", 1024, 2048)->domain;
    host = &stage.machine->host;
    domain_set_maximum_kib(a, HOST_PAGES * KIB_PER_PAGE);
}

static void teardown(void)
{
    stage_close();
}

START_TEST(others_find_less)
{
    const uint64_t free_pages = host->free_pages;

    ck_assert_int_eq(claim_stake(a, 1024 + 100), 0);
    ck_assert_uint_eq(host->claimed_pages, 100);
    ck_assert(claims_leave(host, free_pages - 100));
    ck_assert(!claims_leave(host, free_pages - 99));
    ck_assert(!claim_allows(b, free_pages - 99));
    ck_assert(claim_allows(a, 100));
    ck_assert(claim_allows(a, free_pages - 100));
    claim_end(a);
    ck_assert(claim_allows(b, free_pages));
    ck_assert_uint_eq(host->claimed_pages, 0);
}
END_TEST

START_TEST(it_follows_the_reservation)
{
    uint32_t mfns[10];

    ck_assert_int_eq(claim_stake(a, 1024 + 100), 0);
    ck_assert_uint_eq(pool_take_singles(host, mfns, 10), 10);
    reservation_add_many(a, mfns, 9);
    reservation_add(a, mfns[9]);
    ck_assert_uint_eq(a->claim_pages, 90);
    reservation_remove(a, mfns[0], true);
    ck_assert_uint_eq(a->claim_pages, 91);
    ck_assert_uint_eq(host->claimed_pages, 91);
}
END_TEST

/* As Xen 4.20 has it: it stays when pages go back, and pays for an extent that the maximum refuses. */
START_TEST(it_is_used_up)
{
    uint32_t mfn;

    stage.machine->config.xen = known_xen_named("4.20", 4);
    ck_assert_int_eq(claim_stake(a, 1024 + 100), 0);
    ck_assert_uint_eq(pool_take_singles(host, &mfn, 1), 1);
    reservation_add(a, mfn);
    reservation_remove(a, mfn, true);
    ck_assert_uint_eq(a->claim_pages, 99);
    claim_pay(a, 90);
    ck_assert_uint_eq(host->claimed_pages, 9);
    claim_pay(a, 90);
    ck_assert_uint_eq(a->claim_pages, 0);
    ck_assert_uint_eq(host->claimed_pages, 0);
}
END_TEST

START_TEST(what_is_refused)
{
    ck_assert_int_eq(claim_stake(a, 1024), -EINVAL); /* it has them */
    ck_assert_int_eq(claim_stake(b, 4096), -EINVAL); /* past its maximum */
    ck_assert_int_eq(claim_stake(a, HOST_PAGES), -ENOMEM);
    ck_assert_int_eq(claim_stake(a, 1025), 0);
    ck_assert_int_eq(claim_stake(a, 1026), -EINVAL); /* it has one already */
    ck_assert_int_eq(claim_stake(a, 0), 0);
    ck_assert_int_eq(claim_stake(a, 1026), 0);
}
END_TEST

Suite *claim_suite(void)
{
    Suite *suite = suite_create("claim");
    TCase *tests = tcase_create("claim");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, others_find_less);
    tcase_add_test(tests, it_follows_the_reservation);
    tcase_add_test(tests, it_is_used_up);
    tcase_add_test(tests, what_is_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
