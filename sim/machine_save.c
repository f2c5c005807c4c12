/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Saving and restoring. A guest that has suspended itself loses its frames and its number; later it gets new frames
 * with the same contents and a P2M and M2P that name them, and returns from its suspend call as a domain with a new
 * number. Frames that its P2M doesn't name are not saved. Entries of its page tables name the same pages as before. Apart
 * from its pages, what is saved is simply kept: the memory in which the guest's code runs.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <xen/sched.h>

#include "sim/domain/boot.h"
#include "sim/domain/domain.h"
#include "sim/domain/reservation.h"
#include "sim/domain/saved.h"
#include "sim/evtchn.h"
#include "sim/host/frame_table.h"
#include "sim/host/pool.h"
#include "sim/inspect.h"
#include "sim/machine_destroy.h"
#include "sim/machine_state.h"
#include "sim/real_xen.h"
#include "sim/record/recorder.h"
#include "sim/toolstack/toolstack.h"
#include "sim/xenstore/xenstore.h"

static uint64_t node_pages(const struct domain *d, const char *name, uint64_t otherwise_pages)
{
    const char *kib = machine_domain_node(d->machine, d->domid, name);
    return kib != NULL ? strtoull(kib, NULL, 10) / KIB_PER_PAGE : otherwise_pages;
}

/* Which pages the entries of its page tables name: the saved pages only, for no other frame has a name to be kept by. */
static void take_window(const struct domain *d, struct saved *saved)
{
    const struct host *host = &d->machine->host;
    for (uint64_t slot = 0; slot < SPACE_WINDOW_PAGES; slot++) {
        const uint64_t mfn = d->window_mfn[slot];
        const bool named = mfn != 0 && !d->window_foreign[slot] &&
                           host->m2p[mfn] < space_p2m_entries(&d->space) &&
                           domain_p2m(d, PFN(host->m2p[mfn])).mfn == mfn;
        saved->window_pfn[slot] = named ? host->m2p[mfn] : PFN_NONE.pfn;
    }
}

/* Collects the pages with their contents, and what the toolstack needs at the restore. NULL: no memory. */
static struct saved *take_pages(const struct domain *d)
{
    struct saved *saved = saved_new(d->reservation_pages);
    if (saved == NULL)
        return NULL;
    const struct host *host = &d->machine->host;
    for (uint64_t pfn = 0; pfn < space_p2m_entries(&d->space) && saved->pages < d->reservation_pages; pfn++) {
        uint64_t mfn = domain_p2m(d, PFN(pfn)).mfn;
        if (frame_owned_by(host, mfn, d->domid) && host->m2p[mfn] == pfn)
            saved->page[saved->pages++] =
                (struct saved_page){.pfn = pfn, .stamp = host->frames[mfn].stamp, .mfn = MFN_NONE.mfn};
    }
    take_window(d, saved);
    saved->target_pages =
        node_pages(d, "memory/target", d->config.memory_pages) + d->config.videoram_kib / KIB_PER_PAGE;
    saved->static_max_pages = node_pages(d, "memory/static-max", d->config.maxmem_pages);
    return saved;
}

bool machine_save_domain(struct machine *m, struct domain *d)
{
    unsigned domid = d->domid;
    assert(m->running == NULL);
    assert(d->state == DOMAIN_SHUT_DOWN && d->shutdown_reason == SHUTDOWN_suspend);
    if (d->physmap != NULL)
        return false;
    d->saved = take_pages(d);
    if (d->saved == NULL) {
        machine_lacks_memory(m);
        return false;
    }
    const bool on_real_xen = space_on_real_xen(&d->space);
    if (on_real_xen && !m->real_xen->save(m->real_xen->context, d, d->saved)) {
        saved_free(d->saved);
        d->saved = NULL;
        machine_lacks_memory(m);
        return false;
    }
    xenstore_release(m->xenstore, domid);
    toolstack_withdraw(m, domid);
    xenstore_bury(m->xenstore, domid);
    machine_take_all_back(d);
    memset(d->window_mfn, 0, sizeof d->window_mfn);
    for (uint64_t pfn = 0; pfn < space_p2m_entries(&d->space); pfn++)
        space_p2m(&d->space)[pfn] = MFN_NONE.mfn;
    domain_leave(d);
    d->spare_next = m->asleep;
    m->asleep = d;
    struct record_value value = {DOMAIN_END_SUSPEND};
    if (on_real_xen)
        m->real_xen->was_saved(m->real_xen->context, d);
    recorder_append(m->recorder, REC_DOMAIN_END, domid, m->now_ns, &value, sizeof value, NULL, 0, 0);
    return true;
}

static void give_pages(struct domain *d)
{
    struct host *host = &d->machine->host;
    uint32_t *direct_mfn = space_has_direct(&d->space) ? d->space.direct_mfn : NULL;
    for (uint64_t i = 0; i < d->saved->pages; i++) {
        struct saved_page *page = &d->saved->page[i];
        uint64_t mfn = pool_take(host, 0);
        assert(mfn != 0);
        reservation_add(d, mfn);
        host->frames[mfn].stamp = page->stamp;
        host->frames[mfn].mappings = direct_mfn != NULL || page->pfn < d->image_pages;
        if (direct_mfn != NULL)
            direct_mfn[page->pfn] = (uint32_t)mfn;
        host->m2p[mfn] = page->pfn;
        page->mfn = mfn;
    }
    assert(d->reservation_pages == d->saved->pages);
}

/* On the real Xen its P2M names Xen's frames. */
static void write_p2m(struct domain *d)
{
    const struct real_xen_ops *real_xen = d->machine->real_xen;
    const bool on_real_xen = space_on_real_xen(&d->space);
    for (uint64_t i = 0; i < d->saved->pages; i++) {
        const struct saved_page *page = &d->saved->page[i];
        space_p2m(&d->space)[page->pfn] =
            on_real_xen ? real_xen->xen_mfn(real_xen->context, page->mfn) : page->mfn;
    }
}

static void map_window(struct domain *d)
{
    for (uint64_t slot = 0; slot < SPACE_WINDOW_PAGES; slot++) {
        const uint64_t pfn = d->saved->window_pfn[slot];
        assert(d->window_mfn[slot] == 0);
        const uint64_t mfn = pfn != PFN_NONE.pfn ? domain_p2m(d, PFN(pfn)).mfn : MFN_NONE.mfn;
        if (pfn == PFN_NONE.pfn || reservation_map(d, mfn, false) != 0)
            continue;
        d->window_mfn[slot] = mfn;
        d->window_foreign[slot] = false;
    }
}

/* Makes it runnable again. Its channels, its ring and its timers are new; everything else is as before. */
static void wake(struct domain *d)
{
    memset(d->space.shared_info, 0, PAGE_BYTES);
    memset(d->space.xenstore, 0, PAGE_BYTES);
    memset(d->evtchn, 0, sizeof d->evtchn);
    d->nr_ports = EVTCHN_PORTS_AT_ONCE;
    d->store_port = (unsigned)evtchn_bind_store(d);
    d->agent_port = 0;
    d->end_is_told = false;
    d->vcpu_info_registered = false;
    d->store_unheard = false;
    d->command_state = COMMAND_NONE;
    d->target_known = false;
    d->state = DOMAIN_ALIVE;
    d->blocked = d->polling = d->paused = false;
    d->timer_ns = d->poll_timeout_ns = NEVER_NS;
    d->vcpu.dead = false;
    d->vcpu.result = 0;
}

/* Gives it its pages back, on the real Xen as well. False: that one did not. */
static bool refill(struct domain *d, const struct domain_config *config)
{
    const struct real_xen_ops *real_xen = d->machine->real_xen;
    give_pages(d);
    wake(d);
    if (space_on_real_xen(&d->space) &&
        !real_xen->restore(real_xen->context, d, d->saved, config, d->store_port))
        return false;
    write_p2m(d);
    map_window(d);
    boot_write_start_info(d);
    return true;
}

enum build_error machine_restore_domain(struct machine *m, struct domain *d)
{
    assert(d != NULL && d->saved != NULL);
    struct domain **link = &m->asleep;
    while (*link != NULL && *link != d)
        link = &(*link)->spare_next;
    assert(m->running == NULL && *link == d);

    struct domain_config config = d->config;
    config.memory_pages = d->saved->target_pages;
    config.maxmem_pages = d->saved->static_max_pages;
    uint64_t maximum_pages = toolstack_maximum_pages(m, &config);
    if (d->saved->pages > maximum_pages)
        return BUILD_BAD_CONFIG;
    if (d->saved->pages + domain_overhead_pages(m->config.xen, d->config.pvh) + m->host.claimed_pages >
        m->host.free_pages)
        return BUILD_NO_HOST_MEMORY;
    if (m->nr_domains >= DOMAINS_LIMIT)
        return BUILD_TOO_MANY;
    *link = d->spare_next;
    d->restored_from = d->domid;
    domain_choose_domid(d);
    d->maximum_pages = maximum_pages;
    overhead_take(&d->machine->host, &d->overhead, domain_overhead_pages(m->config.xen, d->config.pvh));
    const bool refilled = refill(d, &config);
    saved_free(d->saved);
    d->saved = NULL;
    domain_join(d);
    if (!refilled) {
        machine_detach_domain(d, false);
        return BUILD_REAL_XEN;
    }
    domain_record(d);
    if (!xenstore_introduce(m->xenstore, d->domid, d->space.xenstore) ||
        !toolstack_introduce(m, d, &config)) {
        machine_destroy_domain(m, d, DOMAIN_END_DESTROY);
        return BUILD_NO_MEMORY;
    }
    return BUILD_OK;
}
