/* SPDX-License-Identifier: BSD-2-Clause */
/* Saving and restoring: what comes back, what doesn't, and when a restore is refused. */
#include "sim/domain/claim.h"
#include "sim/domain/reservation.h"
#include "sim/domain/saved.h"
#include "sim/host/pool.h"
#include "sim/test_guest.h"
#include "sim/xenstore/xenstore.h"

Suite *machine_save_suite(void);

#define HOST_PAGES 8192u
#define PAGES      1024u

static struct test_guest *p;
static struct domain *d;
static struct host *host;
static uint64_t *p2m;

static void setup(void)
{
    stage_open(HOST_PAGES);
    p = test_guest_new("p", PAGES, 2 * PAGES);
    d = p->domain;
    host = &stage.machine->host;
    p2m = test_guest_p2m(p);
}

static void teardown(void)
{
    stage_close();
}

static void suspend(struct test_guest *me)
{
    struct sched_shutdown how = {.reason = SHUTDOWN_suspend};

    me->result = test_guest_leave(me, __HYPERVISOR_sched_op, SCHEDOP_shutdown, (uintptr_t)&how, 0, 0);
}

static void save(void)
{
    p->result = -1;
    perform(p, suspend);
    ck_assert_int_eq(d->state, DOMAIN_SHUT_DOWN);
    ck_assert(machine_save_domain(stage.machine, d));
}

static void target(const char *kib)
{
    char path[64];

    snprintf(path, sizeof path, "/local/domain/%u/memory/target", d->domid);
    ck_assert_int_eq(xenstore_write(machine_xenstore_tree(stage.machine), 0, path, kib), 0);
}

START_TEST(pages_come_back_with_their_contents)
{
    const unsigned domid = d->domid;
    const uint64_t free_pages = host->free_pages;

    for (uint64_t pfn = 0; pfn < PAGES; pfn++)
        host->frames[p2m[pfn]].stamp = pfn == 77 ? 0 : 5000 + pfn;
    reservation_give_back(d, p2m[PAGES - 1]);
    p2m[PAGES - 1] = MFN_NONE.mfn;
    save();
    ck_assert_uint_eq(host->free_pages, free_pages + PAGES + domain_overhead_pages(KNOWN_XEN_DEFAULT, false));
    ck_assert_ptr_null(machine_domain(stage.machine, "p"));
    for (uint64_t pfn = 0; pfn < 2 * PAGES; pfn++)
        ck_assert_uint_eq(p2m[pfn], MFN_NONE.mfn);
    for (uint64_t mfn = HOST_FIRST_MFN; mfn < host->end_mfn; mfn++)
        host->frames[mfn].stamp = 9;

    ck_assert_int_eq(machine_restore_domain(stage.machine, d), BUILD_OK);
    ck_assert_ptr_null(stage.machine->asleep);
    ck_assert_ptr_null(d->saved);
    ck_assert_uint_eq(d->domid, domid + 1);
    ck_assert_uint_eq(d->restored_from, domid);
    ck_assert_uint_eq(domain_counted_pages(d), PAGES - 1);
    ck_assert_uint_eq(d->reservation_pages, PAGES - 1);
    ck_assert_uint_eq(host->free_pages, free_pages + 1);
    ck_assert_uint_eq(p2m[PAGES - 1], MFN_NONE.mfn);
    for (uint64_t pfn = 0; pfn < PAGES - 1; pfn++) {
        const struct frame *frame = frame_of(host, p2m[pfn]);
        ck_assert_uint_eq(host->m2p[p2m[pfn]], pfn);
        ck_assert_uint_eq(frame->stamp, pfn == 77 ? 0 : 5000 + pfn);
        ck_assert_uint_eq(frame->mappings, pfn < d->image_pages);
    }
    stage_run();
    ck_assert_int_eq(p->result, 0);
    ck_assert(d->blocked);
}
END_TEST

/* What the P2M and the M2P don't both name is nobody's page, and what two pfns name is the one's whom the M2P names. */
START_TEST(one_page_for_two_names)
{
    const uint64_t lost = p2m[500];

    host->frames[p2m[600]].stamp = 600;
    p2m[500] = p2m[600];
    p2m[PAGES + 5] = p2m[600];
    p2m[PAGES + 6] = HOST_FIRST_MFN; /* another's */
    host->frames[lost].stamp = 1;
    save();
    ck_assert_int_eq(machine_restore_domain(stage.machine, d), BUILD_OK);
    ck_assert_uint_eq(domain_counted_pages(d), PAGES - 1);
    ck_assert_uint_eq(p2m[500], MFN_NONE.mfn);
    ck_assert_uint_eq(p2m[PAGES + 5], MFN_NONE.mfn);
    ck_assert_uint_eq(p2m[PAGES + 6], MFN_NONE.mfn);
    ck_assert_uint_eq(host->frames[p2m[600]].stamp, 600);
}
END_TEST

START_TEST(nodes_are_made_of_those_at_the_save)
{
    char path[64];

    target("3000");
    save();
    ck_assert_int_eq(
        machine_restore_domain(stage.machine, d), BUILD_BAD_CONFIG); /* 4,096 KiB, of 3,000 + 1,024 */
    ck_assert_ptr_nonnull(d->saved);
    d->saved->target_pages += 18;
    ck_assert_int_eq(machine_restore_domain(stage.machine, d), BUILD_OK);
    ck_assert_uint_eq(d->maximum_pages, PAGES);
    snprintf(path, sizeof path, "/local/domain/%u/memory/target", d->domid);
    ck_assert_str_eq(machine_xenstore(stage.machine, path), "3072");
    snprintf(path, sizeof path, "/local/domain/%u/memory/static-max", d->domid);
    ck_assert_str_eq(machine_xenstore(stage.machine, path), "8192");
}
END_TEST

/* What is left of a host once another domain has all but so many pages. */
static void leave_free(uint64_t pages)
{
    struct domain *other = test_guest_new("other", PAGES, PAGES)->domain;

    domain_set_maximum_kib(other, HOST_PAGES * KIB_PER_PAGE);
    while (host->free_pages > pages)
        reservation_add(other, pool_take(host, 0));
}

START_TEST(a_host_without_room)
{
    save();
    leave_free(PAGES + domain_overhead_pages(KNOWN_XEN_DEFAULT, false) - 1);
    ck_assert_int_eq(machine_restore_domain(stage.machine, d), BUILD_NO_HOST_MEMORY);
    ck_assert_ptr_eq(stage.machine->asleep, d);
    reservation_give_back(stage.test_guests[1].domain, test_guest_p2m(&stage.test_guests[1])[PAGES - 1]);
    ck_assert_int_eq(machine_restore_domain(stage.machine, d), BUILD_OK);
    ck_assert_uint_eq(host->free_pages, 0);
}
END_TEST

START_TEST(what_is_claimed_is_no_room)
{
    struct domain *other;

    save();
    other = test_guest_new("other", PAGES, PAGES)->domain;
    domain_set_maximum_kib(other, HOST_PAGES * KIB_PER_PAGE);
    const uint64_t room = PAGES + domain_overhead_pages(KNOWN_XEN_DEFAULT, false);
    ck_assert_int_eq(claim_stake(other, PAGES + host->free_pages - room + 1), 0);
    ck_assert_int_eq(machine_restore_domain(stage.machine, d), BUILD_NO_HOST_MEMORY);
    claim_end(other);
    ck_assert_int_eq(claim_stake(other, PAGES + host->free_pages - room), 0);
    ck_assert_int_eq(machine_restore_domain(stage.machine, d), BUILD_OK);
    ck_assert_uint_eq(host->free_pages, other->claim_pages);
}
END_TEST

START_TEST(nothing_is_built_of_what_is_claimed)
{
    const uint64_t room = PAGES + domain_overhead_pages(KNOWN_XEN_DEFAULT, false);
    const struct domain_config config = {
        .name = "q", .memory_pages = PAGES, .maxmem_pages = PAGES, .kernel = test_kernel()};
    struct test_guest *built;

    domain_set_maximum_kib(d, HOST_PAGES * KIB_PER_PAGE);
    ck_assert_int_eq(claim_stake(d, PAGES + host->free_pages - room + 1), 0);
    ck_assert_int_eq(test_guest_build(&config, &built), BUILD_NO_HOST_MEMORY);
    claim_end(d);
    ck_assert_int_eq(claim_stake(d, PAGES + host->free_pages - room), 0);
    ck_assert_int_eq(test_guest_build(&config, &built), BUILD_OK);
    ck_assert_uint_eq(host->free_pages, d->claim_pages);
}
END_TEST

static void bind_and_wait(struct test_guest *me)
{
    test_guest_poll(me, NULL, 0, (uint64_t)test_guest_clock(me) + NS_PER_S);
    suspend(me);
}

START_TEST(channels_timers_and_pauses_are_new)
{
    p->boot->shared_info->evtchn_pending[0] = 6;
    d->evtchn[9].state = EVTCHN_UNBOUND;
    perform(p, bind_and_wait);
    machine_run(stage.machine, &(struct run_request){.until_ns = stage.machine->now_ns + 3 * NS_PER_S});
    ck_assert_int_eq(d->state, DOMAIN_SHUT_DOWN);
    d->timer_ns = 5;
    ck_assert(machine_save_domain(stage.machine, d));
    d->paused = true;
    ck_assert_int_eq(machine_restore_domain(stage.machine, d), BUILD_OK);
    ck_assert(!d->paused && !d->blocked && !d->polling);
    ck_assert_int_eq(d->evtchn[9].state, EVTCHN_FREE);
    ck_assert_uint_eq(d->timer_ns, NEVER_NS);
    ck_assert_uint_eq(p->boot->shared_info->evtchn_pending[0], 0);
    ck_assert_uint_eq(p->boot->start_info->store_evtchn, d->store_port);
    stage_run();
    ck_assert_int_eq(p->result, 0);
}
END_TEST

static long map_page(uint64_t slot, uint64_t mfn)
{
    return ask(p, __HYPERVISOR_update_va_mapping, (uintptr_t)p->boot->window + slot * PAGE_BYTES,
        mfn != 0 ? mfn << PAGE_SHIFT_BITS | 1 : 0, 0, 0);
}

static long read_page(uint64_t slot)
{
    return ask(p, PORT_GATE_BASE + PORT_PAGE_READ, (uintptr_t)p->boot->window + slot * PAGE_BYTES, 0, 0, 0);
}

START_TEST(what_was_shared_with_xen_is_new)
{
    save();
    p->boot->shared_info->evtchn_mask[3] = 7;
    p->boot->shared_info->evtchn_pending[3] = 7;
    ck_assert_int_eq(machine_restore_domain(stage.machine, d), BUILD_OK);
    ck_assert_uint_eq(p->boot->shared_info->evtchn_mask[3], 0);
    ck_assert_uint_eq(p->boot->shared_info->evtchn_pending[3], 0);
}
END_TEST

/* What a saved guest left behind is not the next one's, when the machine begins again. */
START_TEST(a_machine_that_begins_again_forgets_the_sleepers)
{
    const struct machine_config config = {.seed = 1, .host_pages = HOST_PAGES};
    char *heap = p->boot->heap;

    memset(heap, 0xee, 3 * PAGE_BYTES);
    save();
    stage.nr_test_guests = 0;
    ck_assert(machine_reset(stage.machine, &config));
    ck_assert_ptr_null(stage.machine->asleep);
    p = test_guest_new("p", PAGES, 2 * PAGES);
    ck_assert_ptr_eq(p->boot->heap, heap); /* the same place, or this test shows nothing */
    for (size_t i = 0; i < 3 * PAGE_BYTES; i++)
        ck_assert_int_eq(heap[i], 0);
}
END_TEST

/* Its page tables name the same pages as before, in other frames; a page without a name is gone. */
START_TEST(what_was_mapped_is_mapped_again)
{
    const uint64_t nameless = p2m[901];

    ck_assert_int_eq(map_page(0, p2m[900]), 0);
    ck_assert_int_eq(map_page(1, nameless), 0);
    p2m[901] = MFN_NONE.mfn;
    host->frames[p2m[900]].stamp = 4711;
    ck_assert_int_eq(read_page(0), 4711);
    save();
    ck_assert_int_eq(machine_restore_domain(stage.machine, d), BUILD_OK);
    stage_run();
    ck_assert_uint_eq(frame_mappings(stage.machine, MFN(p2m[900])), 1);
    ck_assert_int_eq(read_page(0), 4711);
    ck_assert_int_eq(read_page(1), -1);
    ck_assert_int_eq(map_page(0, 0), 0);
    ck_assert_int_eq(map_page(1, 0), 0);
    ck_assert_uint_eq(frame_mappings(stage.machine, MFN(p2m[900])), 0);
}
END_TEST

START_TEST(several_sleep_at_once)
{
    struct domain *first = d;
    struct test_guest *q = test_guest_new("q", PAGES / 2, PAGES);

    save();
    p = q;
    d = q->domain;
    save();
    ck_assert_int_eq(
        machine_restore_domain(stage.machine, first), BUILD_OK); /* the one that was saved first */
    ck_assert_ptr_eq(stage.machine->asleep, d);
    ck_assert_ptr_null(d->spare_next);
    ck_assert_int_eq(machine_restore_domain(stage.machine, d), BUILD_OK);
    ck_assert_uint_eq(first->reservation_pages, PAGES);
    ck_assert_uint_eq(d->reservation_pages, PAGES / 2);
}
END_TEST

Suite *machine_save_suite(void)
{
    Suite *suite = suite_create("machine_save");
    TCase *tests = tcase_create("saving and restoring");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, pages_come_back_with_their_contents);
    tcase_add_test(tests, one_page_for_two_names);
    tcase_add_test(tests, nodes_are_made_of_those_at_the_save);
    tcase_add_test(tests, a_host_without_room);
    tcase_add_test(tests, what_is_claimed_is_no_room);
    tcase_add_test(tests, nothing_is_built_of_what_is_claimed);
    tcase_add_test(tests, channels_timers_and_pauses_are_new);
    tcase_add_test(tests, several_sleep_at_once);
    tcase_add_test(tests, what_was_shared_with_xen_is_new);
    tcase_add_test(tests, a_machine_that_begins_again_forgets_the_sleepers);
    tcase_add_test(tests, what_was_mapped_is_mapped_again);
    suite_add_tcase(suite, tests);
    return suite;
}
