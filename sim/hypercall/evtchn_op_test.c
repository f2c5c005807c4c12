/* SPDX-License-Identifier: BSD-2-Clause */
/* Event channels, SCHEDOP_poll and SCHEDOP_block, the one-shot timer: how a guest waits and what wakes it. */
#include <errno.h>

#include "sim/test_guest.h"
#include <xen/event_channel.h>

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

START_TEST(ports_open_and_close)
{
    evtchn_alloc_unbound_t *alloc = (void *)test_guest_list(p);
    alloc->dom = DOMID_SELF;
    alloc->remote_dom = 0;
    ck_assert_int_eq(
        ask(p, __HYPERVISOR_event_channel_op, EVTCHNOP_alloc_unbound, (uintptr_t)alloc, 0, 0), 0);
    evtchn_port_t port = alloc->port;
    ck_assert_uint_gt(port, 0);
    ck_assert_uint_ne(port, p->boot->start_info->store_evtchn);
    evtchn_status_t *status = (void *)test_guest_list(p);
    *status = (evtchn_status_t){.dom = DOMID_SELF, .port = port};
    ck_assert_int_eq(ask(p, __HYPERVISOR_event_channel_op, EVTCHNOP_status, (uintptr_t)status, 0, 0), 0);
    ck_assert_uint_eq(status->status, EVTCHNSTAT_unbound);
    evtchn_send_t *send = (void *)test_guest_list(p);
    send->port = port;
    ck_assert_int_eq(ask(p, __HYPERVISOR_event_channel_op, EVTCHNOP_send, (uintptr_t)send, 0, 0), 0);
    ck_assert_int_eq(ask(p, __HYPERVISOR_event_channel_op, EVTCHNOP_close, (uintptr_t)send, 0, 0), 0);
    ck_assert_int_eq(ask(p, __HYPERVISOR_event_channel_op, EVTCHNOP_close, (uintptr_t)send, 0, 0), -EINVAL);
    ck_assert_int_eq(ask(p, __HYPERVISOR_event_channel_op, EVTCHNOP_send, (uintptr_t)send, 0, 0), -EINVAL);
    send->port = 4000000000u;
    ck_assert_int_eq(ask(p, __HYPERVISOR_event_channel_op, EVTCHNOP_send, (uintptr_t)send, 0, 0), -EINVAL);
    ck_assert_int_eq(ask(p, __HYPERVISOR_event_channel_op, EVTCHNOP_send, 0x10, 0, 0), -EFAULT);
    ck_assert_int_eq(ask(p, __HYPERVISOR_event_channel_op, 77, (uintptr_t)send, 0, 0), -ENOSYS);
}
END_TEST

START_TEST(ports_run_out)
{
    evtchn_alloc_unbound_t *alloc = (void *)test_guest_list(p);
    long answer = 0;
    unsigned got = 0;
    while (answer == 0 && got <= EVTCHN_PORTS) {
        *alloc = (evtchn_alloc_unbound_t){.dom = DOMID_SELF};
        answer = ask(p, __HYPERVISOR_event_channel_op, EVTCHNOP_alloc_unbound, (uintptr_t)alloc, 0, 0);
        got += answer == 0;
    }
    ck_assert_int_eq(answer, -ENOSPC);
    ck_assert_uint_eq(got, EVTCHN_PORTS - 2); /* 0 is none, one is xenstore's */
    evtchn_bind_virq_t *virq = (void *)test_guest_list(p);
    *virq = (evtchn_bind_virq_t){.virq = VIRQ_TIMER};
    ck_assert_int_eq(
        ask(p, __HYPERVISOR_event_channel_op, EVTCHNOP_bind_virq, (uintptr_t)virq, 0, 0), -ENOSPC);
    evtchn_bind_ipi_t *ipi = (void *)test_guest_list(p);
    ipi->vcpu = 0;
    ck_assert_int_eq(ask(p, __HYPERVISOR_event_channel_op, EVTCHNOP_bind_ipi, (uintptr_t)ipi, 0, 0), -ENOSPC);
    struct test_guest *q = test_guest_new("q", 1024, 1024);
    alloc = (void *)test_guest_list(q);
    *alloc = (evtchn_alloc_unbound_t){.dom = DOMID_SELF, .remote_dom = (domid_t)domain_id(p->domain)};
    ck_assert_int_eq(
        ask(q, __HYPERVISOR_event_channel_op, EVTCHNOP_alloc_unbound, (uintptr_t)alloc, 0, 0), 0);
    evtchn_bind_interdomain_t *bind = (void *)test_guest_list(p);
    *bind =
        (evtchn_bind_interdomain_t){.remote_dom = (domid_t)domain_id(q->domain), .remote_port = alloc->port};
    ck_assert_int_eq(
        ask(p, __HYPERVISOR_event_channel_op, EVTCHNOP_bind_interdomain, (uintptr_t)bind, 0, 0), -ENOSPC);
}
END_TEST

START_TEST(two_domains_talk)
{
    struct test_guest *q = test_guest_new("q", 1024, 1024);
    evtchn_alloc_unbound_t *alloc = (void *)test_guest_list(p);
    *alloc = (evtchn_alloc_unbound_t){.dom = DOMID_SELF, .remote_dom = (domid_t)domain_id(q->domain)};
    ck_assert_int_eq(
        ask(p, __HYPERVISOR_event_channel_op, EVTCHNOP_alloc_unbound, (uintptr_t)alloc, 0, 0), 0);
    evtchn_bind_interdomain_t *bind = (void *)test_guest_list(q);
    *bind = (evtchn_bind_interdomain_t){
        .remote_dom = (domid_t)domain_id(p->domain), .remote_port = alloc->port + 1};
    ck_assert_int_eq(
        ask(q, __HYPERVISOR_event_channel_op, EVTCHNOP_bind_interdomain, (uintptr_t)bind, 0, 0), -EINVAL);
    bind->remote_port = alloc->port;
    ck_assert_int_eq(
        ask(q, __HYPERVISOR_event_channel_op, EVTCHNOP_bind_interdomain, (uintptr_t)bind, 0, 0), 0);
    evtchn_port_t here = bind->local_port, there = alloc->port;
    p->boot->shared_info->evtchn_mask[0] = ~0ul;
    evtchn_send_t *send = (void *)test_guest_list(q);
    send->port = here;
    ck_assert_int_eq(ask(q, __HYPERVISOR_event_channel_op, EVTCHNOP_send, (uintptr_t)send, 0, 0), 0);
    ck_assert(evtchn_pending(p->domain, there)); /* masked: it sleeps on */
    ck_assert(domain_blocked(p->domain));
    const unsigned gone = q->domain->domid;
    machine_destroy_domain(stage.machine, q->domain, DOMAIN_END_DESTROY);
    ck_assert_int_eq(p->domain->evtchn[there].state, EVTCHN_UNBOUND);
    ck_assert_uint_eq(p->domain->evtchn[there].remote_domid, gone);
}
END_TEST

#define CHANNEL(who, command, operation) \
    ask(who, __HYPERVISOR_event_channel_op, EVTCHNOP_##command, (uintptr_t)(operation), 0, 0)

/* The status of a port, as the call answers it. */
static unsigned status_of(evtchn_port_t port)
{
    evtchn_status_t *status = (void *)test_guest_list(p);
    *status = (evtchn_status_t){.dom = DOMID_SELF, .port = port};
    ck_assert_int_eq(CHANNEL(p, status, status), 0);
    return status->status;
}

START_TEST(a_domain_talks_to_itself)
{
    evtchn_alloc_unbound_t *alloc = (void *)test_guest_list(p);
    *alloc = (evtchn_alloc_unbound_t){.dom = (domid_t)domain_id(p->domain), .remote_dom = DOMID_SELF};
    ck_assert_int_eq(CHANNEL(p, alloc_unbound, alloc), 0);
    evtchn_port_t there = alloc->port;
    evtchn_bind_interdomain_t *bind = (void *)test_guest_list(p);
    *bind = (evtchn_bind_interdomain_t){.remote_dom = DOMID_SELF, .remote_port = there};
    ck_assert_int_eq(CHANNEL(p, bind_interdomain, bind), 0);
    evtchn_port_t here = bind->local_port;
    ck_assert_uint_ne(here, there);
    ck_assert_uint_eq(status_of(here), EVTCHNSTAT_interdomain);
    ck_assert_uint_eq(status_of(there), EVTCHNSTAT_interdomain);
    *bind = (evtchn_bind_interdomain_t){.remote_dom = DOMID_SELF, .remote_port = there};
    ck_assert_int_eq(CHANNEL(p, bind_interdomain, bind), -EINVAL); /* it is bound already */
    memset(p->boot->shared_info->evtchn_mask, 0xff, sizeof p->boot->shared_info->evtchn_mask);
    evtchn_send_t *send = (void *)test_guest_list(p);
    send->port = here;
    ck_assert_int_eq(CHANNEL(p, send, send), 0);
    evtchn_close_t *closed = (void *)test_guest_list(p);
    closed->port = here;
    ck_assert_int_eq(CHANNEL(p, close, closed), 0);
    ck_assert_uint_eq(status_of(here), EVTCHNSTAT_closed);
    ck_assert_uint_eq(status_of(there), EVTCHNSTAT_unbound); /* the other end stays, without a partner */
}
END_TEST

START_TEST(each_kind_of_port_says_what_it_is)
{
    evtchn_bind_virq_t *virq = (void *)test_guest_list(p);
    *virq = (evtchn_bind_virq_t){.virq = VIRQ_DEBUG};
    ck_assert_int_eq(CHANNEL(p, bind_virq, virq), 0);
    evtchn_port_t virq_port = virq->port;
    evtchn_bind_ipi_t *ipi = (void *)test_guest_list(p);
    ipi->vcpu = 0;
    ck_assert_int_eq(CHANNEL(p, bind_ipi, ipi), 0);
    evtchn_port_t ipi_port = ipi->port;
    ck_assert_uint_eq(status_of(virq_port), EVTCHNSTAT_virq);
    ck_assert_uint_eq(((evtchn_status_t *)(void *)test_guest_list(p))->u.virq, VIRQ_DEBUG);
    ck_assert_uint_eq(status_of(ipi_port), EVTCHNSTAT_ipi);
    ck_assert_uint_eq(status_of(p->domain->store_port), EVTCHNSTAT_interdomain);
    ck_assert_uint_eq(status_of(ipi_port + 1), EVTCHNSTAT_closed);
    evtchn_send_t *send = (void *)test_guest_list(p);
    send->port = virq_port;
    ck_assert_int_eq(CHANNEL(p, send, send), -EINVAL); /* only the machine raises those */
    send->port = ipi_port;
    memset(p->boot->shared_info->evtchn_mask, 0xff, sizeof p->boot->shared_info->evtchn_mask);
    ck_assert_int_eq(CHANNEL(p, send, send), 0);
}
END_TEST

START_TEST(what_is_not_ones_own_is_refused)
{
    struct test_guest *q = test_guest_new("q", 1024, 1024);
    const domid_t other = (domid_t)domain_id(q->domain);
    evtchn_alloc_unbound_t *alloc = (void *)test_guest_list(p);
    *alloc = (evtchn_alloc_unbound_t){.dom = other, .remote_dom = DOMID_SELF};
    ck_assert_int_eq(CHANNEL(p, alloc_unbound, alloc), -EPERM);
    evtchn_status_t *status = (void *)test_guest_list(p);
    *status = (evtchn_status_t){.dom = other, .port = 1};
    ck_assert_int_eq(CHANNEL(p, status, status), -EPERM);
    *status = (evtchn_status_t){.dom = DOMID_SELF, .port = EVTCHN_PORTS};
    ck_assert_int_eq(CHANNEL(p, status, status), -EINVAL);
    evtchn_bind_interdomain_t *bind = (void *)test_guest_list(p);
    for (unsigned nobody = 0; nobody < 2; nobody++) {
        *bind = (evtchn_bind_interdomain_t){.remote_dom = nobody == 0 ? 999 : DOMID_IO, .remote_port = 1};
        ck_assert_int_eq(CHANNEL(p, bind_interdomain, bind), -ESRCH);
    }
    alloc = (void *)test_guest_list(q); /* a port that waits for q itself, not for p */
    *alloc = (evtchn_alloc_unbound_t){.dom = DOMID_SELF, .remote_dom = DOMID_SELF};
    ck_assert_int_eq(CHANNEL(q, alloc_unbound, alloc), 0);
    *bind = (evtchn_bind_interdomain_t){.remote_dom = other, .remote_port = alloc->port};
    ck_assert_int_eq(CHANNEL(p, bind_interdomain, bind), -EINVAL);
    evtchn_bind_virq_t *virq = (void *)test_guest_list(p);
    *virq = (evtchn_bind_virq_t){.virq = VIRQ_TIMER, .vcpu = 1};
    ck_assert_int_eq(CHANNEL(p, bind_virq, virq), -ENOENT);
    evtchn_bind_ipi_t *ipi = (void *)test_guest_list(p);
    ipi->vcpu = 1;
    ck_assert_int_eq(CHANNEL(p, bind_ipi, ipi), -ENOENT);
    evtchn_close_t *closed = (void *)test_guest_list(p);
    closed->port = 0;
    ck_assert_int_eq(CHANNEL(p, close, closed), -EINVAL);
}
END_TEST

START_TEST(what_waited_is_seen_when_it_is_unmasked)
{
    evtchn_unmask_t *unmask = (void *)test_guest_list(p);
    struct vcpu_info *vcpu = &p->boot->shared_info->vcpu_info[0];
    const evtchn_port_t bad[] = {EVTCHN_PORTS_AT_ONCE, EVTCHN_PORTS, 4000000000u};
    for (unsigned i = 0; i < 3; i++) {
        unmask->port = bad[i];
        ck_assert_int_eq(CHANNEL(p, unmask, unmask), -EINVAL);
    }
    memset(p->boot->shared_info->evtchn_mask, 0xff, sizeof p->boot->shared_info->evtchn_mask);
    vcpu->evtchn_pending_sel = 0;
    p->boot->shared_info->evtchn_pending[0] = 0;
    evtchn_raise(p->domain, p->domain->store_port);
    ck_assert_uint_eq(vcpu->evtchn_pending_sel, 0);
    unmask->port = p->domain->store_port;
    ck_assert_int_eq(CHANNEL(p, unmask, unmask), 0);
    ck_assert_uint_eq(vcpu->evtchn_pending_sel, 1);
    ck_assert_uint_eq(p->boot->shared_info->evtchn_mask[0] >> p->domain->store_port & 1u, 0);
}
END_TEST

/* A port of the second word of bits has a mask of its own. */
START_TEST(a_port_behind_the_first_word)
{
    evtchn_bind_ipi_t *ipi = (void *)test_guest_list(p);
    shared_info_t *shared = p->boot->shared_info;

    do {
        ipi->vcpu = 0;
        ck_assert_int_eq(CHANNEL(p, bind_ipi, ipi), 0);
    } while (ipi->port < 70);
    shared->evtchn_mask[1] = 1ul << 6;
    evtchn_raise(p->domain, 70);
    ck_assert(evtchn_pending(p->domain, 70));
    ck_assert(domain_blocked(p->domain));
    shared->evtchn_pending[1] = 0;
    shared->evtchn_mask[1] = 1ul << 7;
    evtchn_raise(p->domain, 70);
    ck_assert(!domain_blocked(p->domain));
}
END_TEST

START_TEST(a_port_that_is_not_open_keeps_its_mask)
{
    evtchn_unmask_t *unmask = (void *)test_guest_list(p);
    shared_info_t *shared = p->boot->shared_info;
    memset(shared->evtchn_mask, 0xff, sizeof shared->evtchn_mask);
    const evtchn_port_t closed[] = {0, EVTCHN_PORTS_AT_ONCE - 1};
    for (unsigned i = 0; i < 2; i++) {
        unmask->port = closed[i];
        ck_assert_int_eq(CHANNEL(p, unmask, unmask), 0);
        ck_assert_uint_eq(status_of(closed[i]), EVTCHNSTAT_closed);
    }
    ck_assert_uint_eq(shared->evtchn_mask[0], ~0ul);
}
END_TEST

/* A guest that has not looked at the selector is not told again, and one that has not looked at the upcall isn't woken. */
START_TEST(news_are_told_once)
{
    shared_info_t *shared = p->boot->shared_info;
    struct vcpu_info *vcpu = &shared->vcpu_info[0];
    memset(shared->evtchn_mask, 0, sizeof shared->evtchn_mask);
    memset(shared->evtchn_pending, 0, sizeof shared->evtchn_pending);
    vcpu->evtchn_pending_sel = 1;
    vcpu->evtchn_upcall_pending = 0;
    ck_assert(domain_blocked(p->domain));
    evtchn_raise(p->domain, p->domain->store_port);
    ck_assert_uint_eq(vcpu->evtchn_upcall_pending, 0);
    ck_assert(domain_blocked(p->domain));
    shared->evtchn_pending[0] = 0;
    vcpu->evtchn_pending_sel = 0;
    vcpu->evtchn_upcall_pending = 1;
    evtchn_raise(p->domain, p->domain->store_port);
    ck_assert_uint_eq(vcpu->evtchn_pending_sel, 1);
    ck_assert(domain_blocked(p->domain));
    shared->evtchn_pending[0] = 0;
    vcpu->evtchn_pending_sel = 0;
    vcpu->evtchn_upcall_pending = 0;
    evtchn_raise(p->domain, p->domain->store_port);
    ck_assert(!domain_blocked(p->domain));
}
END_TEST

START_TEST(a_closed_store_port_hears_nothing)
{
    evtchn_close_t *closed = (void *)test_guest_list(p);
    const evtchn_port_t port = closed->port = p->domain->store_port;
    ck_assert_int_eq(CHANNEL(p, close, closed), 0);
    ck_assert_uint_eq(status_of(port), EVTCHNSTAT_closed);
    evtchn_bind_ipi_t *ipi = (void *)test_guest_list(p);
    ipi->vcpu = 0;
    ck_assert_int_eq(CHANNEL(p, bind_ipi, ipi), 0);
    ck_assert_uint_eq(ipi->port, port); /* the lowest that is closed */
    evtchn_send_t *send = (void *)test_guest_list(p);
    send->port = port;
    ck_assert_int_eq(CHANNEL(p, send, send), 0);
    ck_assert_uint_eq(status_of(port), EVTCHNSTAT_ipi);
}
END_TEST

START_TEST(a_port_moves_between_vcpus_by_its_kind)
{
    evtchn_bind_virq_t *virq = (void *)test_guest_list(p);
    *virq = (evtchn_bind_virq_t){.virq = VIRQ_CONSOLE};
    ck_assert_int_eq(CHANNEL(p, bind_virq, virq), 0);
    const evtchn_port_t global = virq->port;
    *virq = (evtchn_bind_virq_t){.virq = VIRQ_DEBUG};
    ck_assert_int_eq(CHANNEL(p, bind_virq, virq), 0);
    const evtchn_port_t own = virq->port;
    const struct {
        evtchn_port_t port;
        unsigned vcpu;
        long answer;
    } rows[] = {{p->domain->store_port, 0, 0}, {p->domain->store_port, 1, -ENOENT}, {global, 0, 0},
        {own, 0, -EINVAL}, {own + 1, 0, -EINVAL}, {EVTCHN_PORTS_AT_ONCE, 0, -EINVAL}, {0, 0, -EINVAL}};
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        evtchn_bind_vcpu_t *bind = (void *)test_guest_list(p);
        *bind = (evtchn_bind_vcpu_t){.port = rows[i].port, .vcpu = rows[i].vcpu};
        ck_assert_int_eq(CHANNEL(p, bind_vcpu, bind), rows[i].answer);
    }
}
END_TEST

START_TEST(dom0_has_rights)
{
    struct test_guest *q = test_guest_new("q", 1024, 1024);
    const domid_t other = (domid_t)domain_id(p->domain);
    q->domain->privileged = true;
    evtchn_alloc_unbound_t *alloc = (void *)test_guest_list(q);
    *alloc = (evtchn_alloc_unbound_t){.dom = other, .remote_dom = 77};
    ck_assert_int_eq(CHANNEL(q, alloc_unbound, alloc), 0);
    const evtchn_port_t port = alloc->port;
    ck_assert_int_eq(p->domain->evtchn[port].state, EVTCHN_UNBOUND);
    ck_assert_uint_eq(p->domain->evtchn[port].remote_domid, 77);
    evtchn_status_t *status = (void *)test_guest_list(q);
    *status = (evtchn_status_t){.dom = other, .port = port};
    ck_assert_int_eq(CHANNEL(q, status, status), 0);
    ck_assert_uint_eq(status->status, EVTCHNSTAT_unbound);
    evtchn_reset_t *reset = (void *)test_guest_list(q);
    *reset = (evtchn_reset_t){.dom = other};
    ck_assert_int_eq(CHANNEL(q, reset, reset), 0);
    ck_assert_int_eq(p->domain->evtchn[port].state, EVTCHN_FREE);
    *reset = (evtchn_reset_t){.dom = 999};
    ck_assert_int_eq(CHANNEL(q, reset, reset), -ESRCH);
    reset = (void *)test_guest_list(p);
    *reset = (evtchn_reset_t){.dom = (domid_t)domain_id(q->domain)};
    ck_assert_int_eq(CHANNEL(p, reset, reset), -EPERM);
}
END_TEST

static void poll_for_agent(struct test_guest *me)
{
    evtchn_port_t port = (evtchn_port_t)me->arg[0];
    me->result = test_guest_poll(me, &port, 1, 0);
    me->arg[1] = evtchn_pending(me->domain, port);
}

START_TEST(poll_ends_with_the_port_that_fired)
{
    evtchn_alloc_unbound_t *alloc = (void *)test_guest_list(p);
    *alloc = (evtchn_alloc_unbound_t){.dom = DOMID_SELF};
    ask(p, __HYPERVISOR_event_channel_op, EVTCHNOP_alloc_unbound, (uintptr_t)alloc, 0, 0);
    memset(p->boot->shared_info->evtchn_mask, 0xff, sizeof p->boot->shared_info->evtchn_mask);
    p->arg[0] = alloc->port;
    p->result = 77;
    perform(p, poll_for_agent);
    ck_assert_int_eq(p->result, 77);                /* waits, for ever */
    evtchn_raise(p->domain, p->domain->store_port); /* another one, masked: not waited for */
    stage_run();
    ck_assert_int_eq(p->result, 77);
    evtchn_raise(p->domain, alloc->port);
    stage_run();
    ck_assert_int_eq(p->result, 0);
    ck_assert_uint_eq(p->arg[1], 1);
}
END_TEST

static void poll_badly(struct test_guest *me)
{
    evtchn_port_t port = 5000;
    me->arg[0] = (unsigned long)test_guest_poll(me, &port, 1, 0);
    me->arg[1] = (unsigned long)test_guest_poll(me, &port, 129, 0);
    me->arg[2] = (unsigned long)test_guest_poll(me, NULL, 2, 0);
    me->arg[3] = (unsigned long)test_guest_poll(me, NULL, 0, 1); /* long past */
}

static void poll_for_two(struct test_guest *me)
{
    const evtchn_port_t ports[] = {(evtchn_port_t)me->arg[0], (evtchn_port_t)me->arg[0]};
    me->result = test_guest_poll(me, (evtchn_port_t *)(uintptr_t)ports, 2, 0);
}

/* Of a list Xen remembers no port: whatever happens ends the wait. */
START_TEST(poll_of_several_ends_with_any)
{
    evtchn_alloc_unbound_t *alloc = (void *)test_guest_list(p);
    *alloc = (evtchn_alloc_unbound_t){.dom = DOMID_SELF};
    ask(p, __HYPERVISOR_event_channel_op, EVTCHNOP_alloc_unbound, (uintptr_t)alloc, 0, 0);
    memset(p->boot->shared_info->evtchn_mask, 0xff, sizeof p->boot->shared_info->evtchn_mask);
    p->arg[0] = alloc->port;
    p->result = 77;
    perform(p, poll_for_two);
    ck_assert_int_eq(p->result, 77);
    evtchn_raise(p->domain, p->domain->store_port);
    stage_run();
    ck_assert_int_eq(p->result, 0);
}
END_TEST

/* Nothing is waited for, and no port looked at, while an upcall is due that the guest would take. */
static void poll_with_an_upcall_due(struct test_guest *me)
{
    struct vcpu_info *vcpu = &me->boot->shared_info->vcpu_info[0];
    evtchn_port_t port = 5000;
    vcpu->evtchn_upcall_pending = 1;
    vcpu->evtchn_upcall_mask = 0;
    me->arg[0] = (unsigned long)test_guest_poll(me, &port, 1, 0);
    vcpu->evtchn_upcall_mask = 1;
    me->arg[1] = (unsigned long)test_guest_poll(me, &port, 1, 0);
}

START_TEST(poll_looks_for_upcalls_first)
{
    perform(p, poll_with_an_upcall_due);
    ck_assert_int_eq((long)p->arg[0], 0);
    ck_assert_int_eq((long)p->arg[1], -EINVAL);
}
END_TEST

START_TEST(bad_polls_are_refused)
{
    perform(p, poll_badly);
    ck_assert_int_eq((long)p->arg[0], -EINVAL);
    ck_assert_int_eq((long)p->arg[1], -EINVAL);
    ck_assert_int_eq((long)p->arg[2], -EFAULT);
    ck_assert_int_eq((long)p->arg[3], 0);
}
END_TEST

/* --- the timer --- */

static void wait_for_timer(struct test_guest *me)
{
    shared_info_t *shared = me->boot->shared_info;
    uint64_t until_ns = (uint64_t)test_guest_clock(me) + 3 * NS_PER_S;
    test_guest_leave(me, __HYPERVISOR_set_timer_op, until_ns, 0, 0, 0);
    shared->vcpu_info[0].evtchn_upcall_pending = 0;
    test_guest_leave(me, __HYPERVISOR_sched_op, SCHEDOP_block, 0, 0, 0);
    me->result = test_guest_clock(me) - (long)until_ns;
    me->arg[1] = shared->vcpu_info[0].evtchn_upcall_pending;
}

START_TEST(a_timer_raises_its_virq)
{
    evtchn_bind_virq_t *bind = (void *)test_guest_list(p);
    *bind = (evtchn_bind_virq_t){.virq = VIRQ_TIMER};
    ck_assert_int_eq(ask(p, __HYPERVISOR_event_channel_op, EVTCHNOP_bind_virq, (uintptr_t)bind, 0, 0), 0);
    evtchn_port_t port = bind->port;
    ck_assert_int_eq(
        ask(p, __HYPERVISOR_event_channel_op, EVTCHNOP_bind_virq, (uintptr_t)bind, 0, 0), -EEXIST);
    *bind = (evtchn_bind_virq_t){.virq = 1000};
    ck_assert_int_eq(
        ask(p, __HYPERVISOR_event_channel_op, EVTCHNOP_bind_virq, (uintptr_t)bind, 0, 0), -EINVAL);
    p->result = -1;
    perform(p, wait_for_timer);
    ck_assert_int_eq(p->result, -1); /* one second is not enough */
    ck_assert_uint_lt(domain_next_timer_ns(p->domain), UINT64_MAX);
    ck_assert(!evtchn_pending(p->domain, port));
    for (unsigned i = 0; i < 3; i++)
        stage_run();
    ck_assert_int_ge(p->result, 0);
    ck_assert_int_lt(p->result, 1000);
    ck_assert_uint_eq(p->arg[1], 1);
    ck_assert_uint_eq(domain_next_timer_ns(p->domain), UINT64_MAX);
}
END_TEST

/* Woken by something else before its time: the timer of the old wait is forgotten. */
static void poll_a_while(struct test_guest *me)
{
    test_guest_poll(me, NULL, 0, (uint64_t)test_guest_clock(me) + 100 * NS_PER_MS);
    test_guest_poll(me, NULL, 0, 0);
    me->result = test_guest_clock(me);
}

START_TEST(an_early_wake_forgets_the_timer)
{
    memset(p->boot->shared_info->evtchn_mask, 0xff, sizeof p->boot->shared_info->evtchn_mask);
    p->act = poll_a_while;
    p->wanted = true;
    domain_wake(p->domain);
    machine_run(stage.machine, &(struct run_request){.until_ns = stage.machine->now_ns + NS_PER_MS});
    ck_assert(domain_blocked(p->domain));
    evtchn_raise(p->domain, p->domain->store_port); /* a poll without ports ends with any */
    p->result = 0;
    stage_run();
    ck_assert_int_eq(p->result, 0);
    ck_assert(domain_blocked(p->domain));
    ck_assert_uint_eq(domain_next_timer_ns(p->domain), UINT64_MAX);
}
END_TEST

/* Domains asleep for different times wake in the order of time, and in turn at the same. */
static unsigned order[TEST_GUESTS], nr_order;
static void sleep_and_tell(struct test_guest *me)
{
    uint64_t until_ns = me->arg[0];
    while ((uint64_t)test_guest_clock(me) < until_ns)
        test_guest_poll(me, NULL, 0, until_ns);
    order[nr_order++] = me->domain->domid;
}

START_TEST(timers_fire_in_order)
{
    struct test_guest *q = test_guest_new("q", 1024, 1024), *r = test_guest_new("r", 1024, 1024),
                      *s = test_guest_new("s", 1024, 1024);
    struct test_guest *all[] = {p, q, r, s};
    const uint64_t after_ms[] = {500, 200, 500, 100};
    for (unsigned i = 0; i < 4; i++) {
        all[i]->arg[0] = stage.machine->now_ns + after_ms[i] * NS_PER_MS;
        all[i]->act = sleep_and_tell;
        all[i]->wanted = true;
        domain_wake(all[i]->domain);
    }
    nr_order = 0;
    stage_run();
    const unsigned wanted[] = {4, 2, 3, 1}; /* at the same time: the next after the last one that ran */
    ck_assert_uint_eq(nr_order, 4);
    for (unsigned i = 0; i < 4; i++)
        ck_assert_uint_eq(order[i], wanted[i]);
}
END_TEST

Suite *evtchn_op_suite(void);
Suite *evtchn_op_suite(void)
{
    const TTest *const all[] = {ports_open_and_close, ports_run_out, two_domains_talk,
        a_domain_talks_to_itself, each_kind_of_port_says_what_it_is, what_is_not_ones_own_is_refused,
        what_waited_is_seen_when_it_is_unmasked, a_port_behind_the_first_word,
        a_port_that_is_not_open_keeps_its_mask, news_are_told_once, a_closed_store_port_hears_nothing,
        a_port_moves_between_vcpus_by_its_kind, dom0_has_rights, poll_of_several_ends_with_any,
        poll_looks_for_upcalls_first, poll_ends_with_the_port_that_fired, bad_polls_are_refused,
        a_timer_raises_its_virq, an_early_wake_forgets_the_timer, timers_fire_in_order};
    Suite *suite = suite_create("evtchn");
    TCase *tests = tcase_create("waiting");
    tcase_add_checked_fixture(tests, setup, teardown);
    for (unsigned i = 0; i < sizeof all / sizeof all[0]; i++)
        tcase_add_test(tests, all[i]);
    suite_add_tcase(suite, tests);
    return suite;
}
