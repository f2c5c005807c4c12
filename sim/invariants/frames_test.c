/* SPDX-License-Identifier: BSD-2-Clause */
/* frame-conservation and reservation: silent when Xen's counts are right, broken when they are not. */
#include "sim/invariants/testing.h"

Suite *frames_suite(void);

START_TEST(right_books)
{
    show_open();
    new_target(MAXMEM_PAGES);
    allow(MAXMEM_PAGES);
    grow(BOOT_PAGES, 512);
    driver_sleeps();
    rest();
    ck_assert_uint_gt(asked(INVARIANT_FRAME_CONSERVATION), 1);
    ck_assert_uint_gt(asked(INVARIANT_RESERVATION), 1);
    show_close();
}
END_TEST

START_TEST(a_frame_counted_twice)
{
    show_open();
    new_target(BOOT_PAGES - 1);
    stage.machine->host.free_pages++;
    shrink(BOOT_PAGES - 1, 1);
    broken(INVARIANT_FRAME_CONSERVATION, "16384 frames", "1023 owned", "16385", "nb", NULL);
    only_broken(INVARIANT_FRAME_CONSERVATION);
    show_close();
}
END_TEST

START_TEST(a_frame_lost_at_rest)
{
    show_open();
    stage.machine->host.free_pages--;
    rest();
    broken(INVARIANT_FRAME_CONSERVATION, "at rest", NULL);
    rest(); /* the same again is counted, not said again */
    broken(INVARIANT_FRAME_CONSERVATION, NULL);
    ck_assert_uint_eq(invariant_broken(show.inv, INVARIANT_FRAME_CONSERVATION), 2);
    show_close();
}
END_TEST

START_TEST(past_the_maximum)
{
    show_open();
    new_target(MAXMEM_PAGES);
    ck_assert_int_eq(take(257), 256);
    held(INVARIANT_RESERVATION);
    /* The model would not do it: a record of a limit that is off by one. */
    struct record_hypercall call = {.op = __HYPERVISOR_memory_op,
        .subop = XENMEM_increase_reservation,
        .ret = 1,
        .asked = 1,
        .reservation_pages = 1281,
        .maximum_pages = 1280};
    uint32_t frame = HOST_FIRST_MFN + 4000;
    recorder_append(
        stage.recorder, REC_HYPERCALL, show.p->domain->domid, 0, &call, sizeof call, &frame, sizeof frame, 1);
    broken(INVARIANT_RESERVATION, "gave nb 1 page more", "1281 pages", "maximum is 1280", NULL);
    show_close();
}
END_TEST

START_TEST(a_counter_that_lies)
{
    show_open();
    show.p->domain->reservation_pages--;
    stage.machine->host.free_pages++;
    rest();
    broken(INVARIANT_RESERVATION, "1023 pages for nb", "owns 1024 frames", NULL);
    show.p->domain->reservation_pages++;
    show_close();
}
END_TEST

Suite *frames_suite(void)
{
    Suite *suite = suite_create("invariants/frames");
    TCase *tests = tcase_create("frames");

    tcase_add_test(tests, right_books);
    tcase_add_test(tests, a_frame_counted_twice);
    tcase_add_test(tests, a_frame_lost_at_rest);
    tcase_add_test(tests, past_the_maximum);
    tcase_add_test(tests, a_counter_that_lies);
    suite_add_tcase(suite, tests);
    return suite;
}
