/* SPDX-License-Identifier: BSD-2-Clause */
/* Takes a domain on the real Xen apart, and puts it together again. */
#include "harness/xen/xen_saved.h"

#include "harness/xen/domain_steps.h"
#include "harness/xen/xen_domain.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "guest/abi/paging.h"
#include "sim/types.h"

#define PTE_GUESTS (0xfffull | 1ull << 63) /* flags, and no-execute */
#define NO_PAGE    UINT32_MAX
#define SHARED_INFO_AT \
    (PTE_MFN_MASK >> PAGE_SHIFT_BITS) /* in a kept table: no page of the domain's, but Xen's frame */

/* What a page behind the boot memory holds: mostly one word, again and again. */
struct contents {
    uint64_t word;
    char *bytes; /* NULL: every word of it is `word` */
};

struct xen_saved {
    struct vcpu_guest_context registers;
    uint64_t nr_contents;
    struct contents contents[]; /* by page */
};

uint64_t xen_saved_entry(uint64_t entry, uint64_t frame)
{
    assert(frame <= SHARED_INFO_AT);
    return (entry & PTE_GUESTS) | frame << PAGE_SHIFT_BITS;
}

static uint64_t frame_of(uint64_t entry)
{
    return (entry & PTE_MFN_MASK) >> PAGE_SHIFT_BITS;
}

static uint64_t *tables_begin(const struct xen_domain *domain)
{
    return (uint64_t *)(void *)(domain->memory.base + domain->at.tables * PAGE_BYTES);
}

static uint64_t *tables_end(const struct xen_domain *domain)
{
    return (uint64_t *)(void *)(domain->memory.base + domain->at.end * PAGE_BYTES);
}

/* --- taking --- */

static bool take_registers(struct xen_domain *domain, struct vcpu_guest_context *registers)
{
    const struct vcpu_guest_context *told = xen_domain_registers(domain);

    if (told != NULL)
        memcpy(registers, told, sizeof *registers);
    return told != NULL;
}

/* Is it a page of the boot memory, which is kept where it is? */
static bool is_in_boot_memory(const struct xen_domain *domain, uint64_t pfn)
{
    return !domain->at.apart && pfn < domain->at.end;
}

static bool is_uniform(const char *page)
{
    return memcmp(page, page + sizeof(uint64_t), PAGE_BYTES - sizeof(uint64_t)) == 0;
}

/* Reads the pages that lie behind the boot memory, one frame after the other. */
static bool take_contents(
    struct xen_saved *saved, struct xen_domain *domain, const struct xen_saved_page *pages, uint64_t count)
{
    char *frame = mmap(NULL, PAGE_BYTES, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    bool done = frame != MAP_FAILED;

    for (uint64_t i = 0; i < count && done; i++) {
        struct contents *contents = &saved->contents[i];

        if (is_in_boot_memory(domain, pages[i].pfn))
            continue;
        done = xen_host_map_frame(domain->host, pages[i].mfn, frame);
        if (!done)
            break;
        memcpy(&contents->word, frame, sizeof contents->word);
        if (is_uniform(frame))
            continue;
        contents->bytes = malloc(PAGE_BYTES);
        done = contents->bytes != NULL;
        if (done)
            memcpy(contents->bytes, frame, PAGE_BYTES);
    }
    if (frame != MAP_FAILED)
        munmap(frame, PAGE_BYTES);
    return done;
}

/* The boot memory becomes this process's own, with what it holds now. */
static bool keep_boot_memory(struct xen_domain *domain)
{
    struct real_xen_memory *memory = &domain->memory;
    char *copy = malloc(memory->bytes);

    if (copy == NULL)
        return false;
    memcpy(copy, memory->base, memory->bytes);
    char *base = mmap(memory->base, memory->bytes, PROT_READ | PROT_WRITE,
        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
    if (base == memory->base)
        memcpy(base, copy, memory->bytes);
    free(copy);
    return base == memory->base;
}

/* Entries of the kept page tables name pages. What names another frame than a saved page's, or than shared_info, goes. */
static bool name_pages(struct xen_domain *domain, const struct xen_saved_page *pages, uint64_t count)
{
    const uint64_t end_mfn = xen_host_end_mfn(domain->host);
    uint32_t *pfn_of = malloc(end_mfn * sizeof *pfn_of);

    if (pfn_of == NULL)
        return false;
    memset(pfn_of, 0xff, end_mfn * sizeof *pfn_of);
    for (uint64_t i = 0; i < count; i++) {
        assert(pages[i].mfn < end_mfn && pages[i].pfn < NO_PAGE);
        pfn_of[pages[i].mfn] = (uint32_t)pages[i].pfn;
    }
    for (uint64_t page = 0; page < domain->apart_pages; page++)
        pfn_of[domain->apart_mfn[page]] = (uint32_t)(PV_APART_FIRST_PFN + page);
    for (uint64_t *entry = tables_begin(domain); entry < tables_end(domain); entry++) {
        const uint64_t mfn = frame_of(*entry);

        if ((*entry & PTE_PRESENT) != 0 && mfn == domain->shared_info_mfn)
            *entry = xen_saved_entry(*entry, SHARED_INFO_AT);
        else if ((*entry & PTE_PRESENT) != 0 && mfn < end_mfn && pfn_of[mfn] != NO_PAGE)
            *entry = xen_saved_entry(*entry, pfn_of[mfn]);
        else
            *entry = 0;
    }
    free(pfn_of);
    return true;
}

struct xen_saved *xen_saved_take(struct xen_domain *domain, const struct xen_saved_page *pages,
    uint64_t count, char *sentence, size_t sentence_bytes)
{
    struct xen_saved *saved = calloc(1, sizeof *saved + count * sizeof *saved->contents);

    if (saved != NULL)
        saved->nr_contents = count;
    if (saved == NULL || !take_registers(domain, &saved->registers) ||
        !take_contents(saved, domain, pages, count) || !keep_boot_memory(domain) ||
        !name_pages(domain, pages, count)) {
        xen_saved_free(saved);
        snprintf(sentence, sentence_bytes, "the domain can't be saved: no memory, or Xen is gone");
        return NULL;
    }
    xen_domain_end(domain);
    return saved;
}

/* --- putting together --- */

static bool populate(struct build *build, const struct xen_saved_page *pages, uint64_t count)
{
    const uint64_t last_pfn = count == 0 ? 0 : pages[count - 1].pfn;
    uint64_t *pfns = malloc((count + 1) * sizeof *pfns);

    if (pfns == NULL)
        return build_fail(build, "no memory");
    for (uint64_t i = 0; i < count; i++)
        pfns[i] = pages[i].pfn;
    const bool done =
        build_populate(build, pfns, count, last_pfn < build->at.end ? build->at.end : last_pfn + 1);
    free(pfns);
    return done;
}

static uint32_t frame_of_page(const struct build *build, uint64_t page)
{
    const uint64_t of_image = page - PV_APART_FIRST_PFN;

    return of_image < build->domain->apart_pages ? build_image_mfn(build, of_image) : build->mfn[page];
}

/* Entries of the page tables name frames again. */
static void name_frames(const struct build *build)
{
    struct xen_domain *domain = build->domain;

    for (uint64_t *entry = tables_begin(domain); entry < tables_end(domain); entry++) {
        const uint64_t page = frame_of(*entry);

        if ((*entry & PTE_PRESENT) == 0)
            continue;
        assert(page == SHARED_INFO_AT || frame_of_page(build, page) != MFN_OF_HOLE);
        *entry = xen_saved_entry(
            *entry, page == SHARED_INFO_AT ? domain->shared_info_mfn : frame_of_page(build, page));
    }
}

static bool give_contents(
    struct build *build, const struct xen_saved *saved, const struct xen_saved_page *pages, uint64_t count)
{
    struct xen_host *host = build->domain->host;
    uint64_t *frame = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    bool done = frame != MAP_FAILED;

    for (uint64_t i = 0; i < count && done; i++) {
        const struct contents *contents = &saved->contents[i];

        if (is_in_boot_memory(build->domain, pages[i].pfn))
            continue;
        done = xen_host_map_frame(host, build->mfn[pages[i].pfn], frame);
        if (done && contents->bytes != NULL)
            memcpy(frame, contents->bytes, PAGE_BYTES);
        for (size_t word = 0; done && contents->bytes == NULL && word < PAGE_BYTES / sizeof *frame; word++)
            frame[word] = contents->word;
    }
    if (frame != MAP_FAILED)
        munmap(frame, PAGE_BYTES);
    return done || build_fail(build, "its pages can't be written");
}

/* The boot memory becomes the domain's. Of pages without a frame this process keeps its own copy. */
static bool give_boot_memory(struct build *build)
{
    for (uint64_t pfn = 0; pfn < build->at.end; pfn++)
        if (build_image_mfn(build, pfn) != MFN_OF_HOLE && !build_map_page(build, pfn))
            return false;
    return build_map_shared_info(build);
}

/* What a restored guest is told anew. */
static void tell_start_info(struct build *build)
{
    const struct pv_layout *at = &build->at;
    char *base = build->domain->memory.base;
    start_info_t *info = (start_info_t *)(void *)(base + at->start_info * PAGE_BYTES);

    info->shared_info = build->domain->shared_info_mfn << PAGE_SHIFT_BITS;
    info->store_mfn = build_image_mfn(build, at->ring);
    info->store_evtchn = build->options->store_port;
}

static bool restore_all(
    struct build *build, const struct xen_saved *saved, struct xen_saved_page *pages, uint64_t count)
{
    if (!build_create(build) || !populate(build, pages, count) || !build_set_memory_map(build))
        return false;
    name_frames(build);
    if (!give_boot_memory(build) || !give_contents(build, saved, pages, count))
        return false;
    tell_start_info(build);
    if (!build_make_store_channel(build) || !build_pin_tables(build))
        return false;
    struct vcpu_guest_context *registers = build_registers(build);
    memcpy(registers, &saved->registers, sizeof *registers);
    registers->ctrlreg[3] = xen_pfn_to_cr3(build_image_mfn(build, build->at.tables));
    for (uint64_t i = 0; i < count; i++)
        pages[i].mfn = build->mfn[pages[i].pfn];
    return build_set_registers(build);
}

bool xen_saved_restore(struct xen_saved *saved, struct xen_domain *domain,
    const struct xen_domain_options *options, struct xen_saved_page *pages, uint64_t count, char *sentence,
    size_t sentence_bytes)
{
    struct build build = {.conductor = xen_host_conductor(domain->host),
        .options = options,
        .domain = domain,
        .at = domain->at,
        .sentence = sentence,
        .sentence_bytes = sentence_bytes};

    assert(saved->nr_contents == count && domain->domid == 0 && options->domid > 0);
    if (domain->apart_pages != 0)
        options->make_room(options->room_context, domain->apart_pages);
    const bool done = restore_all(&build, saved, pages, count);
    if (!done)
        xen_domain_end(domain);
    free(domain->apart_mfn);
    domain->apart_mfn = build.apart_mfn;
    free(build.mfn);
    return done;
}

void xen_saved_free(struct xen_saved *saved)
{
    for (uint64_t i = 0; saved != NULL && i < saved->nr_contents; i++)
        free(saved->contents[i].bytes);
    free(saved);
}
