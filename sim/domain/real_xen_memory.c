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
    const uintptr_t end = write ? memory->guest_tables : memory->bytes;

    assert(PAGE_BYTES <= hole && stacks_end <= memory->guest_tables && memory->guest_tables <= memory->bytes);
    if (guest_va < PAGE_BYTES || (guest_va >= hole && guest_va < stacks))
        return 0;
    if (guest_va < hole)
        return hole - guest_va;
    if (guest_va >= stacks_end)
        return guest_va < end ? end - guest_va : 0;
    const uintptr_t offset = (guest_va - stacks) % boot->stack_stride_bytes;
    return offset < boot->stack_bytes ? boot->stack_bytes - offset : 0;
}
