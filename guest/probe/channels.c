/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Commands about event channels: the hypercalls that make, ask and close ports, SCHEDOP_poll, and a multicall of calls
 * that take no arguments. `channel` reads and changes the bits that a guest and Xen share.
 */
#include "guest/abi/port.h"
#include "guest/lib/boot_block.h"
#include "guest/probe/commands.h"
#include "guest/probe/last.h"

#include <xen/event_channel.h>
#include <xen/sched.h>

#define PORTS_PER_WORD 64u
#define PORT_WORDS     64u
#define POLLED_MAX     256u
#define NS_PER_MS      1000000ull

/* Every structure of event_channel_op's. */
union channel {
    evtchn_alloc_unbound_t alloc;
    evtchn_bind_interdomain_t interdomain;
    evtchn_bind_virq_t virq;
    evtchn_bind_ipi_t ipi;
    evtchn_bind_vcpu_t vcpu;
    evtchn_close_t close;
    evtchn_send_t send;
    evtchn_status_t status;
    evtchn_unmask_t unmask;
    evtchn_reset_t reset;
};

static void fill(union channel *channel, unsigned command, const struct options *options)
{
    const domid_t domid = (domid_t)options->domid, remote = (domid_t)options->remote;
    const evtchn_port_t port = (evtchn_port_t)options->port;
    const uint32_t vcpu = (uint32_t)options->vcpu;

    *channel = (union channel){.alloc = {.dom = 0}};
    if (command == EVTCHNOP_alloc_unbound)
        channel->alloc = (evtchn_alloc_unbound_t){.dom = domid, .remote_dom = remote};
    else if (command == EVTCHNOP_bind_interdomain)
        channel->interdomain = (evtchn_bind_interdomain_t){.remote_dom = remote, .remote_port = port};
    else if (command == EVTCHNOP_bind_virq)
        channel->virq = (evtchn_bind_virq_t){.virq = (uint32_t)options->virq, .vcpu = vcpu};
    else if (command == EVTCHNOP_bind_ipi)
        channel->ipi.vcpu = vcpu;
    else if (command == EVTCHNOP_bind_vcpu)
        channel->vcpu = (evtchn_bind_vcpu_t){.port = port, .vcpu = vcpu};
    else if (command == EVTCHNOP_status)
        channel->status = (evtchn_status_t){.dom = domid, .port = port};
    else if (command == EVTCHNOP_reset)
        channel->reset.dom = domid;
    else
        channel->close.port = port; /* send and unmask have the same form */
}

/* What the call told beside its result. */
static void tell(const union channel *channel, unsigned command)
{
    if (command == EVTCHNOP_alloc_unbound)
        last_set("port", channel->alloc.port);
    else if (command == EVTCHNOP_bind_interdomain)
        last_set("port", channel->interdomain.local_port);
    else if (command == EVTCHNOP_bind_virq)
        last_set("port", channel->virq.port);
    else if (command == EVTCHNOP_bind_ipi)
        last_set("port", channel->ipi.port);
    if (command != EVTCHNOP_status)
        return;
    last_set("status", channel->status.status);
    last_set("vcpu", channel->status.vcpu);
    if (channel->status.status == EVTCHNSTAT_unbound)
        last_set("remote", channel->status.u.unbound.dom);
    if (channel->status.status == EVTCHNSTAT_virq)
        last_set("virq", channel->status.u.virq);
    if (channel->status.status == EVTCHNSTAT_interdomain) {
        last_set("remote", channel->status.u.interdomain.dom);
        last_set("port", channel->status.u.interdomain.port);
    }
}

static long channel_call(unsigned command, const struct options *options)
{
    static union channel channel;

    fill(&channel, command, options);
    long result = hypercall(__HYPERVISOR_event_channel_op, command,
        options->bad_argument ? BAD_ADDRESS : (unsigned long)&channel, 0, 0);
    if (result == 0)
        tell(&channel, command);
    return result;
}

/* The list has ports; ms=10 lets it wait for so long. Without it the time is long past. */
static long poll_call(const struct options *options)
{
    static evtchn_port_t ports[POLLED_MAX];
    struct sched_poll poll = {.nr_ports = (unsigned)option_or(options->nr, in_list.count), .timeout = 1};

    if (options->ms != 0)
        poll.timeout = debug_port(PORT_CLOCK, 0, 0, 0, 0) + options->ms * NS_PER_MS;
    for (size_t i = 0; i < in_list.count && i < POLLED_MAX; i++)
        ports[i] = (evtchn_port_t)in_list.value[i];
    set_xen_guest_handle(poll.ports, options->place.what == LIST_BAD ? (evtchn_port_t *)BAD_ADDRESS : ports);
    return hypercall(__HYPERVISOR_sched_op, SCHEDOP_poll,
        options->bad_argument ? BAD_ADDRESS : (unsigned long)&poll, 0, 0);
}

/* The list has the numbers of hypercalls, each of which is made with arguments of 0. The last one's result is told. */
static long multicall_call(const struct options *options)
{
    static multicall_entry_t entries[LIST_ENTRIES_MAX / 8];
    const size_t room = sizeof entries / sizeof entries[0],
                 count = in_list.count < room ? in_list.count : room;

    for (size_t i = 0; i < count; i++)
        entries[i] = (multicall_entry_t){.op = in_list.value[i]};
    long result = hypercall(
        __HYPERVISOR_multicall, options->bad_argument ? BAD_ADDRESS : (unsigned long)entries, count, 0, 0);
    if (count > 0)
        last_set("result", entries[count - 1].result);
    return result;
}

static const struct {
    const char *name, *takes;
    unsigned command;
} channels[] = {
    {"evtchn_alloc_unbound", "domid remote arg ", EVTCHNOP_alloc_unbound},
    {"evtchn_bind_interdomain", "remote port arg ", EVTCHNOP_bind_interdomain},
    {"evtchn_bind_virq", "virq vcpu arg ", EVTCHNOP_bind_virq},
    {"evtchn_bind_ipi", "vcpu arg ", EVTCHNOP_bind_ipi},
    {"evtchn_bind_vcpu", "port vcpu arg ", EVTCHNOP_bind_vcpu},
    {"evtchn_close", "port arg ", EVTCHNOP_close},
    {"evtchn_send", "port arg ", EVTCHNOP_send},
    {"evtchn_status", "domid port arg ", EVTCHNOP_status},
    {"evtchn_unmask", "port arg ", EVTCHNOP_unmask},
    {"evtchn_reset", "domid arg ", EVTCHNOP_reset},
};

const char *channels_takes(struct word name)
{
    if (word_is(name, "poll"))
        return "ms nr list arg [ ";
    if (word_is(name, "multicall"))
        return "arg [ ";
    for (size_t i = 0; i < sizeof channels / sizeof channels[0]; i++)
        if (word_is(name, channels[i].name))
            return channels[i].takes;
    return NULL;
}

bool channels_call(struct word name, const struct options *options, int64_t *result)
{
    if (word_is(name, "poll"))
        *result = poll_call(options);
    else if (word_is(name, "multicall"))
        *result = multicall_call(options);
    else
        for (size_t i = 0;; i++) {
            if (i == sizeof channels / sizeof channels[0])
                return false;
            if (word_is(name, channels[i].name)) {
                *result = channel_call(channels[i].command, options);
                break;
            }
        }
    return true;
}

/*
 * `channel mask PORT`, `channel clear PORT`: sets a port's mask bit, clears its pending bit; `channel bits PORT`: 1 if it
 * is pending, and 2 if it is masked. `channel upcall`: evtchn_upcall_pending; `channel seen`: it and the selector become 0;
 * `channel heard`: it alone.
 */
bool channels_run(struct word command, struct words *words, int64_t *result)
{
    volatile shared_info_t *shared = boot_block->shared_info;
    struct word what;
    uint64_t port;

    if (!word_is(command, "channel"))
        return false;
    what = words_next(words);
    *result = shared->vcpu_info[0].evtchn_upcall_pending;
    if (word_is(what, "seen"))
        shared->vcpu_info[0].evtchn_pending_sel = 0;
    if (word_is(what, "seen") || word_is(what, "heard"))
        shared->vcpu_info[0].evtchn_upcall_pending = 0;
    if (word_is(what, "seen") || word_is(what, "heard") || word_is(what, "upcall"))
        return true;
    if (!word_number(words_next(words), &port) || port >= PORT_WORDS * PORTS_PER_WORD) {
        words->error = "channel wants upcall, seen, heard, or one of mask, clear, bits and a port below 4096";
        return true;
    }
    const uint64_t word = port / PORTS_PER_WORD, bit = 1ul << port % PORTS_PER_WORD;
    if (word_is(what, "mask"))
        shared->evtchn_mask[word] |= bit;
    else if (word_is(what, "clear"))
        shared->evtchn_pending[word] &= ~bit;
    else if (!word_is(what, "bits"))
        words->error = "channel knows mask, clear, bits, upcall, seen and heard";
    *result = ((shared->evtchn_pending[word] & bit) != 0) + 2 * ((shared->evtchn_mask[word] & bit) != 0);
    return true;
}
