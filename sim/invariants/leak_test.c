/* SPDX-License-Identifier: BSD-2-Clause */
/* no-leak: which frames are lost, how many, and at which event; and who may keep frames as it likes. */
#include "sim/invariants/testing.h"

Suite *leak_suite(void);

static void refuse_next_plug(uint64_t pfn, uint64_t pages)
{
    struct record_fault fault = {.site = TEST_SITE_ADD, .pfn = pfn, .pages = pages, .nth = 1};

    plug_begin(pfn, pages);
    recorder_append(stage.recorder, REC_FAULT, show.p->domain->domid, 0, &fault, sizeof fault, NULL, 0, 0);
    note(NOTE_PLUG_END, pfn, pages, 0);
}

/* The first hot-plug patch: page 100 of a batch of 200 is refused, its P2M entry is undone, nothing else. */
START_TEST(the_first_patch)
{
    uint64_t refused;
    const struct caught *leak;

    show_open();
    new_target(MAXMEM_PAGES);
    ck_assert_int_eq(take(200), 200);
    for (uint64_t i = 0; i < 99; i++) {
        test_guest_p2m(show.p)[BOOT_PAGES + i] = test_guest_list(show.p)[i];
    }
    flush(BOOT_PAGES, 99);
    plug_begin(BOOT_PAGES, 99);
    plug_end(BOOT_PAGES, 99);
    refuse_next_plug(BOOT_PAGES + 99, 1);
    refused = now_event();
    say("balloon0: WARNING: balloon could not reach target 2048 (current 1224)");
    rest();
    leak = broken(
        INVARIANT_NO_LEAK, "101 frames of nb named by no plugged pfn", "given or bound last at event", NULL);
    ck_assert_uint_eq(leak->cause, refused);
    ck_assert_uint_eq(leak->count, 101);
    rest();
    broken(INVARIANT_NO_LEAK, NULL);
    ck_assert_uint_eq(invariant_broken(show.inv, INVARIANT_NO_LEAK), 2);
    show_close();
}
END_TEST

START_TEST(two_losses_two_causes)
{
    unsigned said = 0;

    show_open();
    new_target(MAXMEM_PAGES);
    take(3);
    refuse_next_plug(BOOT_PAGES, 3);
    rest();
    take(5);
    refuse_next_plug(BOOT_PAGES, 5);
    rest();
    for (unsigned i = 0; i < show.nr_caught; i++)
        said += show.caught[i].invariant == INVARIANT_NO_LEAK;
    ck_assert_uint_eq(said, 2);
    show_close();
}
END_TEST

/* More causes than are written down: each of the first has its own frames, and the last all that are left. */
START_TEST(more_losses_than_are_told)
{
    uint64_t lost = 0;
    unsigned said = 0;

    show_open();
    new_target(MAXMEM_PAGES);
    for (unsigned pages = 1; pages <= 6; pages++) {
        take(pages);
        refuse_next_plug(BOOT_PAGES, pages);
    }
    rest();
    for (unsigned i = 0; i < show.nr_caught; i++) {
        if (show.caught[i].invariant != INVARIANT_NO_LEAK)
            continue;
        said++;
        lost += show.caught[i].count;
        if (said < 4)
            ck_assert_uint_le(show.caught[i].count, 6);
    }
    ck_assert_uint_eq(said, 4);
    ck_assert_uint_eq(lost, 1 + 2 + 3 + 4 + 5 + 6);
    show_close();
}
END_TEST

START_TEST(lost_without_a_refusal)
{
    uint64_t given;

    show_open();
    new_target(MAXMEM_PAGES);
    take(7);
    given = now_event();
    rest();
    ck_assert_uint_eq(broken(INVARIANT_NO_LEAK, "7 frames", "nothing was refused since", NULL)->cause, given);
    show_close();
}
END_TEST

START_TEST(named_outside_every_segment)
{
    show_open();
    new_target(MAXMEM_PAGES);
    take(2);
    bind(1800, 2);
    flush(1800, 2);
    rest();
    broken(INVARIANT_NO_LEAK, "2 frames", "named by pfn 0x708, outside every segment", NULL);
    ck_assert_uint_eq(invariant_broken(show.inv, INVARIANT_P2M_M2P), 0);
    show_close();
}
END_TEST

/* A refusal long before the frame was given didn't lose it. */
/* Boot code has taken pages out of their segment, and told so: they are the kernel's own. */
START_TEST(kept_by_boot_code)
{
    show_open();
    note(NOTE_KEPT, 1800, 1801, 0);
    new_target(MAXMEM_PAGES);
    take(2);
    bind(1800, 2);
    flush(1800, 2);
    rest();
    broken(INVARIANT_NO_LEAK, "1 frame of", "named by pfn 0x709, outside every segment", NULL);
    note(NOTE_KEPT, 1801, 1802, 0);
    rest();
    ck_assert_uint_eq(invariant_broken(show.inv, INVARIANT_NO_LEAK), 1);
    show_close();
}
END_TEST

START_TEST(an_older_refusal)
{
    uint64_t given;

    show_open();
    new_target(MAXMEM_PAGES);
    ck_assert_int_eq(take(2000), 256);
    test_guest_list(show.p)[255] = 0;
    ck_assert_int_eq(give_back(255), 255);
    ck_assert_int_eq(take(3), 3);
    given = now_event();
    rest();
    for (unsigned i = 0; i < show.nr_caught; i++)
        if (show.caught[i].invariant == INVARIANT_NO_LEAK && show.caught[i].count == 3)
            ck_assert_uint_eq(show.caught[i].cause, given);
    ck_assert_uint_eq(invariant_broken(show.inv, INVARIANT_NO_LEAK), 2);
    show_close();
}
END_TEST

/* Xen doesn't take back what the driver wants to be rid of: not lost as long as it means to try again. */
START_TEST(owed_to_a_refusal)
{
    struct fault_spec spec = {.site = FAULT_SITE_DECREASE_RESERVATION, .when = FAULT_EVERY, .n = 1};

    show_open();
    new_target(MAXMEM_PAGES);
    take(6);
    bind(BOOT_PAGES, 6);
    flush(BOOT_PAGES, 6);
    refuse_next_plug(BOOT_PAGES, 6);
    unbind(BOOT_PAGES, 6);
    ck_assert(fault_arm(show.p->domain->faults, &spec));
    ck_assert_int_eq(give_back(6), 0);
    show.p->domain->timer_ns = machine_now_ns(stage.machine) + 100 * NS_PER_S;
    say("balloon0: WARNING: balloon could not reach target");
    driver_sleeps();
    rest();
    held(INVARIANT_NO_LEAK); /* and p2m-m2p: what their M2P entries name does not matter yet */
    fault_heal(show.p->domain->faults, true, 0);
    rest();
    broken(INVARIANT_NO_LEAK, "6 frames", NULL);
    broken(INVARIANT_P2M_M2P, "does not name it back", NULL);
    show_close();
}
END_TEST

START_TEST(a_probe_is_not_judged)
{
    struct test_guest *probe;

    show_open();
    probe = test_guest_new("probe", 512, 512);
    domain_set_maximum_kib(probe->domain, 4096);
    ck_assert_int_eq(reserve(probe, XENMEM_increase_reservation, test_guest_list(probe), 64, 0), 64);
    rest();
    held(INVARIANT_NO_LEAK);
    ck_assert_uint_eq(asked(INVARIANT_NO_LEAK), 1); /* of nb alone */
    show_close();
}
END_TEST

Suite *leak_suite(void)
{
    Suite *suite = suite_create("invariants/leak");
    TCase *tests = tcase_create("leak");

    tcase_add_test(tests, the_first_patch);
    tcase_add_test(tests, two_losses_two_causes);
    tcase_add_test(tests, more_losses_than_are_told);
    tcase_add_test(tests, lost_without_a_refusal);
    tcase_add_test(tests, named_outside_every_segment);
    tcase_add_test(tests, kept_by_boot_code);
    tcase_add_test(tests, an_older_refusal);
    tcase_add_test(tests, owed_to_a_refusal);
    tcase_add_test(tests, a_probe_is_not_judged);
    suite_add_tcase(suite, tests);
    return suite;
}
