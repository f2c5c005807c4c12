/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Answers about a machine. Functions with `counted` in their names walk over the frames, so that a counter can be
 * compared with them.
 */
#include "sim/inspect.h"

#include <stdlib.h>
#include <string.h>

#include "sim/domain/backtrace.h"
#include "sim/domain/domain.h"
#include "sim/domain/physmap.h"
#include "sim/host/frame_table.h"
#include "sim/host/pool.h"
#include "sim/machine_state.h"
#include "sim/real_xen.h"
#include "sim/xenstore/xenstore.h"

const struct known_xen *machine_xen(const struct machine *m)
{
    return m->config.xen;
}

uint64_t host_total_pages(const struct machine *m)
{
    return m->host.pages;
}

uint64_t host_first_mfn(const struct machine *m)
{
    (void)m;
    return HOST_FIRST_MFN;
}

uint64_t host_end_mfn(const struct machine *m)
{
    return m->host.end_mfn;
}

uint64_t host_free_pages(const struct machine *m)
{
    return m->host.free_pages;
}

uint64_t host_overhead_pages(const struct machine *m)
{
    return m->host.overhead_pages;
}

uint64_t host_claimed_pages(const struct machine *m)
{
    return m->host.claimed_pages;
}

uint64_t host_memory_bytes(const struct machine *m)
{
    return m->host.frames_bytes + m->host.m2p_bytes + pool_window_bytes(&m->host);
}

uint64_t host_counted_free_pages(const struct machine *m)
{
    return pool_count_free(&m->host);
}

static bool is_frame(const struct machine *m, mfn_t mfn)
{
    return mfn.mfn >= HOST_FIRST_MFN && mfn.mfn < m->host.end_mfn;
}

unsigned frame_owner(const struct machine *m, mfn_t mfn)
{
    if (!is_frame(m, mfn))
        return OWNER_XEN;
    unsigned owner = frame_of(&m->host, mfn.mfn)->owner;
    return owner != 0 ? owner : OWNER_FREE;
}

pfn_t frame_m2p(const struct machine *m, mfn_t mfn)
{
    /* The M2P entry of a frame that was never used is zero, because nothing was ever written there. */
    if (!is_frame(m, mfn) || frame_of(&m->host, mfn.mfn)->owner == 0)
        return PFN_NONE;
    return PFN(m->host.m2p[mfn.mfn]);
}

uint64_t frame_stamp(const struct machine *m, mfn_t mfn)
{
    return is_frame(m, mfn) ? frame_of(&m->host, mfn.mfn)->stamp : 0;
}

uint32_t frame_mappings(const struct machine *m, mfn_t mfn)
{
    if (!is_frame(m, mfn) || frame_of(&m->host, mfn.mfn)->owner == 0)
        return 0;
    const struct frame *frame = frame_of(&m->host, mfn.mfn);
    return (uint32_t)frame->mappings + frame->foreign;
}

_Static_assert(sizeof(struct frame) == FRAME_STRIDE_BYTES, "inspect.h says how far apart they are");

struct frame_arrays machine_frame_arrays(const struct machine *m)
{
    struct frame *frames = m->host.frames;
    return (struct frame_arrays){
        .first = HOST_FIRST_MFN,
        .end = m->host.end_mfn,
        .m2p = m->host.m2p,
        .owners = (const char *)&frames->owner,
        .stamps = (const char *)&frames->stamp,
        .notes = (char *)&frames->note,
    };
}

bool frame_release_pending(const struct machine *m, mfn_t mfn)
{
    return is_frame(m, mfn) && frame_of(&m->host, mfn.mfn)->owner != 0 &&
           (frame_of(&m->host, mfn.mfn)->flags & FRAME_RELEASED) != 0;
}

/* --- domains --- */

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

struct domain *machine_initial_domain(struct machine *m)
{
    for (size_t i = 0; i < m->nr_domains; i++)
        if (m->domains[i]->config.initial)
            return m->domains[i];
    return NULL;
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

unsigned domain_id(const struct domain *d)
{
    return d->domid;
}

unsigned domain_abi_id(const struct domain *d)
{
    return domain_number_for_guests(d);
}

const char *domain_name(const struct domain *d)
{
    return d->name;
}

const struct kernel *domain_description(const struct domain *d)
{
    return d->config.kernel;
}

const char *domain_kernel(const struct domain *d)
{
    return d->kernel;
}

bool domain_faulted(const struct domain *d)
{
    return d->vcpu.dead && d->vcpu.op == VCPU_EXIT_FAULT;
}

bool domain_crashed(const struct domain *d)
{
    return d->state == DOMAIN_CRASHED;
}

bool domain_shut_down(const struct domain *d, unsigned *reason)
{
    if (d->state != DOMAIN_SHUT_DOWN)
        return false;
    if (reason != NULL)
        *reason = d->shutdown_reason;
    return true;
}

unsigned domain_restored_from(const struct domain *d)
{
    return d->restored_from;
}

bool domain_paused(const struct domain *d)
{
    return d->paused;
}

bool domain_port_is_stores(const struct domain *d, uint64_t port)
{
    return port < EVTCHN_PORTS && d->evtchn[port].state == EVTCHN_STORE;
}

bool domain_blocked(const struct domain *d)
{
    return d->blocked;
}

bool domain_poll_timed_out(const struct domain *d)
{
    return d->poll_timed_out;
}

uint64_t domain_reservation_pages(const struct domain *d)
{
    return d->reservation_pages;
}

uint64_t domain_maximum_pages(const struct domain *d)
{
    return d->maximum_pages;
}

uint64_t domain_claim_pages(const struct domain *d)
{
    return d->claim_pages;
}

uint64_t domain_boot_pages(const struct domain *d)
{
    return d->boot_pages;
}

mfn_t domain_shared_info(const struct domain *d)
{
    return MFN(d->overhead.mfn[0]);
}

size_t domain_reach(const struct domain *d, uint64_t guest_va, size_t bytes, bool write)
{
    return bytes == 0 ? 0 : space_reach(&d->space, guest_va, bytes, write);
}

bool machine_schedule_is_seeded(const struct machine *m)
{
    return m->config.schedule_seed != 0;
}

bool domain_call_unfinished(const struct domain *d)
{
    return d->unfinished;
}

uint64_t domain_image_pages(const struct domain *d)
{
    return d->image_pages;
}

uint64_t domain_boot_end_pfn(const struct domain *d)
{
    return d->boot_end_pfn;
}

uint64_t domain_left_out_pages(const struct domain *d)
{
    return d->layout.left_out_pages;
}

size_t domain_kept_ranges(const struct domain *d, const struct memory_range **ranges)
{
    *ranges = d->layout.kept.at;
    return d->layout.kept.count;
}

/* Leaves out windows in which the domain owns nothing. */
void domain_each_frame(const struct domain *d, bool (*visit)(void *, mfn_t), void *context)
{
    const struct host *host = &d->machine->host;
    for (uint64_t window = d->window_first; window <= d->window_last; window++) {
        uint64_t mfn = HOST_FIRST_MFN + (window << WINDOW_BITS);
        for (uint64_t end = mfn + WINDOW_FRAMES; mfn < end && mfn < host->end_mfn; mfn++) {
            if (d->window_pages[window] == 0)
                break;
            if (host->frames[mfn].owner == d->domid && !visit(context, MFN(mfn)))
                return;
        }
    }
}

static bool count_one(void *context, mfn_t mfn)
{
    (void)mfn;
    ++*(uint64_t *)context;
    return true;
}

uint64_t domain_counted_pages(const struct domain *d)
{
    uint64_t pages = 0;
    domain_each_frame(d, count_one, &pages);
    return pages;
}

bool domain_last_refusal(const struct domain *d, struct fault_answer *answer)
{
    *answer = d->refusal;
    return d->refusal.refused;
}

_Static_assert(PHYSMAP_POD == P2M_ON_DEMAND, "the table is read as it is");

uint64_t domain_p2m_entries(const struct domain *d)
{
    if (kernel_lacks_p2m(d->config.kernel))
        return 0;
    return d->physmap != NULL ? d->physmap->entries : space_p2m_entries(&d->space);
}

/* The P2M entry of a guest that runs on the real Xen, as the model's frame number. */
static uint64_t real_xen_p2m_entry(const struct domain *d, uint64_t pfn)
{
    const struct real_xen_ops *real_xen = d->machine->real_xen;
    return real_xen->model_mfn(real_xen->context, space_p2m(&d->space)[pfn]);
}

mfn_t domain_p2m(const struct domain *d, pfn_t pfn)
{
    if (d->physmap != NULL) {
        uint64_t mfn = physmap_get(d->physmap, pfn.pfn);
        return mfn < PHYSMAP_POD ? MFN(mfn) : MFN_NONE;
    }
    if (pfn.pfn >= space_p2m_entries(&d->space))
        return MFN_NONE;
    return space_on_real_xen(&d->space) ? MFN(real_xen_p2m_entry(d, pfn.pfn))
                                        : MFN(space_p2m(&d->space)[pfn.pfn]);
}

uint64_t domain_on_demand_pages(const struct domain *d)
{
    return d->physmap != NULL ? d->physmap->cache_pages : 0;
}

int64_t domain_owed_pages(const struct domain *d)
{
    const struct physmap *map = d->physmap;
    if (map == NULL)
        return 0;
    assert(map->cache_pages <= d->reservation_pages && map->pod_entries <= PHYSMAP_LIMIT);
    return (int64_t)map->pod_entries - (int64_t)map->cache_pages;
}

static_assert(
    PHYSMAP_1G_PAGES == HOST_MAPPINGS_2M_IN_1G * PHYSMAP_2M_PAGES, "a mapping of 1 GiB has so many of 2 MiB");

bool domain_is_translated(const struct domain *d)
{
    return d->physmap != NULL;
}

bool domain_is_on_demand(const struct domain *d)
{
    return d->physmap != NULL && d->physmap->pod_entries != 0;
}

bool domain_host_mappings(const struct domain *d, struct host_mappings *mappings)
{
    if (d->physmap == NULL)
        return false;
    const struct physmap_sizes sizes = physmap_count_sizes(d->physmap);
    *mappings = (struct host_mappings){sizes.whole_1g, sizes.whole_2m, sizes.shattered_2m};
    return true;
}

const uint64_t *domain_p2m_table(struct domain *d)
{
    if (d->physmap != NULL)
        return d->physmap->entry;
    if (!space_on_real_xen(&d->space))
        return space_p2m(&d->space);
    /* The guest's own table names Xen's frames: our copy of it is brought up to date for who looks. */
    uint64_t *copy = space_p2m_copy(&d->space);
    for (uint64_t pfn = 0; pfn < space_p2m_entries(&d->space); pfn++)
        copy[pfn] = real_xen_p2m_entry(d, pfn);
    return copy;
}

const uint32_t *domain_direct_map(const struct domain *d, uint64_t *pages)
{
    const bool mapped = space_has_direct(&d->space) && d->physmap == NULL;

    *pages = mapped ? d->space.direct_pages : 0;
    return mapped ? d->space.direct_mfn : NULL;
}

uint64_t domain_direct_pages(const struct domain *d)
{
    return space_has_direct(&d->space) ? d->space.direct_pages : 0;
}

uint64_t domain_direct_built_pages(const struct domain *d)
{
    return d->direct_built_pages;
}

bool domain_p2m_is_live(const struct domain *d)
{
    return d->physmap != NULL || !space_on_real_xen(&d->space);
}

uint64_t domain_p2m_room(const struct domain *d)
{
    return d->space.p2m_entries;
}

bool domain_p2m_guard_intact(const struct domain *d)
{
    return d->space.p2m_entries == 0 || space_canary_intact(&d->space);
}

bool domain_counters(const struct domain *d, struct port_counters *counters)
{
    if (d->counters == NULL)
        return false;
    memcpy(counters, d->counters, sizeof *counters);
    return true;
}

uint64_t domain_next_timer_ns(const struct domain *d)
{
    return d->timer_ns < d->poll_timeout_ns ? d->timer_ns : d->poll_timeout_ns;
}

bool domain_driver_on_stack(const struct domain *d)
{
    return backtrace_shows_driver(d);
}

uint64_t domain_blocks(const struct domain *d)
{
    return d->blocks != NULL ? *d->blocks : 0;
}

uint64_t domain_port_calls(const struct domain *d)
{
    return d->port_calls;
}

bool domain_has_agent(const struct domain *d)
{
    return d->agent_port != 0;
}

const char *machine_xenstore(const struct machine *m, const char *path)
{
    return xenstore_read(m->xenstore, 0, path);
}

bool machine_xenstored_serves(const struct machine *m)
{
    return !xenstore_stopped(m->xenstore);
}

const char *machine_domain_node(const struct machine *m, unsigned domid, const char *node)
{
    char path[XENSTORE_NODE_ROOM];
    return xenstore_read(m->xenstore, 0, xenstore_node_path(path, domid, node));
}

bool domain_target_read(const struct domain *d, uint64_t *kib, uint64_t *event)
{
    if (!d->target_known)
        return false;
    if (kib != NULL)
        *kib = d->target_kib;
    if (event != NULL)
        *event = d->target_event;
    return true;
}

bool domain_plays_dom0(const struct domain *d)
{
    return d->config.initial;
}

uint64_t domain_static_max_kib(const struct domain *d)
{
    const char *value = machine_domain_node(d->machine, d->domid, "memory/static-max");
    return value != NULL ? strtoull(value, NULL, 10) : 0;
}
