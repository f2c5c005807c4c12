/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Parts of the model when memory runs out, where no scenario comes: a kernel's direct map, frames on demand, a fault that
 * remembers pages, and what an invariant remembers of a refused plug.
 */
#include "harness/tests/scarce.h"

#include <errno.h>

#include "sim/domain/pod.h"
#include "sim/invariants/testing.h"

Suite *no_memory_model_suite(void);

static bool prepare_direct(void *context, FILE *out)
{
    const struct guest_image image = {.magic = GUEST_IMAGE_MAGIC, .direct_map = true};
    struct space space = {0};
    const bool ok = space_prepare(&space, 2048, 16, &image);

    (void)context;
    if (ok) {
        space.direct[0] = 1;
        space.direct_mfn[0] = 7;
        fprintf(out, "%ju pages\n", (uintmax_t)space.direct_pages);
    }
    space_free(&space);
    return ok;
}

START_TEST(a_direct_map_is_there_or_there_is_no_memory)
{
    ck_assert_uint_ge(scarce_try("direct map", prepare_direct, NULL, 1000, 1), 3);
}
END_TEST

/* The cache's list has no room for one more frame: the frame goes back, and the domain has what it had. */
START_TEST(a_frame_that_has_no_place_in_the_cache_goes_back)
{
    const struct domain_config config = {
        .name = "v", .memory_pages = 1024, .maxmem_pages = 4096, .pvh = true};
    struct test_guest *guest;
    struct domain *d;
    uint64_t cached, pages;
    long error;

    stage_open(HOST_PAGES);
    ck_assert_int_eq(test_guest_build(&config, &guest), BUILD_OK);
    d = guest->domain;
    domain_set_maximum_kib(d, 4096 * KIB_PER_PAGE);
    do {
        pages = d->reservation_pages;
        cached = d->physmap->cache_pages;
        scarce_begin(1, true);
        error = pod_set_target(d, pages + 1);
        scarce_end();
    } while (error == 0 && pages < 4096);
    ck_assert_int_eq(error, -ENOMEM);
    ck_assert_uint_eq(d->reservation_pages, pages);
    ck_assert_uint_eq(domain_counted_pages(d), pages);
    ck_assert_uint_eq(d->physmap->cache_pages, cached);
    ck_assert_uint_eq(host_counted_free_pages(stage.machine), host_free_pages(stage.machine));
    ck_assert_int_eq(pod_set_target(d, pages + 1), 0);
    stage_close();
}
END_TEST

/* A domain of which something is missing leaves nothing behind: no frame is gone from the host, and no memory is lost. */
START_TEST(a_domain_is_built_or_nothing_is_left)
{
    const struct domain_config config = {.name = "v",
        .memory_pages = 1024,
        .maxmem_pages = 4096,
        .extra_kib = 1024,
        .command_line = "",
        .pvh = _i == 1};
    struct guest_image image = {.magic = GUEST_IMAGE_MAGIC, .start = test_guest_start, .direct_map = true};
    enum build_error error = BUILD_NO_MEMORY;
    uint64_t asked = 0;

    for (uint64_t nth = 1; nth == 1 || asked >= nth - 1; nth++) {
        struct domain *d;
        stage_open(HOST_PAGES);
        scarce_begin(nth, false);
        error = machine_build_domain(stage.machine, &config, &image, &d);
        asked = scarce_end();
        if (error == BUILD_OK)
            ck_assert_uint_eq(domain_counted_pages(d), d->reservation_pages);
        else
            ck_assert_uint_eq(host_free_pages(stage.machine), HOST_PAGES);
        ck_assert_uint_eq(host_counted_free_pages(stage.machine), host_free_pages(stage.machine));
        stage_close();
    }
    ck_assert_int_eq(error, BUILD_OK);
    ck_assert_uint_ge(asked, 5);
}
END_TEST

static void suspend(struct test_guest *me)
{
    struct sched_shutdown how = {.reason = SHUTDOWN_suspend};

    test_guest_leave(me, __HYPERVISOR_sched_op, SCHEDOP_shutdown, (uintptr_t)&how, 0, 0);
}

START_TEST(a_guest_is_restored_or_nothing_is_left)
{
    enum build_error error = BUILD_NO_MEMORY;
    uint64_t asked = 0;

    for (uint64_t nth = 1; nth == 1 || asked >= nth - 1; nth++) {
        struct test_guest *guest;
        stage_open(HOST_PAGES);
        guest = test_guest_new("p", 1024, 2048);
        perform(guest, suspend);
        ck_assert(machine_save_domain(stage.machine, guest->domain));
        scarce_begin(nth, false);
        error = machine_restore_domain(stage.machine, guest->domain);
        asked = scarce_end();
        if (error == BUILD_OK)
            ck_assert_uint_eq(domain_counted_pages(guest->domain), 1024);
        else
            ck_assert_uint_eq(host_free_pages(stage.machine), HOST_PAGES);
        ck_assert_uint_eq(stage.machine->nr_domains, error == BUILD_OK);
        stage_close();
    }
    ck_assert_int_eq(error, BUILD_OK);
    ck_assert_uint_ge(asked, 1);
}
END_TEST

/* The list of frames for the record can't grow: the exchange is made, and the recording is lost, for it would lie. */
START_TEST(an_exchange_that_can_not_be_recorded)
{
    struct test_guest *guest;
    struct xen_memory_exchange *x;
    uint64_t *in, *out;
    size_t bytes;

    stage_open(HOST_PAGES);
    guest = test_guest_new("p", 1024, 2048);
    in = test_guest_list(guest);
    out = in + 1;
    x = (void *)(guest->boot->heap + 64 * PAGE_BYTES);
    *x = (struct xen_memory_exchange){
        .in = {.nr_extents = 1, .domid = DOMID_SELF}, .out = {.nr_extents = 1, .domid = DOMID_SELF}};
    set_xen_guest_handle(x->in.extent_start, in);
    set_xen_guest_handle(x->out.extent_start, out);
    in[0] = test_guest_p2m(guest)[1000];
    out[0] = 1000;
    free(stage.machine->frame_list);
    stage.machine->frame_list = NULL;
    stage.machine->frame_list_room = 0;
    scarce_begin(1, true);
    ask(guest, __HYPERVISOR_memory_op, XENMEM_exchange, (uintptr_t)x, 0, 0); /* at which the machine stops */
    ck_assert_uint_gt(scarce_end(), 0);
    stage_run();
    ck_assert_int_eq(guest->result, 0);
    ck_assert_uint_ne(out[0], 1000);
    ck_assert_uint_eq(guest->domain->reservation_pages, 1024);
    ck_assert_uint_eq(frame_m2p(stage.machine, MFN(out[0])).pfn, 1000);
    ck_assert_ptr_null(recorder_finish(stage.recorder, &bytes));
    stage_close();
}
END_TEST

START_TEST(a_fault_that_can_not_remember_says_so)
{
    const struct fault_spec spec = {.site = FAULT_SITE_MMU_UPDATE, .when = FAULT_PAGE, .n = 100};
    struct fault_set *set = fault_set_new();
    bool refused;

    ck_assert(fault_arm(set, &spec));
    scarce_begin(1, true);
    refused = fault_ask(set, spec.site, PFN(10), 2).refused;
    ck_assert_uint_eq(scarce_end(), 1);
    ck_assert(!refused);
    ck_assert(fault_memory_out(set));
    fault_set_free(set);
}
END_TEST

/* What was refused, and which frames it was about, is remembered until the driver has taken it back. */
START_TEST(a_refused_plug_is_remembered_or_there_is_no_memory)
{
    bool whole = false;
    size_t bytes;
    uint64_t requests = 0;

    for (uint64_t nth = 1; !whole; nth++) {
        show_open();
        new_target(MAXMEM_PAGES);
        ck_assert_int_eq(take(40), 40);
        bind(BOOT_PAGES, 40);
        flush(BOOT_PAGES, 40);
        plug_begin(BOOT_PAGES, 40);
        recorder_flush(stage.recorder);
        scarce_begin(nth, false);
        port(show.p, PORT_NOTE, NOTE_PLUG_END, BOOT_PAGES, 40, 0); /* Check itself asks for memory */
        whole = scarce_end() < nth;
        driver_sleeps();
        invariants_finish(show.inv);
        ck_assert(whole == (recorder_finish(stage.recorder, &bytes) != NULL));
        if (whole)
            ck_assert_uint_gt(invariant_broken(show.inv, INVARIANT_ROLLBACK), 0);
        requests = nth - 1;
        show_close();
    }
    ck_assert_uint_ge(requests, 2);
}
END_TEST

Suite *no_memory_model_suite(void)
{
    Suite *suite = suite_create("no memory in the model");
    TCase *tests = tcase_create("each request refused");

    tcase_add_test(tests, a_direct_map_is_there_or_there_is_no_memory);
    tcase_add_test(tests, a_frame_that_has_no_place_in_the_cache_goes_back);
    tcase_add_loop_test(tests, a_domain_is_built_or_nothing_is_left, 0, 2);
    tcase_add_test(tests, a_guest_is_restored_or_nothing_is_left);
    tcase_add_test(tests, an_exchange_that_can_not_be_recorded);
    tcase_add_test(tests, a_fault_that_can_not_remember_says_so);
    tcase_add_test(tests, a_refused_plug_is_remembered_or_there_is_no_memory);
    suite_add_tcase(suite, tests);
    return suite;
}
