/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Questions to a machine from outside: about numbers that are no frames, about free frames, about a domain that has told
 * nothing yet; and configurations from which no domain can be built.
 */
#include <errno.h>

#include "sim/inspect.h"
#include "sim/test_guest.h"
#include "sim/xenstore/xenstore.h"

static struct test_guest *p;

static void setup(void)
{
    stage_open(64 * 1024);
    p = test_guest_new("p", 1024, 2048);
}

static void teardown(void)
{
    stage_close();
}

START_TEST(frames_that_are_none)
{
    const uint64_t none[] = {0, HOST_FIRST_MFN - 1u, stage.machine->host.end_mfn, UINT64_MAX};

    for (unsigned i = 0; i < 4; i++) {
        ck_assert_uint_eq(frame_owner(stage.machine, MFN(none[i])), OWNER_XEN);
        ck_assert_uint_eq(frame_m2p(stage.machine, MFN(none[i])).pfn, PFN_NONE.pfn);
        ck_assert_uint_eq(frame_stamp(stage.machine, MFN(none[i])), 0);
        ck_assert_uint_eq(frame_mappings(stage.machine, MFN(none[i])), 0);
        ck_assert(!frame_release_pending(stage.machine, MFN(none[i])));
    }
}
END_TEST

START_TEST(frames_that_nobody_has)
{
    uint64_t mfn = HOST_FIRST_MFN;

    while (frame_owner(stage.machine, MFN(mfn)) != OWNER_FREE)
        mfn++;
    ck_assert_uint_lt(mfn, stage.machine->host.end_mfn);
    ck_assert_uint_eq(frame_m2p(stage.machine, MFN(mfn)).pfn, PFN_NONE.pfn);
    ck_assert_uint_eq(frame_mappings(stage.machine, MFN(mfn)), 0);
    ck_assert(!frame_release_pending(stage.machine, MFN(mfn)));
    const uint64_t own = test_guest_p2m(p)[500];
    ck_assert_uint_eq(frame_owner(stage.machine, MFN(own)), domain_id(p->domain));
    ck_assert_uint_eq(frame_m2p(stage.machine, MFN(own)).pfn, 500);
    ck_assert(!frame_release_pending(stage.machine, MFN(own)));
}
END_TEST

START_TEST(a_domain_that_has_told_nothing)
{
    struct port_counters counters;
    unsigned reason = 77;
    uint64_t kib, event;

    ck_assert(!domain_counters(p->domain, &counters));
    ck_assert(!domain_target_read(p->domain, &kib, &event));
    ck_assert(!domain_shut_down(p->domain, &reason));
    ck_assert_uint_eq(reason, 77);
    ck_assert(!domain_has_agent(p->domain));
    ck_assert(!domain_command_done(p->domain, NULL, NULL));
    ck_assert_uint_eq(domain_p2m(p->domain, PFN(domain_p2m_entries(p->domain))).mfn, MFN_NONE.mfn);
    ck_assert_ptr_null(machine_domain_by_id(stage.machine, 4000000000u));
    ck_assert_ptr_null(machine_domain_by_id(stage.machine, 7));
    ck_assert_ptr_null(machine_domain(stage.machine, "nobody"));
}
END_TEST

START_TEST(a_translated_domain_is_asked_by_gfn)
{
    struct test_guest *pvh;
    const struct domain_config config = {
        .name = "pvh", .memory_pages = 1024, .maxmem_pages = 1536, .pvh = true};

    ck_assert_int_eq(test_guest_build(&config, &pvh), BUILD_OK);
    const mfn_t first = domain_p2m(pvh->domain, PFN(0));
    ck_assert_uint_eq(frame_owner(stage.machine, first), domain_id(pvh->domain));
    ck_assert_uint_eq(domain_p2m(pvh->domain, PFN(1535)).mfn, MFN_NONE.mfn); /* on demand: nothing yet */
    ck_assert_uint_eq(domain_p2m(pvh->domain, PFN(1ull << 40)).mfn, MFN_NONE.mfn);
    ck_assert_uint_ge(domain_p2m_entries(pvh->domain), 1536);
    ck_assert_uint_eq(domain_p2m_table(pvh->domain)[0], first.mfn);
    ck_assert_uint_eq(domain_p2m_table(pvh->domain)[1535], ~1ull);
    ck_assert_uint_gt(domain_on_demand_pages(pvh->domain), 0);
    ck_assert_int_eq(domain_owed_pages(pvh->domain), 1536 - 1024);
    ck_assert_int_eq(domain_owed_pages(p->domain), 0);
}
END_TEST

/* Wherever its guest runs, the table is the model's own. A PV guest's on the real Xen names Xen's frames, and is looked at entry by entry. */
START_TEST(a_translated_domain_has_its_table_on_the_real_xen_too)
{
    struct test_guest *pvh;
    const struct domain_config config = {
        .name = "pvh", .memory_pages = 1024, .maxmem_pages = 1536, .pvh = true};
    char base[1];

    ck_assert_int_eq(test_guest_build(&config, &pvh), BUILD_OK);
    pvh->domain->space.real_xen.base = p->domain->space.real_xen.base = base; /* as if built on Xen */
    ck_assert(domain_p2m_is_live(pvh->domain));
    ck_assert_uint_eq(domain_p2m_table(pvh->domain)[1535], P2M_ON_DEMAND);
    ck_assert(!domain_p2m_is_live(p->domain));
    pvh->domain->space.real_xen.base = p->domain->space.real_xen.base = NULL;
}
END_TEST

/* An HVM domain has its firmware's map in the boot block, and frames at gfns that are none of its memory. */
START_TEST(an_hvm_domain_has_a_firmware)
{
    struct test_guest *hvm;
    const struct memory_range *kept;
    const struct domain_config config = {.name = "hvm",
        .memory_pages = 1024,
        .maxmem_pages = 1536,
        .videoram_kib = 64,
        .pvh = true,
        .hvm = true};
    const uint64_t free_pages = host_free_pages(stage.machine), overhead = host_overhead_pages(stage.machine);

    ck_assert_int_eq(test_guest_build(&config, &hvm), BUILD_OK);
    /* What createdomain and a vcpu take, 1 MiB for tables among it, and as libxl asks 1 MiB more of them. */
    ck_assert_uint_eq(domain_config_overhead_pages(KNOWN_XEN_DEFAULT, &config), 275 + 12 + 256);
    ck_assert_uint_eq(host_overhead_pages(stage.machine), overhead + 275 + 12 + 256);
    ck_assert_uint_eq(domain_left_out_pages(hvm->domain), 32);
    ck_assert_uint_eq(domain_boot_pages(hvm->domain), 1024 - 32);
    ck_assert_uint_eq(domain_reservation_pages(hvm->domain), 1024 - 32);
    ck_assert_uint_eq(domain_counted_pages(hvm->domain), 1024 - 32);
    ck_assert_uint_eq(domain_p2m(hvm->domain, PFN(0xa0)).mfn, MFN_NONE.mfn);
    ck_assert_uint_eq(domain_kept_ranges(hvm->domain, &kept), 1);
    ck_assert_uint_eq(kept->first_pfn, 0xf0000);
    ck_assert_uint_eq(kept->end_pfn, 0xf0010);
    ck_assert_uint_eq(domain_boot_end_pfn(hvm->domain), 0xf0010);
    for (uint64_t gfn = kept->first_pfn; gfn < kept->end_pfn; gfn++)
        ck_assert_uint_eq(
            frame_owner(stage.machine, domain_p2m(hvm->domain, PFN(gfn))), domain_id(hvm->domain));
    stage_run();
    ck_assert_uint_eq(hvm->boot->nr_firmware_map, 5);
    ck_assert_uint_eq(hvm->boot->firmware_map[3].end_pfn, 1536 - 16);
    ck_assert_uint_eq(hvm->boot->firmware_map[4].type, MEMORY_RESERVED);
    ck_assert_uint_eq(hvm->boot->built_pages, 1536 - 32);
    ck_assert_uint_eq(p->boot->nr_firmware_map, 0);
    machine_destroy_domain(stage.machine, hvm->domain, DOMAIN_END_DESTROY);
    ck_assert_uint_eq(host_free_pages(stage.machine), free_pages);
    ck_assert_uint_eq(host_counted_free_pages(stage.machine), free_pages);
    ck_assert_uint_eq(host_overhead_pages(stage.machine), overhead);
}
END_TEST

/* Xen puts a PVH dom0's memory where the host's map has some. */
START_TEST(a_translated_dom0_has_holes)
{
    struct test_guest *dom0;
    const struct memory_range *kept;
    const struct domain_config config = {
        .name = "zero", .memory_pages = 1024, .maxmem_pages = 1024, .pvh = true, .initial = true};

    ck_assert_int_eq(test_guest_build(&config, &dom0), BUILD_OK);
    ck_assert_uint_eq(domain_reservation_pages(dom0->domain), 1024);
    ck_assert_uint_ne(domain_p2m(dom0->domain, PFN(0x9e)).mfn, MFN_NONE.mfn);
    ck_assert_uint_eq(domain_p2m(dom0->domain, PFN(0x9f)).mfn, MFN_NONE.mfn);
    ck_assert_uint_eq(domain_p2m(dom0->domain, PFN(0xff)).mfn, MFN_NONE.mfn);
    ck_assert_uint_ne(domain_p2m(dom0->domain, PFN(1024 + 96)).mfn, MFN_NONE.mfn);
    ck_assert_uint_eq(domain_kept_ranges(dom0->domain, &kept), 1);
    ck_assert_uint_eq(kept->first_pfn, 1024 + 96);
    ck_assert_uint_eq(domain_boot_end_pfn(dom0->domain), 1024 + 97);
}
END_TEST

/* A domain is named by its configuration, and its kernel by the image; its faults are those of the kernel's description. */
START_TEST(a_domain_is_what_it_was_built_of)
{
    const struct fault_spec spec = {.site = (enum fault_site)TEST_SITE_THREAD, .when = FAULT_CALL, .n = 1};
    const struct domain_config config = {.name = "q", .memory_pages = 1024, .maxmem_pages = 1024};
    struct guest_image image = p->image;
    struct domain *domain;

    ck_assert_str_eq(domain_name(p->domain), "p");
    ck_assert_str_eq(p->domain->kernel, "guest");
    ck_assert(fault_arm(p->domain->faults, &spec));
    ck_assert_int_eq(fault_ask(p->domain->faults, spec.site, PFN(0), 0).error, ENOMEM);
    image.kernel = "a-kernel-whose-name-is-longer-than-there-is-room-for";
    ck_assert_int_eq(machine_build_domain(stage.machine, &config, &image, &domain), BUILD_OK);
    ck_assert_uint_eq(strlen(domain->kernel), sizeof domain->kernel - 1);
}
END_TEST

static const struct domain_config bad[] = {
    {.name = NULL, .memory_pages = 1024, .maxmem_pages = 1024},
    {.name = "", .memory_pages = 1024, .maxmem_pages = 1024},
    {.name = "a-name-that-is-longer-than-any-domain-may-have-for-its-own-0123456789",
        .memory_pages = 1024,
        .maxmem_pages = 1024},
    {.name = "q", .memory_pages = 0, .maxmem_pages = 1024},
    {.name = "q", .memory_pages = 1024, .maxmem_pages = 1023},
    {.name = "q", .memory_pages = 100, .maxmem_pages = 100},                /* its image alone is larger */
    {.name = "q", .memory_pages = 1024, .maxmem_pages = 1024, .hvm = true}, /* Xen would have to translate */
    {.name = "q", .memory_pages = 1024, .maxmem_pages = 1024, .videoram_kib = 3000, .pvh = true, .hvm = true},
    {.name = "q", .memory_pages = 1 << 20, .maxmem_pages = 1 << 20, .pvh = true, .initial = true},
    {.name = "q", .memory_pages = 1024, .maxmem_pages = 1024, .nr_boot_ranges = BOOT_RANGES_MAX + 1u},
    {.name = "q", .memory_pages = 1024, .maxmem_pages = 1024, .nr_boot_ranges = 1, .boot_map = {{1, 1025}}},
    {.name = "q",
        .memory_pages = 1024,
        .maxmem_pages = 1024,
        .nr_boot_ranges = 1,
        .boot_map = {{0, 1024, 900, 1025, 0}}},
    {.name = "q",
        .memory_pages = 1024,
        .maxmem_pages = 1024,
        .nr_boot_ranges = 1,
        .boot_map = {{0, 1024, 901, 900, 0}}},
    {.name = "q", .memory_pages = 1024, .maxmem_pages = 1024, .nr_boot_ranges = 1, .boot_map = {{0, 1000}}},
    {.name = "q",
        .memory_pages = 1024,
        .maxmem_pages = 1024,
        .nr_boot_ranges = 2,
        .boot_map = {{0, 800}, {700, 924}}},
    {.name = "q",
        .memory_pages = 1024,
        .maxmem_pages = 1024,
        .nr_boot_ranges = 2,
        .boot_map = {{0, 1024}, {2000, 2000}}},
    {.name = "q",
        .memory_pages = 1024,
        .maxmem_pages = 1024,
        .nr_boot_ranges = 2,
        .boot_map = {{0, 24}, {100, 1100}}},
};

START_TEST(configurations_that_are_refused)
{
    struct test_guest *q;

    ck_assert_int_eq(test_guest_build(&bad[_i], &q), BUILD_BAD_CONFIG);
    ck_assert_uint_eq(stage.machine->nr_domains, 1);
}
END_TEST

START_TEST(images_that_are_refused)
{
    const struct domain_config config = {.name = "q", .memory_pages = 1024, .maxmem_pages = 1024};
    struct guest_image image = p->image;
    struct domain *domain;

    ck_assert_int_eq(machine_build_domain(stage.machine, &config, NULL, &domain), BUILD_BAD_CONFIG);
    image.magic++;
    ck_assert_int_eq(machine_build_domain(stage.machine, &config, &image, &domain), BUILD_BAD_CONFIG);
    image = p->image;
    image.start = NULL;
    ck_assert_int_eq(machine_build_domain(stage.machine, &config, &image, &domain), BUILD_BAD_CONFIG);
    ck_assert_uint_eq(stage.machine->nr_domains, 1);
}
END_TEST

static unsigned seen_domid;

static void see(void *context, const struct record *record, uint64_t event)
{
    (void)context, (void)event;
    if (record->type == REC_XENSTORE)
        seen_domid = record->domid;
}

/* A write below some domain's directory is that domain's event; any other is the host's. */
START_TEST(xenstore_events_are_of_the_domain_they_are_about)
{
    struct xenstore *xs = machine_xenstore_tree(stage.machine);
    const char *const paths[] = {
        "/local/domain/1/x", "/local/domain/0/x", "/local/domain/99999/x", "/local/domain/y/x", "/x"};

    recorder_set_witness(stage.recorder, see, NULL);
    for (unsigned i = 0; i < 5; i++) {
        seen_domid = 77;
        ck_assert_int_eq(xenstore_write(xs, 0, paths[i], "1"), 0);
        ck_assert_uint_eq(seen_domid, i == 0 ? 1 : DOMID_HOST);
    }
    ck_assert_int_eq(xenstore_write(xs, 0, "/local/domain/1/memory/target", "4096"), 0);
    ck_assert(!domain_target_read(p->domain, NULL, NULL)); /* written is not read */
}
END_TEST

Suite *inspect_suite(void);
Suite *inspect_suite(void)
{
    Suite *suite = suite_create("inspect");
    TCase *tests = tcase_create("asked from outside");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, frames_that_are_none);
    tcase_add_test(tests, frames_that_nobody_has);
    tcase_add_test(tests, a_domain_that_has_told_nothing);
    tcase_add_test(tests, a_translated_domain_is_asked_by_gfn);
    tcase_add_test(tests, a_translated_domain_has_its_table_on_the_real_xen_too);
    tcase_add_test(tests, an_hvm_domain_has_a_firmware);
    tcase_add_test(tests, a_translated_dom0_has_holes);
    tcase_add_test(tests, a_domain_is_what_it_was_built_of);
    tcase_add_loop_test(tests, configurations_that_are_refused, 0, (int)(sizeof bad / sizeof bad[0]));
    tcase_add_test(tests, images_that_are_refused);
    tcase_add_test(tests, xenstore_events_are_of_the_domain_they_are_about);
    suite_add_tcase(suite, tests);
    return suite;
}
