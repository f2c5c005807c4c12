/* SPDX-License-Identifier: BSD-2-Clause */
/* What getdomaininfo tells of a domain's state; what else dom0 does stands in scenarios/xen. */
#include "sim/test_guest.h"

#include "guest/abi/control.h"

Suite *domctl_suite(void);

static struct test_guest *dom0, *p;

static const struct xen_domctl_getdomaininfo *told(void)
{
    struct xen_domctl *ctl = (void *)(dom0->boot->heap + 64 * PAGE_BYTES);

    *ctl = (struct xen_domctl){.cmd = XEN_DOMCTL_getdomaininfo,
        .interface_version = KNOWN_XEN_DEFAULT->domctl_version,
        .domain = (domid_t)domain_id(p->domain)};
    ck_assert_int_eq(ask(dom0, __HYPERVISOR_domctl, (uintptr_t)ctl, 0, 0, 0), 0);
    return &ctl->u.getdomaininfo;
}

static uint32_t flags(void)
{
    const uint32_t states = XEN_DOMINF_shutdown | XEN_DOMINF_blocked | XEN_DOMINF_running;

    return told()->flags & (states | XEN_DOMINF_shutdownmask << XEN_DOMINF_shutdownshift);
}

START_TEST(states)
{
    stage_open(64 * 1024);
    p = test_guest_new("p", 1024, 1024);
    dom0 = test_guest_new("q", 1024, 1024);
    dom0->domain->privileged = true;

    ck_assert_uint_eq(flags(), XEN_DOMINF_blocked);
    ck_assert_uint_eq(told()->tot_pages, 1024);
    ck_assert_uint_eq(told()->max_pages, 1024 + 256);
    ck_assert_uint_eq(told()->outstanding_pages, 0);
    ck_assert_uint_eq(told()->nr_online_vcpus, 1);
    p->domain->blocked = false;
    ck_assert_uint_eq(flags(), XEN_DOMINF_running);
    p->domain->state = DOMAIN_SHUT_DOWN;
    p->domain->shutdown_reason = SHUTDOWN_reboot;
    ck_assert_uint_eq(flags(), XEN_DOMINF_shutdown | SHUTDOWN_reboot << XEN_DOMINF_shutdownshift);
    p->domain->state = DOMAIN_CRASHED;
    p->domain->shutdown_reason = SHUTDOWN_crash;
    ck_assert_uint_eq(flags(), XEN_DOMINF_shutdown | SHUTDOWN_crash << XEN_DOMINF_shutdownshift);
    stage_close();
}
END_TEST

Suite *domctl_suite(void)
{
    Suite *suite = suite_create("domctl");
    TCase *tests = tcase_create("getdomaininfo");

    tcase_add_test(tests, states);
    suite_add_tcase(suite, tests);
    return suite;
}
