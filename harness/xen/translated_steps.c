/* SPDX-License-Identifier: BSD-2-Clause */
/* The calls by which the conductor makes a domain that Xen translates for. */
#include "harness/xen/translated_steps.h"

#include "harness/xen/xen_pages.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "sim/domain/memory_layout.h"
#include "sim/types.h"

#undef __STRICT_ANSI__ /* the next header wants anonymous unions, which C17 has */
#include <xen/hvm/hvm_op.h>
#include <xen/hvm/params.h>
#include <xen/hvm/save.h>

#define LARGE_ORDER         9u
#define IMAGE_MARK          1u /* any word but 0 */
#define CONTEXT_BYTES       ((PV_AREA_PAGES - AREA_LIST) * PAGE_BYTES)
#define SELECTOR_CODE       0x08u /* as pvh.c makes them anew; until then only their hidden parts count */
#define SELECTOR_DATA       0x10u
#define ATTRIBUTES_CODE     0xa9bu /* 64-bit, present, ring 0 */
#define ATTRIBUTES_DATA     0xc93u
#define ATTRIBUTES_TASK     0x8bu
#define CR0_FLAGS           0x80010033ull /* paging, write protection, an FPU, protection */
#define CR4_FLAGS           0x620ull      /* PAE, and SSE may be used */
#define EFER_FLAGS          0xd00ull      /* long mode, and NX means something */
#define RFLAGS_ALWAYS       0x2ull
#define CALLBACK_TYPE_SHIFT 56u
#define UPCALL_VECTOR       0xf3u /* Linux's */
#define FPU_CONTROL         0x37fu
#define SSE_CONTROL         0x1f80u

bool translated_fill_pool(struct build *build)
{
    struct xen_domctl *op = domctl_begin(build->conductor, XEN_DOMCTL_shadow_op, build->options->domid);

    op->u.shadow_op.op = XEN_DOMCTL_SHADOW_OP_SET_ALLOCATION;
    op->u.shadow_op.mb = (uint32_t)build->options->pool_mib;
    const long answer = domctl_issue(build->conductor);
    return answer == 0 || build_fail(build, "memory for Xen's tables: %ld", answer);
}

/* --- memory --- */

/* So many extents from a gfn on. */
static bool take(struct build *build, uint64_t gfn, uint64_t extents, unsigned order)
{
    uint64_t *gfns = malloc(AREA_LIST_ENTRIES * sizeof *gfns);
    bool done = gfns != NULL || build_fail(build, "no memory");

    for (uint64_t batch; done && extents > 0; extents -= batch, gfn += batch << order) {
        batch = extents < AREA_LIST_ENTRIES ? extents : AREA_LIST_ENTRIES;
        for (uint64_t i = 0; i < batch; i++)
            gfns[i] = gfn + (i << order);
        done = build_take_extents(build, gfns, batch, order, NULL) == batch;
    }
    free(gfns);
    return done;
}

/* In large extents as far as the host has them, which is up to *large_end. */
static bool populate_range(struct build *build, uint64_t first, uint64_t end, uint64_t *large_end)
{
    const uint64_t extent = 1ull << LARGE_ORDER;
    bool large = true;

    *large_end = first;

    while (first < end) {
        uint64_t pages = round_up(first + 1, extent) - first;

        if (large && first % extent == 0 && end - first >= extent) {
            large = take(build, first, 1, LARGE_ORDER);
            first += large ? extent : 0;
            *large_end = first;
            continue;
        }
        if (!large || pages > end - first)
            pages = end - first;
        if (!take(build, first, pages, 0))
            return build_fail(build, "the real host has no room for the domain's memory at gfn 0x%llx",
                (unsigned long long)first);
        first += pages;
    }
    return true;
}

/* The frames of its image, which this process maps. Those of a large extent lie side by side. */
static bool find_frames(struct build *build, uint32_t *mfns, uint64_t large_end)
{
    bool found = true;

    for (uint64_t page = 0; found && page < build->at.end; page++) {
        const uint64_t gfn = build_image_number(build, page);
        const bool next = page > 0 && gfn < large_end && gfn % (1ull << LARGE_ORDER) != 0;
        const uint64_t mfn =
            next ? mfns[page - 1] + 1ull : xen_pages_of_gfn(build->conductor, build->options->domid, gfn);

        mfns[page] = (uint32_t)mfn;
        found = mfn != 0 || build_fail(build, "the conductor can't map the image's page 0x%llx",
                                (unsigned long long)page);
    }
    xen_pages_gfns_end(build->conductor);
    return found;
}

static bool is_on_demand(const struct build *build)
{
    return build->options->memory_pages < memory_layout_pages(build->options->layout);
}

/* All of its memory is only promised, and there are frames for a part of it: as libxl does, the target comes first. */
static bool promise(struct build *build)
{
    const long answer =
        xen_pages_set_pod_target(build->conductor, build->options->domid, build->options->memory_pages);

    build->mem_flags = XENMEMF_populate_on_demand;
    return answer == 0 || build_fail(build, "set_pod_target: %ld", answer);
}

static bool write_mark(struct build *build, uint64_t mfn, uint64_t *page)
{
    struct xen_host *host = build->domain->host;

    if (!xen_host_map_frame(host, mfn, page))
        return build_fail(build, "%s", xen_host_sentence(host));
    *page = IMAGE_MARK;
    return true;
}

/*
 * A toolstack writes the image, so that its pages have frames from the beginning. Where the image is apart nothing is written
 * there, and Xen would take the pages for zeros and back: so they hold a mark.
 */
static bool touch_image(struct build *build)
{
    void *page = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    bool done = page != MAP_FAILED || build_fail(build, "no memory");

    for (uint64_t gfn = 0; done && gfn < build->options->image_pages; gfn++) {
        const uint64_t mfn = xen_pages_of_gfn(build->conductor, build->options->domid, gfn);

        done =
            mfn != 0 || build_fail(build, "no frame comes on demand at gfn 0x%llx", (unsigned long long)gfn);
        done = done && (!build->at.apart || write_mark(build, mfn, page));
    }
    xen_pages_gfns_end(build->conductor);
    if (page != MAP_FAILED)
        munmap(page, PAGE_BYTES);
    return done;
}

bool translated_populate(struct build *build)
{
    const struct layout_ranges *memory = &build->options->layout->memory;
    uint32_t **image = build->at.apart ? &build->apart_mfn : &build->mfn;
    uint64_t large_end, image_large_end = 0;
    bool done = true;

    assert(memory->count > 0 && memory->at[0].first_pfn == 0);
    *image = malloc(build->at.end * sizeof **image);
    if (*image == NULL)
        return build_fail(build, "no memory");
    if (is_on_demand(build))
        done = promise(build);
    for (size_t i = 0; done && i < memory->count; i++) {
        done = populate_range(build, memory->at[i].first_pfn, memory->at[i].end_pfn, &large_end);
        if (i == 0)
            image_large_end = large_end;
    }
    build->mem_flags = 0;
    if (is_on_demand(build)) {
        image_large_end = 0; /* what is promised as one extent need not come as one */
        done = done && touch_image(build);
    }
    if (done && build->at.apart)
        done =
            populate_range(build, PV_APART_FIRST_PFN, PV_APART_FIRST_PFN + build->at.end, &image_large_end);
    return done && find_frames(build, *image, image_large_end);
}

bool translated_place_shared_info(struct build *build)
{
    struct xen_add_to_physmap *op =
        (struct xen_add_to_physmap *)(void *)conductor_area(build->conductor, AREA_OP);
    const domid_t domid = (domid_t)build->options->domid;

    *op = (struct xen_add_to_physmap){
        .domid = domid, .space = XENMAPSPACE_shared_info, .gpfn = build_shared_info_number(build)};
    const long answer = conductor_hypercall(build->conductor, __HYPERVISOR_memory_op, XENMEM_add_to_physmap,
        conductor_area_va(build->conductor, AREA_OP), 0, 0);
    if (answer != 0)
        return build_fail(build, "shared_info's gfn: %ld", answer);
    build->domain->shared_info_mfn =
        xen_pages_of_gfn(build->conductor, domid, build_shared_info_number(build));
    xen_pages_gfns_end(build->conductor);
    return build->domain->shared_info_mfn != 0 || build_fail(build, "the conductor can't map shared_info");
}

bool translated_ask_for_upcalls(struct build *build)
{
    struct xen_hvm_param *op = (struct xen_hvm_param *)(void *)conductor_area(build->conductor, AREA_OP);

    *op = (struct xen_hvm_param){.domid = (domid_t)build->options->domid,
        .index = HVM_PARAM_CALLBACK_IRQ,
        .value = (uint64_t)HVM_PARAM_CALLBACK_TYPE_VECTOR << CALLBACK_TYPE_SHIFT | UPCALL_VECTOR};
    const long answer = conductor_hypercall(build->conductor, __HYPERVISOR_hvm_op, HVMOP_set_param,
        conductor_area_va(build->conductor, AREA_OP), 0, 0);
    return answer == 0 || build_fail(build, "the vector of upcalls: %ld", answer);
}

/* --- its vcpu --- */

static struct hvm_hw_cpu first_registers(
    const struct build *build, uint64_t stack_va, uint64_t start_info_va, uint64_t boot_block_va)
{
    struct hvm_hw_cpu cpu = {
        .rip = build->image.pvh_entry_va,
        .rsp = stack_va,
        .rsi = start_info_va,
        .rdi = boot_block_va,
        .rflags = RFLAGS_ALWAYS,
        .cr0 = CR0_FLAGS,
        .cr3 = build_image_number(build, build->at.tables) << PAGE_SHIFT_BITS,
        .cr4 = CR4_FLAGS,
        .msr_efer = EFER_FLAGS,
        .cs_sel = SELECTOR_CODE,
        .ds_sel = SELECTOR_DATA,
        .es_sel = SELECTOR_DATA,
        .ss_sel = SELECTOR_DATA,
        .cs_limit = UINT32_MAX,
        .ds_limit = UINT32_MAX,
        .es_limit = UINT32_MAX,
        .fs_limit = UINT32_MAX,
        .gs_limit = UINT32_MAX,
        .ss_limit = UINT32_MAX,
        .cs_arbytes = ATTRIBUTES_CODE,
        .ds_arbytes = ATTRIBUTES_DATA,
        .es_arbytes = ATTRIBUTES_DATA,
        .fs_arbytes = ATTRIBUTES_DATA,
        .gs_arbytes = ATTRIBUTES_DATA,
        .ss_arbytes = ATTRIBUTES_DATA,
        .tr_arbytes = ATTRIBUTES_TASK,
    };
    const uint16_t fpu_control = FPU_CONTROL;
    const uint32_t sse_control = SSE_CONTROL;

    memcpy(cpu.fpu_regs, &fpu_control, sizeof fpu_control);
    memcpy(cpu.fpu_regs + 24, &sse_control, sizeof sse_control); /* of fxsave's layout */
    return cpu;
}

static struct xen_domctl *begin_context(struct build *build, uint32_t command, uint32_t bytes)
{
    struct xen_domctl *op = domctl_begin(build->conductor, command, build->options->domid);

    op->u.hvmcontext.size = bytes;
    op->u.hvmcontext.buffer.p = (uint8_t *)conductor_area_va(build->conductor, AREA_LIST);
    return op;
}

/* One record behind another; returns where the next one goes. */
static char *put(char *at, uint16_t code, const void *record, uint32_t bytes)
{
    const struct hvm_save_descriptor descriptor = {.typecode = code, .length = bytes};

    memcpy(at, &descriptor, sizeof descriptor);
    if (bytes > 0)
        memcpy(at + sizeof descriptor, record, bytes);
    return at + sizeof descriptor + bytes;
}

/* A context is a list of records: a head, of which Xen has to make the first, what is set, and an end. */
bool translated_set_vcpu(
    struct build *build, uint64_t stack_va, uint64_t start_info_va, uint64_t boot_block_va)
{
    const struct hvm_hw_cpu cpu = first_registers(build, stack_va, start_info_va, boot_block_va);
    char *context = conductor_area(build->conductor, AREA_LIST), *at = context;

    begin_context(build, XEN_DOMCTL_gethvmcontext, CONTEXT_BYTES);
    long answer = domctl_issue(build->conductor);
    if (answer != 0)
        return build_fail(build, "gethvmcontext: %ld", answer);
    at += sizeof(struct hvm_save_descriptor) + HVM_SAVE_LENGTH(HEADER);
    at = put(at, HVM_SAVE_CODE(CPU), &cpu, sizeof cpu);
    at = put(at, HVM_SAVE_CODE(END), NULL, 0);
    begin_context(build, XEN_DOMCTL_sethvmcontext, (uint32_t)(at - context));
    answer = domctl_issue(build->conductor);
    return answer == 0 || build_fail(build, "sethvmcontext: %ld", answer);
}
