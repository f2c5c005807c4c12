/* SPDX-License-Identifier: BSD-2-Clause */
/* Domains: what a builder refuses and leaves, how they are found, and how they end. */
#include "sim/test_guest.h"

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

START_TEST(bad_configurations_are_refused)
{
    struct test_guest *built;
    const struct {
        struct domain_config config;
        enum build_error error;
    } rows[] = {
        {{.name = "", .memory_pages = 1024, .maxmem_pages = 1024}, BUILD_BAD_CONFIG},
        {{.name = NULL, .memory_pages = 1024, .maxmem_pages = 1024}, BUILD_BAD_CONFIG},
        {{.name = "0123456789012345678901234567890123", .memory_pages = 1024, .maxmem_pages = 1024},
            BUILD_BAD_CONFIG},
        {{.name = "a", .memory_pages = 0, .maxmem_pages = 1024}, BUILD_BAD_CONFIG},
        {{.name = "a", .memory_pages = 1024, .maxmem_pages = 1023}, BUILD_BAD_CONFIG},
        {{.name = "a", .memory_pages = 50, .maxmem_pages = 1024}, BUILD_BAD_CONFIG},
        {{.name = "a", .memory_pages = 1024, .maxmem_pages = 2048, .p2m = P2M_PAGES, .p2m_pages = 512},
            BUILD_BAD_CONFIG},
        {{.name = "a", .memory_pages = 64 * 1024, .maxmem_pages = 64 * 1024}, BUILD_NO_HOST_MEMORY},
    };
    uint64_t free_pages = host_free_pages(stage.machine);
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ck_assert_int_eq(test_guest_build(&rows[i].config, &built), rows[i].error);
        ck_assert_uint_eq(host_free_pages(stage.machine), free_pages);
        stage.nr_test_guests--;
    }
}
END_TEST

static const struct record *record_of(unsigned domid, const void *bytes, size_t count)
{
    const char *at = bytes, *behind = at + count;

    for (at += sizeof(struct recording_head); at < behind;
         at += ((const struct record *)(const void *)at)->bytes) {
        const struct record *record = (const struct record *)(const void *)at;
        if (record->type == REC_DOMAIN && record->domid == domid)
            return record;
    }
    ck_abort_msg("no REC_DOMAIN of %u", domid);
    return NULL;
}

static const char *rows_of(unsigned domid, const void *bytes, size_t count)
{
    const char *name =
        (const char *)record_payload(record_of(domid, bytes, count)) + sizeof(struct record_domain);

    return name + strlen(name) + 1;
}

/* With the first domain of a kernel, in each run anew. */
START_TEST(a_kernel_is_described_once_in_a_recording)
{
    struct test_guest *q = test_guest_new("q", 1024, 2048);
    size_t count;
    const void *bytes = recorder_finish(stage.recorder, &count);

    ck_assert_ptr_nonnull(bytes);
    ck_assert_str_eq(rows_of(domain_id(p->domain), bytes, count), TEST_KERNEL_ROWS);
    ck_assert_str_eq(rows_of(domain_id(q->domain), bytes, count), "");
    recorder_begin(stage.recorder, "again", "sim", 1);
    stage.nr_test_guests = 0;
    ck_assert(machine_reset(stage.machine, &(struct machine_config){.seed = 1, .host_pages = 64 * 1024}));
    q = test_guest_new("q", 1024, 2048);
    bytes = recorder_finish(stage.recorder, &count);
    ck_assert_ptr_nonnull(bytes);
    ck_assert_str_eq(rows_of(domain_id(q->domain), bytes, count), TEST_KERNEL_ROWS);
}
END_TEST

START_TEST(the_p2m_is_as_long_as_asked)
{
    const struct {
        enum p2m_size p2m;
        uint64_t p2m_pages, entries, frames;
    } rows[] = {
        {P2M_MAXMEM, 0, 2560, 5},
        {P2M_EXACT, 0, 1030, 0},
        {P2M_PAGES, 1700, 2048, 4},
    };
    for (unsigned i = 0; i < 3; i++) {
        struct test_guest *q;
        struct domain_config config = {.name = "q",
            .memory_pages = 1030,
            .maxmem_pages = 2100,
            .p2m = rows[i].p2m,
            .p2m_pages = rows[i].p2m_pages,
            .command_line = "root=xbd0a"};
        ck_assert_int_eq(test_guest_build(&config, &q), BUILD_OK);
        stage_run();
        ck_assert_uint_eq(q->boot->p2m_entries, rows[i].entries);
        ck_assert_uint_eq(q->boot->start_info->nr_p2m_frames, rows[i].frames);
        ck_assert_str_eq((const char *)q->boot->start_info->cmd_line, "root=xbd0a");
        ck_assert_uint_eq(domain_p2m(q->domain, PFN(1029)).mfn, test_guest_p2m(q)[1029]);
        ck_assert_uint_eq(domain_p2m(q->domain, PFN(rows[i].entries)).mfn, MFN_NONE.mfn);
        ck_assert(domain_p2m_guard_intact(q->domain));
    }
    struct test_guest *exact = &stage.test_guests[2];
    test_guest_p2m(exact)[1030] = 5; /* behind an exact P2M lies a canary up to the guard */
    ck_assert(!domain_p2m_guard_intact(exact->domain));
}
END_TEST

START_TEST(domains_are_found_and_ordered)
{
    struct test_guest *q = test_guest_new("q", 1024, 1024), *r = test_guest_new("r", 1024, 1024);
    struct machine *m = stage.machine;
    ck_assert_ptr_eq(machine_domain(m, "q"), q->domain);
    ck_assert_ptr_null(machine_domain(m, "x"));
    ck_assert_ptr_eq(machine_next_domain(m, NULL), p->domain);
    ck_assert_ptr_eq(machine_next_domain(m, p->domain), q->domain);
    machine_destroy_domain(m, q->domain, DOMAIN_END_DESTROY);
    ck_assert_ptr_eq(machine_next_domain(m, p->domain), r->domain);
    ck_assert_ptr_null(machine_next_domain(m, r->domain));
    ck_assert_ptr_null(machine_domain_by_id(m, 2));
    ck_assert_uint_eq(domain_id(test_guest_new("s", 1024, 1024)->domain), 4); /* domids are not used again */
    ck_assert_ptr_null(machine_domain_by_id(m, 100000));
}
END_TEST

START_TEST(shutdown_keeps_the_memory)
{
    struct sched_shutdown *shutdown = (void *)test_guest_list(p);
    shutdown->reason = SHUTDOWN_poweroff;
    ask(p, __HYPERVISOR_sched_op, SCHEDOP_shutdown, (uintptr_t)shutdown, 0, 0);
    unsigned reason = 99;
    ck_assert(domain_shut_down(p->domain, &reason));
    ck_assert_uint_eq(reason, SHUTDOWN_poweroff);
    ck_assert(!domain_crashed(p->domain));
    ck_assert_uint_eq(domain_reservation_pages(p->domain), 1024);
    ck_assert(machine_at_rest(stage.machine, 0, NULL));
    ck_assert(!domain_command(p->domain, "x"));
    machine_destroy_domain(stage.machine, p->domain, DOMAIN_END_SHUTDOWN);
    ck_assert_uint_eq(host_free_pages(stage.machine), 64 * 1024);
    ck_assert_uint_eq(host_counted_free_pages(stage.machine), 64 * 1024);
}
END_TEST

static void panic_now(struct test_guest *me)
{
    static const char text[] = "oops";
    test_guest_leave(me, PORT_GATE_BASE + PORT_PANIC, (uintptr_t)text, 4, 0, 0);
    me->result = 1;
}

START_TEST(a_panic_ends_the_domain)
{
    struct test_guest *q = test_guest_new("q", 1024, 1024);
    p->result = 0;
    ck_assert_int_eq(perform(p, panic_now), RUN_CRASHED);
    ck_assert(domain_crashed(p->domain));
    ck_assert_int_eq(p->result, 0);
    ck_assert_int_gt(ask(q, PORT_GATE_BASE + PORT_CLOCK, 0, 0, 0, 0), 0); /* the other one lives on */
}
END_TEST

START_TEST(a_thousand_domains)
{
    stage_close();
    stage_open(1u << 20);
    static struct guest_image images[DOMAINS_LIMIT + 1];
    struct domain *d = NULL;
    for (unsigned i = 0; i <= DOMAINS_LIMIT; i++) {
        char name[16];
        snprintf(name, sizeof name, "d%u", i);
        images[i] = (struct guest_image){.magic = GUEST_IMAGE_MAGIC, .start = test_guest_start};
        struct domain_config config = {.name = name, .memory_pages = 512, .maxmem_pages = 512};
        enum build_error error = machine_build_domain(stage.machine, &config, &images[i], &d);
        ck_assert_int_eq(error, i < DOMAINS_LIMIT ? BUILD_OK : BUILD_TOO_MANY);
    }
    ck_assert_uint_eq(host_counted_free_pages(stage.machine), host_free_pages(stage.machine));
    uint64_t pages = 0;
    for (d = NULL; (d = machine_next_domain(stage.machine, d)) != NULL;)
        pages += domain_counted_pages(d);
    ck_assert_uint_eq(pages, 512 * DOMAINS_LIMIT);
}
END_TEST

Suite *domain_suite(void);
Suite *domain_suite(void)
{
    const TTest *const all[] = {bad_configurations_are_refused, a_kernel_is_described_once_in_a_recording,
        the_p2m_is_as_long_as_asked, domains_are_found_and_ordered, shutdown_keeps_the_memory,
        a_panic_ends_the_domain, a_thousand_domains};
    Suite *suite = suite_create("domain");
    TCase *tests = tcase_create("life");
    tcase_add_checked_fixture(tests, setup, teardown);
    for (unsigned i = 0; i < sizeof all / sizeof all[0]; i++)
        tcase_add_test(tests, all[i]);
    suite_add_tcase(suite, tests);
    return suite;
}
