/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What drops an old translation of a page, and what doesn't, as it was measured on the real Xen: a page is mapped to
 * one frame and read, then to another; which of the two a read finds then. How hypercalls come here is tested elsewhere.
 */
#include "sim/test_guest.h"

#include <errno.h>
#include <xen/version.h>

Suite *flush_suite(void);

#define TRIES     32
#define ONE       77u /* what the first frame holds */
#define OTHER     88u
#define FIRST     700u /* a page of the guest's, whose frame is the first */
#define NOT_ITS   0x10ul
#define SLOT_READ 3u

static struct test_guest *p, *other;
static uint64_t *list;

static unsigned long page_va(unsigned slot)
{
    return (uintptr_t)p->boot->window + slot * PAGE_BYTES;
}

static long map_with(unsigned slot, uint64_t mfn, unsigned long flags)
{
    return ask(p, __HYPERVISOR_update_va_mapping, page_va(slot), mfn == 0 ? 0 : mfn << PAGE_SHIFT_BITS | 1,
        flags, 0);
}

static long port(enum port_op op, unsigned slot, uint64_t stamp)
{
    return ask(p, PORT_GATE_BASE + op, page_va(slot), stamp, 0, 0);
}

static uint64_t frame_a(void)
{
    return test_guest_p2m(p)[FIRST];
}

static uint64_t frame_b(void)
{
    return test_guest_p2m(p)[FIRST + 1];
}

static long mmuext(unsigned command, unsigned long va, unsigned char mask)
{
    struct mmuext_op *op = (void *)(p->boot->heap + 64 * PAGE_BYTES);
    unsigned char *vcpus = (void *)(op + 2);
    uint32_t *done = (void *)(op + 4);

    *vcpus = mask;
    *op = (struct mmuext_op){.cmd = command};
    op->arg1.linear_addr = va;
    if (command == MMUEXT_TLB_FLUSH_MULTI || command == MMUEXT_INVLPG_MULTI)
        set_xen_guest_handle(op->arg2.vcpumask, vcpus);
    *done = 99;
    long result = ask(p, __HYPERVISOR_mmuext_op, (uintptr_t)op, 1, (uintptr_t)done, DOMID_SELF);
    ck_assert_uint_eq(*done, result == 0);
    return result;
}

/* How often, of TRIES, a read finds the first frame's contents after `change` has mapped the second one. */
static unsigned found_old(void (*change)(void))
{
    unsigned old = 0;

    for (unsigned k = 0; k < TRIES; k++) {
        stage.machine->host.frames[frame_a()].stamp = ONE;
        stage.machine->host.frames[frame_b()].stamp = OTHER;
        ck_assert_int_eq(map_with(SLOT_READ, frame_a(), UVMF_INVLPG), 0);
        ck_assert_int_eq(port(PORT_PAGE_READ, SLOT_READ, 0), ONE);
        change();
        const long found = port(PORT_PAGE_READ, SLOT_READ, 0);
        ck_assert(found == ONE || found == OTHER);
        old += found == ONE;
    }
    return old;
}

static void always_new(void (*change)(void))
{
    ck_assert_uint_eq(found_old(change), 0);
}

/* Mostly; but nobody promises that it is found. */
static void mostly_old(void (*change)(void))
{
    const unsigned old = found_old(change);

    ck_assert_uint_gt(old, TRIES / 2);
    ck_assert_uint_lt(old, TRIES);
}

static void without_a_flush(void)
{
    ck_assert_int_eq(map_with(SLOT_READ, frame_b(), UVMF_NONE), 0);
}

static void unmapped_and_mapped(void)
{
    ck_assert_int_eq(map_with(SLOT_READ, 0, UVMF_NONE), 0);
    without_a_flush();
}

static void there_and_back(void)
{
    without_a_flush();
    ck_assert_int_eq(map_with(SLOT_READ, frame_a(), UVMF_NONE), 0);
    without_a_flush();
}

START_TEST(without_a_flush_the_old_frame_is_found)
{
    mostly_old(without_a_flush);
    mostly_old(unmapped_and_mapped);
    mostly_old(there_and_back);
}
END_TEST

static void by_invlpg(void)
{
    ck_assert_int_eq(map_with(SLOT_READ, frame_b(), UVMF_INVLPG), 0);
}

static void by_invlpg_of_all(void)
{
    ck_assert_int_eq(map_with(SLOT_READ, frame_b(), UVMF_INVLPG | UVMF_ALL), 0);
}

static void by_a_flush(void)
{
    ck_assert_int_eq(map_with(SLOT_READ, frame_b(), UVMF_TLB_FLUSH), 0);
}

static void by_a_flush_of_all(void)
{
    ck_assert_int_eq(map_with(SLOT_READ, frame_b(), UVMF_TLB_FLUSH | UVMF_ALL), 0);
}

static void by_a_flush_with_another_page(void)
{
    without_a_flush();
    ck_assert_int_eq(map_with(SLOT_READ + 1, frame_a(), UVMF_TLB_FLUSH), 0);
}

START_TEST(the_flags_of_a_mapping_flush)
{
    always_new(by_invlpg);
    always_new(by_invlpg_of_all);
    always_new(by_a_flush);
    always_new(by_a_flush_of_all);
    always_new(by_a_flush_with_another_page);
}
END_TEST

static void with_a_mask(unsigned long type, unsigned char mask)
{
    *p->boot->heap = (char)mask;
    ck_assert_int_eq(map_with(SLOT_READ, frame_b(), type | (uintptr_t)p->boot->heap), 0);
}

static void by_invlpg_of_a_mask(void)
{
    with_a_mask(UVMF_INVLPG, 1);
}

static void by_a_flush_of_a_mask(void)
{
    with_a_mask(UVMF_TLB_FLUSH, 3);
}

static void by_invlpg_of_nobody(void)
{
    with_a_mask(UVMF_INVLPG, 0);
}

static void by_a_flush_of_nobody(void)
{
    with_a_mask(UVMF_TLB_FLUSH, 2);
}

static void by_a_mask_that_is_not_there(void)
{
    ck_assert_int_eq(map_with(SLOT_READ, frame_b(), UVMF_INVLPG | NOT_ITS), -EFAULT);
}

START_TEST(a_mask_of_vcpus_names_it_or_not)
{
    always_new(by_invlpg_of_a_mask);
    always_new(by_a_flush_of_a_mask);
    mostly_old(by_invlpg_of_nobody);
    mostly_old(by_a_flush_of_nobody);
    mostly_old(by_a_mask_that_is_not_there);
}
END_TEST

static void by_invlpg_of_another_page(void)
{
    without_a_flush();
    ck_assert_int_eq(map_with(SLOT_READ + 1, frame_a(), UVMF_INVLPG), 0);
}

static void by_invlpg_that_is_refused(void)
{
    without_a_flush();
    ck_assert_int_lt(map_with(SLOT_READ, stage.machine->host.end_mfn, UVMF_INVLPG), 0);
}

static void by_other_calls(void)
{
    without_a_flush();
    ck_assert_int_gt(ask(p, __HYPERVISOR_xen_version, XENVER_version, 0, 0, 0), 0);
    ck_assert_int_eq(
        ask(p, __HYPERVISOR_mmu_update, 0, 0, 0, DOMID_SELF), 0); /* of the M2P: no page table is concerned */
}

START_TEST(what_flushes_nothing)
{
    mostly_old(by_invlpg_of_another_page);
    mostly_old(by_invlpg_that_is_refused);
    mostly_old(by_other_calls);
}
END_TEST

static unsigned ext_command;
static void by_mmuext(void)
{
    without_a_flush();
    ck_assert_int_eq(mmuext(ext_command, page_va(SLOT_READ), 1), 0);
}

static void by_mmuext_of_nobody(void)
{
    without_a_flush();
    ck_assert_int_eq(mmuext(ext_command, page_va(SLOT_READ), 2), 0);
}

static void by_mmuext_elsewhere(void)
{
    without_a_flush();
    ck_assert_int_eq(mmuext(MMUEXT_INVLPG_LOCAL, page_va(SLOT_READ + 1), 0), 0);
    ck_assert_int_eq(mmuext(MMUEXT_INVLPG_LOCAL, (uintptr_t)p->boot->heap, 0), 0);
}

START_TEST(mmuext_op_flushes)
{
    static const unsigned commands[] = {MMUEXT_TLB_FLUSH_LOCAL, MMUEXT_INVLPG_LOCAL, MMUEXT_TLB_FLUSH_MULTI,
        MMUEXT_INVLPG_MULTI, MMUEXT_TLB_FLUSH_ALL, MMUEXT_INVLPG_ALL};

    for (unsigned i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        ext_command = commands[i];
        always_new(by_mmuext);
        if (ext_command == MMUEXT_TLB_FLUSH_MULTI || ext_command == MMUEXT_INVLPG_MULTI)
            mostly_old(by_mmuext_of_nobody);
    }
    mostly_old(by_mmuext_elsewhere);
    ck_assert_int_eq(mmuext(77, 0, 0), -ENOSYS);
    ck_assert_int_eq(ask(p, __HYPERVISOR_mmuext_op, NOT_ITS, 1, 0, DOMID_SELF), -EFAULT);
    ck_assert_int_eq(ask(p, __HYPERVISOR_mmuext_op, NOT_ITS, 0, 0, DOMID_SELF), 0);
}
END_TEST

static long give_up(uint64_t mfn)
{
    list[0] = mfn;
    return reserve(p, XENMEM_decrease_reservation, list, 1, 0);
}

static void given_up_in_between(void)
{
    without_a_flush();
    ck_assert_int_eq(give_up(frame_a()), 1);
    ck_assert_uint_eq(frame_owner(stage.machine, MFN(frame_a())), OWNER_FREE);
}

/* The frame goes on to be read, until Xen gives it, or another that came back, to somebody: it flushes before. */
START_TEST(a_frame_given_up_is_read_until_it_is_given_away)
{
    unsigned old = 0;

    for (unsigned k = 0; k < TRIES; k++) {
        stage.machine->host.frames[frame_a()].stamp = ONE;
        stage.machine->host.frames[frame_b()].stamp = OTHER;
        ck_assert_int_eq(map_with(SLOT_READ, frame_a(), UVMF_INVLPG), 0);
        ck_assert_int_eq(port(PORT_PAGE_READ, SLOT_READ, 0), ONE);
        given_up_in_between();
        old += port(PORT_PAGE_READ, SLOT_READ, 0) == ONE;
        ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, list, 1, 0), 1);
        ck_assert_uint_eq(list[0], frame_a());
        ck_assert_int_eq(port(PORT_PAGE_READ, SLOT_READ, 0), OTHER);
    }
    ck_assert_uint_gt(old, TRIES / 2);
}
END_TEST

static void fresh_frames(void)
{
    without_a_flush();
    ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, list, 1, 0), 1);
}

START_TEST(frames_that_nobody_had_flush_nothing)
{
    domain_set_maximum_kib(p->domain, 64 * 1024);
    mostly_old(fresh_frames);
}
END_TEST

static void another_runs(void)
{
    without_a_flush();
    ck_assert_int_gt(ask(other, __HYPERVISOR_xen_version, XENVER_version, 0, 0, 0), 0);
}

START_TEST(another_vcpu_on_the_processor_drops_all)
{
    always_new(another_runs);
}
END_TEST

static void never_read(void)
{
    ck_assert_int_eq(map_with(SLOT_READ, frame_a(), UVMF_INVLPG), 0);
    without_a_flush();
}

START_TEST(what_was_never_used_is_not_held)
{
    always_new(never_read);
}
END_TEST

START_TEST(an_unmapped_page_is_written_through_the_old_translation)
{
    unsigned written = 0;

    for (unsigned k = 1; k <= TRIES; k++) {
        ck_assert_int_eq(map_with(SLOT_READ, frame_a(), UVMF_INVLPG), 0);
        ck_assert_int_eq(port(PORT_PAGE_WRITE, SLOT_READ, ONE), 0);
        ck_assert_int_eq(map_with(SLOT_READ, 0, UVMF_NONE), 0);
        const long answer = port(PORT_PAGE_WRITE, SLOT_READ, 1000 + k);
        ck_assert(answer == 0 || answer == -EFAULT);
        ck_assert_uint_eq(frame_stamp(stage.machine, MFN(frame_a())), answer == 0 ? 1000 + k : ONE);
        written += answer == 0;
        ck_assert_int_eq(map_with(SLOT_READ, 0, UVMF_INVLPG), 0);
        ck_assert_int_eq(port(PORT_PAGE_WRITE, SLOT_READ, 1), -EFAULT);
    }
    ck_assert_uint_gt(written, TRIES / 2);
}
END_TEST

static void row_of_pages(unsigned long flags, unsigned pages, uint64_t first_pfn)
{
    multicall_entry_t *calls = (void *)(p->boot->heap + 80 * PAGE_BYTES);

    for (unsigned i = 0; i < pages; i++)
        calls[i] = (multicall_entry_t){.op = __HYPERVISOR_update_va_mapping,
            .args = {page_va(i), first_pfn == 0 ? 0 : test_guest_p2m(p)[first_pfn + i] << PAGE_SHIFT_BITS | 1,
                flags}};
    ck_assert_int_eq(ask(p, __HYPERVISOR_multicall, (uintptr_t)calls, pages, 0, 0), 0);
}

/* Whole rows of pages are mapped and written at once: some of the writes go where the pages were before. */
START_TEST(rows_of_pages_are_held_too)
{
    const unsigned pages = SPACE_WINDOW_PAGES;
    unsigned astray = 0;

    row_of_pages(UVMF_INVLPG, pages, FIRST);
    ck_assert_int_eq(ask(p, PORT_GATE_BASE + PORT_PAGES_WRITE, page_va(0), ONE, pages, 0), 0);
    row_of_pages(UVMF_NONE, pages, 0);
    row_of_pages(UVMF_NONE, pages, FIRST + pages);
    ck_assert_int_eq(ask(p, PORT_GATE_BASE + PORT_PAGES_WRITE, page_va(0), OTHER, pages, 0), 0);
    for (unsigned i = 0; i < pages; i++)
        astray += frame_stamp(stage.machine, MFN(test_guest_p2m(p)[FIRST + i])) == OTHER;
    ck_assert_uint_gt(astray, pages / 2);
    row_of_pages(UVMF_INVLPG, pages, 0);
    row_of_pages(UVMF_INVLPG, pages, FIRST + pages);
    ck_assert_int_eq(ask(p, PORT_GATE_BASE + PORT_PAGES_WRITE, page_va(0), ONE, pages, 0), 0);
    for (unsigned i = 0; i < pages; i++)
        ck_assert_uint_eq(frame_stamp(stage.machine, MFN(test_guest_p2m(p)[FIRST + pages + i])), ONE);
}
END_TEST

static void setup(void)
{
    stage_open(16 * 1024);
    p = test_guest_new("p", 1024, 2048);
    other = test_guest_new("other", 512, 512);
    list = test_guest_list(p);
}

Suite *flush_suite(void)
{
    Suite *suite = suite_create("flush");
    TCase *tests = tcase_create("old translations");

    tcase_add_checked_fixture(tests, setup, stage_close);
    tcase_add_test(tests, without_a_flush_the_old_frame_is_found);
    tcase_add_test(tests, the_flags_of_a_mapping_flush);
    tcase_add_test(tests, a_mask_of_vcpus_names_it_or_not);
    tcase_add_test(tests, what_flushes_nothing);
    tcase_add_test(tests, mmuext_op_flushes);
    tcase_add_test(tests, a_frame_given_up_is_read_until_it_is_given_away);
    tcase_add_test(tests, frames_that_nobody_had_flush_nothing);
    tcase_add_test(tests, another_vcpu_on_the_processor_drops_all);
    tcase_add_test(tests, what_was_never_used_is_not_held);
    tcase_add_test(tests, an_unmapped_page_is_written_through_the_old_translation);
    tcase_add_test(tests, rows_of_pages_are_held_too);
    suite_add_tcase(suite, tests);
    return suite;
}
