/* SPDX-License-Identifier: BSD-2-Clause */
/* p2m-m2p, p2m-bounds, no-alias, backed-before-use and isolation: each broken once, and once not. */
#include "sim/invariants/p2m.h"
#include "sim/invariants/testing.h"

Suite *p2m_suite(void);

START_TEST(a_clean_cycle)
{
    show_open();
    new_target(900);
    shrink(900, BOOT_PAGES - 900);
    driver_sleeps();
    rest();
    /* The same pages come back. */
    new_target(BOOT_PAGES);
    ck_assert_int_eq(take(BOOT_PAGES - 900), BOOT_PAGES - 900);
    bind(900, BOOT_PAGES - 900);
    flush(900, BOOT_PAGES - 900);
    show.counters->ballooned_pages = 0;
    show.counters->free_pages += BOOT_PAGES - 900;
    note(NOTE_PAGE_FREE, 900, BOOT_PAGES - 900, 0);
    driver_sleeps();
    rest();
    held(INVARIANT_BACKED_BEFORE_USE);
    ck_assert_uint_ge(asked(INVARIANT_BACKED_BEFORE_USE), BOOT_PAGES - 900);
    show_close();
}
END_TEST

/* The guest moves to a P2M of its own: what the builder's says does not count any more. */
static uint64_t *move_p2m(uint64_t entries)
{
    uint64_t *own = (void *)(show.p->boot->heap + (4u << 20));

    memset(own, 0xff, entries * sizeof *own);
    memcpy(own, test_guest_p2m(show.p), MAXMEM_PAGES * sizeof *own);
    ck_assert_int_eq(port(show.p, PORT_PUBLISH, PORT_P2M, (uintptr_t)own, entries, 0), 0);
    memset(test_guest_p2m(show.p), 0xff, MAXMEM_PAGES * sizeof *own);
    return own;
}

START_TEST(a_p2m_of_its_own)
{
    uint64_t *own;

    show_open();
    own = move_p2m(2 * MAXMEM_PAGES);
    ck_assert_uint_eq(domain_p2m_entries(show.p->domain), 2 * MAXMEM_PAGES);
    new_target(MAXMEM_PAGES);
    ck_assert_int_eq(take(4), 4);
    for (unsigned i = 0; i < 4; i++)
        own[BOOT_PAGES + i] = test_guest_list(show.p)[i];
    flush(BOOT_PAGES, 4);
    note(NOTE_PAGE_FREE, BOOT_PAGES, 4, 0);
    nothing_broken();
    held(INVARIANT_BACKED_BEFORE_USE);
    own[BOOT_PAGES] = ~0ull;
    note(NOTE_PAGE_FREE, BOOT_PAGES, 1, 0);
    broken(INVARIANT_BACKED_BEFORE_USE, "pfn 0x400 of nb", "no frame", NULL);
    show_close();
}
END_TEST

START_TEST(freed_without_a_frame)
{
    show_open();
    note(NOTE_PAGE_FREE, 1500, 2, 0);
    broken(INVARIANT_BACKED_BEFORE_USE, "pfn 0x5dc of nb", "no frame", NULL);
    ck_assert_uint_eq(invariant_broken(show.inv, INVARIANT_BACKED_BEFORE_USE), 2);
    show_close();
}
END_TEST

/* A kernel that keeps its memory mapped touches the page through its direct map. */
START_TEST(freed_before_it_is_mapped)
{
    stage.direct_map = true;
    show_open();
    stage.direct_map = false;
    const uint64_t frame = test_guest_p2m(show.p)[900];

    note(NOTE_PAGE_FREE, 900, 1, 0);
    nothing_broken();
    const uintptr_t at = (uintptr_t)show.p->boot->direct_map + 900 * PAGE_BYTES;
    ck_assert_int_eq(ask(show.p, __HYPERVISOR_update_va_mapping, at, 0, 0, 0), 0);
    note(NOTE_PAGE_FREE, 900, 1, 0);
    broken(INVARIANT_BACKED_BEFORE_USE, "pfn 0x384 of nb", "before its frame", NULL);
    ck_assert_int_eq(ask(show.p, __HYPERVISOR_update_va_mapping, at, frame << 12 | 1, 0, 0), 0);
    show_close();
}
END_TEST

START_TEST(freed_before_the_flush)
{
    show_open();
    new_target(MAXMEM_PAGES);
    take(4);
    bind(BOOT_PAGES, 4);
    note(NOTE_PAGE_FREE, BOOT_PAGES, 4, 0);
    broken(INVARIANT_BACKED_BEFORE_USE, "pfn 0x400 of nb", "before the M2P entry", NULL);
    only_broken(INVARIANT_BACKED_BEFORE_USE);
    show_close();
}
END_TEST

/* What the kernel allocates inside the plug is no reason: the driver's call is. */
START_TEST(freed_inside_a_plug)
{
    show_open();
    new_target(MAXMEM_PAGES);
    take(4);
    note(NOTE_PLUG_BEGIN, BOOT_PAGES, 4, 0);
    const uint64_t began = now_event();
    note(NOTE_PAGE_ALLOC, 900, 2, 0);
    note(NOTE_PAGE_FREE, BOOT_PAGES, 4, 0);
    ck_assert_uint_eq(broken(INVARIANT_BACKED_BEFORE_USE, "pfn 0x400 of nb", "no frame", NULL)->cause, began);
    show_close();
}
END_TEST

/* A range without sense is said, and doesn't go on for ever. */
START_TEST(freed_beyond_reason)
{
    show_open();
    note(NOTE_PAGE_FREE, MAXMEM_PAGES, UINT32_MAX, 0);
    broken(INVARIANT_BACKED_BEFORE_USE, "no frame", NULL);
    show_close();
}
END_TEST

START_TEST(freed_with_a_foreign_frame)
{
    struct test_guest *other;

    show_open();
    other = test_guest_new("other", 512, 512);
    test_guest_p2m(show.p)[1200] = test_guest_p2m(other)[300];
    note(NOTE_PAGE_FREE, 1200, 1, 0);
    broken(INVARIANT_P2M_M2P, "P2M[0x4b0] of nb", "not its own", NULL);
    show_close();
}
END_TEST

START_TEST(released_while_named)
{
    show_open();
    new_target(1000);
    test_guest_list(show.p)[0] = test_guest_p2m(show.p)[1001];
    ck_assert_int_eq(give_back(1), 1);
    broken(INVARIANT_P2M_M2P, "releases mfn", "P2M[0x3e9] still names it", NULL);
    ck_assert_uint_eq(show.caught[0].count, 1);
    ck_assert_ptr_null(strstr(show.caught[0].text, "others"));
    ck_assert_uint_eq(
        show.caught[0].event, show.call_event + 1); /* the call itself is named, not what came before */
    show_close();
}
END_TEST

START_TEST(several_released_while_named)
{
    show_open();
    new_target(1000);
    for (unsigned i = 0; i < 2; i++)
        test_guest_list(show.p)[i] = test_guest_p2m(show.p)[1001 + i];
    ck_assert_int_eq(give_back(2), 2);
    ck_assert_uint_eq(
        broken(INVARIANT_P2M_M2P, "P2M[0x3e9] still names it, and others in the same call", NULL)->count, 2);
    show_close();
}
END_TEST

/* What one guest releases is looked at by its own P2M, whoever released something before. */
START_TEST(released_while_named_by_another_guest)
{
    struct test_guest *q;

    show_open();
    q = test_guest_new("q", BOOT_PAGES, BOOT_PAGES);
    new_target(1000);
    test_guest_list(show.p)[0] = test_guest_p2m(show.p)[1001];
    ck_assert_int_eq(give_back(1), 1);
    broken(INVARIANT_P2M_M2P, "P2M[0x3e9] still names it", NULL);
    show.nr_caught = 0;
    test_guest_list(q)[0] = test_guest_p2m(q)[1002];
    ck_assert_int_eq(reserve(q, XENMEM_decrease_reservation, test_guest_list(q), 1, 0), 1);
    ck_assert_uint_eq(broken(INVARIANT_P2M_M2P, "P2M[0x3ea] still names it", NULL)->domid, q->domain->domid);
    show_close();
}
END_TEST

/* Of a domain that nobody watches nothing is said. */
START_TEST(frames_of_a_stranger)
{
    static struct domain stranger = {.domid = 77};
    const uint32_t mfn = HOST_FIRST_MFN + 9;

    show_open();
    p2m_frame_hook(show.inv, &stranger, &mfn, 1);
    nothing_broken();
    show_close();
}
END_TEST

START_TEST(named_by_two)
{
    const uint64_t *p2m;

    show_open();
    p2m = test_guest_p2m(show.p);
    test_guest_p2m(show.p)[1100] = p2m[700];
    test_guest_p2m(show.p)[700] = p2m[700];
    note(NOTE_PHYSLOAD, 1100, 1101, 0);
    show.counters->managed_pages++;
    show.counters->total_pages++;
    show.counters->present_pages++;
    rest();
    broken(INVARIANT_NO_ALIAS, "two pfns, 0x2bc and 0x44c", NULL);
    show_close();
}
END_TEST

/* Neither of the two is the one that the M2P names. */
START_TEST(named_by_two_others)
{
    uint64_t *p2m;

    show_open();
    p2m = test_guest_p2m(show.p);
    new_target(MAXMEM_PAGES);
    take(1);
    p2m[1030] = p2m[1040] = test_guest_list(show.p)[0];
    rest();
    broken(INVARIANT_NO_ALIAS, "two pfns, 0x406 and 0x410", NULL);
    show_close();
}
END_TEST

START_TEST(an_m2p_that_points_elsewhere)
{
    show_open();
    stage.machine->host.m2p[test_guest_p2m(show.p)[800]] = 1999;
    rest();
    broken(INVARIANT_P2M_M2P, "is 0x7cf", "P2M[0x320] does", NULL);
    only_broken(INVARIANT_P2M_M2P);
    show_close();
}
END_TEST

START_TEST(an_invalid_m2p_entry_is_allowed)
{
    show_open();
    stage.machine->host.m2p[test_guest_p2m(show.p)[800]] = UINT64_MAX;
    rest();
    held(INVARIANT_P2M_M2P);
    show_close();
}
END_TEST

START_TEST(names_a_free_frame)
{
    uint64_t mfn = HOST_FIRST_MFN;

    show_open();
    while (frame_owner(stage.machine, MFN(mfn)) != OWNER_FREE)
        mfn++;
    test_guest_p2m(show.p)[1999] = mfn;
    rest();
    broken(INVARIANT_P2M_M2P, "P2M[0x7cf] of nb", "which is free", NULL);
    ck_assert_uint_eq(invariant_broken(show.inv, INVARIANT_ISOLATION), 0);
    show_close();
}
END_TEST

START_TEST(names_anothers_frame)
{
    struct test_guest *other;

    show_open();
    other = test_guest_new("other", 512, 512);
    test_guest_p2m(show.p)[1999] = test_guest_p2m(other)[300];
    rest();
    broken(INVARIANT_ISOLATION, "P2M[0x7cf] of nb", "which is other's", NULL);
    broken(INVARIANT_P2M_M2P, "belongs to another domain", NULL);
    show_close();
}
END_TEST

START_TEST(past_the_end_of_the_p2m)
{
    show_open();
    uint64_t *behind = &show.p->domain->space.p2m[show.p->domain->space.p2m_entries];
    if (show.p->domain->space.p2m_room > show.p->domain->space.p2m_entries) {
        *behind = 4711;
        rest();
        broken(INVARIANT_P2M_BOUNDS, "nb wrote past the end", "2048 entries", NULL);
    }
    ck_assert_uint_gt(asked(INVARIANT_P2M_BOUNDS) + 1, 0);
    show_close();
}
END_TEST

/* A P2M whose length is not a whole page of entries: the mark lies right behind it. */
START_TEST(past_the_end_of_an_exact_p2m)
{
    struct test_guest *exact;
    struct domain_config config = {
        .name = "exact", .memory_pages = 1000, .maxmem_pages = 1000, .p2m = P2M_EXACT, .command_line = ""};

    show_open();
    ck_assert_int_eq(test_guest_build(&config, &exact), BUILD_OK);
    stage_run();
    rest();
    held(INVARIANT_P2M_BOUNDS);
    exact->domain->space.p2m[1000] = 4711;
    rest();
    broken(INVARIANT_P2M_BOUNDS, "exact wrote past the end", "1000 entries", "0x3e7", NULL);
    show_close();
}
END_TEST

START_TEST(given_back_with_its_contents)
{
    show_open();
    new_target(1000);
    frame_of(&stage.machine->host, test_guest_p2m(show.p)[1010])->stamp = WORKLOAD | 0x41;
    shrink(1000, 24);
    broken(INVARIANT_ISOLATION, "1 of 24 frames left nb", "0x8000000000000041", NULL);
    only_broken(INVARIANT_ISOLATION);
    show_close();
}
END_TEST

START_TEST(what_no_workload_wrote_may_leave)
{
    show_open();
    new_target(1000);
    frame_of(&stage.machine->host, test_guest_p2m(show.p)[1010])->stamp = 0x41;
    shrink(1000, 24);
    held(INVARIANT_ISOLATION);
    show_close();
}
END_TEST

/* Xen scrubs a frame as it comes back, if it is told to: nothing leaves with it. */
START_TEST(a_host_that_scrubs)
{
    show_open_with((struct machine_config){.seed = 1, .host_pages = HOST_PAGES, .scrub_domheap = true});
    new_target(1000);
    frame_of(&stage.machine->host, test_guest_p2m(show.p)[1010])->stamp = WORKLOAD | 0x41;
    shrink(1000, 24);
    held(INVARIANT_ISOLATION);
    show_close();
}
END_TEST

/* Another run of the same machine remembers nothing of the one before. */
START_TEST(another_run)
{
    struct machine_config config = {.seed = 2, .host_pages = HOST_PAGES};

    show_open();
    note(NOTE_PAGE_FREE, 1500, 1, 0);
    broken(INVARIANT_BACKED_BEFORE_USE, NULL);
    machine_reset(stage.machine, &config);
    recorder_begin(stage.recorder, "again", "sim", 2);
    invariants_reset(show.inv);
    ck_assert_uint_eq(invariant_broken(show.inv, INVARIANT_BACKED_BEFORE_USE), 0);
    ck_assert_uint_eq(invariant_asked(show.inv, INVARIANT_BACKED_BEFORE_USE), 0);
    show_close();
}
END_TEST

Suite *p2m_suite(void)
{
    Suite *suite = suite_create("invariants/p2m");
    TCase *tests = tcase_create("p2m");

    tcase_add_test(tests, a_clean_cycle);
    tcase_add_test(tests, a_p2m_of_its_own);
    tcase_add_test(tests, freed_without_a_frame);
    tcase_add_test(tests, freed_before_it_is_mapped);
    tcase_add_test(tests, freed_before_the_flush);
    tcase_add_test(tests, freed_inside_a_plug);
    tcase_add_test(tests, freed_beyond_reason);
    tcase_add_test(tests, freed_with_a_foreign_frame);
    tcase_add_test(tests, released_while_named);
    tcase_add_test(tests, several_released_while_named);
    tcase_add_test(tests, released_while_named_by_another_guest);
    tcase_add_test(tests, frames_of_a_stranger);
    tcase_add_test(tests, named_by_two);
    tcase_add_test(tests, named_by_two_others);
    tcase_add_test(tests, an_m2p_that_points_elsewhere);
    tcase_add_test(tests, an_invalid_m2p_entry_is_allowed);
    tcase_add_test(tests, names_a_free_frame);
    tcase_add_test(tests, names_anothers_frame);
    tcase_add_test(tests, past_the_end_of_the_p2m);
    tcase_add_test(tests, past_the_end_of_an_exact_p2m);
    tcase_add_test(tests, given_back_with_its_contents);
    tcase_add_test(tests, what_no_workload_wrote_may_leave);
    tcase_add_test(tests, a_host_that_scrubs);
    tcase_add_test(tests, another_run);
    suite_add_tcase(suite, tests);
    return suite;
}
