/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A machine runs: its domains run one at a time until the time that was asked for, rest, or a death. Virtual time passes
 * only in calls, never between two calls of a guest.
 */
#include <assert.h>
#include <stdio.h>

#include "sim/domain/crash.h"
#include "sim/domain/domain.h"
#include "sim/domain/site.h"
#include "sim/domain/tlb.h"
#include "sim/domain/trace.h"
#include "sim/hypercall/debug_port.h"
#include "sim/hypercall/hypercall.h"
#include "sim/later.h"
#include "sim/machine_state.h"
#include "sim/record/recorder.h"
#include "sim/schedule.h"
#include "sim/xenstore/xenstore.h"

#define VAIN_EXITS_MAX (1u << 19) /* so many calls in a row that change nothing are an endless loop */
#define TELL_SLACK_NS  NS_PER_MS  /* a guest that only tells things may overrun a run by this */

/*
 * Is it a call by which a guest only tells something? There is one for each page, and a run doesn't end right after one
 * of them. On the real Xen they are read in batches, so that nothing else can happen between two; so it must not here.
 * PORT_FRAMES_ZERO counts as one when it was refused, for then the guest makes the single calls.
 */
static bool only_tells(const struct vcpu *vcpu)
{
    return vcpu->op == PORT_GATE_BASE + PORT_NOTE || vcpu->op == PORT_GATE_BASE + PORT_PAGE_WRITE ||
           (vcpu->op == PORT_GATE_BASE + PORT_FRAMES_ZERO && vcpu->result != 0) ||
           vcpu->op == __HYPERVISOR_update_va_mapping || vcpu->op == __HYPERVISOR_multicall;
}

/* Answers a guest that has left with a call or by a fault. False: the guest stays stopped for now. */
static bool serve(void *context, struct vcpu *vcpu)
{
    struct machine *m = context;
    struct domain *d = m->running;
    m->running = NULL;
    assert(d != NULL && &d->vcpu == vcpu);
    if (vcpu->op == VCPU_EXIT_FAULT && vcpu->dead) { /* a guest may also make a call of this number */
        m->stop = m->stop || vcpu->fault.kind == GUEST_FAULT_GONE;
        if (vcpu->fault.kind == GUEST_FAULT_GONE)
            return false;
        crash_by_fault(d, &vcpu->fault);
        return false;
    }
    if (d->traced && trace_block(d)) {
        m->running = d;
        return true;
    }
    if (++d->vain_exits > VAIN_EXITS_MAX) {
        crash_endless(d, "endless loop: it calls on and on, without waiting or moving a page");
        return false;
    }
    enum exit_outcome outcome =
        vcpu->op >= PORT_GATE_BASE ? debug_port_serve(d, vcpu) : hypercall_serve(d, vcpu);
    if (outcome != EXIT_GO_ON)
        return false;
    bool over = m->stop || m->now_ns >= m->until_ns;
    bool late = m->now_ns >= m->until_ns && m->now_ns - m->until_ns >= TELL_SLACK_NS;
    if (over && (late || !only_tells(vcpu))) {
        m->resume_domid = d->domid;
        return false;
    }
    if (m->trace.wanted != NULL)
        trace_choose(d);
    m->running = d;
    return true;
}

static void run_domain(struct machine *m, struct domain *d)
{
    assert(d->state == DOMAIN_ALIVE && !d->vcpu.dead);
    assert(m->running == NULL);
    tlb_switch(m, d);
    if (d->unfinished) {
        if (hypercall_serve(d, &d->vcpu) != EXIT_GO_ON)
            return;
        if (m->stop || m->now_ns >= m->until_ns) {
            m->resume_domid = d->domid;
            return;
        }
    }
    if (m->trace.wanted != NULL && d->living != NULL)
        trace_choose(d);
    m->running = d;
    d->vcpu.guest_runs = m->guest_runs != NULL ? m->guest_runs : &d->vcpu.nobody;
    site_tell_guest(d);
    vcpu_run(&d->vcpu, serve, m);
    assert(m->running == NULL);
}

static bool restless(const struct machine *m, const struct domain *d, const char *what, const char **why)
{
    if (why != NULL) {
        snprintf(m->why, WHY_BYTES, "%s: %s", d->name, what);
        *why = m->why;
    }
    return false;
}

/* The next thing that a fault holds back from somebody who lives; NULL: nothing. */
static const struct later *next_held_back(const struct machine *m)
{
    for (size_t i = 0; i < m->nr_later; i++) {
        const struct later *later = &m->later[i];
        if (later->domid == DOMID_HOST || m->by_id[later->domid]->state == DOMAIN_ALIVE)
            return later;
    }
    return NULL;
}

static bool held_back(const struct machine *m, const struct later *later, const char **why)
{
    assert(later != NULL);
    if (later->domid != DOMID_HOST)
        return restless(m, m->by_id[later->domid], "a fault holds back what it is to be told", why);
    if (why != NULL)
        *why = "xenstored has stopped, and is not back yet";
    return false;
}

const char *machine_held_back(const struct machine *m, uint64_t *due_ns)
{
    const struct later *later = next_held_back(m);
    const char *what = NULL;
    if (later == NULL)
        return NULL;
    assert(later->due_ns >= m->now_ns);
    *due_ns = later->due_ns;
    (void)held_back(m, later, &what);
    assert(what != NULL);
    return what;
}

bool machine_at_rest(const struct machine *m, uint64_t quiet_ns, const char **why)
{
    uint64_t quiet_until = quiet_ns < NEVER_NS - 1u - m->now_ns ? m->now_ns + quiet_ns : NEVER_NS - 1u;
    for (size_t i = 0; i < m->nr_domains; i++) {
        const struct domain *d = m->domains[i];
        if (d->state != DOMAIN_ALIVE || d->paused)
            continue;
        if (!d->blocked)
            return restless(m, d, "a thread can run", why);
        if (d->command_state == COMMAND_WAITING || d->command_state == COMMAND_RUNNING)
            return restless(m, d, "a command is under way", why);
        if (!xenstore_quiet(m->xenstore, d->domid) && !d->store_unheard && !xenstore_stopped(m->xenstore))
            return restless(m, d, "a message of xenstore waits to be read", why);
        if (domain_due_ns(d) <= quiet_until)
            return restless(m, d, "a timer is due within the quiet window", why);
    }
    const struct later *later = next_held_back(m);
    return later == NULL || later->due_ns > quiet_until || held_back(m, later, why);
}

/* Domains that have shut down or crashed since this was done last, by what they did themselves or by another's call. */
static void tell_of_ended(struct machine *m)
{
    m->ended = false;
    for (size_t i = 0; i < m->nr_domains; i++) {
        struct domain *d = m->domains[i];
        if (d->state == DOMAIN_ALIVE || d->end_is_told)
            continue;
        d->end_is_told = true;
        xenstore_shut_down(m->xenstore, d->domid);
    }
    assert(!m->ended);
}

enum run_end machine_run(struct machine *m, const struct run_request *request)
{
    assert(m->running == NULL);
    m->stop = m->crashed = false;
    m->until_ns = request->until_ns;
    for (;;) {
        if (m->crashed)
            return RUN_CRASHED;
        if (m->stop)
            return RUN_STOPPED;
        schedule_timers(m);
        bool idle = m->runnable.count == 0;
        if (idle && request->stop_at_rest && machine_at_rest(m, request->quiet_ns, NULL))
            return RUN_REST;
        if (m->now_ns >= m->until_ns)
            return RUN_TIME;
        if (!idle) {
            run_domain(m, schedule_next(m));
            if (m->ended)
                tell_of_ended(m);
            continue;
        }
        m->next_timer_ns = schedule_next_timer(m);
        if (m->next_timer_ns == NEVER_NS && (request->stop_at_rest || m->until_ns == NEVER_NS))
            return RUN_IDLE;
        m->now_ns = m->next_timer_ns < m->until_ns ? m->next_timer_ns : m->until_ns;
    }
}

/* --- a guest's fault --- */

void machine_tell_when_guests_run(struct machine *m, volatile char *flag)
{
    assert(m->running == NULL);
    m->guest_runs = flag;
}

bool machine_guest_fault(struct machine *m, const struct guest_fault *fault, struct guest_resume *resume)
{
    /* While a domain is `running`, the processor is in its code, in the gate on its stack, or at some address to which it
     * jumped from there: serve sets running to NULL before the machine's own code runs. */
    struct domain *d = m->running;
    if (d == NULL || d->vcpu.dead)
        return false;
    /* Between two instructions of the gate, whose stacks are half switched, nothing can be stopped. */
    if (fault->kind == GUEST_FAULT_STOPPED && !crash_in_code(d, fault->pc))
        return false;
    d->vcpu.dead = true;
    d->vcpu.op = VCPU_EXIT_FAULT;
    d->vcpu.fault = *fault;
    *resume = (struct guest_resume){
        .pc = (uintptr_t)vcpu_fault_exit,
        .sp = d->vcpu.host_sp,
        .argument = (uintptr_t)&d->vcpu,
    };
    return true;
}
