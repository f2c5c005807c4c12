/* SPDX-License-Identifier: BSD-2-Clause */
/* Questions reach the conductor unchanged, and when Xen has died no wait goes on. */
#include "harness/xen/conductor.h"

#include "harness/xen/fake_xen.h"
#include "harness/xen/xen_pages.h"

Suite *conductor_suite(void);

static struct fake_xen *xen;

static void set_up(void)
{
    xen = fake_xen_new(77);
}

static void tear_down(void)
{
    fake_xen_free(xen);
}

START_TEST(a_hypercall)
{
    xen->answer = -EBUSY;
    ck_assert_int_eq(conductor_hypercall(xen->conductor, __HYPERVISOR_mmu_update, 1, 2, 3, 4), -EBUSY);
    ck_assert_uint_eq(xen->last_op, __HYPERVISOR_mmu_update);
    for (unsigned i = 0; i < 4; i++)
        ck_assert_uint_eq(xen->last_arg[i], i + 1);
}
END_TEST

START_TEST(the_area_as_both_see_it)
{
    struct conductor *conductor = xen->conductor;

    ck_assert_uint_eq((uint64_t)conductor_area(conductor, 3), conductor_area_va(conductor, 3));
    ck_assert_uint_eq(conductor_area_va(conductor, 3), conductor_area_va(conductor, 0) + 3 * PAGE_BYTES);
    ck_assert_uint_eq(
        conductor_area_end_va(conductor), conductor_area_va(conductor, PV_AREA_PAGES - 1) + PAGE_BYTES);
}
END_TEST

START_TEST(m2p_entries)
{
    uint64_t mfns[CONDUCTOR_M2P_MAX];

    for (unsigned i = 0; i < CONDUCTOR_M2P_MAX; i++) {
        mfns[i] = FAKE_XEN_FRAMES - 1 - i;
        xen->m2p[mfns[i]] = 3 * i;
    }
    conductor_m2p(xen->conductor, mfns, CONDUCTOR_M2P_MAX);
    for (unsigned i = 0; i < CONDUCTOR_M2P_MAX; i++)
        ck_assert_uint_eq(mfns[i], 3 * i);
    ck_assert_uint_eq(xen->questions, 1);
    conductor_m2p(xen->conductor, mfns, 0);
    ck_assert_uint_eq(xen->questions, 1);
}
END_TEST

START_TEST(trouble_stays)
{
    uint64_t mfn = 5;

    xen->dead = true;
    ck_assert_int_eq(conductor_hypercall(xen->conductor, __HYPERVISOR_mmu_update, 1, 2, 3, 4), -1);
    xen->dead = false;
    ck_assert_int_eq(conductor_hypercall(xen->conductor, __HYPERVISOR_mmu_update, 1, 2, 3, 4), -1);
    conductor_m2p(xen->conductor, &mfn, 1);
    ck_assert_uint_eq(mfn, 5);
    ck_assert_uint_eq(xen_pages_free(xen->conductor), 0);
    ck_assert_uint_eq(xen->questions, 0);
}
END_TEST

START_TEST(pages_of_a_domain)
{
    xen->domain[4].exists = true;
    xen->domain[4].reservation_pages = 100;
    xen->domain[4].maximum_pages = 200;
    struct xen_pages pages = xen_pages_of_domain(xen->conductor, 4);
    ck_assert(pages.exists);
    ck_assert_uint_eq(pages.reservation_pages, 100);
    ck_assert_uint_eq(pages.maximum_pages, 200);
    /* Xen tells of domain 4 when it is asked for 3. */
    pages = xen_pages_of_domain(xen->conductor, 3);
    ck_assert(!pages.exists);
    ck_assert_uint_eq(pages.reservation_pages, 0);
    ck_assert(!xen_pages_of_domain(xen->conductor, 5).exists);
    ck_assert_uint_eq(xen_pages_free(xen->conductor), 77);
}
END_TEST

START_TEST(whose_frames)
{
    uint64_t mfns[] = {10, 11, FAKE_XEN_FRAMES, 12};

    xen->owner[10] = xen->owner[12] = 4;
    xen->owner[11] = 5;
    xen_pages_whose(xen->conductor, 4, mfns, 4);
    ck_assert_uint_eq(mfns[0], 10);
    ck_assert_uint_eq(mfns[1], XEN_PAGES_NOT_ITS);
    ck_assert_uint_eq(mfns[2], XEN_PAGES_NOT_ITS);
    ck_assert_uint_eq(mfns[3], 12);
    xen->dead = true; /* who can't be asked has nothing */
    xen_pages_whose(xen->conductor, 4, mfns, 1);
    ck_assert_uint_eq(mfns[0], XEN_PAGES_NOT_ITS);
}
END_TEST

Suite *conductor_suite(void)
{
    Suite *suite = suite_create("conductor");
    TCase *tests = tcase_create("questions");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, a_hypercall);
    tcase_add_test(tests, the_area_as_both_see_it);
    tcase_add_test(tests, m2p_entries);
    tcase_add_test(tests, trouble_stays);
    tcase_add_test(tests, pages_of_a_domain);
    tcase_add_test(tests, whose_frames);
    suite_add_tcase(suite, tests);
    return suite;
}
