/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The probe: a guest without a real kernel. It takes one command line at a time, issues the raw hypercall that the line
 * asks for, and answers with its result. docs/scenario.md has the commands. It has one thread and no interrupts.
 */
#include "guest/abi/port.h"
#include "guest/lib/agent.h"
#include "guest/lib/boot_block.h"
#include "guest/lib/format.h"
#include "guest/lib/services.h"
#include "guest/probe/commands.h"

#include <stdarg.h>
#include <xen/event_channel.h>
#include <xen/sched.h>

static evtchn_port_t agent_port;

static void probe_start(const struct boot_block *);
struct guest_image guest_image __attribute__((visibility("default"))) = {
    .magic = GUEST_IMAGE_MAGIC,
    .kernel = "probe",
    .start = probe_start,
};

void panic(const char *format, ...)
{
    char text[160];
    va_list ap;
    size_t bytes;

    va_start(ap, format);
    bytes = format_text(text, sizeof text, format, ap);
    va_end(ap);
    for (;;)
        debug_port(PORT_PANIC, (unsigned long)text, bytes < sizeof text ? bytes : sizeof text - 1, 0, 0);
}

/* The probe keeps no counters. */
void kernel_update_counters(void) {}

static evtchn_port_t alloc_port(void)
{
    struct evtchn_alloc_unbound channel = {.dom = DOMID_SELF, .remote_dom = DOMID_SELF};

    if (hypercall(__HYPERVISOR_event_channel_op, EVTCHNOP_alloc_unbound, (unsigned long)&channel, 0, 0) != 0)
        return 0;
    return channel.port;
}

static void wait(void)
{
    struct sched_poll poll = {.nr_ports = 1};
    volatile xen_ulong_t *pending = boot_block->shared_info->evtchn_pending;

    set_xen_guest_handle(poll.ports, &agent_port);
    hypercall(__HYPERVISOR_sched_op, SCHEDOP_poll, (unsigned long)&poll, 0, 0);
    __atomic_fetch_and(&pending[agent_port / 64], ~(1ul << agent_port % 64), __ATOMIC_SEQ_CST);
}

static int run(struct output *out, const char *line)
{
    struct words words = {.at = line};
    struct word command = words_next(&words);
    int64_t result = 0;

    if (!calls_run(command, &words, &result))
        words.error = "the probe has no such command";
    if (words.error != NULL)
        output_printf(out, "%s", words.error);
    else
        output_printf(out, "%ld", result);
    return words.error != NULL;
}

static void probe_start(const struct boot_block *boot)
{
    static char line[4096], text[512];
    static const struct agent agent = {.line = line,
        .line_bytes = sizeof line,
        .text = text,
        .text_bytes = sizeof text,
        .run = run,
        .wait = wait};

    boot_block = boot;
    boot->shared_info->vcpu_info[0].evtchn_upcall_mask = 1; /* no upcalls: the probe polls */
    agent_port = alloc_port();
    debug_port(PORT_PUBLISH, PORT_AGENT_EVTCHN, 0, agent_port, 0);
    agent_serve(&agent);
}
