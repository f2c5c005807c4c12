/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Builds a domain on the real Xen, PV or PVH, by the steps that were measured to work (docs/real-xen.md). The domain's frames are
 * written directly, for they are in QEMU's memory; Xen is asked only for what makes them a domain.
 */
#include "harness/xen/xen_domain.h"

#include "harness/xen/domain_steps.h"
#include "harness/xen/translated_steps.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <xen/event_channel.h>

#include "guest/abi/boot.h"
#include "sim/domain/boot.h"
#include "sim/domain/memory_layout.h"
#include "sim/machine.h"
#include "sim/types.h"

#define PTE_TABLE         (PTE_PRESENT | PTE_WRITABLE | PTE_USER) /* as Xen wants the upper levels */
#define TRAPS             32u
#define VECTOR_NMI        2u
#define TRAP_STUB_BYTES   16u
#define RFLAGS_INTERRUPTS 0x200u /* IF: Xen insists */

static bool lay_out(struct build *build)
{
    const struct xen_domain_options *options = build->options;
    uint64_t kernel_pages = (build->image.load_va + build->image.load_bytes + PAGE_BYTES - 1) / PAGE_BYTES,
             needed;

    if (options->heap_bytes_apart != 0) {
        pv_layout_apart(
            &build->at, kernel_pages, options->p2m_entries, options->heap_bytes_apart, options->direct_pages);
        options->make_room(options->room_context, build->at.end);
        return true;
    }
    if (pv_layout_make(&build->at, kernel_pages, options->p2m_entries, options->image_pages, &needed) &&
        options->image_pages <= options->memory_pages)
        return true;
    return build_fail(build,
        "the guest's image, stacks and tables need %llu pages of the %llu that a boot image has",
        (unsigned long long)needed, (unsigned long long)options->image_pages);
}

static uint64_t add_range(uint64_t *pfns, uint64_t count, uint64_t first_pfn, uint64_t end_pfn)
{
    for (uint64_t pfn = first_pfn; pfn < end_pfn; pfn++)
        pfns[count++] = pfn;
    return count;
}

static bool populate(struct build *build)
{
    const struct domain_config *config = build->options->config;
    const uint64_t end_pfn = build->boot_end_pfn;
    uint64_t *pfns, count = 0;

    if (build->options->layout != NULL)
        return translated_populate(build);
    pfns = malloc(end_pfn * sizeof *pfns);
    if (pfns == NULL)
        return build_fail(build, "no memory");
    if (config->nr_boot_ranges == 0)
        count = add_range(pfns, 0, 0, end_pfn);
    for (size_t i = 0; i < config->nr_boot_ranges; i++)
        count = add_range(pfns, count, config->boot_map[i].first_pfn, config->boot_map[i].end_pfn);
    const bool done = build_populate(build, pfns, count, end_pfn);
    free(pfns);
    return done;
}

/* Maps the domain's boot memory in this process in one piece, and clears it; shared_info is Xen's own frame. */
static bool map_boot_memory(struct build *build)
{
    struct real_xen_memory *memory = &build->domain->memory;

    memory->bytes = build->at.end * PAGE_BYTES;
    memory->base =
        mmap(NULL, memory->bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory->base == MAP_FAILED)
        return build_fail(build, "can't reserve %zu bytes of address space", memory->bytes);
    for (uint64_t pfn = 0; pfn < build->at.end; pfn++)
        if (!build_map_page(build, pfn))
            return false;
    return build_map_shared_info(build);
}

static void *page_at(const struct build *build, uint64_t pfn)
{
    assert(pfn < build->at.end);
    return build->domain->memory.base + pfn * PAGE_BYTES;
}

/* One of the page tables: index 0 is the L4, 1 the L3, then come the L2s, then the L1s. */
static uint64_t *table(const struct build *build, uint64_t index)
{
    assert(index < build->at.nr_tables);
    return page_at(build, build->at.tables + index);
}

static uint64_t table_entry(const struct build *build, uint64_t index)
{
    return build_image_number(build, build->at.tables + index) << PAGE_SHIFT_BITS | PTE_TABLE;
}

/* The L1 entry of a virtual page. */
static uint64_t *leaf(const struct build *build, uint64_t page)
{
    const uint64_t first_l1 = 2 + build->at.nr_l2;

    return &table(build, first_l1 + page / P2M_ENTRIES_PER_PAGE)[page % P2M_ENTRIES_PER_PAGE];
}

static void write_upper_tables(const struct build *build)
{
    const struct pv_layout *at = &build->at;

    table(build, 0)[0] = table_entry(build, 1);
    for (uint64_t i = 0; i < at->nr_l2; i++)
        table(build, 1)[i] = table_entry(build, 2 + i);
    for (uint64_t i = 0; i < at->nr_l1; i++)
        table(build, 2 + i / P2M_ENTRIES_PER_PAGE)[i % P2M_ENTRIES_PER_PAGE] =
            table_entry(build, 2 + at->nr_l2 + i);
}

/*
 * Writes the page tables. Tables are mapped read-only, as Xen demands, unless it translates: then they are the guest's affair. Xen
 * demands, too, that each frame of a boot image is mapped; those at whose own address an access must fault are mapped behind the
 * window, where no guest looks.
 */
static void write_tables(const struct build *build)
{
    const struct pv_layout *at = &build->at;
    const uint64_t read_only = build->options->layout != NULL ? at->end : at->tables;
    uint64_t unreached = at->end + PV_GUEST_WINDOW_PAGES;

    write_upper_tables(build);
    for (uint64_t pfn = 0; pfn < at->end; pfn++) {
        bool hole = pv_layout_is_hole(at, pfn), shared = pfn == at->shared_info;
        uint64_t own = build_image_number(build, pfn) << PAGE_SHIFT_BITS | PTE_PRESENT | PTE_USER;

        if (shared)
            *leaf(build, pfn) =
                build_shared_info_number(build) << PAGE_SHIFT_BITS | PTE_PRESENT | PTE_USER | PTE_WRITABLE;
        else if (!hole)
            *leaf(build, pfn) = own | (pfn >= read_only ? 0 : PTE_WRITABLE);
        if (hole || shared)
            *leaf(build, unreached++) = own;
    }
    assert(unreached == pv_layout_mapped_pages(at));
}

/* The direct map: all of its boot memory, writable, and tables for all that may come. */
static void write_direct_map(const struct build *build)
{
    const struct pv_layout *at = &build->at;
    const uint64_t first_l2 = at->direct_tables + 1, first_l1 = first_l2 + at->nr_direct_l2;

    if (at->direct_pages == 0)
        return;
    table(build, 0)[PV_DIRECT_VA >> 39] = table_entry(build, at->direct_tables);
    for (uint64_t i = 0; i < at->nr_direct_l2; i++)
        table(build, at->direct_tables)[i] = table_entry(build, first_l2 + i);
    for (uint64_t i = 0; i < at->nr_direct_l1; i++)
        table(build, first_l2 + i / P2M_ENTRIES_PER_PAGE)[i % P2M_ENTRIES_PER_PAGE] =
            table_entry(build, first_l1 + i);
    assert(build->boot_end_pfn <= at->direct_pages);
    for (uint64_t pfn = 0, number; pfn < build->boot_end_pfn; pfn++)
        if (build_number(build, pfn, &number))
            table(build, first_l1 + pfn / P2M_ENTRIES_PER_PAGE)[pfn % P2M_ENTRIES_PER_PAGE] =
                number << PAGE_SHIFT_BITS | PTE_PRESENT | PTE_WRITABLE | PTE_USER;
}

static void write_start_info(const struct build *build)
{
    const struct xen_domain_options *options = build->options;
    const struct pv_layout *at = &build->at;
    start_info_t *si = page_at(build, at->start_info);

    memcpy(si->magic, "xen-3.0-x86_64", sizeof "xen-3.0-x86_64");
    si->nr_pages = options->memory_pages;
    si->shared_info = (options->layout != NULL ? options->shared_info_told : build->domain->shared_info_mfn)
                      << PAGE_SHIFT_BITS;
    si->store_mfn = build_image_number(build, at->ring);
    si->store_evtchn = options->store_port;
    si->pt_base = at->tables * PAGE_BYTES;
    si->nr_pt_frames = at->nr_tables;
    si->mfn_list = at->p2m * PAGE_BYTES;
    si->nr_p2m_frames = options->p2m_exact && options->config->nr_boot_ranges == 0
                            ? 0
                            : options->p2m_entries / P2M_ENTRIES_PER_PAGE;
    si->first_p2m_pfn = at->p2m;
    snprintf((char *)si->cmd_line, sizeof si->cmd_line, "%s", options->command_line);
}

/* Writes the boot block. Pointers in it are the guest's addresses. */
static void write_boot_block(const struct build *build)
{
    const struct pv_layout *at = &build->at;
    struct boot_block *boot = page_at(build, at->boot_block);

    *boot = (struct boot_block){
        .magic = BOOT_BLOCK_MAGIC,
        .version = BOOT_BLOCK_VERSION,
        .start_info = (start_info_t *)(at->start_info * PAGE_BYTES),
        .shared_info = (struct shared_info *)(at->shared_info * PAGE_BYTES),
        .xenstore = (struct xenstore_domain_interface *)(at->ring * PAGE_BYTES),
        .m2p = (const uint64_t *)HYPERVISOR_VIRT_START,
        .m2p_entries = build->options->layout != NULL
                           ? 0
                           : (HYPERVISOR_VIRT_END - HYPERVISOR_VIRT_START) / sizeof(uint64_t),
        .p2m_entries = build->options->p2m_entries,
        .image_pages = build->options->image_pages,
        .heap = (char *)(at->heap * PAGE_BYTES),
        .heap_bytes = at->heap_pages * PAGE_BYTES,
        .window = (char *)(at->end * PAGE_BYTES),
        .window_pages = PV_GUEST_WINDOW_PAGES,
        .stacks = (char *)(at->stacks * PAGE_BYTES),
        .nr_stacks = PV_STACKS,
        .stack_bytes = PV_STACK_PAGES * PAGE_BYTES,
        .stack_stride_bytes = PV_STACK_STRIDE_PAGES * PAGE_BYTES,
        .seeded_schedule = build->options->seeded_schedule,
        .available = (const struct boot_available *)(at->boot_block * PAGE_BYTES + sizeof *boot),
        .nr_available = build->options->config->nr_boot_ranges,
        .direct_map = at->direct_pages != 0 ? (char *)PV_DIRECT_VA : NULL,
        .direct_map_pages = at->direct_pages,
        .built_pages = build->options->layout != NULL ? memory_layout_pages(build->options->layout) : 0,
    };
    boot_write_available((struct boot_available *)(void *)(boot + 1), build->options->config);
}

static void write_p2m(const struct build *build)
{
    uint64_t *p2m = page_at(build, build->at.p2m);

    if (build->options->layout !=
        NULL) { /* as the model has it: a page's number is its gfn, whether it has a frame or not */
        for (uint64_t pfn = 0; pfn < build->options->p2m_entries; pfn++)
            p2m[pfn] = pfn;
        return;
    }
    for (uint64_t pfn = 0, number; pfn < build->options->p2m_entries; pfn++)
        p2m[pfn] = pfn < build->boot_end_pfn && build_number(build, pfn, &number) ? number : UINT64_MAX;
}

static void write_image(const struct build *build)
{
    const struct pv_image *image = &build->image;

    assert(image->load_va == PV_MAILBOX_VA);
    memcpy(build->domain->memory.base + image->load_va, image->load, image->load_file_bytes);
}

/* Notes where the harness finds what was written. */
static void note_places(struct build *build)
{
    const struct pv_layout *at = &build->at;
    struct xen_domain *domain = build->domain;
    struct real_xen_memory *memory = &domain->memory;

    domain->at = *at;
    domain->apart_pages = at->apart ? at->end : 0;
    memory->guest_tables = (build->options->layout != NULL ? at->end : at->tables) * PAGE_BYTES;
    memory->guest_direct = at->direct_pages != 0 ? PV_DIRECT_VA : 0;
    memory->guest_p2m_guard = at->p2m_guard * PAGE_BYTES;
    memory->boot = page_at(build, at->boot_block);
    memory->shared_info = page_at(build, at->shared_info);
    memory->xenstore = page_at(build, at->ring);
    memory->p2m = page_at(build, at->p2m);
    memory->image = (struct guest_image *)(void *)(memory->base + build->image.guest_image_va);
    domain->mailbox = (struct pv_mailbox *)(void *)(memory->base + PV_MAILBOX_VA);
    memory->shared_info->vcpu_info[0].evtchn_upcall_mask = 1; /* guests poll for events and want no upcall */
}

static bool put_hypercall_page(struct build *build)
{
    struct conductor *conductor = build->conductor;

    domctl_begin(conductor, XEN_DOMCTL_hypercall_init, build->domain->domid)->u.hypercall_init.gmfn =
        build_image_number(build, build->image.hypercall_page_va / PAGE_BYTES);
    long answer = domctl_issue(conductor);
    return answer == 0 || build_fail(build, "hypercall_init: %ld", answer);
}

static bool set_vcpu(struct build *build)
{
    struct vcpu_guest_context *context = build_registers(build);
    const struct pv_layout *at = &build->at;
    const uint64_t last_stack = at->stacks + (PV_STACKS - 1) * PV_STACK_STRIDE_PAGES;

    memset(context, 0, sizeof *context);
    context->flags = VGCF_in_kernel | VGCF_online;
    context->user_regs.rip = build->image.entry_va;
    context->user_regs.rsi = at->start_info * PAGE_BYTES;
    context->user_regs.rdi = at->boot_block * PAGE_BYTES;
    context->user_regs.rsp = (at->stacks + PV_STACK_PAGES) * PAGE_BYTES;
    context->user_regs.rflags = RFLAGS_INTERRUPTS;
    context->user_regs.cs = FLAT_KERNEL_CS;
    context->user_regs.ss = context->user_regs.ds = context->user_regs.es = FLAT_KERNEL_SS;
    context->kernel_ss = FLAT_KERNEL_SS;
    context->kernel_sp = (last_stack + PV_STACK_PAGES) * PAGE_BYTES;
    context->ctrlreg[3] = xen_pfn_to_cr3(build_image_mfn(build, at->tables));
    for (unsigned i = 0; i < TRAPS; i++)
        if (i != VECTOR_NMI) /* without a handler it is not noticed (xen_domain_wake) */
            context->trap_ctxt[i] = (struct trap_info){.vector = (uint8_t)i,
                .cs = FLAT_KERNEL_CS,
                .address = build->image.trap_stubs_va + i * TRAP_STUB_BYTES};
    return build_set_registers(build);
}

static bool set_translated_vcpu(struct build *build)
{
    const struct pv_layout *at = &build->at;

    return translated_ask_for_upcalls(build) &&
           translated_set_vcpu(build, (at->stacks + PV_STACK_PAGES) * PAGE_BYTES, at->start_info * PAGE_BYTES,
               at->boot_block * PAGE_BYTES);
}

static bool start(struct build *build)
{
    const bool translated = build->options->layout != NULL;

    if (!build_make_store_channel(build) || !put_hypercall_page(build))
        return false;
    return translated ? set_translated_vcpu(build) : build_pin_tables(build) && set_vcpu(build);
}

/* --- the whole --- */

static bool build_all(struct build *build)
{
    if (!pv_image_open(&build->image, build->options->image, build->sentence, build->sentence_bytes) ||
        !lay_out(build) || !build_create(build))
        return false;
    if (build->options->layout != NULL && !translated_fill_pool(build))
        return false;
    if (!populate(build) || !build_set_memory_map(build))
        return false;
    if (build->options->layout != NULL && !translated_place_shared_info(build))
        return false;
    if (!map_boot_memory(build))
        return false;
    write_image(build);
    write_start_info(build);
    write_boot_block(build);
    write_p2m(build);
    note_places(build);
    write_tables(build);
    write_direct_map(build);
    return start(build);
}

struct xen_domain *xen_domain_build(
    struct xen_host *host, const struct xen_domain_options *options, char *sentence, size_t sentence_bytes)
{
    struct build build = {.conductor = xen_host_conductor(host),
        .options = options,
        .sentence = sentence,
        .sentence_bytes = sentence_bytes};

    build.boot_end_pfn = options->layout != NULL ? memory_layout_end_gfn(options->layout)
                                                 : domain_config_boot_end_pfn(options->config);
    assert((options->p2m_entries >= build.boot_end_pfn || options->layout != NULL) && options->domid > 0);
    build.domain = calloc(1, sizeof *build.domain);
    bool done = build.domain != NULL;
    if (done) {
        build.domain->host = host;
        build.domain->memory.base = MAP_FAILED;
        done = build_all(&build);
        build.domain->apart_mfn = build.apart_mfn;
    } else {
        build_fail(&build, "no memory");
    }
    free(build.mfn);
    pv_image_close(&build.image);
    if (done)
        return build.domain;
    xen_domain_destroy(build.domain);
    return NULL;
}

/* The conductor's port, which nobody else closes. */
static void close_store_end(const struct xen_domain *domain)
{
    struct conductor *conductor = xen_host_conductor(domain->host);

    if (domain->store_end == 0)
        return;
    ((evtchn_close_t *)(void *)conductor_area(conductor, AREA_OP))->port = domain->store_end;
    conductor_hypercall(conductor, __HYPERVISOR_event_channel_op, EVTCHNOP_close,
        conductor_area_va(conductor, AREA_OP), 0, 0);
}

void xen_domain_end(struct xen_domain *domain)
{
    if (domain->domid != 0 && xen_host_trouble(domain->host) == XEN_FINE) {
        close_store_end(domain);
        domctl_destroy_domain(xen_host_conductor(domain->host), domain->domid);
    }
    domain->domid = 0;
    domain->store_end = 0;
}

void xen_domain_destroy(struct xen_domain *domain)
{
    if (domain == NULL)
        return;
    xen_domain_end(domain);
    if (domain->memory.base != MAP_FAILED)
        munmap(domain->memory.base, domain->memory.bytes);
    free(domain->apart_mfn);
    free(domain);
}

void xen_domain_pause(struct xen_domain *domain, bool paused)
{
    struct conductor *conductor = xen_host_conductor(domain->host);

    domctl_begin(conductor, paused ? XEN_DOMCTL_pausedomain : XEN_DOMCTL_unpausedomain, domain->domid);
    domctl_issue(conductor);
}

bool xen_domain_waits(const struct xen_domain *domain)
{
    struct conductor *conductor = xen_host_conductor(domain->host);
    const struct xen_domctl_getdomaininfo *info =
        &domctl_begin(conductor, XEN_DOMCTL_getdomaininfo, domain->domid)->u.getdomaininfo;

    return domctl_issue(conductor) == 0 && info->domain == domain->domid &&
           (info->flags & XEN_DOMINF_blocked) != 0;
}

void xen_domain_wake(struct xen_domain *domain)
{
    struct conductor *conductor = xen_host_conductor(domain->host);

    domctl_begin(conductor, XEN_DOMCTL_sendtrigger, domain->domid)->u.sendtrigger.trigger =
        XEN_DOMCTL_SENDTRIGGER_NMI;
    domctl_issue(conductor);
}

const struct vcpu_guest_context *xen_domain_registers(const struct xen_domain *domain)
{
    struct conductor *conductor = xen_host_conductor(domain->host);
    struct xen_domctl *op = domctl_begin(conductor, XEN_DOMCTL_getvcpucontext, domain->domid);

    op->u.vcpucontext.vcpu = 0;
    op->u.vcpucontext.ctxt.p = (vcpu_guest_context_t *)conductor_area_va(conductor, AREA_CONTEXT);
    if (domctl_issue(conductor) != 0)
        return NULL;
    return (const struct vcpu_guest_context *)(void *)conductor_area(conductor, AREA_CONTEXT);
}

bool xen_domain_has_crashed(const struct xen_domain *domain, struct xen_last_words *words)
{
    struct conductor *conductor = xen_host_conductor(domain->host);
    const struct xen_domctl_getdomaininfo *info =
        &domctl_begin(conductor, XEN_DOMCTL_getdomaininfo, domain->domid)->u.getdomaininfo;

    if (domctl_issue(conductor) != 0 || info->domain != domain->domid ||
        (info->flags & XEN_DOMINF_shutdown) == 0)
        return false;
    const struct vcpu_guest_context *registers = xen_domain_registers(domain);
    *words = registers == NULL ? (struct xen_last_words){0}
                               : (struct xen_last_words){registers->user_regs.rip, registers->user_regs.rbp};
    return true;
}
