/* SPDX-License-Identifier: BSD-2-Clause */
/* Which domain has its turn, and which timers are due, over all domains of a machine. */
#include "sim/schedule.h"

#include <assert.h>
#include <stdlib.h>

#include "sim/domain/domain.h"
#include "sim/evtchn.h"
#include "sim/later.h"
#include "sim/machine_state.h"
#include "sim/record/recorder.h"
#include "sim/xenstore/xenstore.h"

/* --- random choices --- */

static uint64_t rotated(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

/* xoroshiro128. The stream is the schedule's own, so that a random choice elsewhere changes nothing here. */
uint64_t schedule_random(struct machine *m)
{
    uint64_t a = m->random[0], b = m->random[1], result = a + b;
    assert((a | b) != 0);
    b ^= a;
    m->random[0] = rotated(a, 24) ^ b ^ b << 16;
    m->random[1] = rotated(b, 37);
    return result;
}

/* --- who runs --- */

/* The k-th member of the runnable domains, from 0. */
static unsigned runnable_at(const struct machine *m, uint64_t k)
{
    unsigned domid = domset_next(&m->runnable, DOMID_FIRST);
    while (k-- > 0)
        domid = domset_next(&m->runnable, domid + 1u);
    return domid;
}

struct domain *schedule_next(struct machine *m)
{
    if (m->runnable.count == 0)
        return NULL;
    unsigned domid;
    if (m->resume_domid != 0 && domset_has(&m->runnable, m->resume_domid)) {
        domid = m->resume_domid; /* its turn was cut short by the end of a run */
    } else if (m->config.schedule_seed != 0 && m->runnable.count > 1) {
        domid = runnable_at(m, schedule_random(m) % m->runnable.count);
        struct record_value choice = {domid};
        recorder_append(m->recorder, REC_SCHEDULE, domid, m->now_ns, &choice, sizeof choice, NULL, 0, 0);
    } else {
        domid = domset_next(&m->runnable, m->last_domid + 1u);
        if (domid == 0)
            domid = domset_next(&m->runnable, DOMID_FIRST);
    }
    m->resume_domid = 0;
    m->last_domid = domid;
    assert(domid != 0 && m->by_id[domid] != NULL);
    assert(m->by_id[domid]->state == DOMAIN_ALIVE && !m->by_id[domid]->paused);
    return m->by_id[domid];
}

/* --- timers --- */

uint64_t schedule_next_timer(const struct machine *m)
{
    uint64_t next_ns = later_due_ns(m);
    for (size_t i = 0; i < m->nr_domains; i++) {
        uint64_t timer_ns = domain_due_ns(m->domains[i]);
        if (timer_ns < next_ns)
            next_ns = timer_ns;
    }
    return next_ns;
}

static void raise_timer(struct domain *d)
{
    for (unsigned port = 1; port < d->nr_ports; port++) {
        if (d->evtchn[port].state == EVTCHN_VIRQ && d->evtchn[port].remote_port == VIRQ_TIMER)
            evtchn_raise(d, port);
    }
}

/* Lets happen what a fault has held back until now. */
static void let_happen(struct machine *m)
{
    struct later later;
    while (later_take(m, &later)) {
        struct domain *d = later.domid != DOMID_HOST ? m->by_id[later.domid] : NULL;
        assert(d != NULL || later.domid == DOMID_HOST);
        if (later.domid == DOMID_HOST)
            xenstore_start(m->xenstore);
        else if (later.port == 0)
            xenstore_send_event(m->xenstore, later.domid, later.path, later.token);
        else if (d->evtchn[later.port].state != EVTCHN_FREE)
            evtchn_raise_now(d, later.port);
        free(later.path);
        free(later.token);
    }
}

void schedule_timers(struct machine *m)
{
    if (m->now_ns < m->next_timer_ns)
        return;
    for (size_t i = 0; i < m->nr_domains; i++) {
        struct domain *d = m->domains[i];
        if (d->state != DOMAIN_ALIVE || d->paused)
            continue;
        if (d->timer_ns <= m->now_ns) {
            d->timer_ns = NEVER_NS;
            raise_timer(d);
        }
        if (d->poll_timeout_ns <= m->now_ns) {
            d->poll_timed_out = true;
            domain_wake(d);
        }
    }
    let_happen(m);
    m->next_timer_ns = schedule_next_timer(m);
    assert(m->next_timer_ns > m->now_ns);
}
