/* SPDX-License-Identifier: BSD-2-Clause */
/* frame-conservation and reservation: silent when Xen's counts are right, broken when they are not. */
#include "sim/invariants/frames.h"
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

/* Free frames are counted one by one when many have moved, not only added up. */
START_TEST(lists_that_hold_another_number)
{
    struct host *host;
    char counted[64];

    show_open();
    new_target(MAXMEM_PAGES);
    allow(MAXMEM_PAGES);
    for (unsigned i = 0; i < 10; i++) {
        ck_assert_int_eq(take(512), 512);
        ck_assert_int_eq(give_back(512), 512);
    }
    host = &stage.machine->host;
    host->free_pages--;
    host->overhead_pages++;
    frames_rest(show.inv);
    snprintf(counted, sizeof counted, "counts %ju free frames, its free lists hold %ju",
        (uintmax_t)host->free_pages, (uintmax_t)host->free_pages + 1);
    ck_assert_uint_eq(broken(INVARIANT_FRAME_CONSERVATION, counted, NULL)->count, host->free_pages + 1);
    show_close();
}
END_TEST

/* dom0 calls on behalf of a guest: what the guest has then must not be more than its maximum. */
START_TEST(past_the_maximum_on_behalf)
{
    const struct domain_config config = {
        .name = "dom0", .memory_pages = 1024, .maxmem_pages = 1024, .dom0 = true, .dom0_maximum_pages = 1024};
    struct test_guest *dom0;

    show_open();
    ck_assert_int_eq(test_guest_build(&config, &dom0), BUILD_OK);
    stage_run();
    show.p->domain->maximum_pages = BOOT_PAGES + 2;
    show.p->domain->reservation_pages = BOOT_PAGES + 2;
    call(dom0, __HYPERVISOR_xen_version, 99, 0, 0, 0);
    ck_assert_uint_eq(invariant_broken(show.inv, INVARIANT_RESERVATION), 0);
    show.p->domain->reservation_pages = BOOT_PAGES + 5;
    call(dom0, __HYPERVISOR_xen_version, 99, 0, 0, 0);
    broken(INVARIANT_RESERVATION, "on behalf of nb gave it 3 pages more", "reservation of 1029 pages",
        "its maximum is 1026", NULL);
    show.p->domain->reservation_pages = BOOT_PAGES;
    show_close();
}
END_TEST

/*
 * A toolstack's command gives a guest memory whose gfns wait for frames, without a call of the guest's or of dom0's: the call that the
 * guest makes next has not made its reservation grow.
 */
START_TEST(a_command_gives_frames)
{
    show_open();
    new_target(BOOT_PAGES - 1);
    show.p->domain->reservation_pages += 5;
    stage.machine->host.free_pages -= 5;
    ck_assert_int_eq(dom0("xl list"), 0);
    shrink(BOOT_PAGES - 1, 1);
    held(INVARIANT_RESERVATION);
    show.p->domain->reservation_pages -= 5;
    stage.machine->host.free_pages += 5;
    show_close();
}
END_TEST

static long map_page(uint64_t slot, uint64_t mfn)
{
    return call(show.p, __HYPERVISOR_update_va_mapping, (uintptr_t)show.p->boot->window + slot * PAGE_BYTES,
        mfn != 0 ? mfn << PAGE_SHIFT_BITS | 1 : 0, UVMF_INVLPG, 0);
}

/* A frame that was given up while it was mapped leaves with its last mapping: one more call that moves the reservation. */
START_TEST(frames_that_leave_late)
{
    uint64_t looked;

    show_open();
    new_target(BOOT_PAGES - 2);
    for (uint64_t i = 0; i < 2; i++)
        ck_assert_int_eq(map_page(i, test_guest_p2m(show.p)[1000 + i]), 0);
    unbind(1000, 2);
    ck_assert_int_eq(give_back(2), 2);
    for (uint64_t i = 0; i < 2; i++) {
        looked = asked(INVARIANT_RESERVATION);
        ck_assert_int_eq(map_page(i, 0), 0);
        ck_assert_uint_eq(asked(INVARIANT_RESERVATION), looked + 1);
    }
    show.counters->free_pages -= 2;
    show.counters->ballooned_pages += 2;
    /* What it says may be what it saw before the last of them. */
    say("balloon0: current reservation: 1023 pages => target: 1022 pages");
    rest();
    held(INVARIANT_RESERVATION);
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
    tcase_add_test(tests, lists_that_hold_another_number);
    tcase_add_test(tests, past_the_maximum_on_behalf);
    tcase_add_test(tests, a_command_gives_frames);
    tcase_add_test(tests, frames_that_leave_late);
    suite_add_tcase(suite, tests);
    return suite;
}
