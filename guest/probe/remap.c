/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `remap $a $b HOW`: maps one frame at a page of the window and uses it, maps another one there, drops the old
 * translation or doesn't, and reads. 1: the old frame was read at least once in some tries; 0: never. All of it is one
 * command, since another vcpu that runs in between may drop the translation, too.
 */
#include "guest/abi/paging.h"
#include "guest/abi/port.h"
#include "guest/lib/boot_block.h"
#include "guest/probe/commands.h"

#define TRIES       16u
#define ENTRY_FLAGS (PTE_PRESENT | PTE_WRITABLE | PTE_ACCESSED | PTE_DIRTY)
#define STAMP_OLD   0x6f6c64ul /* what the frames hold */
#define STAMP_NEW   0x6e6577ul

/* What is said with the second mapping, and what comes behind it. */
struct way {
    const char *name;
    unsigned long flags;   /* of the mapping */
    unsigned mmuext;       /* a command behind it; 0 (which pins a table) none */
    bool unmap, elsewhere; /* unmapped in between; another page is mapped with UVMF_INVLPG behind it */
    bool masked;           /* only the vcpus of a mask are meant: ... */
    bool self;             /* ... this one, or nobody */
};

static const struct way ways[] = {
    {.name = "none", .flags = UVMF_NONE},
    {.name = "unmapped", .flags = UVMF_NONE, .unmap = true},
    {.name = "elsewhere", .flags = UVMF_NONE, .elsewhere = true},
    {.name = "invlpg", .flags = UVMF_INVLPG},
    {.name = "invlpg-all", .flags = UVMF_INVLPG | UVMF_ALL},
    {.name = "invlpg-self", .flags = UVMF_INVLPG, .masked = true, .self = true},
    {.name = "invlpg-nobody", .flags = UVMF_INVLPG, .masked = true},
    {.name = "flush", .flags = UVMF_TLB_FLUSH},
    {.name = "flush-all", .flags = UVMF_TLB_FLUSH | UVMF_ALL},
    {.name = "flush-self", .flags = UVMF_TLB_FLUSH, .masked = true, .self = true},
    {.name = "flush-nobody", .flags = UVMF_TLB_FLUSH, .masked = true},
    {.name = "ext-invlpg", .flags = UVMF_NONE, .mmuext = MMUEXT_INVLPG_LOCAL},
    {.name = "ext-invlpg-all", .flags = UVMF_NONE, .mmuext = MMUEXT_INVLPG_ALL},
    {.name = "ext-invlpg-self", .flags = UVMF_NONE, .mmuext = MMUEXT_INVLPG_MULTI, .self = true},
    {.name = "ext-flush", .flags = UVMF_NONE, .mmuext = MMUEXT_TLB_FLUSH_LOCAL},
    {.name = "ext-flush-all", .flags = UVMF_NONE, .mmuext = MMUEXT_TLB_FLUSH_ALL},
    {.name = "ext-flush-self", .flags = UVMF_NONE, .mmuext = MMUEXT_TLB_FLUSH_MULTI, .self = true},
};

static uint64_t vcpu_mask
    __attribute__((aligned(8))); /* its address goes into a word with flags in the low bits */

static long map(unsigned long va, uint64_t mfn, unsigned long flags)
{
    unsigned long entry = mfn == 0 ? 0 : mfn << PAGE_SHIFT_BITS | ENTRY_FLAGS;

    return hypercall(__HYPERVISOR_update_va_mapping, va, entry, flags, 0);
}

static long mmuext(unsigned command, unsigned long va)
{
    static struct mmuext_op op;

    op = (struct mmuext_op){.cmd = command};
    op.arg1.linear_addr = va;
    if (command == MMUEXT_INVLPG_MULTI || command == MMUEXT_TLB_FLUSH_MULTI)
        set_xen_guest_handle(op.arg2.vcpumask, &vcpu_mask);
    return hypercall(__HYPERVISOR_mmuext_op, (unsigned long)&op, 1, 0, DOMID_SELF);
}

/* Both frames hold their stamps, and the first one is mapped and was used: by a write, of which nobody waits to hear. */
static long prepare(unsigned long va, uint64_t old, uint64_t new)
{
    long error = map(va, new, UVMF_INVLPG);

    if (error == 0)
        error = debug_port(PORT_PAGE_WRITE, va, STAMP_NEW, 0, 0);
    if (error == 0)
        error = map(va, old, UVMF_INVLPG);
    return error == 0 ? debug_port(PORT_PAGE_WRITE, va, STAMP_OLD, 0, 0) : error;
}

static long remap(const struct way *way, unsigned long va, uint64_t old, uint64_t new)
{
    long error = 0;

    vcpu_mask = way->self;
    if (way->unmap)
        error = map(va, 0, UVMF_NONE);
    if (error == 0)
        error = map(va, new, way->masked ? way->flags | (unsigned long)&vcpu_mask : way->flags);
    if (error == 0 && way->elsewhere)
        error = map(va + PAGE_BYTES, old, UVMF_INVLPG);
    return error == 0 && way->mmuext != 0 ? mmuext(way->mmuext, va) : error;
}

static int64_t try(const struct way *way, uint64_t old, uint64_t new)
{
    unsigned long va = (unsigned long)boot_block->window;
    int64_t found = 0;
    long error = 0;

    for (unsigned k = 0; k < TRIES && error == 0; k++) {
        error = prepare(va, old, new);
        if (error == 0)
            error = remap(way, va, old, new);
        if (error == 0)
            found |= debug_port(PORT_PAGE_READ, va, 0, 0, 0) == STAMP_OLD;
    }
    (void)map(va, 0, UVMF_INVLPG);
    (void)map(va + PAGE_BYTES, 0, UVMF_INVLPG);
    return error != 0 ? error : found;
}

bool remap_run(struct word command, struct words *words, int64_t *result)
{
    struct word old_name, new_name, how;
    uint64_t old, new;

    if (!word_is(command, "remap"))
        return false;
    old_name = words_next(words);
    new_name = words_next(words);
    how = words_next(words);
    if (!frame_number(old_name, &old, &words->error) || !frame_number(new_name, &new, &words->error))
        return true;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
        if (word_is(how, ways[i].name)) {
            *result = try(&ways[i], old, new);
            return true;
        }
    words->error =
        "remap wants two frames and how: none, unmapped, elsewhere, invlpg, flush, ext-invlpg, "
        "ext-flush; behind these four may come -all or -self, behind the first two of them -nobody";
    return true;
}
