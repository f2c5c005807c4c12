/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Domains are built, as a PV builder does it, or a PVH one: memory, start_info, a vcpu, and the toolstack's nodes.
 * What runs in one is a guest image, of which nothing is known here but where it starts.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "sim/domain/boot.h"
#include "sim/domain/domain.h"
#include "sim/domain/physmap.h"
#include "sim/domain/pod.h"
#include "sim/domain/reservation.h"
#include "sim/evtchn.h"
#include "sim/host/frame_table.h"
#include "sim/host/pool.h"
#include "sim/hypercall/memory_map.h"
#include "sim/inspect.h"
#include "sim/machine_state.h"
#include "sim/real_xen.h"
#include "sim/toolstack/host_map.h"
#include "sim/toolstack/toolstack.h"
#include "sim/xenstore/xenstore.h"

#define BLOCKS_LIMIT    (1ull << 26) /* of basic blocks, between two calls: some tenths of a second */
#define BLOCKS_PER_PAGE 256u

/* --- what is asked for --- */

/* The pfn behind the last one of its boot memory. */
uint64_t domain_config_boot_end_pfn(const struct domain_config *config)
{
    return config->nr_boot_ranges == 0 ? config->memory_pages
                                       : config->boot_map[config->nr_boot_ranges - 1u].end_pfn;
}

uint64_t domain_config_p2m_entries(const struct domain_config *config)
{
    switch (config->p2m) {
    case P2M_EXACT:
        return domain_config_boot_end_pfn(config);
    case P2M_PAGES:
        return round_up(config->p2m_pages, P2M_ENTRIES_PER_PAGE);
    default:
        return round_up(config->maxmem_pages + domain_config_boot_end_pfn(config) - config->memory_pages,
            P2M_ENTRIES_PER_PAGE);
    }
}

/*
 * libxl asks for 1 MiB for each vcpu and 8 KiB for each MiB up to maxmem, in whole MiB. Xen has taken 1 MiB when the domain was
 * made. (libxl_get_required_shadow_memory; HAP's tables come out of it.)
 */
uint64_t domain_config_pool_pages(const struct domain_config *config)
{
    if (!config->pvh || config->initial)
        return 0;
    return round_up(PAGES_PER_MIB + 2u * (config->maxmem_pages / PAGES_PER_MIB), PAGES_PER_MIB) -
           PAGES_PER_MIB;
}

uint64_t domain_config_overhead_pages(const struct known_xen *xen, const struct domain_config *config)
{
    return domain_overhead_pages(xen, config->pvh) + domain_config_pool_pages(config);
}

/* How many pages the boot image has: P2M, page tables for its memory, and what the kernel says that it takes. A fixed
 * formula, so that a run doesn't depend on the size of a compiler's output. */
static uint64_t image_pages(const struct domain_config *config)
{
    uint64_t p2m = round_up(domain_config_p2m_entries(config), P2M_ENTRIES_PER_PAGE) / P2M_ENTRIES_PER_PAGE;
    uint64_t tables = config->memory_pages / P2M_ENTRIES_PER_PAGE + 1u;
    uint64_t limit = config->memory_pages * DOMAIN_GROWTH_LIMIT, grown = domain_config_p2m_entries(config);
    return kernel_image_pages(config->kernel, grown < limit ? grown : limit) + p2m + tables;
}

/* Are the ranges of boot memory in order, and memory_pages in all, and does the first one hold the boot image? */
static bool map_is_good(const struct domain_config *config)
{
    uint64_t pages = 0, behind = 0;
    for (size_t i = 0; i < config->nr_boot_ranges; i++) {
        const struct boot_range *range = &config->boot_map[i];
        if (range->first_pfn < behind || range->end_pfn <= range->first_pfn)
            return false;
        if (range->available_end_pfn != 0 &&
            (range->available_first_pfn < range->first_pfn || range->available_end_pfn > range->end_pfn ||
                range->available_first_pfn > range->available_end_pfn))
            return false;
        behind = range->end_pfn;
        pages += range->end_pfn - range->first_pfn;
    }
    if (config->nr_boot_ranges == 0)
        return true;
    return pages == config->memory_pages && config->boot_map[0].first_pfn == 0 &&
           config->boot_map[0].end_pfn > image_pages(config);
}

/* Has it room for its frame buffer, a PC's first MiB, and its boot image? */
static bool hvm_is_good(const struct domain_config *config)
{
    const uint64_t frame_buffer = config->videoram_kib / KIB_PER_PAGE;
    return config->pvh && !config->initial && frame_buffer <= FRAME_BUFFER_PAGES_MAX &&
           frame_buffer + image_pages(config) + PAGES_PER_MIB < config->memory_pages;
}

/* Has the host memory for a PVH dom0 where its map says? */
static bool dom0_is_good(const struct machine *m, const struct domain_config *config)
{
    struct memory_range ranges[MEMORY_RANGES_MAX];
    struct memory_layout layout;
    return memory_layout_dom0(&layout, ranges, memory_map_of_host(m, ranges), config->memory_pages);
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
    if (domain_config_p2m_entries(config) < domain_config_boot_end_pfn(config) ||
        image_pages(config) >= config->memory_pages || (config->hvm && !hvm_is_good(config)) ||
        (config->pvh && config->initial && !dom0_is_good(m, config)))
        return BUILD_BAD_CONFIG;
    if (image == NULL || image->magic != GUEST_IMAGE_MAGIC || image->start == NULL)
        return BUILD_BAD_CONFIG;
    if (m->nr_domains >= DOMAINS_LIMIT || m->next_domid >= DOMID_DOM0)
        return BUILD_TOO_MANY;
    if (config->memory_pages + domain_config_overhead_pages(m->config.xen, config) + m->host.claimed_pages >
        m->host.free_pages)
        return BUILD_NO_HOST_MEMORY;
    return BUILD_OK;
}

/* Where its memory lies, if Xen translates for it. */
static void take_layout(struct domain *d)
{
    const struct domain_config *config = &d->config;
    struct memory_range ranges[MEMORY_RANGES_MAX];
    if (config->pvh && config->initial)
        memory_layout_dom0(&d->layout, ranges, memory_map_of_host(d->machine, ranges), config->memory_pages);
    else if (config->hvm)
        memory_layout_hvm(&d->layout, config->maxmem_pages, config->videoram_kib / KIB_PER_PAGE);
    else if (config->pvh)
        memory_layout_pvh(&d->layout, config->maxmem_pages);
}

/* The map that its toolstack makes of the host's. False: it has more ranges than there is room for. */
static bool take_hosts_map(struct domain *d)
{
    const struct machine_config *host = &d->machine->config;
    struct domain_config *config = &d->config;
    config->nr_memory_ranges = host_map_for_guest(host->host_map, host->nr_host_ranges, config->memory_pages,
        config->maxmem_pages - config->memory_pages, config->memory_map);
    return config->nr_memory_ranges != 0;
}

/* Where Xen translates: the end of memory. A dom0 may plug all that it may have behind what the host's map has. */
static uint64_t translated_end_pfn(const struct domain *d)
{
    const uint64_t limit_pfn = PHYSMAP_NEAR - SPACE_DIRECT_SPARE;
    if (!d->config.initial)
        return d->layout.memory.at[d->layout.memory.count - 1u].end_pfn;
    const uint64_t most = d->config.no_maximum ? d->machine->host.end_mfn : d->config.maxmem_pages;
    const uint64_t end_pfn = memory_layout_map_end_gfn(&d->layout) + most;
    return end_pfn < limit_pfn ? end_pfn : limit_pfn;
}

/* The end of the map that a PV domain sees, devices and all, for behind them it may plug; 0: it sees none. */
static uint64_t map_end_pfn(const struct domain *d)
{
    struct memory_range hosts[MEMORY_RANGES_MAX];
    const bool initial = d->config.initial;
    const struct memory_range *ranges = initial ? hosts : d->config.memory_map;
    const size_t count = initial ? memory_map_of_host(d->machine, hosts) : d->config.nr_memory_ranges;
    uint64_t end_pfn = 0;
    for (size_t i = 0; i < count; i++)
        if (ranges[i].end_pfn > end_pfn)
            end_pfn = ranges[i].end_pfn;
    return end_pfn;
}

static bool take_config(struct domain *d, const struct domain_config *config, struct guest_image *image)
{
    const char *command_line = config->command_line != NULL ? config->command_line : "";
    d->command_line = strdup(command_line);
    if (d->command_line == NULL)
        return false;
    d->config = *config;
    fault_set_clear(d->faults, config->kernel);
    snprintf(d->name, sizeof d->name, "%s", config->name);
    const char *design = config->kernel != NULL ? config->kernel->design : NULL;
    const char *kernel = design != NULL ? design : image->kernel;
    snprintf(d->kernel, sizeof d->kernel, "%s", kernel != NULL ? kernel : "");
    d->config.name = d->name;
    d->config.command_line = d->command_line;
    d->image = *image; /* a copy: the original lies in the guest's own memory */
    d->image_pages = image_pages(config);
    take_layout(d);
    d->boot_pages = config->memory_pages - d->layout.left_out_pages;
    d->boot_end_pfn = config->pvh ? memory_layout_end_gfn(&d->layout) : domain_config_boot_end_pfn(config);
    if (config->hosts_map && !take_hosts_map(d))
        return false;
    d->space.map_pages = d->config.pvh ? translated_end_pfn(d) : map_end_pfn(d);
    return true;
}

/* --- its memory --- */

static void populate_range(struct domain *d, uint64_t first_pfn, uint64_t end_pfn)
{
    struct frame *frames = d->machine->host.frames;
    uint64_t *m2p = d->machine->host.m2p, *p2m = d->space.p2m;
    uint32_t *direct_mfn = space_has_direct(&d->space) ? d->space.direct_mfn : NULL;
    const uint64_t mapped_end = direct_mfn != NULL ? end_pfn : d->image_pages;
    for (uint64_t first = first_pfn; first < end_pfn; first += P2M_ENTRIES_PER_PAGE) {
        uint32_t mfns[P2M_ENTRIES_PER_PAGE];
        uint64_t pages = end_pfn - first < P2M_ENTRIES_PER_PAGE ? end_pfn - first : P2M_ENTRIES_PER_PAGE;
        size_t taken = pool_take_singles(&d->machine->host, mfns, pages);
        assert(taken == pages);
        reservation_add_many(d, mfns, taken);
        for (uint64_t pfn = first; pfn < first + taken; pfn++) {
            const uint32_t mfn = mfns[pfn - first];
            frames[mfn].stamp = 0;
            frames[mfn].mappings = pfn < mapped_end;
            m2p[mfn] = pfn;
            p2m[pfn] = mfn;
        }
        if (direct_mfn != NULL)
            memcpy(direct_mfn + first, mfns, taken * sizeof *mfns);
    }
}

/* Gives the domain its boot memory: frames, P2M and M2P. The boot page tables map the image. */
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

/* A translated guest names its pages by gfn, so its P2M has the gfn itself in each entry. */
static bool give_memory(struct domain *d)
{
    if (!d->config.pvh) {
        populate(d);
        return true;
    }
    d->physmap = physmap_new();
    if (d->physmap == NULL || !physmap_take_pool(d, domain_config_pool_pages(&d->config)))
        return false;
    for (uint64_t pfn = 0; pfn < d->space.p2m_entries; pfn++)
        d->space.p2m[pfn] = pfn;
    /* Room for all that it may plug, so that the table stays where it is. */
    const uint64_t room = max_of(d->space.direct_pages, memory_layout_end_gfn(&d->layout));
    if (space_has_direct(&d->space) && (room > PHYSMAP_NEAR || !physmap_room(d, 0, room)))
        return false;
    return pod_build(d, d->boot_pages - memory_layout_frame_buffer_pages(&d->layout), d->image_pages);
}

/* --- building --- */

/* From here on the guest's memory and vcpu are on the real Xen. */
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

static bool put_back(void *context, mfn_t mfn)
{
    reservation_end(context, mfn.mfn);
    return true;
}

static void give_up_building(struct domain *d)
{
    overhead_give_back(&d->machine->host, &d->overhead);
    if (d->physmap != NULL)
        physmap_give_pool_back(d);
    domain_each_frame(d, put_back, d);
    domain_free(d);
}

/* How many basic blocks a guest may run between two calls. To look at each of its pages is no endless loop. */
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
    overhead_take(&d->machine->host, &d->overhead, domain_overhead_pages(m->config.xen, d->config.pvh));
    if (!give_memory(d)) {
        give_up_building(d);
        return BUILD_NO_MEMORY;
    }
    assert(d->reservation_pages == d->boot_pages);
    d->store_port = (unsigned)evtchn_bind_store(d);
    boot_write_start_info(d);
    boot_write_block(d);
    vcpu_prepare(&d->vcpu, d->space.boot_stack + SPACE_STACK_BYTES, image->start, d->space.boot);
    image->gate = vcpu_gate;
    image->gate_context = vcpu_veiled(&d->vcpu);
    d->blocks_limit = blocks_limit(d);
    image->blocks_limit = image->blocks_left = d->blocks_limit;
    image->blocks_before = 0;
    d->blocks = &image->blocks_before;
    d->living = image;
    if (m->real_xen != NULL && config->dom0)
        m->real_xen->dom0_was_built(m->real_xen->context, d, d->space.boot, &d->vcpu);
    else if (m->real_xen != NULL && !build_on_real_xen(d)) {
        give_up_building(d);
        return BUILD_REAL_XEN;
    }
    domain_join(d);
    domain_record(d);
    *built = d;
    if (config->dom0)
        return BUILD_OK; /* dom0, where the toolstack itself runs: it is not introduced to xenstore */
    if (!xenstore_introduce(m->xenstore, d->domid, d->space.xenstore) ||
        !toolstack_introduce(m, d, &d->config)) {
        machine_destroy_domain(m, d, DOMAIN_END_DESTROY);
        return BUILD_NO_MEMORY;
    }
    return BUILD_OK;
}
