/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A domain waits with SCHEDOP_poll for one port, several or none, and meanwhile another one raises an event, of these ports
 * or others: an event or the time ends the wait. At the start each domain is joined to the next one by CHANNELS channels;
 * their ends are the first ports at the one, and those behind them at the other.
 */
#include "harness/xen/fuzz_waits.h"

#define FIRST_PORT 3u /* behind xenstore's and the agent's */
#define CHANNELS   3u
#define PORTS      (2u * CHANNELS)
#define WAIT_MS    20u

static unsigned any_port(struct fuzz_state *fuzz)
{
    static const unsigned odd[] = {0, 1, 63, 64, 65};

    return fuzz_state_one_in(fuzz, 30) ? odd[fuzz_state_below(fuzz, sizeof odd / sizeof odd[0])]
                                       : FIRST_PORT + fuzz_state_below(fuzz, PORTS);
}

static unsigned next_domain(const struct fuzz_state *fuzz, unsigned domain)
{
    return (domain + 1) % fuzz->domains;
}

static void offer(struct fuzz_state *fuzz, unsigned domain)
{
    fprintf(fuzz->out, "%c hypercall evtchn_alloc_unbound remote=%c", fuzz_state_name(domain),
        fuzz_state_name(next_domain(fuzz, domain)));
}

static void bind(struct fuzz_state *fuzz, unsigned domain, unsigned port)
{
    fprintf(fuzz->out, "%c hypercall evtchn_bind_interdomain remote=%c port=%u",
        fuzz_state_name(next_domain(fuzz, domain)), fuzz_state_name(domain), port);
}

/* Who waits next, and for which port: a domain that sees what the next statements do. */
static void choose(struct fuzz_state *fuzz)
{
    fuzz->waits_domain = fuzz_state_below(fuzz, fuzz->domains);
    fuzz->waits_port = FIRST_PORT + fuzz_state_below(fuzz, PORTS);
}

/* The other end of that port sends, or another one. */
static void send(struct fuzz_state *fuzz)
{
    const unsigned domain = fuzz->waits_domain, port = fuzz_state_one_in(fuzz, 3)
                                                           ? FIRST_PORT + fuzz_state_below(fuzz, PORTS)
                                                           : fuzz->waits_port;
    const bool begins = port < FIRST_PORT + CHANNELS;
    const unsigned sender = begins ? next_domain(fuzz, domain) : (domain + fuzz->domains - 1) % fuzz->domains;

    fprintf(fuzz->out, "%c hypercall evtchn_send port=%u", fuzz_state_name(sender),
        begins ? port + CHANNELS : port - CHANNELS);
}

static void act(struct fuzz_state *fuzz)
{
    static const char *const acts[] = {"hypercall evtchn_send port=", "hypercall evtchn_unmask port=",
        "hypercall evtchn_status port=", "channel mask ", "channel clear ", "channel clear "};
    const char name = fuzz_state_some_name(fuzz);

    if (fuzz_state_one_in(fuzz, 20)) {
        fprintf(fuzz->out, "%c hypercall evtchn_close port=%u", name, FIRST_PORT);
    } else if (fuzz_state_one_in(fuzz, 10)) {
        offer(fuzz, fuzz_state_below(fuzz, fuzz->domains));
    } else if (fuzz_state_one_in(fuzz, 10)) {
        const unsigned domain = fuzz_state_below(fuzz, fuzz->domains);

        bind(fuzz, domain, any_port(fuzz));
    } else {
        fprintf(fuzz->out, "%c ", name);
        fputs(acts[fuzz_state_below(fuzz, sizeof acts / sizeof acts[0])], fuzz->out);
        fprintf(fuzz->out, "%u", any_port(fuzz));
    }
}

/* What the one that waits next did before: it has looked, is ready for the port's event, or does not want to hear of it. */
static void prepare(struct fuzz_state *fuzz)
{
    static const char *const hypercalls[] = {
        "channel clear", "channel clear", "hypercall evtchn_unmask port=", "channel mask"};
    const char name = fuzz_state_name(fuzz->waits_domain);
    const unsigned which = fuzz_state_below(fuzz, 8);

    if (which < 4)
        fprintf(fuzz->out, "%c %s%s%u", name, hypercalls[which], which == 2 ? "" : " ", fuzz->waits_port);
    else
        fprintf(fuzz->out, "%c channel %s", name, which < 7 ? "seen" : "heard");
}

static void later(struct fuzz_state *fuzz)
{
    const unsigned us = 500 * (1 + fuzz_state_below(fuzz, 2 * WAIT_MS));

    fprintf(fuzz->out, "every %uus for %uus: ", us, us);
    if (fuzz_state_one_in(fuzz, 6))
        act(fuzz);
    else
        send(fuzz);
}

static void wait_for(struct fuzz_state *fuzz)
{
    fprintf(fuzz->out, "%c hypercall poll ms=%u [", fuzz_state_name(fuzz->waits_domain),
        1 + fuzz_state_below(fuzz, WAIT_MS));
    if (!fuzz_state_one_in(fuzz, 6))
        fprintf(fuzz->out, " %u", fuzz->waits_port);
    if (fuzz_state_one_in(fuzz, 3))
        fprintf(fuzz->out, " %u", any_port(fuzz));
    fputs(" ]", fuzz->out);
}

void fuzz_waits_statement(struct fuzz_state *fuzz)
{
    static void (*const scene[])(struct fuzz_state *) = {prepare, prepare, act, later, later, wait_for};
    const unsigned step = fuzz->step++, joined = CHANNELS * fuzz->domains;

    if (step < joined)
        offer(fuzz, step / CHANNELS);
    else if (step < 2 * joined)
        bind(fuzz, (step - joined) / CHANNELS, FIRST_PORT + (step - joined) % CHANNELS);
    else {
        const unsigned part = (step - 2 * joined) % (unsigned)(sizeof scene / sizeof scene[0]);

        if (part == 0)
            choose(fuzz);
        scene[part](fuzz);
    }
}
