/* SPDX-License-Identifier: BSD-2-Clause */
/* A short list, ordered by time; of what is due at one time, what was held back first comes first. */
#include "sim/later.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/array.h"
#include "sim/machine_state.h"

static void add(struct machine *m, struct later later, uint64_t by_ns)
{
    size_t at = m->nr_later;

    assert(by_ns > 0);
    if (!ARRAY_ONE_MORE(m->later, m->later_room, m->nr_later)) {
        free(later.path);
        free(later.token);
        machine_lacks_memory(m);
        return;
    }
    later.due_ns = by_ns < NEVER_NS - 1u - m->now_ns ? m->now_ns + by_ns : NEVER_NS - 1u;
    for (; at > 0 && m->later[at - 1].due_ns > later.due_ns; at--)
        m->later[at] = m->later[at - 1];
    m->later[at] = later;
    m->nr_later++;
    if (later.due_ns < m->next_timer_ns)
        m->next_timer_ns = later.due_ns;
}

void later_raise(struct machine *m, unsigned domid, unsigned port, uint64_t by_ns)
{
    assert(port != 0);
    add(m, (struct later){.domid = domid, .port = port}, by_ns);
}

void later_event(struct machine *m, unsigned domid, const char *path, const char *token, uint64_t by_ns)
{
    struct later later = {.domid = domid, .path = strdup(path), .token = strdup(token)};

    if (later.path == NULL || later.token == NULL) {
        free(later.path);
        free(later.token);
        machine_lacks_memory(m);
        return;
    }
    add(m, later, by_ns);
}

void later_xenstored(struct machine *m, uint64_t by_ns)
{
    for (size_t i = 0; i < m->nr_later; i++)
        assert(m->later[i].domid != DOMID_HOST); /* it stops once at a time */
    add(m, (struct later){.domid = DOMID_HOST}, by_ns);
}

uint64_t later_due_ns(const struct machine *m)
{
    return m->nr_later != 0 ? m->later[0].due_ns : NEVER_NS;
}

bool later_take(struct machine *m, struct later *later)
{
    if (later_due_ns(m) > m->now_ns)
        return false;
    *later = m->later[0];
    m->nr_later--;
    memmove(&m->later[0], &m->later[1], m->nr_later * sizeof m->later[0]);
    return true;
}

void later_forget(struct machine *m, unsigned domid)
{
    size_t kept = 0;

    assert(domid != DOMID_HOST);
    for (size_t i = 0; i < m->nr_later; i++) {
        if (m->later[i].domid != domid) {
            m->later[kept++] = m->later[i];
            continue;
        }
        free(m->later[i].path);
        free(m->later[i].token);
    }
    m->nr_later = kept;
}

void later_clear(struct machine *m)
{
    for (size_t i = 0; i < m->nr_later; i++) {
        free(m->later[i].path);
        free(m->later[i].token);
    }
    free(m->later);
    m->later = NULL;
    m->nr_later = m->later_room = 0;
}
