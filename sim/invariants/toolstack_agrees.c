/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * toolstack: after each accepted xl mem-set and mem-max, do target, static-max and the hypervisor's maximum agree as
 * libxl promises? Targets that were written by other means than xl are not judged.
 */
#include "sim/invariants/toolstack_agrees.h"
#include "sim/invariants/watched.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

void toolstack_clear(struct watched *w)
{
    *w->toolstack = (struct watched_toolstack){0};
}

/* The first target is the one that its toolstack wrote when it built the domain, with the maximum set by then. */
void toolstack_target_written(struct watched *w, unsigned by, const char *value, uint64_t event)
{
    struct watched_toolstack *t = w->toolstack;

    assert(event > 0 && w->domain != NULL);
    if (!t->extra_known) {
        uint64_t kib = strtoull(value, NULL, 10),
                 maximum_kib = domain_maximum_pages(w->domain) * KIB_PER_PAGE;

        t->extra_known = true;
        t->extra_kib = maximum_kib > kib ? maximum_kib - kib : 0;
        if (domain_plays_dom0(w->domain)) /* its first maximum is Xen's, and not its toolstack's */
            t->extra_kib = XL_EXTRA_KIB;
    } else if (by == w->domid)
        t->past_event = event;
    else
        t->host_event = event;
}

static bool node_kib(const struct invariants *inv, unsigned domid, const char *name, uint64_t *kib)
{
    const char *value = machine_domain_node(inv->machine, domid, name);

    if (value == NULL)
        return false;
    *kib = strtoull(value, NULL, 10);
    return true;
}

static void maximum_is(struct invariants *inv, struct watched *w, const char *command, uint64_t wanted_kib)
{
    uint64_t wanted = wanted_kib / KIB_PER_PAGE, seen = domain_maximum_pages(w->domain);

    if (seen != wanted)
        violate(inv, w, INVARIANT_TOOLSTACK, 1, 0, seen > wanted ? seen - wanted : wanted - seen,
            "after `%s` the hypervisor's maximum of %s is %" PRIu64 " pages; %" PRIu64
            " were promised (%" PRIu64 " KiB with what the toolstack adds)",
            command, domain_name(w->domain), seen, wanted, wanted_kib);
}

static void after_mem_set(struct invariants *inv, struct watched *w, const char *command)
{
    uint64_t target;

    if (node_kib(inv, w->domid, "memory/target", &target))
        maximum_is(inv, w, command, target + w->toolstack->extra_kib);
}

static void after_mem_max(struct invariants *inv, struct watched *w, const char *command, uint64_t size)
{
    uint64_t static_max, frame_buffer = 0;

    /* What the toolstack adds to a target has the frame buffer in it; SIZE has that already. */
    (void)node_kib(inv, w->domid, "memory/videoram", &frame_buffer);
    if (frame_buffer > w->toolstack->extra_kib)
        frame_buffer = w->toolstack->extra_kib; /* somebody has written to the node */
    if (node_kib(inv, w->domid, "memory/static-max", &static_max) && static_max != size)
        violate(inv, w, INVARIANT_TOOLSTACK, 2, 0, static_max > size ? static_max - size : size - static_max,
            "after `%s` memory/static-max of %s is %" PRIu64 " KiB, not %" PRIu64, command,
            domain_name(w->domain), static_max, size);
    maximum_is(inv, w, command, size + w->toolstack->extra_kib - frame_buffer);
}

/* Does not judge a target that was written by other means since xl's last command: xl promised nothing for it. */
static void target_within(struct invariants *inv, struct watched *w, const char *command)
{
    uint64_t target, static_max;

    if (!node_kib(inv, w->domid, "memory/target", &target) ||
        !node_kib(inv, w->domid, "memory/static-max", &static_max))
        return;
    if (target > static_max && w->toolstack->past_event == 0)
        violate(inv, w, INVARIANT_TOOLSTACK, 3, 0, target - static_max,
            "after `%s` memory/target of %s is %" PRIu64 " KiB, above its memory/static-max of %" PRIu64
            " KiB",
            command, domain_name(w->domain), target, static_max);
}

/* A tool that promises nothing has ended: the targets written since dom0's last command were written by it. */
static void written_past(struct invariants *inv, uint64_t event)
{
    for (unsigned domid = 1; domid < inv->nr_watched; domid++) {
        struct watched *w = watched_find(inv, domid);

        if (w != NULL && w->toolstack->host_event > inv->toolstack->command_event)
            w->toolstack->past_event = event;
    }
}

/* Judges after a command of xl of which it is known what it promises. */
static void judge(
    struct invariants *inv, struct watched *w, const struct record_command *command, const char *line)
{
    invariant_ask(inv, INVARIANT_TOOLSTACK);
    if (command->does == COMMAND_DOES_MEM_SET) {
        w->toolstack->past_event = 0;
        after_mem_set(inv, w, line);
    } else {
        after_mem_max(inv, w, line, command->size_kib);
    }
    target_within(inv, w, line);
}

void toolstack_command(struct invariants *inv, const struct event *event)
{
    const struct record_command *command = event->payload;
    struct watched *w;

    assert(event->number > inv->toolstack->command_event);
    if (command->status == 0 && command->does == COMMAND_DOES_WRITE)
        written_past(inv, event->number);
    if (command->tool != COMMAND_IN_GUEST)
        inv->toolstack->command_event = event->number;
    if (command->status != 0 || command->tool != COMMAND_OF_XL || command->has_size == 0 ||
        (command->does != COMMAND_DOES_MEM_SET && command->does != COMMAND_DOES_MEM_MAX))
        return;
    w = watched_find(inv, command->domid);
    if (w != NULL)
        judge(inv, w, command, (const char *)(command + 1));
}
