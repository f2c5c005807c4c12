/* SPDX-License-Identifier: BSD-2-Clause */
/* guest-contained and integrity: how a guest died or misbehaved, and pages that changed. */
#include "sim/invariants/testing.h"

Suite *contained_suite(void);

static void text_call(enum port_op op, const char *text)
{
    char *at = show.p->boot->heap + TEXT_AT;

    strcpy(at, text);
    port(show.p, op, (uintptr_t)at, strlen(text), 0, 0);
}

START_TEST(a_panic)
{
    uint64_t before;

    show_open();
    new_target(1000);
    before = now_event();
    text_call(PORT_PANIC, "uvm_physseg_plug: Tried to add RAM after uvm_page_init");
    broken(INVARIANT_GUEST_CONTAINED, "nb panicked: uvm_physseg_plug: Tried to add RAM", NULL);
    ck_assert_uint_gt(show.caught[0].cause, before);
    /* The dead are not judged. */
    recorder_append(stage.recorder, REC_REST, DOMID_HOST, 0, NULL, 0, NULL, 0, 0);
    invariants_at_rest(show.inv);
    only_broken(INVARIANT_GUEST_CONTAINED);
    show_close();
}
END_TEST

START_TEST(misuse_once_each)
{
    show_open();
    text_call(PORT_MISUSE, "mutex sc_lock entered twice");
    text_call(PORT_MISUSE, "mutex sc_lock entered twice");
    text_call(PORT_MISUSE, "kmem freed twice");
    ck_assert_uint_eq(show.nr_caught, 2);
    ck_assert_uint_eq(invariant_broken(show.inv, INVARIANT_GUEST_CONTAINED), 3);
    ck_assert_str_eq(show.caught[0].text, "nb misused its kernel's interface: mutex sc_lock entered twice");
    show_close();
}
END_TEST

/* A reservation call with these flags, of the driver. */
static void call_with(unsigned mem_flags)
{
    reserve_with(show.p, XENMEM_increase_reservation, test_guest_list(show.p), 1, 0, mem_flags, DOMID_SELF);
}

START_TEST(flags_that_xen_knows)
{
    show_open();
    new_target(MAXMEM_PAGES);
    allow(MAXMEM_PAGES);
    call_with(0);
    call_with(XENMEMF_address_bits(32) | XENMEMF_exact_node(0) | XENMEMF_populate_on_demand | XENMEMF_vnode);
    call_with(XENMEMF_address_bits(64) | XENMEMF_node(63));
    nothing_broken();
    show_close();
}
END_TEST

START_TEST(flags_that_xen_does_not_know)
{
    show_open();
    new_target(MAXMEM_PAGES);
    allow(MAXMEM_PAGES);
    call_with(_i == 0 ? 1u << 19 : _i == 1 ? 1u << 31 : XENMEMF_address_bits(65));
    broken(INVARIANT_GUEST_CONTAINED, "nb misused Xen's interface: the mem_flags of a reservation are 0x",
        _i == 0   ? "are 0x00080000"
        : _i == 1 ? "are 0x80000000"
                  : "are 0x00000041",
        "0x0007ffff only", NULL);
    call_with(0xdeadbe00u); /* the same again is counted, not said again */
    ck_assert_uint_eq(show.nr_caught, 1);
    only_broken(INVARIANT_GUEST_CONTAINED);
    show_close();
}
END_TEST

/* A probe asks for what it likes: it is no driver. */
START_TEST(flags_of_no_driver)
{
    show_open();
    note(NOTE_ATTACHED, 0, 0, 0);
    call_with(0xffffffffu);
    nothing_broken();
    show_close();
}
END_TEST

START_TEST(a_write_past_the_p2m)
{
    static const char why[] = "write to the guard behind the P2M";

    show_open();
    recorder_append_text(stage.recorder, REC_CRASH, show.p->domain->domid, 0, why, sizeof why - 1);
    broken(INVARIANT_GUEST_CONTAINED, "nb died: write to the guard behind the P2M", NULL);
    broken(INVARIANT_P2M_BOUNDS, "behind the P2M", NULL);
    show_close();
}
END_TEST

START_TEST(a_write_to_the_m2p)
{
    static const char why[] = "write to the M2P";

    show_open();
    recorder_append_text(stage.recorder, REC_CRASH, show.p->domain->domid, 0, why, sizeof why - 1);
    broken(INVARIANT_GUEST_CONTAINED, "nb died: write to the M2P", NULL);
    ck_assert_uint_eq(invariant_broken(show.inv, INVARIANT_P2M_BOUNDS), 0);
    show_close();
}
END_TEST

/* The others go on, and go on being judged. */
START_TEST(one_of_two_dies)
{
    struct test_guest *other;
    static const char why[] = "read of an address that isn't its own";

    show_open();
    other = test_guest_new("other", 512, 512);
    recorder_append_text(stage.recorder, REC_CRASH, other->domain->domid, 0, why, sizeof why - 1);
    broken(INVARIANT_GUEST_CONTAINED, "other died", NULL);
    new_target(1000);
    shrink(999, 25);
    broken(INVARIANT_NO_OVERSHOOT, "nb shrank", NULL);
    show_close();
}
END_TEST

/* The end of a domain that nobody watches, because it was never built, is nobody's. */
START_TEST(a_stranger_dies)
{
    show_open();
    recorder_append_text(stage.recorder, REC_CRASH, 77, machine_now_ns(stage.machine), "so", 2);
    recorder_append_text(stage.recorder, REC_MISUSE, 77, machine_now_ns(stage.machine), "so", 2);
    nothing_broken();
    show_close();
}
END_TEST

START_TEST(a_page_that_changed)
{
    show_open();
    note(NOTE_DATA_LOST, 0x1f0, WORKLOAD | 0x41, 0);
    broken(INVARIANT_INTEGRITY, "pfn 0x1f0 of nb", "wrote 0x8000000000000041", "read back 0x0000000000000000",
        NULL);
    only_broken(INVARIANT_INTEGRITY);
    show_close();
}
END_TEST

START_TEST(stopped_at_the_first)
{
    struct record_note lost = {.note = NOTE_DATA_LOST, .a = 5, .b = 1};

    show_open();
    invariants_stop_at_first(show.inv, true);
    recorder_append(stage.recorder, REC_NOTE, show.p->domain->domid, 0, &lost, sizeof lost, NULL, 0, 0);
    ck_assert(stage.machine->stop);
    invariants_stop_at_first(show.inv, false);
    show_close();
}
END_TEST

START_TEST(asked_and_broken_are_written_down)
{
    const char *bytes;
    size_t count, checked = 0;

    show_open();
    note(NOTE_DATA_LOST, 5, 1, 0);
    invariants_finish(show.inv);
    bytes = recorder_finish(stage.recorder, &count);
    ck_assert_ptr_nonnull(bytes);
    for (size_t at = sizeof(struct recording_head); at < count;) {
        const struct record *record = (const void *)(bytes + at);

        if (record->type == REC_CHECKED) {
            const struct record_checked *c = record_payload(record);

            ck_assert_uint_eq(c->asked, invariant_asked(show.inv, (enum invariant)c->invariant));
            ck_assert_uint_eq(c->broken, c->invariant == INVARIANT_INTEGRITY);
            checked++;
        }
        at += record->bytes;
    }
    ck_assert_uint_eq(checked, NR_INVARIANTS);
    show_close();
}
END_TEST

Suite *contained_suite(void)
{
    Suite *suite = suite_create("invariants/contained");
    TCase *tests = tcase_create("contained");

    tcase_add_test(tests, a_panic);
    tcase_add_test(tests, misuse_once_each);
    tcase_add_test(tests, flags_that_xen_knows);
    tcase_add_loop_test(tests, flags_that_xen_does_not_know, 0, 3);
    tcase_add_test(tests, flags_of_no_driver);
    tcase_add_test(tests, a_write_past_the_p2m);
    tcase_add_test(tests, a_write_to_the_m2p);
    tcase_add_test(tests, one_of_two_dies);
    tcase_add_test(tests, a_stranger_dies);
    tcase_add_test(tests, a_page_that_changed);
    tcase_add_test(tests, stopped_at_the_first);
    tcase_add_test(tests, asked_and_broken_are_written_down);
    suite_add_tcase(suite, tests);
    return suite;
}
