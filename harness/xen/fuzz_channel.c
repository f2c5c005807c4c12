/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random calls about event channels. Ports are small numbers, of which many are open after a while, and now and then one
 * that is not made yet. A probe leaves alone the port by which the harness speaks to it, and VIRQ_TIMER, which Xen raises
 * when it likes.
 */
#include "harness/xen/fuzz_channel.h"

#define AGENT_PORT 2u  /* the first that a probe makes, behind xenstore's */
#define PORTS      14u /* that are talked about most */
#define MANY_PORTS 80u /* more than one page of Xen's holds */
#define PORTS_NEXT 64u /* the first one of the next page */
#define VIRQS      26u

static unsigned port(struct fuzz_state *fuzz)
{
    static const unsigned odd[] = {0, 1, 63, PORTS_NEXT, PORTS_NEXT + 1, 127, 128, 1023, 1024, 4000000000u};
    unsigned number = fuzz_state_below(fuzz, fuzz_state_one_in(fuzz, 4) ? MANY_PORTS : PORTS);

    if (fuzz_state_one_in(fuzz, 10))
        number = odd[fuzz_state_below(fuzz, sizeof odd / sizeof odd[0])];
    return number == AGENT_PORT ? AGENT_PORT + 1 : number;
}

/* A domain, by a key: one of the scenario's, the caller itself, dom0, or nobody. */
static void domain(struct fuzz_state *fuzz, const char *key)
{
    static const char *const others[] = {"0", "77", "0x7ff0", "0x7ff2"};

    if (fuzz_state_one_in(fuzz, 3))
        return;
    if (fuzz_state_one_in(fuzz, 5))
        fprintf(fuzz->out, " %s=%s", key, others[fuzz_state_below(fuzz, sizeof others / sizeof others[0])]);
    else
        fprintf(fuzz->out, " %s=%c", key, fuzz_state_some_name(fuzz));
}

static unsigned vcpu(struct fuzz_state *fuzz)
{
    return fuzz_state_one_in(fuzz, 6) ? 1 : 0;
}

static void poll(struct fuzz_state *fuzz)
{
    fputs("hypercall poll", fuzz->out);
    if (fuzz_state_one_in(fuzz, 2))
        fprintf(fuzz->out, " ms=%u", 1 + fuzz_state_below(fuzz, 20));
    if (fuzz_state_one_in(fuzz, 12))
        fputs(" nr=129", fuzz->out);
    if (fuzz_state_one_in(fuzz, 20))
        fputs(" arg=bad", fuzz->out);
    fputs(" [", fuzz->out);
    for (unsigned count = fuzz_state_below(fuzz, 4); count > 0; count--)
        fprintf(fuzz->out, " %u", port(fuzz));
    fputs(" ]", fuzz->out);
}

/* Lists in lists, a yield, and calls that there are not. */
static void multicall(struct fuzz_state *fuzz)
{
    static const unsigned calls[] = {13, 29, 64, 70, 4095};

    fputs("hypercall multicall [", fuzz->out);
    for (unsigned count = 1 + fuzz_state_below(fuzz, 4); count > 0; count--)
        fprintf(fuzz->out, " %u", calls[fuzz_state_below(fuzz, sizeof calls / sizeof calls[0])]);
    fputs(" ]", fuzz->out);
}

/* What the guest itself does to the bits that it shares with Xen. */
static void bits(struct fuzz_state *fuzz)
{
    static const char *const whole[] = {"upcall", "seen", "heard"};

    if (fuzz_state_one_in(fuzz, 3)) {
        fprintf(fuzz->out, "channel %s", whole[fuzz_state_below(fuzz, 3)]);
    } else {
        fprintf(fuzz->out, "channel %s", fuzz_state_one_in(fuzz, 2) ? "mask" : "clear");
        fprintf(fuzz->out, " %u", port(fuzz) % 1024);
    }
}

static void make(struct fuzz_state *fuzz)
{
    switch (fuzz_state_below(fuzz, 4)) {
    case 0:
        fprintf(fuzz->out, "hypercall evtchn_bind_virq virq=%u", 1 + fuzz_state_below(fuzz, VIRQS));
        fprintf(fuzz->out, " vcpu=%u", vcpu(fuzz));
        break;
    case 1:
        fprintf(fuzz->out, "hypercall evtchn_bind_ipi vcpu=%u", vcpu(fuzz));
        break;
    default:
        fputs("hypercall evtchn_alloc_unbound", fuzz->out);
        if (fuzz_state_one_in(fuzz, 6))
            domain(fuzz, "domid");
        domain(fuzz, "remote");
    }
}

static void use(struct fuzz_state *fuzz)
{
    switch (fuzz_state_below(fuzz, 8)) {
    case 0:
    case 1:
        fprintf(fuzz->out, "hypercall evtchn_send port=%u", port(fuzz));
        break;
    case 2:
    case 3:
        fprintf(fuzz->out, "hypercall evtchn_unmask port=%u", port(fuzz));
        break;
    case 4:
        fprintf(fuzz->out, "hypercall evtchn_bind_vcpu port=%u", port(fuzz));
        fprintf(fuzz->out, " vcpu=%u", vcpu(fuzz));
        break;
    case 5:
        fputs("hypercall evtchn_status", fuzz->out);
        domain(fuzz, "domid");
        fprintf(fuzz->out, " port=%u", port(fuzz));
        break;
    case 6:
        fprintf(fuzz->out, "hypercall evtchn_close port=%u", port(fuzz));
        break;
    default:
        fprintf(fuzz->out, "hypercall evtchn_reset domid=%u", fuzz_state_one_in(fuzz, 2) ? 0u : 77u);
    }
    if (fuzz_state_one_in(fuzz, 40))
        fputs(" arg=bad", fuzz->out);
}

static void bind(struct fuzz_state *fuzz)
{
    fputs("hypercall evtchn_bind_interdomain", fuzz->out);
    domain(fuzz, "remote");
    fprintf(fuzz->out, " port=%u", port(fuzz));
}

void fuzz_channel_statement(struct fuzz_state *fuzz)
{
    static void (*const kinds[])(struct fuzz_state *) = {
        make, make, make, use, use, use, use, bind, bind, bind, bits, bits, bits, poll, poll, multicall};

    kinds[fuzz_state_below(fuzz, sizeof kinds / sizeof kinds[0])](fuzz);
}

void fuzz_channel_dom0_statement(struct fuzz_state *fuzz)
{
    const char name = fuzz_state_some_name(fuzz);

    if (fuzz_state_one_in(fuzz, 2)) {
        fprintf(fuzz->out, "hypercall evtchn_alloc_unbound domid=%c", name);
        domain(fuzz, "remote");
    } else {
        fprintf(fuzz->out, "hypercall evtchn_status domid=%c port=%u", name, port(fuzz));
    }
}
