/* SPDX-License-Identifier: BSD-2-Clause */
/* Questions about a machine, and what whoever holds it sets. */
#include "sim/machine_state.h"

#include <string.h>

#include "sim/array.h"
#include "sim/domain/domain.h"
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

void machine_set_lifecycle(struct machine *m, const struct machine_lifecycle *life)
{
    m->lifecycle = life;
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

/* --- its domains --- */

struct domain *machine_domain(struct machine *m, const char *name)
{
    for (size_t i = 0; i < m->nr_domains; i++) {
        if (strcmp(m->domains[i]->name, name) == 0)
            return m->domains[i];
    }
    return NULL;
}

struct domain *machine_domain_by_id(struct machine *m, unsigned domid)
{
    return domid < DOMID_LIMIT ? m->by_id[domid] : NULL;
}

struct domain *machine_next_domain(struct machine *m, const struct domain *previous)
{
    unsigned after = previous != NULL ? previous->domid : 0;
    size_t low = 0, high = m->nr_domains;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (m->domains[middle]->domid > after)
            high = middle;
        else
            low = middle + 1;
    }
    return low < m->nr_domains ? m->domains[low] : NULL;
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
