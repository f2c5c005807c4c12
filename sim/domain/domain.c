/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Domains: how one is built, as a PV builder does it, how it ends, and its agent's commands. What runs in
 * it is a guest image, of which nothing is known here but where it starts.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/internal.h"

#define IMAGE_FIXED_PAGES \
    320u                     /* kernel, stacks, Xen's pages: what the PV image of our largest kernel takes */
#define STRUCTURE_BYTES 128u /* of one page in the kernel's heap: struct vm_page, and what else grows */
#define BLOCKS_LIMIT    (1ull << 26) /* of basic blocks, between two calls: some tenths of a second */
#define BLOCKS_PER_PAGE 256u
#define STORE_PFN       1u /* in the boot image: whose frame start_info calls store_mfn … */
#define CONSOLE_PFN     2u /* … and console's */

static uint64_t round_up(uint64_t n, uint64_t to)
{
    return (n + to - 1u) / to * to;
}

/* Behind the last pfn of its boot memory. */
static uint64_t boot_end_pfn(const struct domain_config *config)
{
    return config->nr_boot_ranges == 0 ? config->memory_pages
                                       : config->boot_map[config->nr_boot_ranges - 1u].end_pfn;
}

uint64_t domain_config_p2m_entries(const struct domain_config *config)
{
    switch (config->p2m) {
    case P2M_EXACT:
        return boot_end_pfn(config);
    case P2M_PAGES:
        return round_up(config->p2m_pages, P2M_ENTRIES_PER_PAGE);
    default:
        return round_up(
            config->maxmem_pages + boot_end_pfn(config) - config->memory_pages, P2M_ENTRIES_PER_PAGE);
    }
}

/* Pages of the boot image: the kernel's own, its P2M, page tables for its memory, structures for each page.
 * A fixed formula, so that a run doesn't depend on what a compiler made of the kernel. */
static uint64_t image_pages(const struct domain_config *config)
{
    uint64_t p2m = round_up(domain_config_p2m_entries(config), P2M_ENTRIES_PER_PAGE) / P2M_ENTRIES_PER_PAGE;
    uint64_t tables = config->memory_pages / P2M_ENTRIES_PER_PAGE + 1u;
    uint64_t limit = config->memory_pages * DOMAIN_GROWTH_LIMIT, grown = domain_config_p2m_entries(config);
    uint64_t structures = (grown < limit ? grown : limit) * STRUCTURE_BYTES / PAGE_BYTES;
    return IMAGE_FIXED_PAGES + p2m + tables + structures;
}

/* Boot memory in ranges: in order, as much as it is said to be, the first long enough for the boot image. */
static bool map_is_good(const struct domain_config *config)
{
    uint64_t pages = 0, behind = 0;
    for (size_t i = 0; i < config->nr_boot_ranges; i++) {
        const struct boot_range *range = &config->boot_map[i];
        if (range->first_pfn < behind || range->end_pfn <= range->first_pfn)
            return false;
        behind = range->end_pfn;
        pages += range->end_pfn - range->first_pfn;
    }
    if (config->nr_boot_ranges == 0)
        return true;
    return pages == config->memory_pages && config->boot_map[0].first_pfn == 0 &&
           config->boot_map[0].end_pfn > image_pages(config);
}

static enum build_error check_config(
    const struct machine *m, const struct domain_config *config, const struct guest_image *image)
{
    size_t name_bytes = config->name != NULL ? strlen(config->name) : 0;
    if (name_bytes == 0 || name_bytes >= sizeof((struct domain *)0)->name)
        return BUILD_BAD_CONFIG;
    if (config->memory_pages == 0 || config->maxmem_pages < config->memory_pages)
        return BUILD_BAD_CONFIG;
    if (config->nr_boot_ranges > BOOT_RANGES_MAX || !map_is_good(config))
        return BUILD_BAD_CONFIG;
    if (domain_config_p2m_entries(config) < boot_end_pfn(config) ||
        image_pages(config) >= config->memory_pages)
        return BUILD_BAD_CONFIG;
    if (image == NULL || image->magic != GUEST_IMAGE_MAGIC || image->start == NULL)
        return BUILD_BAD_CONFIG;
    if (m->nr_domains >= DOMAINS_LIMIT || m->next_domid >= DOMID_DOM0)
        return BUILD_TOO_MANY;
    if (config->memory_pages + OVERHEAD_PAGES + m->host.claimed_pages > m->host.free_pages)
        return BUILD_NO_HOST_MEMORY;
    return BUILD_OK;
}

/* --- structures that a later domain may take over --- */

static void domain_free(struct domain *d)
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

/* A spare's memory is kept when there is one. */
struct domain *domain_blank(struct machine *m)
{
    struct domain *d = m->spares;
    if (d != NULL)
        m->spares = d->spare_next;
    else if ((d = calloc(1, sizeof *d)) == NULL)
        return NULL;

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
    fault_set_clear(d->faults);
    d->machine = m;
    d->timer_ns = d->poll_timeout_ns = NEVER_NS;
    d->window_first = UINT64_MAX;
    return d;
}

static bool scrub_and_free(void *context, mfn_t mfn)
{
    frame_end(context, mfn.mfn);
    return true;
}

/* --- building --- */

static bool take_config(struct domain *d, const struct domain_config *config, struct guest_image *image)
{
    const char *command_line = config->command_line != NULL ? config->command_line : "";
    d->command_line = strdup(command_line);
    if (d->command_line == NULL)
        return false;
    d->config = *config;
    snprintf(d->name, sizeof d->name, "%s", config->name);
    snprintf(d->kernel, sizeof d->kernel, "%s", image->kernel != NULL ? image->kernel : "");
    d->config.name = d->name;
    d->config.command_line = d->command_line;
    d->image = *image; /* a copy: the original lies in the guest's own memory */
    d->boot_pages = config->memory_pages;
    d->image_pages = image_pages(config);
    return true;
}

void domain_take_overhead(struct domain *d, unsigned pages)
{
    struct host *host = &d->machine->host;
    assert(d->nr_overhead + pages <= OVERHEAD_PAGES);
    for (unsigned i = 0; i < pages; i++) {
        uint64_t mfn = host_take(host, 0);
        assert(mfn != 0);
        frame_of(host, mfn)->owner = OWNER_XEN;
        host->m2p[mfn] = PFN_NONE.pfn;
        d->overhead_mfn[d->nr_overhead++] = (uint32_t)mfn;
    }
    host->overhead_pages += pages;
}

static void give_overhead_back(struct domain *d)
{
    struct host *host = &d->machine->host;
    assert(host->overhead_pages >= d->nr_overhead);
    host->overhead_pages -= d->nr_overhead;
    while (d->nr_overhead > 0)
        host_put(host, d->overhead_mfn[--d->nr_overhead]);
}

static void populate_range(struct domain *d, uint64_t first_pfn, uint64_t end_pfn)
{
    struct host *host = &d->machine->host;
    uint64_t *p2m = d->space.p2m;
    for (uint64_t first = first_pfn; first < end_pfn; first += P2M_ENTRIES_PER_PAGE) {
        uint32_t mfns[P2M_ENTRIES_PER_PAGE];
        uint64_t pages = end_pfn - first < P2M_ENTRIES_PER_PAGE ? end_pfn - first : P2M_ENTRIES_PER_PAGE;
        size_t taken = host_take_singles(host, mfns, pages);
        assert(taken == pages);
        frames_give(d, mfns, taken);
        for (size_t i = 0; i < taken; i++) {
            struct frame *frame = &host->frames[mfns[i]];
            frame->stamp = 0;
            frame->mappings = first + i < d->image_pages;
            host->m2p[mfns[i]] = first + i;
            p2m[first + i] = mfns[i];
        }
    }
}

/* Its boot memory: frames, P2M and M2P. The image is mapped by the boot page tables. */
static void populate(struct domain *d)
{
    const struct domain_config *config = &d->config;
    uint64_t *p2m = d->space.p2m, behind = 0;
    for (size_t i = 0; i < config->nr_boot_ranges; i++) {
        const struct boot_range *range = &config->boot_map[i];
        memset(p2m + behind, 0xff, (range->first_pfn - behind) * sizeof *p2m);
        populate_range(d, range->first_pfn, range->end_pfn);
        behind = range->end_pfn;
    }
    if (config->nr_boot_ranges == 0) {
        populate_range(d, 0, d->boot_pages);
        behind = d->boot_pages;
    }
    memset(p2m + behind, 0xff, (d->space.p2m_entries - behind) * sizeof *p2m);
}

void domain_write_start_info(struct domain *d)
{
    struct space *space = &d->space;
    start_info_t *info = space->start_info;
    snprintf(info->magic, sizeof info->magic, "xen-3.0-x86_64");
    info->nr_pages = d->boot_pages;
    info->shared_info = (uint64_t)d->overhead_mfn[0] << PAGE_SHIFT_BITS;
    info->store_mfn = space->p2m[STORE_PFN];
    info->store_evtchn = d->store_port;
    info->console.domU.mfn = space->p2m[CONSOLE_PFN];
    info->mfn_list = (uintptr_t)space->p2m;
    if (d->config.p2m != P2M_EXACT || d->config.nr_boot_ranges != 0)
        info->nr_p2m_frames = space->p2m_entries / P2M_ENTRIES_PER_PAGE;
    snprintf((char *)info->cmd_line, sizeof info->cmd_line, "%s", d->command_line);
    space->shared_info->vcpu_info[0].evtchn_upcall_mask = 1;
}

static void write_boot_block(struct domain *d)
{
    struct space *space = &d->space;
    *space->boot = (struct boot_block){
        .magic = BOOT_BLOCK_MAGIC,
        .version = BOOT_BLOCK_VERSION,
        .nr_stacks = SPACE_STACKS,
        .start_info = space->start_info,
        .shared_info = space->shared_info,
        .xenstore = space->xenstore,
        .m2p = d->machine->host.m2p_guest,
        .m2p_entries = d->machine->host.end_mfn,
        .p2m_entries = space->p2m_entries,
        .image_pages = d->image_pages,
        .heap = space->heap,
        .heap_bytes = space->heap_bytes,
        .window = space->window,
        .window_pages = SPACE_WINDOW_PAGES,
        .stacks = space->stacks,
        .stack_bytes = SPACE_STACK_BYTES,
        .stack_stride_bytes = SPACE_STRIDE_BYTES,
    };
}

/* Its twin on the real Xen: from here on the guest's memory and vcpu are there. */
static bool build_on_real_xen(struct domain *d)
{
    const struct real_xen_ops *real_xen = d->machine->real_xen;
    struct space *space = &d->space;
    if (!real_xen->build(real_xen->context, d, &d->config, d->image_pages, d->store_port, space->p2m,
            &space->real_xen, &d->vcpu))
        return false;
    assert(space->real_xen.base != NULL && d->vcpu.backend != NULL);
    space->shared_info = space->real_xen.shared_info;
    space->xenstore = space->real_xen.xenstore;
    space->window = space->real_xen.boot->window;
    return true;
}

void domain_record(const struct domain *d)
{
    struct record_domain record = {
        .memory_pages = d->boot_pages,
        .maxmem_pages = d->config.maxmem_pages,
        .p2m_entries = d->space.p2m_entries,
        .image_pages = d->image_pages,
        .overhead_pages = d->nr_overhead,
    };
    snprintf(record.kernel, sizeof record.kernel, "%s", d->kernel);
    recorder_append(d->machine->recorder, REC_DOMAIN, d->domid, d->machine->now_ns, &record, sizeof record,
        d->name, 1, strlen(d->name) + 1u);
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

void domain_choose_domid(struct domain *d)
{
    struct machine *m = d->machine;
    if (d->config.dom0) {
        assert(m->by_id[DOMID_DOM0] == NULL);
        d->domid = DOMID_DOM0;
        d->privileged = true;
        return;
    }
    while (m->by_id[m->next_domid] != NULL) /* dom0 may have taken the number for a domain of its own */
        m->next_domid++;
    d->domid = m->next_domid++;
    assert(d->domid < DOMID_DOM0);
}

/* A translated guest names its pages by gfn: what stands in its table is the gfn itself. */
static bool give_memory(struct domain *d)
{
    if (!d->config.pvh) {
        populate(d);
        return true;
    }
    d->physmap = physmap_new();
    for (uint64_t pfn = 0; pfn < d->space.p2m_entries; pfn++)
        d->space.p2m[pfn] = pfn;
    return d->physmap != NULL && physmap_build(d, d->boot_pages, d->config.maxmem_pages, d->image_pages);
}

static void give_up_building(struct domain *d)
{
    give_overhead_back(d);
    domain_each_frame(d, scrub_and_free, d);
    domain_free(d);
}

/* What a guest may do between two calls: looking at each of its pages in turn is no endless loop. */
static uint64_t blocks_limit(const struct domain *d)
{
    return BLOCKS_LIMIT + BLOCKS_PER_PAGE * d->space.p2m_entries;
}

enum build_error machine_build_domain(
    struct machine *m, const struct domain_config *config, struct guest_image *image, struct domain **built)
{
    enum build_error error = check_config(m, config, image);
    if (error != BUILD_OK)
        return error;
    struct domain *d = domain_blank(m);
    if (d == NULL)
        return BUILD_NO_MEMORY;
    if (!take_config(d, config, image) ||
        !space_prepare(&d->space, domain_config_p2m_entries(config), config->memory_pages, &d->image)) {
        domain_free(d);
        return BUILD_NO_MEMORY;
    }
    if (d->space.p2m_entries >= SPACE_HUGE_ENTRIES)
        frame_table_huge(&m->host);
    domain_choose_domid(d);
    d->maximum_pages = config->dom0 ? config->dom0_maximum_pages : toolstack_maximum_pages(m, &d->config);
    domain_take_overhead(d, OVERHEAD_PAGES);
    if (!give_memory(d)) {
        give_up_building(d);
        return BUILD_NO_MEMORY;
    }
    d->store_port = (unsigned)evtchn_bind_store(d);
    domain_write_start_info(d);
    write_boot_block(d);
    vcpu_prepare(&d->vcpu, d->space.boot_stack + SPACE_STACK_BYTES, image->start, d->space.boot);
    image->gate = vcpu_gate;
    image->gate_context = vcpu_veiled(&d->vcpu);
    image->blocks_limit = image->blocks_left = blocks_limit(d);
    image->blocks_before = 0;
    d->blocks = &image->blocks_before;
    if (m->real_xen != NULL && config->dom0)
        m->real_xen->conduct(m->real_xen->context, d, d->space.boot, &d->vcpu);
    else if (m->real_xen != NULL && !build_on_real_xen(d)) {
        give_up_building(d);
        return BUILD_REAL_XEN;
    }
    domain_join(d);
    domain_record(d);
    *built = d;
    if (config->dom0)
        return BUILD_OK; /* it is the toolstack's own home: nothing introduces it */
    if (!xenstore_introduce(m->xenstore, d->domid, d->space.xenstore) ||
        !toolstack_introduce(m, d, &d->config)) {
        machine_destroy_domain(m, d, DOMAIN_END_DESTROY);
        return BUILD_NO_MEMORY;
    }
    return BUILD_OK;
}

/* --- ending --- */

void domain_end(struct domain *d)
{
    assert(d->machine->by_id[d->domid] == d);
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

static void close_channels(struct domain *d)
{
    for (unsigned port = 1; port < EVTCHN_PORTS; port++) {
        const struct evtchn *evtchn = &d->evtchn[port];
        struct domain *remote =
            evtchn->state == EVTCHN_INTERDOMAIN ? d->machine->by_id[evtchn->remote_domid] : NULL;
        if (remote != NULL)
            remote->evtchn[evtchn->remote_port] =
                (struct evtchn){.state = EVTCHN_UNBOUND, .remote_domid = (uint16_t)d->domid};
    }
}

/* Its frames and what Xen held for it, to the pool. */
void domain_give_all_back(struct domain *d)
{
    close_channels(d);
    claim_end(d);
    mmu_drop_foreign(d);
    zombie_begin(d);
    domain_each_frame(d, scrub_and_free, d);
    assert(d->reservation_pages == 0);
    zombie_end(d);
    give_overhead_back(d);
}

/* No longer one of the machine's domains. */
void domain_leave(struct domain *d)
{
    struct machine *m = d->machine;
    size_t at = 0;
    assert(m->by_id[d->domid] == d);
    while (m->domains[at] != d)
        at++;
    m->nr_domains--;
    memmove(&m->domains[at], &m->domains[at + 1u], (m->nr_domains - at) * sizeof(struct domain *));
    m->by_id[d->domid] = NULL;
}

void domain_detach(struct machine *m, struct domain *d, bool frames_are_forgotten)
{
    assert(m->by_id[d->domid] == d);
    domain_end(d);
    if (!frames_are_forgotten) {
        domain_give_all_back(d);
    } else if (d->window_first <= d->window_last) {
        memset(&d->window_pages[d->window_first], 0,
            (d->window_last - d->window_first + 1u) * sizeof *d->window_pages);
    }
    if (d->space.real_xen.base != NULL) {
        m->real_xen->destroy(m->real_xen->context, d);
        space_free(&d->space);
    } else if (!d->empty) {
        struct port_counters counters;
        bool told = domain_counters(d, &counters) && counters.heap_touched_bytes <= d->space.heap_bytes;
        space_clean(&d->space, told ? counters.heap_touched_bytes : UINT64_MAX);
    }
    d->counters = NULL;
    d->fault_mask = NULL;
    physmap_free(d->physmap);
    d->physmap = NULL;

    domain_leave(d);
    d->spare_next = m->spares;
    m->spares = d;
}

void machine_destroy_domain(struct machine *m, struct domain *d, enum domain_end how)
{
    unsigned domid = d->domid;
    assert(m->running == NULL); /* nobody is destroyed from inside */
    if (!d->empty && domid != DOMID_DOM0) {
        xenstore_release(m->xenstore, domid);
        toolstack_withdraw(m, domid);
    }
    domain_detach(m, d, false);
    struct record_value value = {how};
    recorder_append(m->recorder, REC_DOMAIN_END, domid, m->now_ns, &value, sizeof value, NULL, 0, 0);
}

/* --- the agent --- */

bool domain_command(struct domain *d, const char *line)
{
    size_t bytes = strlen(line);
    assert(bytes > 0);
    if (d->state != DOMAIN_ALIVE || bytes >= COMMAND_BYTES || d->command_state == COMMAND_WAITING ||
        d->command_state == COMMAND_RUNNING)
        return false;
    memcpy(d->command, line, bytes + 1u);
    d->command_state = COMMAND_WAITING;
    if (d->agent_port != 0)
        evtchn_raise(d, d->agent_port);
    return true;
}

bool domain_command_done(const struct domain *d, int *status, const char **output)
{
    if (d->command_state != COMMAND_ANSWERED)
        return false;
    if (status != NULL)
        *status = d->answer_status;
    if (output != NULL)
        *output = d->answer + strlen(d->answer) + 1u;
    return true;
}

struct fault_set *domain_faults(struct domain *d)
{
    return d->faults;
}

const struct domain_config *domain_configuration(const struct domain *d)
{
    return &d->config;
}
