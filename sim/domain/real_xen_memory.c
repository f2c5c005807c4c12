/* SPDX-License-Identifier: BSD-2-Clause */
/* Which addresses a guest on the real Xen may use. Its page tables say so, which harness/xen wrote. */
#include "sim/domain/real_xen_memory.h"

#include <assert.h>

#include "sim/types.h"

size_t real_xen_memory_reach(const struct real_xen_memory *memory, uintptr_t guest_va, bool write)
{
    const struct boot_block *boot = memory->boot;
    const uintptr_t stacks = (uintptr_t)boot->stacks, hole = stacks - PAGE_BYTES;
    const uintptr_t stacks_end = stacks + boot->nr_stacks * boot->stack_stride_bytes;
    const uintptr_t end = write ? memory->guest_tables : memory->bytes, guard = memory->guest_p2m_guard;

    assert(PAGE_BYTES <= hole && stacks_end <= guard && guard < memory->guest_tables &&
           memory->guest_tables <= memory->bytes);
    if (guest_va < PAGE_BYTES || (guest_va >= hole && guest_va < stacks))
        return 0;
    if (guest_va < hole)
        return hole - guest_va;
    if (guest_va >= stacks_end && guest_va < guard)
        return guard - guest_va;
    if (guest_va - guard < PAGE_BYTES)
        return 0;
    if (guest_va >= stacks_end)
        return guest_va < end ? end - guest_va : 0;
    const uintptr_t offset = (guest_va - stacks) % boot->stack_stride_bytes;
    return offset < boot->stack_bytes ? boot->stack_bytes - offset : 0;
}

static bool within(const void *start, const void *end, uintptr_t address)
{
    return address >= (uintptr_t)start && address < (uintptr_t)end;
}

const char *real_xen_memory_what(const struct real_xen_memory *memory, uintptr_t guest_va)
{
    const struct boot_block *boot = memory->boot;

    if (within(
            boot->stacks - PAGE_BYTES, boot->stacks + boot->nr_stacks * boot->stack_stride_bytes, guest_va))
        return "the guard under a thread's stack";
    if (guest_va - memory->guest_p2m_guard < PAGE_BYTES)
        return "the guard behind the P2M";
    if (guest_va >= memory->guest_tables && guest_va < memory->bytes)
        return "its page tables, which it may only read";
    if (within(boot->window, boot->window + boot->window_pages * PAGE_BYTES, guest_va))
        return "the window of virtual pages, which has no memory";
    if (within(boot->m2p, boot->m2p + boot->m2p_entries, guest_va))
        return "the M2P, which a guest may only read";
    return NULL;
}
