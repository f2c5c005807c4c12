/* SPDX-License-Identifier: BSD-2-Clause */
/* The probe's beginning and its loop: wait for a command, run it, answer. No interrupts, one thread. */
#include "guest/probe/probe.h"

#include <xen/event_channel.h>
#include <xen/sched.h>

const struct boot_block *probe_boot;

static void probe_start(const struct boot_block *);
struct guest_image guest_image __attribute__((visibility("default"))) = {
    .magic = GUEST_IMAGE_MAGIC,
    .kernel = "probe",
    .raw = 1,
    .start = probe_start,
};

/* gcc and clang call these by themselves. */
__attribute__((visibility("hidden"))) void *memcpy(void *to, const void *from, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        ((char *)to)[i] = ((const char *)from)[i];
    return to;
}

__attribute__((visibility("hidden"))) void *memset(void *to, int value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        ((volatile char *)to)[i] = (char)value;
    return to;
}

static evtchn_port_t agent_port(void)
{
    struct evtchn_alloc_unbound channel = {.dom = DOMID_SELF, .remote_dom = DOMID_SELF};

    if (hypercall(__HYPERVISOR_event_channel_op, EVTCHNOP_alloc_unbound, (unsigned long)&channel, 0, 0) != 0)
        return 0;
    return channel.port;
}

static void wait_for(evtchn_port_t port)
{
    struct sched_poll poll = {.nr_ports = 1};
    volatile xen_ulong_t *pending = probe_boot->shared_info->evtchn_pending;

    set_xen_guest_handle(poll.ports, &port);
    hypercall(__HYPERVISOR_sched_op, SCHEDOP_poll, (unsigned long)&poll, 0, 0);
    __atomic_fetch_and(&pending[port / 64], ~(1ul << port % 64), __ATOMIC_SEQ_CST);
}

static void run(const char *line)
{
    static struct answer answer;
    struct words words = {.at = line};
    struct word command = words_next(&words);

    answer.number = 0;
    if (!calls_run(command, &words, &answer))
        words.error = "the probe has no such command";
    answer.refused = words.error != NULL;
    answer.bytes =
        answer.refused ? text_copy(answer.text, words.error) : text_number(answer.text, answer.number);
    debug_port(PORT_REPLY, answer.refused, (unsigned long)answer.text, answer.bytes, 0);
}

static void probe_start(const struct boot_block *boot)
{
    static char line[4096];
    evtchn_port_t port;

    probe_boot = boot;
    boot->shared_info->vcpu_info[0].evtchn_upcall_mask = 1; /* it looks itself: there is no upcall to make */
    port = agent_port();
    debug_port(PORT_PUBLISH, PORT_AGENT_EVTCHN, 0, port, 0);
    for (;;) {
        long bytes = debug_port(PORT_COMMAND, (unsigned long)line, sizeof line - 1, 0, 0);

        if (bytes > 0) {
            line[bytes] = '\0';
            run(line);
        } else {
            wait_for(port);
        }
    }
}
