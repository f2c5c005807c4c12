/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Builds a PV domain on the real Xen, by the steps that were measured to work (docs/real-xen.md). The domain's frames are
 * written directly, for they are in QEMU's memory; Xen is asked only for what makes them a domain.
 */
#include "harness/xen/xen_domain.h"

#include "harness/xen/domctl.h"
#include "harness/xen/pv_image.h"
#include "harness/xen/pv_layout.h"
#include "harness/xen/xen_pages.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <xen/event_channel.h>

#include "guest/abi/boot.h"
#include "sim/domain/boot.h"
#include "sim/hypercall/memory_map.h"
#include "sim/machine.h"
#include "sim/types.h"

#define PTE_TABLE          (PTE_PRESENT | PTE_WRITABLE | PTE_USER) /* as Xen wants the upper levels */
#define TRAPS              32u
#define TRAP_STUB_BYTES    16u
#define CONSOLE_TAIL_BYTES 200u
#define RFLAGS_INTERRUPTS  0x200u /* IF: Xen insists */
#define MFN_OF_HOLE        UINT32_MAX

/* A domain that is being built: what it is made from, and what there is of it. */
struct build {
    struct conductor *conductor;
    const struct xen_domain_options *options;
    struct xen_domain *domain;
    struct pv_image image;
    struct pv_layout at;
    uint64_t boot_end_pfn; /* the end of its boot memory, which may have holes */
    uint32_t *mfn;         /* by pfn; MFN_OF_HOLE in a hole */
    char *sentence;
    size_t sentence_bytes;
};

__attribute__((format(printf, 2, 3))) static bool fail(struct build *build, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(build->sentence, build->sentence_bytes, format, arguments);
    va_end(arguments);
    return false;
}

static bool lay_out(struct build *build)
{
    const struct xen_domain_options *options = build->options;
    uint64_t kernel_pages = (build->image.load_va + build->image.load_bytes + PAGE_BYTES - 1) / PAGE_BYTES,
             needed;

    if (pv_layout_make(&build->at, kernel_pages, options->p2m_entries, options->image_pages, &needed) &&
        options->image_pages <= options->memory_pages)
        return true;
    return fail(build,
        "the guest's image, stacks and tables need %llu pages of the %llu that a boot image has",
        (unsigned long long)needed, (unsigned long long)options->image_pages);
}

static bool create(struct build *build)
{
    struct conductor *conductor = build->conductor;
    struct xen_domctl *op = domctl_begin(conductor, XEN_DOMCTL_createdomain, build->options->domid);

    op->u.createdomain.max_vcpus = 1;
    op->u.createdomain.max_evtchn_port = 1023;
    op->u.createdomain.max_grant_frames = -1;
    op->u.createdomain.max_maptrack_frames = -1;
    op->u.createdomain.grant_opts = XEN_DOMCTL_GRANT_version(1);
    op->u.createdomain.handle[0] = 1;
    long answer = domctl_issue(conductor);
    if (answer != 0)
        return fail(build, "createdomain: %ld", answer);
    domctl_begin(conductor, XEN_DOMCTL_max_vcpus, build->options->domid)->u.max_vcpus.max = 1;
    if ((answer = domctl_issue(conductor)) != 0)
        return fail(build, "max_vcpus: %ld", answer);
    if ((answer = xen_pages_set_maximum(conductor, build->options->domid, build->options->maximum_kib)) != 0)
        return fail(build, "max_mem: %ld", answer);
    return true;
}

/* Takes frames for some of its pages, at most as many as a list holds. */
static bool populate_batch(struct build *build, uint64_t first_pfn, uint64_t batch)
{
    struct conductor *conductor = build->conductor;
    struct xen_memory_reservation *op = (struct xen_memory_reservation *)conductor_area(conductor, AREA_OP);
    uint64_t *list = (uint64_t *)conductor_area(conductor, AREA_LIST);

    assert(batch <= AREA_LIST_ENTRIES && first_pfn + batch <= build->boot_end_pfn);
    memset(op, 0, sizeof *op);
    op->nr_extents = batch;
    op->domid = (domid_t)build->options->domid;
    op->extent_start.p = (xen_pfn_t *)conductor_area_va(conductor, AREA_LIST);
    for (uint64_t i = 0; i < batch; i++)
        list[i] = first_pfn + i;
    long answer = conductor_hypercall(conductor, __HYPERVISOR_memory_op, XENMEM_populate_physmap,
        conductor_area_va(conductor, AREA_OP), 0, 0);
    if (answer != (long)batch)
        return fail(build, "the real host has no room for the domain's memory: %ld pages from 0x%llx on",
            answer, (unsigned long long)first_pfn);
    for (uint64_t i = 0; i < batch; i++)
        build->mfn[first_pfn + i] = (uint32_t)list[i];
    return true;
}

static bool populate_range(struct build *build, uint64_t first_pfn, uint64_t end_pfn)
{
    for (uint64_t pfn = first_pfn, batch; pfn < end_pfn; pfn += batch) {
        batch = end_pfn - pfn < AREA_LIST_ENTRIES ? end_pfn - pfn : AREA_LIST_ENTRIES;
        if (!populate_batch(build, pfn, batch))
            return false;
    }
    return true;
}

static bool populate(struct build *build)
{
    const struct domain_config *config = build->options->config;
    bool done = true;

    build->mfn = malloc(build->boot_end_pfn * sizeof *build->mfn);
    if (build->mfn == NULL)
        return fail(build, "no memory");
    memset(build->mfn, 0xff, build->boot_end_pfn * sizeof *build->mfn);
    if (config->nr_boot_ranges == 0)
        return populate_range(build, 0, build->boot_end_pfn);
    for (size_t i = 0; i < config->nr_boot_ranges && done; i++)
        done = populate_range(build, config->boot_map[i].first_pfn, config->boot_map[i].end_pfn);
    return done;
}

/* Gives it its memory map: that of a boot-map, or the one that its toolstack makes. Most PV domains have none. */
static bool set_memory_map(struct build *build)
{
    const struct domain_config *config = build->options->config;
    struct conductor *conductor = build->conductor;
    struct e820_entry *entry = (struct e820_entry *)(void *)conductor_area(conductor, AREA_LIST);
    struct xen_foreign_memory_map *op =
        (struct xen_foreign_memory_map *)(void *)conductor_area(conductor, AREA_OP);
    unsigned entries = 0;

    static_assert(BOOT_RANGES_MAX * sizeof *entry <= AREA_LIST_ENTRIES * sizeof(uint64_t), "room for it");
    for (size_t i = 0; i < config->nr_boot_ranges; i++)
        entry[entries++] = (struct e820_entry){config->boot_map[i].first_pfn << PAGE_SHIFT_BITS,
            (config->boot_map[i].end_pfn - config->boot_map[i].first_pfn) << PAGE_SHIFT_BITS, MEMORY_RAM};
    for (size_t i = 0; entries == i && i < config->nr_memory_ranges; i++)
        entry[entries++] = (struct e820_entry){config->memory_map[i].first_pfn << PAGE_SHIFT_BITS,
            (config->memory_map[i].end_pfn - config->memory_map[i].first_pfn) << PAGE_SHIFT_BITS,
            config->memory_map[i].type};
    if (entries == 0)
        return true;
    memset(op, 0, sizeof *op);
    op->domid = (domid_t)build->options->domid;
    op->map.nr_entries = entries;
    op->map.buffer.p = (void *)conductor_area_va(conductor, AREA_LIST);
    long answer = conductor_hypercall(conductor, __HYPERVISOR_memory_op, XENMEM_set_memory_map,
        conductor_area_va(conductor, AREA_OP), 0, 0);
    return answer == 0 || fail(build, "set_memory_map: %ld", answer);
}

/* Maps the domain's boot memory in this process in one piece, and clears it; shared_info is Xen's own frame. */
static bool map_boot_memory(struct build *build)
{
    struct xen_host *host = build->domain->host;
    struct real_xen_memory *memory = &build->domain->memory;

    memory->bytes = build->at.end * PAGE_BYTES;
    memory->base = mmap(NULL, memory->bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory->base == MAP_FAILED)
        return fail(build, "can't reserve %zu bytes of address space", memory->bytes);
    for (uint64_t pfn = 0; pfn < build->at.end; pfn++) {
        char *page = memory->base + pfn * PAGE_BYTES;

        if (!xen_host_map_frame(host, build->mfn[pfn], page))
            return fail(build, "%s", xen_host_sentence(host));
        memset(page, 0, PAGE_BYTES);
    }
    if (!xen_host_map_frame(
            host, build->domain->shared_info_mfn, memory->base + build->at.shared_info * PAGE_BYTES))
        return fail(build, "%s", xen_host_sentence(host));
    return true;
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
    return (uint64_t)build->mfn[build->at.tables + index] << PAGE_SHIFT_BITS | PTE_TABLE;
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
 * Writes the page tables. Tables are mapped read-only, as Xen demands. Xen demands, too, that each frame of a boot image is
 * mapped; those at whose own address an access must fault are mapped behind the window, where no guest looks.
 */
static void write_tables(const struct build *build)
{
    const struct pv_layout *at = &build->at;
    uint64_t unreached = at->end + PV_GUEST_WINDOW_PAGES;

    write_upper_tables(build);
    for (uint64_t pfn = 0; pfn < at->end; pfn++) {
        bool hole = pv_layout_is_hole(at, pfn), shared = pfn == at->shared_info;
        uint64_t own = (uint64_t)build->mfn[pfn] << PAGE_SHIFT_BITS | PTE_PRESENT | PTE_USER;

        if (shared)
            *leaf(build, pfn) =
                build->domain->shared_info_mfn << PAGE_SHIFT_BITS | PTE_PRESENT | PTE_USER | PTE_WRITABLE;
        else if (!hole)
            *leaf(build, pfn) = own | (pfn >= at->tables ? 0 : PTE_WRITABLE);
        if (hole || shared)
            *leaf(build, unreached++) = own;
    }
    assert(unreached == pv_layout_mapped_pages(at));
}

static void write_start_info(const struct build *build)
{
    const struct xen_domain_options *options = build->options;
    const struct pv_layout *at = &build->at;
    start_info_t *si = page_at(build, at->start_info);

    memcpy(si->magic, "xen-3.0-x86_64", sizeof "xen-3.0-x86_64");
    si->nr_pages = options->memory_pages;
    si->shared_info = build->domain->shared_info_mfn << PAGE_SHIFT_BITS;
    si->store_mfn = build->mfn[at->ring];
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
        .m2p_entries = (HYPERVISOR_VIRT_END - HYPERVISOR_VIRT_START) / sizeof(uint64_t),
        .p2m_entries = build->options->p2m_entries,
        .image_pages = at->end,
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
    };
    boot_write_available((struct boot_available *)(void *)(boot + 1), build->options->config);
}

static void write_p2m(const struct build *build)
{
    uint64_t *p2m = page_at(build, build->at.p2m);

    for (uint64_t pfn = 0; pfn < build->options->p2m_entries; pfn++)
        p2m[pfn] = pfn < build->boot_end_pfn && build->mfn[pfn] != MFN_OF_HOLE ? build->mfn[pfn] : UINT64_MAX;
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

    memory->guest_tables = at->tables * PAGE_BYTES;
    memory->boot = page_at(build, at->boot_block);
    memory->shared_info = page_at(build, at->shared_info);
    memory->xenstore = page_at(build, at->ring);
    memory->p2m = page_at(build, at->p2m);
    memory->image = (struct guest_image *)(void *)(memory->base + build->image.guest_image_va);
    domain->mailbox = (struct pv_mailbox *)(void *)(memory->base + PV_MAILBOX_VA);
    memory->shared_info->vcpu_info[0].evtchn_upcall_mask = 1; /* guests poll for events and want no upcall */
}

/* --- ending it --- */

/* The channel to xenstore, of which the conductor has the other end. It gets the first free port, as in the model. */
static bool make_store_channel(struct build *build)
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
           fail(build, "the channel to xenstore: %ld, port %u", answer, (unsigned)port);
}

static bool put_hypercall_page(struct build *build)
{
    struct conductor *conductor = build->conductor;

    domctl_begin(conductor, XEN_DOMCTL_hypercall_init, build->domain->domid)->u.hypercall_init.gmfn =
        build->mfn[build->image.hypercall_page_va / PAGE_BYTES];
    long answer = domctl_issue(conductor);
    return answer == 0 || fail(build, "hypercall_init: %ld", answer);
}

static bool pin_tables(struct build *build)
{
    struct conductor *conductor = build->conductor;
    struct mmuext_op *pin = (struct mmuext_op *)(void *)conductor_area(conductor, AREA_LIST);

    memset(pin, 0, sizeof *pin);
    pin->cmd = MMUEXT_PIN_L4_TABLE;
    pin->arg1.mfn = build->mfn[build->at.tables];
    long answer = conductor_hypercall(conductor, __HYPERVISOR_mmuext_op,
        conductor_area_va(conductor, AREA_LIST), 1, 0, build->domain->domid);
    if (answer == 0)
        return true;
    const char *console = xen_host_console(build->domain->host);
    size_t bytes = strlen(console);
    return fail(build, "pinning the page tables: %ld; Xen's log ends: %s", answer,
        console + (bytes > CONSOLE_TAIL_BYTES ? bytes - CONSOLE_TAIL_BYTES : 0));
}

static bool set_vcpu(struct build *build)
{
    struct conductor *conductor = build->conductor;
    struct vcpu_guest_context *context =
        (struct vcpu_guest_context *)(void *)conductor_area(conductor, AREA_CONTEXT);
    const struct pv_layout *at = &build->at;
    const uint64_t last_stack = at->stacks + (PV_STACKS - 1) * PV_STACK_STRIDE_PAGES;

    static_assert(sizeof *context <= (AREA_CONTEXT_END - AREA_CONTEXT + 1) * PAGE_BYTES, "room for it");
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
    context->ctrlreg[3] = xen_pfn_to_cr3(build->mfn[at->tables]);
    for (unsigned i = 0; i < TRAPS; i++)
        context->trap_ctxt[i] = (struct trap_info){.vector = (uint8_t)i,
            .cs = FLAT_KERNEL_CS,
            .address = build->image.trap_stubs_va + i * TRAP_STUB_BYTES};
    struct xen_domctl *op = domctl_begin(conductor, XEN_DOMCTL_setvcpucontext, build->domain->domid);
    op->u.vcpucontext.vcpu = 0;
    op->u.vcpucontext.ctxt.p = (vcpu_guest_context_t *)conductor_area_va(conductor, AREA_CONTEXT);
    long answer = domctl_issue(conductor);
    return answer == 0 || fail(build, "setvcpucontext: %ld", answer);
}

static bool start(struct build *build)
{
    if (!make_store_channel(build) || !put_hypercall_page(build) || !pin_tables(build) || !set_vcpu(build))
        return false;
    domctl_begin(build->conductor, XEN_DOMCTL_unpausedomain, build->domain->domid);
    long answer = domctl_issue(build->conductor);
    return answer == 0 || fail(build, "unpausedomain: %ld", answer);
}

/* --- the whole --- */

static bool build_all(struct build *build)
{
    struct xen_domain *domain = build->domain;

    if (!pv_image_open(&build->image, build->options->image, build->sentence, build->sentence_bytes) ||
        !lay_out(build) || !create(build))
        return false;
    domain->domid = build->options->domid; /* from now on there is a domain to destroy */
    domain->shared_info_mfn = xen_pages_of_domain(build->conductor, domain->domid).shared_info_mfn;
    if (!populate(build) || !set_memory_map(build) || !map_boot_memory(build))
        return false;
    write_image(build);
    write_start_info(build);
    write_boot_block(build);
    write_p2m(build);
    note_places(build);
    write_tables(build);
    return start(build);
}

struct xen_domain *xen_domain_build(
    struct xen_host *host, const struct xen_domain_options *options, char *sentence, size_t sentence_bytes)
{
    struct build build = {.conductor = xen_host_conductor(host),
        .options = options,
        .sentence = sentence,
        .sentence_bytes = sentence_bytes};

    build.boot_end_pfn = domain_config_boot_end_pfn(options->config);
    assert(options->p2m_entries >= build.boot_end_pfn && options->domid > 0);
    build.domain = calloc(1, sizeof *build.domain);
    bool done = build.domain != NULL;
    if (done) {
        build.domain->host = host;
        build.domain->memory.base = MAP_FAILED;
        done = build_all(&build);
    } else {
        fail(&build, "no memory");
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

void xen_domain_destroy(struct xen_domain *domain)
{
    if (domain == NULL)
        return;
    if (domain->domid != 0 && xen_host_trouble(domain->host) == XEN_FINE) {
        close_store_end(domain);
        domctl_destroy_domain(xen_host_conductor(domain->host), domain->domid);
    }
    if (domain->memory.base != MAP_FAILED)
        munmap(domain->memory.base, domain->memory.bytes);
    free(domain);
}

void xen_domain_pause(struct xen_domain *domain, bool paused)
{
    struct conductor *conductor = xen_host_conductor(domain->host);

    domctl_begin(conductor, paused ? XEN_DOMCTL_pausedomain : XEN_DOMCTL_unpausedomain, domain->domid);
    domctl_issue(conductor);
}
