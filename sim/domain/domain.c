/* SPDX-License-Identifier: BSD-2-Clause */
/* Domains: how they come and go, whether their vcpus run, and how they die. */
#include "sim/domain/domain.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/domain/physmap.h"
#include "sim/domain/saved.h"
#include "sim/host/zombie.h"
#include "sim/later.h"
#include "sim/machine_state.h"
#include "sim/real_xen.h"
#include "sim/record/recorder.h"

#define MAXIMUM_LIMIT_PAGES UINT32_MAX /* measured: ~0 becomes 4294967295 */

/* --- coming and going --- */

void domain_free(struct domain *d)
{
    saved_free(d->saved);
    physmap_free(d->physmap);
    space_free(&d->space);
    fault_set_free(d->faults);
    free(d->window_pages);
    free(d->command_line);
    free(d->answer);
    free(d);
}

void domain_free_spares(struct machine *m)
{
    while (m->spares != NULL) {
        struct domain *d = m->spares;
        m->spares = d->spare_next;
        domain_free(d);
    }
}

void domain_spare(struct domain *d)
{
    struct machine *m = d->machine;
    assert(m->by_id[d->domid] != d);
    d->spare_next = m->spares;
    m->spares = d;
}

/* Uses the memory of a spare, a domain that is gone, if there is one. */
struct domain *domain_blank(struct machine *m)
{
    struct domain *d = m->spares;
    if (d != NULL)
        m->spares = d->spare_next;
    else if ((d = calloc(1, sizeof *d)) == NULL)
        return NULL;

    assert(d->saved == NULL && d->zombie == NULL);
    assert(d->space.image == NULL); /* it was cleaned */
    struct domain kept = {.space = d->space,
        .faults = d->faults,
        .window_pages = d->window_pages,
        .window_room = d->window_room,
        .answer = d->answer};
    free(d->command_line);
    memset(d, 0, sizeof *d);
    d->space = kept.space;
    d->faults = kept.faults != NULL ? kept.faults : fault_set_new();
    d->window_pages = kept.window_pages;
    d->window_room = kept.window_room;
    d->answer = kept.answer;
    if (d->window_room != m->host.windows) {
        free(d->window_pages);
        d->window_pages = calloc(m->host.windows, sizeof *d->window_pages);
        d->window_room = m->host.windows;
    }
    if (d->faults == NULL || d->window_pages == NULL) {
        domain_free(d);
        return NULL;
    }
    fault_set_clear(d->faults, NULL);
    d->machine = m;
    d->timer_ns = d->poll_timeout_ns = NEVER_NS;
    d->window_first = UINT64_MAX;
    d->nr_ports = EVTCHN_PORTS_AT_ONCE;
    return d;
}

bool domain_number_is_taken(struct machine *m, unsigned domid)
{
    assert(domid < DOMID_LIMIT);
    return m->by_id[domid] != NULL || zombie_of(&m->host, domid) != NULL;
}

void domain_choose_domid(struct domain *d)
{
    struct machine *m = d->machine;
    if (d->config.dom0) {
        assert(m->by_id[DOMID_DOM0] == NULL);
        d->domid = DOMID_DOM0;
        d->privileged = true;
        return;
    }
    d->privileged = d->config.initial;
    while (domain_number_is_taken(m, m->next_domid)) /* dom0 may have taken it for a domain of its own */
        m->next_domid++;
    d->domid = m->next_domid++;
    assert(d->domid < DOMID_DOM0);
}

void domain_join(struct domain *d)
{
    struct machine *m = d->machine;
    assert(m->by_id[d->domid] == NULL);
    assert(m->nr_domains < DOMAINS_LIMIT);
    size_t at = m->nr_domains++; /* ordered by domid */
    for (; at > 0 && m->domains[at - 1u]->domid > d->domid; at--)
        m->domains[at] = m->domains[at - 1u];
    m->domains[at] = d;
    m->by_id[d->domid] = d;
    domset_add(&m->runnable, d->domid);
}

void domain_leave(struct domain *d)
{
    struct machine *m = d->machine;
    size_t at = 0;
    assert(m->by_id[d->domid] == d);
    while (m->domains[at] != d)
        at++;
    m->nr_domains--;
    memmove(&m->domains[at], &m->domains[at + 1u], (m->nr_domains - at) * sizeof(struct domain *));
    later_forget(m, d->domid);
    tlb_flush(&d->tlb);
    m->by_id[d->domid] = NULL;
}

/* What its kernel says of itself, if no domain of that kernel was recorded before. */
static const char *rows_to_record(struct machine *m, const struct kernel *kernel)
{
    for (size_t i = 0; i < m->nr_recorded; i++)
        if (m->recorded[i] == kernel)
            return "";
    if (kernel == NULL)
        return "";
    if (m->nr_recorded < RECORDED_KERNELS) /* the rows of a kernel past that are recorded each time */
        m->recorded[m->nr_recorded++] = kernel;
    return kernel->rows;
}

void domain_record(const struct domain *d)
{
    struct {
        struct record_domain record;
        char name[sizeof d->name];
    } head = {.record = {
                  .memory_pages = d->boot_pages,
                  .maxmem_pages = d->config.maxmem_pages,
                  .p2m_entries = d->space.p2m_entries,
                  .image_pages = d->image_pages,
                  .overhead_pages = d->overhead.count + (d->physmap != NULL ? d->physmap->pool_pages : 0),
              }};
    const char *rows = rows_to_record(d->machine, d->config.kernel);
    size_t name_bytes = strlen(d->name) + 1u;

    assert(name_bytes <= sizeof head.name);
    snprintf(head.record.kernel, sizeof head.record.kernel, "%s", d->kernel);
    memcpy(head.name, d->name, name_bytes);
    recorder_append(d->machine->recorder, REC_DOMAIN, d->domid, d->machine->now_ns, &head,
        sizeof head.record + name_bytes, rows, 1, strlen(rows) + 1u);
}

uint64_t domain_maximum_of_kib(uint64_t kib)
{
    const uint64_t pages = kib / KIB_PER_PAGE;
    return pages < MAXIMUM_LIMIT_PAGES ? pages : MAXIMUM_LIMIT_PAGES;
}

int domain_set_maximum_kib(struct domain *d, uint64_t kib)
{
    assert(d != NULL);
    /* It holds at once, even below the reservation: the domain gets nothing then until it is under it. */
    d->maximum_pages = domain_maximum_of_kib(kib);
    assert(d->maximum_pages <= MAXIMUM_LIMIT_PAGES);
    if (space_on_real_xen(&d->space))
        d->machine->real_xen->maximum_was_set(d->machine->real_xen->context, d, kib, 0);
    return 0;
}

/* --- its vcpu --- */

uint64_t domain_due_ns(const struct domain *d)
{
    if (d->state != DOMAIN_ALIVE || d->paused)
        return NEVER_NS;
    return d->timer_ns < d->poll_timeout_ns ? d->timer_ns : d->poll_timeout_ns;
}

void domain_wake(struct domain *d)
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

void domain_block(struct domain *d)
{
    assert(d->state == DOMAIN_ALIVE);
    assert(d->machine->by_id[d->domid] == d && !d->blocked);
    d->vain_exits = 0;
    d->blocked = true;
    domset_remove(&d->machine->runnable, d->domid);
    uint64_t timer_ns = domain_due_ns(d);
    if (timer_ns < d->machine->next_timer_ns)
        d->machine->next_timer_ns = timer_ns;
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
    if (!paused && domain_due_ns(d) < d->machine->next_timer_ns)
        d->machine->next_timer_ns = domain_due_ns(d); /* may be in the past: then it is due at once */
    assert(domset_has(&d->machine->runnable, d->domid) == (!d->paused && !d->blocked));
}

/* --- its death --- */

void domain_end(struct domain *d)
{
    assert(d->machine->by_id[d->domid] == d);
    d->machine->ended = true;
    d->vcpu.dead = true;
    d->blocked = true;
    d->polling = false;
    d->timer_ns = d->poll_timeout_ns = NEVER_NS;
    domset_remove(&d->machine->runnable, d->domid);
}

void domain_died(struct domain *d)
{
    struct machine *m = d->machine;
    assert(d->state == DOMAIN_ALIVE);
    domain_end(d);
    d->state = DOMAIN_CRASHED;
    m->crashed = true;
    struct record_value value = {DOMAIN_END_CRASH};
    recorder_append(m->recorder, REC_DOMAIN_END, d->domid, m->now_ns, &value, sizeof value, NULL, 0, 0);
}

void domain_crash(struct domain *d, const char *why)
{
    recorder_append_text(d->machine->recorder, REC_CRASH, d->domid, d->machine->now_ns, why, strlen(why));
    domain_died(d);
}

/* --- what others may see and do --- */

void domain_watch_sites(struct domain *d, uint64_t sites)
{
    d->watched_sites = sites;
}

bool domain_kernel_is_watched(const struct domain *d)
{
    return d->watched_sites >> FAULT_SITE_OF_KERNEL != 0;
}

struct fault_set *domain_faults(struct domain *d)
{
    return d->faults;
}

const struct domain_config *domain_configuration(const struct domain *d)
{
    return &d->config;
}
