/* SPDX-License-Identifier: BSD-2-Clause */
/* Descriptor tables and page tables of a guest that has the processor to itself. */
#include "guest/pv/pvh.h"

#include "guest/abi/paging.h"

#define SELECTOR_CODE     0x08u
#define SELECTOR_DATA     0x10u
#define SELECTOR_TASK     0x18u
#define DESCRIPTOR_CODE   0x00af9b000000ffffull /* 64-bit, present, for ring 0 */
#define DESCRIPTOR_DATA   0x00cf93000000ffffull
#define DESCRIPTOR_TASK   0x0000890000000000ull
#define INTERRUPT_GATE    0x8eu
#define VECTORS           32u
#define TRAP_STUB_BYTES   16u
#define FAULT_STACK       1u /* the number of its stack among the task's */
#define FAULT_STACK_BYTES 4096u

struct gate {
    uint16_t address_low, selector;
    uint8_t stack, kind;
    uint16_t address_middle;
    uint32_t address_high, reserved;
};

struct task_segment {
    uint32_t reserved;
    uint64_t by_privilege[3], reserved_too, stack[7];
    uint64_t and_reserved;
    uint16_t last_reserved, permissions;
} __attribute__((packed));
_Static_assert(sizeof(struct task_segment) == 104, "as the processor has it");

struct table_register {
    uint16_t limit;
    uint64_t address;
} __attribute__((packed));

extern const char pvh_trap_stubs[];

int pvh_is_translated; /* pvh_entry.S sets it */
static uint64_t descriptors[5] = {0, DESCRIPTOR_CODE, DESCRIPTOR_DATA};
static struct gate gates[VECTORS];
static struct task_segment task;
static char fault_stack[FAULT_STACK_BYTES] __attribute__((aligned(16))); /* the guest's own may be used up */
static uint64_t top_table, first_gfn; /* of the boot mapping: its address 0 is in this gfn */

static void make_gates(void)
{
    for (unsigned i = 0; i < VECTORS; i++) {
        const uint64_t stub = (uint64_t)pvh_trap_stubs + i * TRAP_STUB_BYTES;

        gates[i] = (struct gate){.address_low = (uint16_t)stub,
            .selector = SELECTOR_CODE,
            .stack = FAULT_STACK,
            .kind = INTERRUPT_GATE,
            .address_middle = (uint16_t)(stub >> 16),
            .address_high = (uint32_t)(stub >> 32)};
    }
}

static void make_task(void)
{
    const uint64_t at = (uint64_t)&task;

    task.stack[FAULT_STACK - 1u] = (uint64_t)(fault_stack + FAULT_STACK_BYTES);
    task.permissions = sizeof task; /* none */
    descriptors[3] = DESCRIPTOR_TASK | (sizeof task - 1u) | (at & 0xffffffu) << 16 | (at >> 24 & 0xffu) << 56;
    descriptors[4] = at >> 32;
}

void pvh_begin(const start_info_t *si)
{
    const struct table_register descriptor_table = {sizeof descriptors - 1u, (uint64_t)descriptors},
                                gate_table = {sizeof gates - 1u, (uint64_t)gates};
    uint64_t cr3;

    make_gates();
    make_task();
    __asm__ volatile("lgdt %0; lidt %1; ltr %w2"
                     :
                     : "m"(descriptor_table), "m"(gate_table), "r"(SELECTOR_TASK)
                     : "memory");
    __asm__ volatile("mov %0, %%ds; mov %0, %%es; mov %0, %%ss" : : "r"(SELECTOR_DATA) : "memory");
    __asm__ volatile("mov %%cr3, %0" : "=r"(cr3));
    top_table = si->pt_base;
    first_gfn = (cr3 - si->pt_base) >> PAGE_SHIFT_BITS;
}

/* The entry of a page in the lowest of its page tables, which lie in the boot mapping, writable. */
static volatile uint64_t *entry_of(uint64_t va)
{
    uint64_t table = top_table;

    for (unsigned shift = PTE_TOP_SHIFT; shift > PAGE_SHIFT_BITS; shift -= PTE_INDEX_BITS) {
        const uint64_t entry = ((const uint64_t *)table)[va >> shift & (P2M_ENTRIES_PER_PAGE - 1u)];

        table = (((entry & PTE_MFN_MASK) >> PAGE_SHIFT_BITS) - first_gfn) << PAGE_SHIFT_BITS;
    }
    return (volatile uint64_t *)table + (va >> PAGE_SHIFT_BITS & (P2M_ENTRIES_PER_PAGE - 1u));
}

void pvh_map(uint64_t va, uint64_t entry)
{
    *entry_of(va) = entry;
    __asm__ volatile("invlpg (%0)" : : "r"(va) : "memory");
    if ((entry & PTE_PRESENT) != 0)
        (void)*(const volatile char *)va;
}

uint64_t pvh_fault_address(void)
{
    uint64_t cr2;

    __asm__ volatile("mov %%cr2, %0" : "=r"(cr2));
    return cr2;
}
