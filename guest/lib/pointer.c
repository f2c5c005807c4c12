/* SPDX-License-Identifier: BSD-2-Clause */
/* The fixed address at which each part of a guest's memory is shown. */
#include "guest/lib/pointer.h"
#include "guest/abi/paging.h"
#include "guest/lib/boot_block.h"

#define IMAGE_REACH_BYTES (16ul << 20) /* the image reaches at most so far from `in_image` */

static const char in_image[1];

struct part {
    uintptr_t start;
    uint64_t bytes, shown;
};

uint64_t pointer_shown(const void *pointer)
{
    const struct part parts[] = {
        {(uintptr_t)boot_block->heap, boot_block->heap_bytes, 0xffffa00000000000},
        {(uintptr_t)boot_block->stacks, boot_block->nr_stacks * boot_block->stack_stride_bytes,
            0xffffa80000000000},
        {(uintptr_t)boot_block->window, boot_block->window_pages * PAGE_BYTES, 0xffffac0000000000},
        {(uintptr_t)boot_p2m(), boot_block->p2m_entries * sizeof(uint64_t), 0xffffffffa0000000},
        {(uintptr_t)boot_block->m2p, boot_block->m2p_entries * sizeof(uint64_t), 0xffff800000000000},
        /* The image is last, since the others may be within these bounds. */
        {(uintptr_t)in_image - IMAGE_REACH_BYTES, 2 * IMAGE_REACH_BYTES, 0xffffffff80000000},
    };
    uintptr_t address = (uintptr_t)pointer;

    for (unsigned i = 0; address >= PAGE_BYTES && i < sizeof parts / sizeof parts[0]; i++) {
        uint64_t offset = address - parts[i].start;

        if (offset < parts[i].bytes)
            return parts[i].shown + offset;
    }
    return address;
}
