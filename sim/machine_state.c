/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers about a machine, and what the program that holds it may set. */
#include "sim/machine_state.h"

#include "sim/array.h"
#include "sim/record/recorder.h"

bool machine_frame_room(struct machine *m, size_t entries)
{
    if (ARRAY_ROOM(m->frame_list, m->frame_list_room, 0, entries))
        return true;
    machine_lacks_memory(m);
    return false;
}

/* --- who is told --- */

void machine_set_page_hook(
    struct machine *m, void (*hook)(void *, struct domain *, pfn_t, uint64_t), void *context)
{
    m->page_hook = hook;
    m->page_hook_context = context;
}

void machine_set_frame_hook(struct machine *m, machine_frame_hook_t *hook, void *context)
{
    m->frame_hook = hook;
    m->frame_hook_context = context;
}

void machine_set_site_hook(struct machine *m, machine_site_hook_t *hook, void *context)
{
    m->site_hook = hook;
    m->site_hook_context = context;
}

bool machine_enters_call(const struct machine *m)
{
    return m->enters_call;
}

void machine_set_lifecycle(struct machine *m, const struct machine_lifecycle *life)
{
    m->lifecycle = life;
}

void machine_set_trace(struct machine *m, const struct machine_trace *trace)
{
    m->trace = trace != NULL ? *trace : (struct machine_trace){0};
}

/* --- its run --- */

void machine_stop(struct machine *m)
{
    m->stop = true;
}

void machine_lacks_memory(struct machine *m)
{
    recorder_lose(m->recorder);
    machine_stop(m);
}

uint64_t machine_now_ns(const struct machine *m)
{
    return m->now_ns;
}

/* --- what the toolstack asks --- */

const struct machine_lifecycle *machine_lifecycle(const struct machine *m)
{
    return m->lifecycle;
}

struct xenstore *machine_xenstore_tree(struct machine *m)
{
    return m->xenstore;
}

enum toolstack machine_toolstack_kind(const struct machine *m)
{
    return m->config.toolstack;
}
