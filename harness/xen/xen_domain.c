/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Building a PV domain on the real Xen, by the steps that were measured to work (docs/real-xen.md). The
 * domain's frames are filled in directly, for they lie in QEMU's memory; Xen is asked only for what makes
 * them a domain.
 */
#include "harness/xen/xen_domain.h"

#include "harness/xen/xen_domctl.h"

#include <assert.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xen/memory.h>

#define PAGE            4096ull
#define STACKS          16u
#define STACK_PAGES     4u
#define STRIDE_PAGES    (STACK_PAGES + 1) /* one hole under each */
#define WINDOW_PAGES    64u
#define UNREACHED_PAGES (3u + STACKS) /* page 0, the frame under shared_info, holes around stacks */
#define ENTRIES         512u          /* of a page table */
#define PTE_PRESENT     1ull
#define PTE_WRITABLE    2ull
#define PTE_USER        4ull
#define PTE_TABLE       7ull /* present, writable, user: as Xen wants upper levels */
#define TRAPS           32u
#define HEAP_PAGES_MIN  32u

/* What a file needs of its symbols: resolved once per build. */
struct elf_image {
    char *bytes;
    size_t count;
    const Elf64_Phdr *load;
    uint64_t entry, hypercall_page, trap_stubs, guest_image;
};

struct layout {
    uint64_t image_end_pfn, start_info, boot_block, ring, shared_info, stacks, p2m, heap, tables; /* pfns */
    uint64_t p2m_pages, heap_pages, nr_tables, end; /* end: image_pages */
    uint64_t window;
};

struct build {
    struct xen_host *host;
    const struct xen_domain_options *options;
    struct xen_domain *domain;
    struct elf_image elf;
    struct layout at;
    uint32_t *mfn; /* by pfn, all of the boot memory */
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

static bool symbol_is(const char *names, size_t names_bytes, const Elf64_Sym *symbol, const char *wanted)
{
    return symbol->st_name < names_bytes &&
           strncmp(names + symbol->st_name, wanted, names_bytes - symbol->st_name) == 0;
}

static void read_symbols(struct elf_image *elf)
{
    const Elf64_Ehdr *head = (const Elf64_Ehdr *)elf->bytes;
    const Elf64_Shdr *sections = (const Elf64_Shdr *)(elf->bytes + head->e_shoff);

    for (unsigned i = 0; i < head->e_shnum; i++) {
        if (sections[i].sh_type != SHT_SYMTAB)
            continue;
        const Elf64_Sym *symbols = (const Elf64_Sym *)(elf->bytes + sections[i].sh_offset);
        const char *names = elf->bytes + sections[sections[i].sh_link].sh_offset;
        size_t names_bytes = sections[sections[i].sh_link].sh_size;

        for (size_t k = 0; k < sections[i].sh_size / sizeof *symbols; k++) {
            if (symbol_is(names, names_bytes, &symbols[k], "pv_hypercall_page"))
                elf->hypercall_page = symbols[k].st_value;
            if (symbol_is(names, names_bytes, &symbols[k], "pv_trap_stubs"))
                elf->trap_stubs = symbols[k].st_value;
            if (symbol_is(names, names_bytes, &symbols[k], "guest_image"))
                elf->guest_image = symbols[k].st_value;
        }
    }
}

/* The file is our own build's: it is looked at, not distrusted. */
static bool read_elf(struct build *build)
{
    struct elf_image *elf = &build->elf;
    struct stat status;
    int fd = open(build->options->image, O_RDONLY | O_CLOEXEC);

    if (fd < 0 || fstat(fd, &status) != 0)
        return fail(build, "%s: %s (make pv builds it)", build->options->image, strerror(errno));
    elf->count = (size_t)status.st_size;
    elf->bytes = mmap(NULL, elf->count, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    if (elf->bytes == MAP_FAILED || elf->count < sizeof(Elf64_Ehdr) ||
        memcmp(elf->bytes, ELFMAG, SELFMAG) != 0)
        return fail(build, "%s is no ELF file", build->options->image);
    const Elf64_Ehdr *head = (const Elf64_Ehdr *)elf->bytes;
    const Elf64_Phdr *segments = (const Elf64_Phdr *)(elf->bytes + head->e_phoff);
    for (unsigned i = 0; i < head->e_phnum; i++)
        if (segments[i].p_type == PT_LOAD)
            elf->load = &segments[i];
    read_symbols(elf);
    elf->entry = head->e_entry;
    if (elf->load == NULL || elf->hypercall_page == 0 || elf->guest_image == 0)
        return fail(build, "%s is no PV image of ours", build->options->image);
    return true;
}

static uint64_t pages_for(uint64_t bytes)
{
    return (bytes + PAGE - 1) / PAGE;
}

/* Tables that map [0, pages) and nothing else: one L4 and L3 each, as many L2 and L1 as it takes. */
static uint64_t tables_for(uint64_t pages)
{
    uint64_t l1 = (pages + ENTRIES - 1) / ENTRIES;

    return 2 + (l1 + ENTRIES - 1) / ENTRIES + l1;
}

static bool lay_out(struct build *build)
{
    const struct xen_domain_options *options = build->options;
    struct layout *at = &build->at;
    uint64_t next = pages_for(build->elf.load->p_vaddr + build->elf.load->p_memsz);

    at->image_end_pfn = next;
    at->start_info = next++;
    at->boot_block = next++;
    at->ring = next++;
    at->shared_info = next++; /* its own frame is replaced by Xen's in the mapping */
    at->stacks = next + 1;
    next += 1 + STACKS * STRIDE_PAGES;
    at->p2m = next;
    at->p2m_pages = pages_for(options->p2m_entries * sizeof(uint64_t));
    at->heap = at->p2m + at->p2m_pages;
    at->end = options->image_pages;
    at->nr_tables = tables_for(at->end + WINDOW_PAGES + UNREACHED_PAGES);
    at->tables = at->end - at->nr_tables;
    at->window = at->end;
    if (at->tables < at->heap + HEAP_PAGES_MIN || at->end > options->memory_pages)
        return fail(build,
            "the guest's image, stacks and tables need %llu pages of the %llu that a boot image has",
            (unsigned long long)(at->heap + at->nr_tables + HEAP_PAGES_MIN), (unsigned long long)at->end);
    at->heap_pages = at->tables - at->heap;
    return true;
}

static bool create(struct build *build)
{
    struct xen_host *host = build->host;
    struct xen_domctl *op = domctl_begin(host, XEN_DOMCTL_createdomain, build->options->domid);

    op->u.createdomain.max_vcpus = 1;
    op->u.createdomain.max_evtchn_port = 1023;
    op->u.createdomain.max_grant_frames = -1;
    op->u.createdomain.max_maptrack_frames = -1;
    op->u.createdomain.grant_opts = XEN_DOMCTL_GRANT_version(1);
    op->u.createdomain.handle[0] = 1;
    long answer = domctl_issue(host);
    if (answer != 0)
        return fail(build, "createdomain: %ld", answer);
    domctl_begin(host, XEN_DOMCTL_max_vcpus, build->options->domid)->u.max_vcpus.max = 1;
    if ((answer = domctl_issue(host)) != 0)
        return fail(build, "max_vcpus: %ld", answer);
    if ((answer = xen_set_maximum_kib(host, build->options->domid, build->options->maximum_kib)) != 0)
        return fail(build, "max_mem: %ld", answer);
    return true;
}

static bool populate(struct build *build)
{
    struct xen_host *host = build->host;
    uint64_t pages = build->options->memory_pages;

    build->mfn = calloc(pages, sizeof *build->mfn);
    if (build->mfn == NULL)
        return fail(build, "no memory");
    for (uint64_t done = 0; done < pages;) {
        struct xen_memory_reservation *op = (struct xen_memory_reservation *)xen_area(host, AREA_OP);
        uint64_t *list = (uint64_t *)xen_area(host, AREA_LIST);
        uint64_t batch = pages - done < AREA_LIST_ENTRIES ? pages - done : AREA_LIST_ENTRIES;

        memset(op, 0, sizeof *op);
        op->nr_extents = batch;
        op->domid = (domid_t)build->options->domid;
        op->extent_start.p = (xen_pfn_t *)xen_area_va(host, AREA_LIST);
        for (uint64_t i = 0; i < batch; i++)
            list[i] = done + i;
        long answer = xen_hypercall(
            host, __HYPERVISOR_memory_op, XENMEM_populate_physmap, xen_area_va(host, AREA_OP), 0, 0);
        if (answer != (long)batch)
            return fail(build, "the real host has no room for the domain's memory: %lld of %llu pages",
                (long long)(done + (answer > 0 ? (uint64_t)answer : 0)), (unsigned long long)pages);
        for (uint64_t i = 0; i < batch; i++)
            build->mfn[done + i] = (uint32_t)list[i];
        done += batch;
    }
    return true;
}

/* The domain's boot memory as one stretch of ours, cleared. */
static bool map_boot_memory(struct build *build)
{
    struct xen_domain *domain = build->domain;

    domain->base_bytes = build->at.end * PAGE;
    domain->base =
        mmap(NULL, domain->base_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (domain->base == MAP_FAILED)
        return fail(build, "can't reserve %zu bytes of address space", domain->base_bytes);
    for (uint64_t pfn = 0; pfn < build->at.end; pfn++) {
        if (!xen_map_frame(build->host, build->mfn[pfn], domain->base + pfn * PAGE))
            return fail(build, "%s", xen_sentence(build->host));
        memset(domain->base + pfn * PAGE, 0, PAGE);
    }
    struct xen_domain_pages pages = xen_domain_pages(build->host, domain->domid);
    if (!xen_map_frame(build->host, pages.shared_info_frame, domain->base + build->at.shared_info * PAGE))
        return fail(build, "%s", xen_sentence(build->host));
    return true;
}

static uint64_t *table(struct build *build, uint64_t index)
{
    assert(index < build->at.nr_tables);
    return (uint64_t *)(build->domain->base + (build->at.tables + index) * PAGE);
}

static uint64_t table_entry(const struct build *build, uint64_t index, uint64_t flags)
{
    return (uint64_t)build->mfn[build->at.tables + index] << 12 | flags;
}

static bool is_hole(const struct layout *at, uint64_t pfn)
{
    bool under_a_stack = pfn + 1 >= at->stacks && pfn < at->stacks + STACKS * STRIDE_PAGES &&
                         (pfn + 1 - at->stacks) % STRIDE_PAGES == 0;

    return pfn == 0 || under_a_stack || pfn >= at->end;
}

static uint64_t *l1_entry(struct build *build, uint64_t first_l1, uint64_t page)
{
    return &table(build, first_l1 + page / ENTRIES)[page % ENTRIES];
}

/* Index 0 is the L4, 1 the L3, then the L2s, then the L1s. Tables are mapped read-only, as Xen demands. */
static void write_tables(struct build *build, uint64_t shared_info_mfn)
{
    const struct layout *at = &build->at;
    uint64_t pages = at->end + WINDOW_PAGES + UNREACHED_PAGES, unreached = at->end + WINDOW_PAGES;
    uint64_t nr_l1 = (pages + ENTRIES - 1) / ENTRIES, nr_l2 = (nr_l1 + ENTRIES - 1) / ENTRIES;
    uint64_t first_l1 = 2 + nr_l2;

    assert(first_l1 + nr_l1 <= at->nr_tables && nr_l2 <= ENTRIES);
    table(build, 0)[0] = table_entry(build, 1, PTE_TABLE);
    for (uint64_t i = 0; i < nr_l2; i++)
        table(build, 1)[i] = table_entry(build, 2 + i, PTE_TABLE);
    for (uint64_t i = 0; i < nr_l1; i++)
        table(build, 2 + i / ENTRIES)[i % ENTRIES] = table_entry(build, first_l1 + i, PTE_TABLE);
    for (uint64_t pfn = 0; pfn < at->end; pfn++) {
        bool read_only = pfn >= at->tables;
        uint64_t mfn = pfn == at->shared_info ? shared_info_mfn : build->mfn[pfn];

        if (!is_hole(at, pfn))
            *l1_entry(build, first_l1, pfn) =
                mfn << 12 | PTE_PRESENT | PTE_USER | (read_only ? 0 : PTE_WRITABLE);
        /* Each frame of a boot image is mapped once, also where its own address must fault: behind the window. */
        if (is_hole(at, pfn) || pfn == at->shared_info)
            *l1_entry(build, first_l1, unreached++) =
                (uint64_t)build->mfn[pfn] << 12 | PTE_PRESENT | PTE_USER;
    }
    assert(unreached == pages);
}

static void write_boot_data(struct build *build, uint64_t shared_info_mfn)
{
    struct xen_domain *domain = build->domain;
    const struct xen_domain_options *options = build->options;
    const struct layout *at = &build->at;
    start_info_t *si = (start_info_t *)(domain->base + at->start_info * PAGE);
    struct boot_block *boot = (struct boot_block *)(domain->base + at->boot_block * PAGE);

    domain->p2m = (uint64_t *)(domain->base + at->p2m * PAGE);
    for (uint64_t pfn = 0; pfn < options->p2m_entries; pfn++)
        domain->p2m[pfn] = pfn < options->memory_pages ? build->mfn[pfn] : UINT64_MAX;
    memcpy(si->magic, "xen-3.0-x86_64", sizeof "xen-3.0-x86_64");
    si->nr_pages = options->memory_pages;
    si->shared_info = shared_info_mfn << 12;
    si->store_mfn = build->mfn[at->ring];
    si->store_evtchn = options->store_port;
    si->pt_base = at->tables * PAGE;
    si->nr_pt_frames = at->nr_tables;
    si->mfn_list = at->p2m * PAGE;
    si->nr_p2m_frames = options->p2m_exact ? 0 : options->p2m_entries / 512;
    si->first_p2m_pfn = at->p2m;
    snprintf((char *)si->cmd_line, sizeof si->cmd_line, "%s", options->command_line);

    /* Pointers in here are the guest's. */
    boot->magic = BOOT_BLOCK_MAGIC;
    boot->version = BOOT_BLOCK_VERSION;
    boot->start_info = (start_info_t *)(at->start_info * PAGE);
    boot->shared_info = (struct shared_info *)(at->shared_info * PAGE);
    boot->xenstore = (struct xenstore_domain_interface *)(at->ring * PAGE);
    boot->m2p = (const uint64_t *)HYPERVISOR_VIRT_START;
    boot->m2p_entries = (HYPERVISOR_VIRT_END - HYPERVISOR_VIRT_START) / sizeof(uint64_t);
    boot->p2m_entries = options->p2m_entries;
    boot->image_pages = at->end;
    boot->heap = (char *)(at->heap * PAGE);
    boot->heap_bytes = at->heap_pages * PAGE;
    boot->window = (char *)(at->window * PAGE);
    boot->window_pages = WINDOW_PAGES;
    boot->stacks = (char *)(at->stacks * PAGE);
    boot->nr_stacks = STACKS;
    boot->stack_bytes = STACK_PAGES * PAGE;
    boot->stack_stride_bytes = STRIDE_PAGES * PAGE;
    domain->start_info = si;
    domain->boot = boot;
    domain->shared_info = (struct shared_info *)(domain->base + at->shared_info * PAGE);
    domain->shared_info->vcpu_info[0].evtchn_upcall_mask =
        1; /* guests ask for events: there is no upcall to make */
    domain->window_va = at->window * PAGE;
    domain->window_pages = WINDOW_PAGES;
    domain->tables_va = at->tables * PAGE;
}

static void write_image(struct build *build)
{
    const Elf64_Phdr *load = build->elf.load;
    struct xen_domain *domain = build->domain;

    assert(load->p_vaddr == PV_MAILBOX_VA);
    memcpy(domain->base + load->p_vaddr, build->elf.bytes + load->p_offset, load->p_filesz);
    domain->mailbox = (struct pv_mailbox *)(domain->base + PV_MAILBOX_VA);
    domain->image = (struct guest_image *)(domain->base + build->elf.guest_image);
    domain->text_va = load->p_vaddr;
    domain->text_bytes = load->p_memsz;
}

/* L4 pinned, registers set, let go. */
static bool start(struct build *build)
{
    struct xen_host *host = build->host;
    struct xen_domain *domain = build->domain;
    struct vcpu_guest_context *context = (struct vcpu_guest_context *)xen_area(host, AREA_CONTEXT);
    struct mmuext_op *pin = (struct mmuext_op *)xen_area(host, AREA_LIST);
    long answer;

    domctl_begin(host, XEN_DOMCTL_hypercall_init, domain->domid)->u.hypercall_init.gmfn =
        build->mfn[build->elf.hypercall_page / PAGE];
    if ((answer = domctl_issue(host)) != 0)
        return fail(build, "hypercall_init: %ld", answer);
    memset(pin, 0, sizeof *pin);
    pin->cmd = MMUEXT_PIN_L4_TABLE;
    pin->arg1.mfn = build->mfn[build->at.tables];
    answer = xen_hypercall(host, __HYPERVISOR_mmuext_op, xen_area_va(host, AREA_LIST), 1, 0, domain->domid);
    if (answer != 0)
        return fail(build, "pinning the page tables: %ld; Xen's log ends: %.200s", answer,
            xen_console(host) + (strlen(xen_console(host)) > 200 ? strlen(xen_console(host)) - 200 : 0));
    static_assert(sizeof *context <= (AREA_CONTEXT_END - AREA_CONTEXT + 1) * PAGE, "room for it");
    memset(context, 0, sizeof *context);
    context->flags = VGCF_in_kernel | VGCF_online;
    context->user_regs.rip = build->elf.entry;
    context->user_regs.rsi = build->at.start_info * PAGE;
    context->user_regs.rdi = build->at.boot_block * PAGE;
    context->user_regs.rsp = (build->at.stacks + STACK_PAGES) * PAGE;
    context->user_regs.rflags = 0x200;
    context->user_regs.cs = FLAT_KERNEL_CS;
    context->user_regs.ss = context->user_regs.ds = context->user_regs.es = FLAT_KERNEL_SS;
    context->kernel_ss = FLAT_KERNEL_SS;
    context->kernel_sp = (build->at.stacks + (STACKS - 1) * STRIDE_PAGES + STACK_PAGES) * PAGE;
    context->ctrlreg[3] = xen_pfn_to_cr3(build->mfn[build->at.tables]);
    for (unsigned i = 0; i < TRAPS; i++)
        context->trap_ctxt[i] = (struct trap_info){
            .vector = (uint8_t)i, .cs = FLAT_KERNEL_CS, .address = build->elf.trap_stubs + i * 16};
    struct xen_domctl *op = domctl_begin(host, XEN_DOMCTL_setvcpucontext, domain->domid);
    op->u.vcpucontext.vcpu = 0;
    op->u.vcpucontext.ctxt.p = (vcpu_guest_context_t *)xen_area_va(host, AREA_CONTEXT);
    if ((answer = domctl_issue(host)) != 0)
        return fail(build, "setvcpucontext: %ld", answer);
    domctl_begin(host, XEN_DOMCTL_unpausedomain, domain->domid);
    if ((answer = domctl_issue(host)) != 0)
        return fail(build, "unpausedomain: %ld", answer);
    return true;
}

static bool build_all(struct build *build)
{
    if (!read_elf(build) || !lay_out(build) || !create(build))
        return false;
    build->domain->domid = build->options->domid;
    if (!populate(build) || !map_boot_memory(build))
        return false;
    uint64_t shared_info_mfn = xen_domain_pages(build->host, build->domain->domid).shared_info_frame;
    build->domain->shared_info_mfn = shared_info_mfn;
    write_image(build);
    write_boot_data(build, shared_info_mfn);
    write_tables(build, shared_info_mfn);
    build->domain->image_pages = build->at.end;
    return start(build);
}

struct xen_domain *xen_build_domain(
    struct xen_host *host, const struct xen_domain_options *options, char *sentence, size_t sentence_bytes)
{
    struct build build = {.host = host,
        .options = options,
        .sentence = sentence,
        .sentence_bytes = sentence_bytes,
        .elf.bytes = MAP_FAILED};

    assert(options->p2m_entries >= options->memory_pages && options->domid > 0);
    build.domain = calloc(1, sizeof *build.domain);
    bool done = build.domain != NULL;
    if (done) {
        build.domain->host = host;
        build.domain->base = MAP_FAILED;
        done = build_all(&build);
    }
    free(build.mfn);
    if (build.elf.bytes != MAP_FAILED)
        munmap(build.elf.bytes, build.elf.count);
    if (done)
        return build.domain;
    if (build.domain != NULL)
        xen_destroy_domain(build.domain);
    return NULL;
}

void xen_end_domain(struct xen_host *host, unsigned domid)
{
    long answer;

    do { /* it asks to be called again while it works */
        domctl_begin(host, XEN_DOMCTL_destroydomain, domid);
        answer = domctl_issue(host);
    } while (answer == -ERESTART || answer == -EAGAIN);
}

void xen_destroy_domain(struct xen_domain *domain)
{
    if (domain == NULL)
        return;
    if (domain->domid != 0 && xen_trouble(domain->host) == XEN_FINE)
        xen_end_domain(domain->host, domain->domid);
    if (domain->base != MAP_FAILED)
        munmap(domain->base, domain->base_bytes);
    free(domain);
}

/* Only what the guest's own mapping offers: not its first page, not under its stacks, tables only to read. */
size_t xen_domain_reach(const struct xen_domain *domain, uint64_t guest_va, size_t bytes, bool write)
{
    const struct boot_block *boot = domain->boot;
    uint64_t end = write ? domain->tables_va : domain->base_bytes, stacks = (uint64_t)boot->stacks;
    uint64_t stacks_end = stacks + boot->nr_stacks * boot->stack_stride_bytes;

    if (guest_va < PAGE || guest_va >= end || (guest_va >= stacks - PAGE && guest_va < stacks))
        return 0;
    if (guest_va >= stacks && guest_va < stacks_end) {
        uint64_t inside = (guest_va - stacks) % boot->stack_stride_bytes;

        if (inside >= boot->stack_bytes)
            return 0;
        end = guest_va - inside + boot->stack_bytes;
    } else if (guest_va < stacks - PAGE) {
        end = stacks - PAGE;
    }
    return end - guest_va < bytes ? end - guest_va : bytes;
}
