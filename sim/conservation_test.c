/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whatever two domains and dom0 ask of Xen, in any order: each frame has one owner, and the counters say what a
 * walk over the frames says. What a call means is tested elsewhere.
 */
#include "guest/abi/control.h"
#include "sim/test_guest.h"

Suite *conservation_suite(void);

#define HOST_PAGES 9000u
#define STEPS      1500u
#define SEEDS      12
#define EMPTY      50u
#define HELD_MAX   400u

static struct test_guest *guests[3]; /* two domUs, and dom0 */
static uint64_t chance;
static uint64_t held[HELD_MAX]; /* frames that were once given to some domain */
static unsigned nr_held;

static unsigned pick(unsigned limit)
{
    chance ^= chance << 13;
    chance ^= chance >> 7;
    chance ^= chance << 17;
    return (unsigned)(chance >> 33) % limit;
}

static uint64_t some_frame(void)
{
    if (nr_held > 0 && pick(8) != 0)
        return held[pick(nr_held)];
    return pick(2) == 0 ? HOST_FIRST_MFN + pick(HOST_PAGES) : pick(4000);
}

static unsigned some_domid(void)
{
    const unsigned domids[] = {DOMID_SELF, DOMID_SELF, 0, EMPTY, EMPTY, EMPTY, guests[0]->domain->domid,
        guests[1]->domain->domid, EMPTY, 4711, DOMID_DOM0};
    return domids[pick(sizeof domids / sizeof domids[0])];
}

static void keep(const uint64_t *list, long count)
{
    for (long i = 0; i < count && i < 8; i++)
        held[nr_held < HELD_MAX ? nr_held++ : pick(HELD_MAX)] = list[i];
}

static void reservation(struct test_guest *p)
{
    static const unsigned ops[] = {
        XENMEM_increase_reservation, XENMEM_decrease_reservation, XENMEM_populate_physmap};
    unsigned op = ops[pick(3)], nr = 1 + pick(40), order = pick(6) == 0 ? pick(11) : 0;
    uint64_t *list = test_guest_list(p);
    for (unsigned i = 0; i < nr; i++)
        list[i] = op == XENMEM_populate_physmap ? pick(6000) : some_frame();
    unsigned flags = pick(10) == 0 ? XENMEMF_populate_on_demand : 0;
    long done = reserve_with(p, op, pick(20) == 0 ? NULL : list, nr, order, flags, some_domid());
    ck_assert_int_ge(done, 0);
    ck_assert_int_le(done, (long)nr);
    if (op != XENMEM_decrease_reservation)
        keep(list, done);
}

static void exchange_some(struct test_guest *p)
{
    struct xen_memory_exchange *x = (void *)(p->boot->heap + 64 * PAGE_BYTES);
    uint64_t *in = test_guest_list(p), *out = in + 2048;
    unsigned order = pick(4), steps = 1 + pick(3);
    for (unsigned i = 0; i < steps << order; i++) {
        in[i] = some_frame();
        out[i] = pick(6000);
    }
    memset(x, 0, sizeof *x);
    x->in.nr_extents = (uint64_t)steps << order;
    x->out.nr_extents = steps + (pick(8) == 0);
    x->out.extent_order = order;
    x->in.domid = x->out.domid = (domid_t)some_domid();
    set_xen_guest_handle(x->in.extent_start, in);
    set_xen_guest_handle(x->out.extent_start, out);
    if (ask(p, __HYPERVISOR_memory_op, XENMEM_exchange, (uintptr_t)x, 0, 0) == 0)
        keep(out, (long)steps);
}

static void claim(struct test_guest *p)
{
    struct xen_memory_reservation *r = (void *)(p->boot->heap + 64 * PAGE_BYTES);
    memset(r, 0, sizeof *r);
    r->nr_extents = pick(3) == 0 ? 0 : 1000 + pick(3000);
    r->domid = (domid_t)some_domid();
    ask(p, __HYPERVISOR_memory_op, XENMEM_claim_pages, (uintptr_t)r, 0, 0);
}

static void map(struct test_guest *p)
{
    unsigned long va = (unsigned long)p->boot->window + pick(12) * PAGE_BYTES;
    unsigned long entry = pick(3) == 0 ? 0 : (pick(4) == 0 ? pick(64) : some_frame()) << PAGE_SHIFT_BITS | 1u;
    if (pick(2) == 0)
        ask(p, __HYPERVISOR_update_va_mapping, va, entry, 0, 0);
    else
        ask(p, __HYPERVISOR_update_va_mapping_otherdomain, va, entry, 0, some_domid());
}

static void pod(struct test_guest *p)
{
    struct xen_pod_target *target = (void *)(p->boot->heap + 64 * PAGE_BYTES);
    *target = (struct xen_pod_target){.target_pages = pick(300), .domid = (domid_t)some_domid()};
    ask(p, __HYPERVISOR_memory_op, XENMEM_set_pod_target, (uintptr_t)target, 0, 0);
}

static void control(struct test_guest *p)
{
    static const unsigned commands[] = {XEN_DOMCTL_createdomain, XEN_DOMCTL_max_vcpus, XEN_DOMCTL_max_mem,
        XEN_DOMCTL_max_mem, XEN_DOMCTL_destroydomain};
    struct xen_domctl *ctl = (void *)(p->boot->heap + 64 * PAGE_BYTES);
    memset(ctl, 0, sizeof *ctl);
    ctl->interface_version = KNOWN_XEN_DEFAULT->domctl_version;
    ctl->cmd = commands[pick(5)];
    ctl->domain = EMPTY;
    if (ctl->cmd == XEN_DOMCTL_createdomain)
        ctl->u.createdomain.flags = pick(2) == 0 ? XEN_DOMCTL_CDF_hvm : 0;
    else if (ctl->cmd == XEN_DOMCTL_max_mem)
        ctl->u.max_mem.max_memkb = pick(4000) * 4u;
    ask(p, __HYPERVISOR_domctl, (uintptr_t)ctl, 0, 0, 0);
}

static void books_are_right(void)
{
    const struct machine *m = stage.machine;
    uint64_t owned = 0, claimed = 0;
    for (const struct domain *d = NULL; (d = machine_next_domain(stage.machine, d)) != NULL;) {
        ck_assert_uint_eq(domain_counted_pages(d), domain_reservation_pages(d));
        owned += domain_reservation_pages(d);
        claimed += domain_claim_pages(d);
    }
    ck_assert_uint_eq(host_free_pages(m) + host_overhead_pages(m) + owned, host_total_pages(m));
    ck_assert_uint_eq(host_counted_free_pages(m), host_free_pages(m));
    ck_assert_uint_eq(m->host.claimed_pages, claimed);
}

static void open_stage(uint64_t seed)
{
    const struct domain_config dom0 = {.name = "dom0",
        .memory_pages = 1024,
        .maxmem_pages = 4096,
        .dom0 = true,
        .dom0_maximum_pages = 4096,
        .command_line = ""};
    stage_open_with((struct machine_config){
        .seed = seed, .host_pages = HOST_PAGES, .schedule_seed = seed % 2 ? seed : 0});
    guests[0] = test_guest_new("a", 2048, 2048);
    guests[1] = test_guest_new("b", 1024, 2048);
    for (unsigned i = 0; i < 2; i++)
        domain_set_maximum_kib(guests[i]->domain, 4000 * 4);
    ck_assert_int_eq(test_guest_build(&dom0, &guests[2]), BUILD_OK);
    stage_run();
    ck_assert_uint_eq(domain_abi_id(guests[2]->domain), 0);
    chance = seed * 0x9e3779b97f4a7c15ull + 1u;
    nr_held = 0;
    for (unsigned i = 0; i < 40; i++)
        held[nr_held++] = test_guest_p2m(guests[i % 2])[900 + i];
}

START_TEST(the_books_are_right)
{
    static void (*const acts[])(struct test_guest *) = {
        reservation, reservation, reservation, exchange_some, claim, map, map, pod, control};
    open_stage((uint64_t)_i + 1u);
    for (unsigned i = 0; i < STEPS; i++) {
        struct test_guest *p = guests[pick(3)];
        acts[pick(sizeof acts / sizeof acts[0])](p);
        books_are_right();
        if (domain_crashed(guests[0]->domain) || domain_crashed(guests[1]->domain))
            break;
    }
    stage_close();
}
END_TEST

/* A machine that is reset has forgotten claims, mappings and empty domains. */
START_TEST(a_reset_forgets_all)
{
    struct machine_config config = {.seed = 3, .host_pages = HOST_PAGES};
    open_stage(3);
    for (unsigned i = 0; i < 300; i++) {
        map(guests[2]);
        claim(guests[2]);
        control(guests[2]);
        reservation(guests[i % 3]);
    }
    ck_assert(machine_reset(stage.machine, &config));
    ck_assert_uint_eq(host_free_pages(stage.machine), HOST_PAGES);
    ck_assert_uint_eq(host_counted_free_pages(stage.machine), HOST_PAGES);
    ck_assert_uint_eq(stage.machine->host.claimed_pages, 0);
    ck_assert_ptr_null(machine_next_domain(stage.machine, NULL));
    stage_close();
}
END_TEST

/* A domain's structure is used again: what has no P2M must not be left with the last one's. */
START_TEST(an_empty_domain_is_no_domain_that_was)
{
    open_stage(1);
    machine_destroy_domain(stage.machine, guests[0]->domain, DOMAIN_END_DESTROY);
    struct xen_domctl *ctl = (void *)(guests[2]->boot->heap + 64 * PAGE_BYTES);
    *ctl = (struct xen_domctl){.interface_version = KNOWN_XEN_DEFAULT->domctl_version,
        .cmd = XEN_DOMCTL_createdomain,
        .domain = EMPTY};
    ask(guests[2], __HYPERVISOR_domctl, (uintptr_t)ctl, 0, 0, 0);
    const struct domain *empty = machine_domain_by_id(stage.machine, EMPTY);
    ck_assert_ptr_nonnull(empty);
    ck_assert_uint_eq(domain_p2m_entries(empty), 0);
    ck_assert(domain_p2m_guard_intact(empty));
    stage_close();
}
END_TEST

Suite *conservation_suite(void)
{
    Suite *suite = suite_create("conservation");
    TCase *tests = tcase_create("any calls");
    tcase_add_loop_test(tests, the_books_are_right, 0, SEEDS);
    tcase_add_test(tests, a_reset_forgets_all);
    tcase_add_test(tests, an_empty_domain_is_no_domain_that_was);
    suite_add_tcase(suite, tests);
    return suite;
}
