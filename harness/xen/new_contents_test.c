/* SPDX-License-Identifier: BSD-2-Clause */
/* New pages on Xen hold zeros where the model's do, and what the model's hold elsewhere. */
#include "harness/xen/new_contents.h"

#include "harness/xen/fake_guest.h"

Suite *new_contents_suite(void);

static struct fake_guest fake;

static void set_up(void)
{
    fake_guest_new(&fake);
}

static void tear_down(void)
{
    fake_guest_free(&fake);
}

static void hold(uint64_t pfn, uint64_t stamp)
{
    stage.machine->host.frames[fake_guest_model_mfn(&fake, pfn)].stamp = stamp;
}

START_TEST(pages_hold_what_the_models_do)
{
    hold(100, 0);
    hold(101, 7);
    new_contents_even_out(&fake.run, fake.guest.domain, fake.domain.domid, 100, 1);
    ck_assert_uint_eq(fake.xen->nr_written, 2);
    ck_assert_uint_eq(fake.xen->written[0], 0);
    ck_assert_uint_eq(fake.xen->written[1], 7);
    /* Nothing stays mapped. */
    ck_assert_uint_eq(fake.xen->last_op, __HYPERVISOR_update_va_mapping);
    ck_assert_uint_eq(fake.xen->last_arg[0], conductor_window_va(fake.xen->conductor, PV_WINDOW_OWN));
    ck_assert_uint_eq(fake.xen->last_arg[1], 0);
}
END_TEST

/* Neither what the model has no frame for, nor what Xen doesn't map. */
START_TEST(what_is_not_there_is_not_written)
{
    new_contents_even_out(&fake.run, fake.guest.domain, fake.domain.domid, 1u << 25, 2);
    fake.xen->answer = -ESRCH;
    new_contents_even_out(&fake.run, fake.guest.domain, fake.domain.domid, 100, 0);
    ck_assert_uint_eq(fake.xen->nr_written, 0);
}
END_TEST

Suite *new_contents_suite(void)
{
    Suite *suite = suite_create("new_contents");
    TCase *tests = tcase_create("new_contents");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, pages_hold_what_the_models_do);
    tcase_add_test(tests, what_is_not_there_is_not_written);
    suite_add_tcase(suite, tests);
    return suite;
}
