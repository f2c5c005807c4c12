/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who runs next, whose timer is due, and when a machine is at rest. It moves no clock and runs no guest:
 * machine.c does, by what is said here.
 */
#include <stdio.h>
#include <string.h>

#include "sim/internal.h"

/* --- sets of domids --- */

void domset_add(struct domset *set, unsigned domid)
{
    assert(domid < DOMID_LIMIT);
    if (domset_has(set, domid))
        return;
    set->bits[domid / 64u] |= 1ull << domid % 64u;
    set->summary[domid / 4096u] |= 1ull << domid / 64u % 64u;
    set->count++;
}

void domset_remove(struct domset *set, unsigned domid)
{
    assert(domid < DOMID_LIMIT);
    if (!domset_has(set, domid))
        return;
    set->bits[domid / 64u] &= ~(1ull << domid % 64u);
    if (set->bits[domid / 64u] == 0)
        set->summary[domid / 4096u] &= ~(1ull << domid / 64u % 64u);
    assert(set->count > 0);
    set->count--;
}

bool domset_has(const struct domset *set, unsigned domid)
{
    return set->bits[domid / 64u] >> domid % 64u & 1u;
}

/* The bits of a word from position `from` on. */
static uint64_t from_bit(uint64_t word, unsigned from)
{
    return from >= 64u ? 0 : word & ~0ull << from;
}

unsigned domset_next(const struct domset *set, unsigned domid)
{
    if (domid >= DOMID_LIMIT)
        return 0;
    unsigned word = domid / 64u;
    uint64_t bits = from_bit(set->bits[word], domid % 64u);
    if (bits == 0) {
        unsigned group = word / 64u;
        uint64_t words = from_bit(set->summary[group], word % 64u + 1u);
        while (words == 0) {
            if (++group == 8u)
                return 0;
            words = set->summary[group];
        }
        word = group * 64u + (unsigned)__builtin_ctzll(words);
        bits = set->bits[word];
    }
    return word * 64u + (unsigned)__builtin_ctzll(bits);
}

/* --- chance --- */

static uint64_t rotated(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

/* xoroshiro128: the schedule's own chance, so that nothing else shifts it. */
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

void schedule_wake(struct domain *d)
{
    if (d->state != DOMAIN_ALIVE)
        return;
    d->blocked = false;
    d->polling = false;
    d->nr_poll_ports = 0;
    d->poll_timeout_ns = NEVER_NS;
    if (!d->paused)
        domset_add(&d->machine->runnable, d->domid);
}

static uint64_t domain_timer(const struct domain *d)
{
    if (d->state != DOMAIN_ALIVE || d->paused)
        return NEVER_NS;
    return d->timer_ns < d->poll_timeout_ns ? d->timer_ns : d->poll_timeout_ns;
}

void domain_pause(struct domain *d, bool paused)
{
    if (d->state != DOMAIN_ALIVE || d->paused == paused)
        return;
    d->paused = paused;
    if (paused)
        domset_remove(&d->machine->runnable, d->domid);
    else if (!d->blocked)
        domset_add(&d->machine->runnable, d->domid);
    if (!paused && domain_timer(d) < d->machine->next_timer_ns)
        d->machine->next_timer_ns = domain_timer(d); /* may be past: it comes at once */
}

void schedule_block(struct domain *d)
{
    assert(d->state == DOMAIN_ALIVE);
    d->vain_exits = 0;
    d->blocked = true;
    domset_remove(&d->machine->runnable, d->domid);
    uint64_t timer_ns = domain_timer(d);
    if (timer_ns < d->machine->next_timer_ns)
        d->machine->next_timer_ns = timer_ns;
}

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
    } else if (m->config.random_schedule && m->runnable.count > 1) {
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
    return m->by_id[domid];
}

/* --- timers --- */

uint64_t schedule_next_timer(const struct machine *m)
{
    uint64_t next_ns = NEVER_NS;
    for (size_t i = 0; i < m->nr_domains; i++) {
        uint64_t timer_ns = domain_timer(m->domains[i]);
        if (timer_ns < next_ns)
            next_ns = timer_ns;
    }
    return next_ns;
}

static void raise_timer(struct domain *d)
{
    for (unsigned port = 1; port < EVTCHN_PORTS; port++) {
        if (d->evtchn[port].state == EVTCHN_VIRQ && d->evtchn[port].remote_port == VIRQ_TIMER)
            evtchn_raise(d, port);
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
        if (d->poll_timeout_ns <= m->now_ns)
            schedule_wake(d);
    }
    m->next_timer_ns = schedule_next_timer(m);
    assert(m->next_timer_ns > m->now_ns);
}

/* --- rest --- */

static bool restless(const struct machine *m, const struct domain *d, const char *what, const char **why)
{
    if (why != NULL) {
        snprintf(m->why, WHY_BYTES, "%s: %s", d->name, what);
        *why = m->why;
    }
    return false;
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
        if (!xenstore_quiet(m->xenstore, d->domid))
            return restless(m, d, "a message of xenstore waits to be read", why);
        if (domain_timer(d) <= quiet_until)
            return restless(m, d, "a timer is due within the quiet window", why);
    }
    return true;
}
