/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pages and page-table entries of x86-64, and numbers in hypercalls that depend on them. An entry holds the frame's
 * number in bits 12 to 51, and flags below.
 */
#ifndef GUEST_ABI_PAGING_H
#define GUEST_ABI_PAGING_H

#define PAGE_SHIFT_BITS 12u
#define PAGE_BYTES      (1ull << PAGE_SHIFT_BITS)

#define PTE_PRESENT  0x01ull
#define PTE_WRITABLE 0x02ull
#define PTE_USER     0x04ull
#define PTE_ACCESSED 0x20ull
#define PTE_DIRTY    0x40ull
#define PTE_MFN_MASK 0x000ffffffffff000ull

#define P2M_ENTRIES_PER_PAGE 512u /* 8 bytes each; a page table has as many */
#define PTE_INDEX_BITS       9u   /* of an address, in each of the four levels */
#define PTE_TOP_SHIFT        (PAGE_SHIFT_BITS + 3u * PTE_INDEX_BITS)

/* The number of a memory_op holds, above its command, the extent at which a preempted call goes on: Xen's
 * MEMOP_EXTENT_SHIFT and MEMOP_CMD_MASK, which are in no public header. */
#define MEMORY_OP_BITS 6u
#define MEMORY_OP_MASK ((1u << MEMORY_OP_BITS) - 1u)

#endif
