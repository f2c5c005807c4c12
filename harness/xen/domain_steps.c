/* SPDX-License-Identifier: BSD-2-Clause */
/* The calls by which the conductor makes a PV domain on the real Xen. */
#include "harness/xen/domain_steps.h"

#include "harness/xen/xen_found.h"
#include "harness/xen/xen_pages.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xen/event_channel.h>

#include "guest/abi/boot.h"
#include "sim/domain/memory_layout.h"
#include "sim/hypercall/memory_map.h"
#include "sim/machine.h"
#include "sim/types.h"

#define CONSOLE_TAIL_BYTES 200u
#define LARGE_ORDER        9u

bool build_fail(struct build *build, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(build->sentence, build->sentence_bytes, format, arguments);
    va_end(arguments);
    return false;
}

/* Frames of an image that is apart count as the domain's. */
static uint64_t build_maximum_kib(const struct build *build)
{
    return build->options->maximum_kib + (build->at.apart ? build->at.end * KIB_PER_PAGE : 0);
}

bool build_create(struct build *build)
{
    struct conductor *conductor = build->conductor;
    struct xen_domctl *op = domctl_begin(conductor, XEN_DOMCTL_createdomain, build->options->domid);

    op->u.createdomain.max_vcpus = 1;
    op->u.createdomain.max_evtchn_port = 1023;
    op->u.createdomain.max_grant_frames = -1;
    op->u.createdomain.max_maptrack_frames = -1;
    op->u.createdomain.grant_opts = XEN_DOMCTL_GRANT_version(1);
    op->u.createdomain.handle[0] = 1;
    if (build->options->layout != NULL) {
        op->u.createdomain.flags = XEN_DOMCTL_CDF_hvm | XEN_DOMCTL_CDF_hap;
        createdomain_arch(&op->u.createdomain, conductor_xen(conductor)->known)->emulation_flags =
            XEN_X86_EMU_LAPIC;
    }
    long answer = domctl_issue(conductor);
    if (answer != 0)
        return build_fail(build, "createdomain: %ld", answer);
    domctl_begin(conductor, XEN_DOMCTL_max_vcpus, build->options->domid)->u.max_vcpus.max = 1;
    if ((answer = domctl_issue(conductor)) != 0)
        return build_fail(build, "max_vcpus: %ld", answer);
    if ((answer = xen_pages_set_maximum(conductor, build->options->domid, build_maximum_kib(build))) != 0)
        return build_fail(build, "max_mem: %ld", answer);
    build->domain->domid = build->options->domid; /* from now on there is a domain to destroy */
    build->domain->shared_info_mfn = xen_pages_of_domain(conductor, build->domain->domid).shared_info_mfn;
    return true;
}

uint64_t build_take_extents(
    struct build *build, const uint64_t *pfns, uint64_t extents, unsigned order, uint32_t *mfns)
{
    struct conductor *conductor = build->conductor;
    struct xen_memory_reservation *op = (struct xen_memory_reservation *)conductor_area(conductor, AREA_OP);
    uint64_t *list = (uint64_t *)conductor_area(conductor, AREA_LIST);

    assert(extents > 0 && extents <= AREA_LIST_ENTRIES);
    memset(op, 0, sizeof *op);
    op->nr_extents = extents;
    op->extent_order = order;
    op->mem_flags = build->mem_flags;
    op->domid = (domid_t)build->options->domid;
    op->extent_start.p = (xen_pfn_t *)conductor_area_va(conductor, AREA_LIST);
    memcpy(list, pfns, extents * sizeof *list);
    const long answer = conductor_hypercall(conductor, __HYPERVISOR_memory_op, XENMEM_populate_physmap,
        conductor_area_va(conductor, AREA_OP), 0, 0);
    const uint64_t got = answer > 0 ? (uint64_t)answer : 0;
    for (uint64_t i = 0; mfns != NULL && i < got; i++)
        mfns[i] = (uint32_t)list[i];
    return got;
}

static bool populate_all(struct build *build, const uint64_t *pfns, uint64_t count, uint32_t *mfns)
{
    for (uint64_t at = 0, batch; at < count; at += batch) {
        batch = count - at < AREA_LIST_ENTRIES ? count - at : AREA_LIST_ENTRIES;
        if (build_take_extents(build, pfns + at, batch, 0, mfns + at) != batch)
            return build_fail(build, "the real host has no room for the domain's memory from page 0x%llx on",
                (unsigned long long)pfns[at]);
    }
    return true;
}

/*
 * Large extents for as much of an image apart as Xen has them: each piece of the image whose frames lie side by side is one
 * mapping of this process, and it may have 65,530. Returns how many pages got theirs.
 */
static uint64_t populate_large(struct build *build, const uint64_t *pfns)
{
    const uint64_t extents = build->at.end >> LARGE_ORDER;
    uint64_t *firsts = malloc((extents + 1) * sizeof *firsts), got = 0;
    uint32_t *mfns = malloc((extents + 1) * sizeof *mfns);

    assert(extents <= AREA_LIST_ENTRIES);
    for (uint64_t i = 0; firsts != NULL && i < extents; i++)
        firsts[i] = pfns[i << LARGE_ORDER];
    if (firsts != NULL && mfns != NULL && extents > 0)
        got = build_take_extents(build, firsts, extents, LARGE_ORDER, mfns);
    for (uint64_t page = 0; page < got << LARGE_ORDER; page++)
        build->apart_mfn[page] = mfns[page >> LARGE_ORDER] + (uint32_t)(page & ((1u << LARGE_ORDER) - 1u));
    free(firsts);
    free(mfns);
    return got << LARGE_ORDER;
}

/* Frames for an image that is apart. */
static bool populate_apart(struct build *build)
{
    uint64_t *pfns = malloc(build->at.end * sizeof *pfns);

    build->apart_mfn = malloc(build->at.end * sizeof *build->apart_mfn);
    if (pfns == NULL || build->apart_mfn == NULL) {
        free(pfns);
        return build_fail(build, "no memory");
    }
    for (uint64_t page = 0; page < build->at.end; page++)
        pfns[page] = PV_APART_FIRST_PFN + page;
    const uint64_t large = populate_large(build, pfns);
    const bool done = populate_all(build, pfns + large, build->at.end - large, build->apart_mfn + large);
    free(pfns);
    return done;
}

bool build_populate(struct build *build, const uint64_t *pfns, uint64_t count, uint64_t end_pfn)
{
    uint32_t *mfns = malloc((count + 1) * sizeof *mfns);

    build->mfn = malloc(end_pfn * sizeof *build->mfn);
    if (build->mfn == NULL || mfns == NULL) {
        free(mfns);
        return build_fail(build, "no memory");
    }
    memset(build->mfn, 0xff, end_pfn * sizeof *build->mfn);
    bool done = populate_all(build, pfns, count, mfns);
    for (uint64_t i = 0; i < count && done; i++) {
        assert(pfns[i] < end_pfn);
        build->mfn[pfns[i]] = mfns[i];
    }
    free(mfns);
    return done && (!build->at.apart || populate_apart(build));
}

uint32_t build_image_mfn(const struct build *build, uint64_t page)
{
    assert(page < build->at.end);
    return build->at.apart ? build->apart_mfn[page] : build->mfn[page];
}

uint64_t build_image_number(const struct build *build, uint64_t page)
{
    assert(page < build->at.end);
    if (build->options->layout == NULL)
        return build_image_mfn(build, page);
    return build->at.apart ? PV_APART_FIRST_PFN + page : page;
}

bool build_number(const struct build *build, uint64_t pfn, uint64_t *number)
{
    const struct memory_layout *layout = build->options->layout;

    if (layout != NULL) {
        *number = pfn;
        for (size_t i = 0; i < layout->memory.count; i++)
            if (pfn >= layout->memory.at[i].first_pfn && pfn < layout->memory.at[i].end_pfn)
                return true;
        return false;
    }
    *number = build->mfn[pfn];
    return build->mfn[pfn] != MFN_OF_HOLE;
}

uint64_t build_shared_info_number(const struct build *build)
{
    return build->options->layout != NULL ? PVH_SHARED_INFO_GFN : build->domain->shared_info_mfn;
}

bool build_set_memory_map(struct build *build)
{
    const struct domain_config *config = build->options->config;
    struct conductor *conductor = build->conductor;
    struct e820_entry *entry = (struct e820_entry *)(void *)conductor_area(conductor, AREA_LIST);
    struct xen_foreign_memory_map *op =
        (struct xen_foreign_memory_map *)(void *)conductor_area(conductor, AREA_OP);
    unsigned entries = 0;

    static_assert(BOOT_RANGES_MAX * sizeof *entry <= AREA_LIST_ENTRIES * sizeof(uint64_t), "room for it");
    const struct memory_range *ranges = config->memory_map;
    size_t nr_ranges = config->nr_memory_ranges;
    if (build->options->layout != NULL) {
        ranges = build->options->layout->map.at;
        nr_ranges = build->options->layout->map.count;
    }
    for (size_t i = 0; i < config->nr_boot_ranges; i++)
        entry[entries++] = (struct e820_entry){config->boot_map[i].first_pfn << PAGE_SHIFT_BITS,
            (config->boot_map[i].end_pfn - config->boot_map[i].first_pfn) << PAGE_SHIFT_BITS, MEMORY_RAM};
    for (size_t i = 0; entries == i && i < nr_ranges; i++)
        entry[entries++] = (struct e820_entry){ranges[i].first_pfn << PAGE_SHIFT_BITS,
            (ranges[i].end_pfn - ranges[i].first_pfn) << PAGE_SHIFT_BITS, ranges[i].type};
    if (entries == 0)
        return true;
    memset(op, 0, sizeof *op);
    op->domid = (domid_t)build->options->domid;
    op->map.nr_entries = entries;
    op->map.buffer.p = (void *)conductor_area_va(conductor, AREA_LIST);
    long answer = conductor_hypercall(conductor, __HYPERVISOR_memory_op, XENMEM_set_memory_map,
        conductor_area_va(conductor, AREA_OP), 0, 0);
    return answer == 0 || build_fail(build, "set_memory_map: %ld", answer);
}

bool build_map_page(struct build *build, uint64_t pfn)
{
    struct xen_host *host = build->domain->host;
    char *where = build->domain->memory.base + pfn * PAGE_BYTES, page[PAGE_BYTES];

    assert(build_image_mfn(build, pfn) != MFN_OF_HOLE);
    memcpy(page, where, sizeof page);
    if (!xen_host_map_frame(host, build_image_mfn(build, pfn), where))
        return build_fail(build, "%s", xen_host_sentence(host));
    memcpy(where, page, sizeof page);
    return true;
}

bool build_map_shared_info(struct build *build)
{
    struct xen_host *host = build->domain->host;

    return xen_host_map_frame(host, build->domain->shared_info_mfn,
               build->domain->memory.base + build->at.shared_info * PAGE_BYTES) ||
           build_fail(build, "%s", xen_host_sentence(host));
}

bool build_make_store_channel(struct build *build)
{
    struct conductor *conductor = build->conductor;
    evtchn_alloc_unbound_t *alloc = (evtchn_alloc_unbound_t *)(void *)conductor_area(conductor, AREA_OP);
    const domid_t domid = (domid_t)build->domain->domid;

    *alloc = (evtchn_alloc_unbound_t){.dom = domid, .remote_dom = 0};
    long answer = conductor_hypercall(conductor, __HYPERVISOR_event_channel_op, EVTCHNOP_alloc_unbound,
        conductor_area_va(conductor, AREA_OP), 0, 0);
    const evtchn_port_t port = alloc->port;
    if (answer == 0 && port == build->options->store_port) {
        evtchn_bind_interdomain_t *bind =
            (evtchn_bind_interdomain_t *)(void *)conductor_area(conductor, AREA_OP);
        *bind = (evtchn_bind_interdomain_t){.remote_dom = domid, .remote_port = port};
        answer = conductor_hypercall(conductor, __HYPERVISOR_event_channel_op, EVTCHNOP_bind_interdomain,
            conductor_area_va(conductor, AREA_OP), 0, 0);
        build->domain->store_end = bind->local_port;
    }
    return (answer == 0 && build->domain->store_end != 0) ||
           build_fail(build, "the channel to xenstore: %ld, port %u", answer, (unsigned)port);
}

bool build_pin_tables(struct build *build)
{
    struct conductor *conductor = build->conductor;
    struct mmuext_op *pin = (struct mmuext_op *)(void *)conductor_area(conductor, AREA_LIST);

    memset(pin, 0, sizeof *pin);
    pin->cmd = MMUEXT_PIN_L4_TABLE;
    pin->arg1.mfn = build_image_mfn(build, build->at.tables);
    long answer = conductor_hypercall(conductor, __HYPERVISOR_mmuext_op,
        conductor_area_va(conductor, AREA_LIST), 1, 0, build->domain->domid);
    if (answer == 0)
        return true;
    const char *console = xen_host_console(build->domain->host);
    size_t bytes = strlen(console);
    return build_fail(build, "pinning the page tables: %ld; Xen's log ends: %s", answer,
        console + (bytes > CONSOLE_TAIL_BYTES ? bytes - CONSOLE_TAIL_BYTES : 0));
}

struct vcpu_guest_context *build_registers(struct build *build)
{
    struct vcpu_guest_context *context =
        (struct vcpu_guest_context *)(void *)conductor_area(build->conductor, AREA_CONTEXT);

    static_assert(sizeof *context <= (AREA_CONTEXT_END - AREA_CONTEXT + 1) * PAGE_BYTES, "room for it");
    return context;
}

bool build_set_registers(struct build *build)
{
    struct conductor *conductor = build->conductor;
    struct xen_domctl *op = domctl_begin(conductor, XEN_DOMCTL_setvcpucontext, build->domain->domid);

    op->u.vcpucontext.vcpu = 0;
    op->u.vcpucontext.ctxt.p = (vcpu_guest_context_t *)conductor_area_va(conductor, AREA_CONTEXT);
    long answer = domctl_issue(conductor);
    return answer == 0 || build_fail(build, "setvcpucontext: %ld", answer);
}
