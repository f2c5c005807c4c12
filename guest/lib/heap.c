/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Blocks from the boot block's heap in size classes, four for each doubling; the block that was freed last is taken first.
 * Blocks don't merge: a freed block serves its own class again, or a smaller one when the heap is used up.
 */
#include "guest/lib/heap.h"
#include "guest/abi/paging.h"
#include "guest/lib/assert.h"
#include "guest/lib/boot_block.h"
#include "guest/lib/debug_port.h"

#define CLASS_MIN_SHIFT 5 /* 32 bytes */
#define NR_CLASSES      160u

struct block {
    struct block *next;
};

static char *heap_next; /* the memory from here on was never used */
static struct block *free_blocks[NR_CLASSES];

void heap_init(void)
{
    ASSERT(boot_block->heap != NULL);
    ASSERT(((uintptr_t)boot_block->heap & (PAGE_BYTES - 1)) == 0);
    heap_next = boot_block->heap;
}

/* Class 4k + j holds blocks of (4 + j) x 2^(k + 3) bytes. */
static unsigned class_of(size_t bytes)
{
    unsigned shift, quarter;

    if (bytes <= 1u << CLASS_MIN_SHIFT)
        return 0;
    shift = 63 - (unsigned)__builtin_clzl(bytes - 1);
    quarter = (bytes - 1) >> (shift - 2) & 3;
    return (shift - CLASS_MIN_SHIFT) * 4 + quarter + 1;
}

static size_t class_bytes(unsigned class)
{
    return (size_t)(4 + class % 4) << (class / 4 + CLASS_MIN_SHIFT - 2);
}

static struct block *take_free(unsigned class, bool *zeroed)
{
    struct block *block = free_blocks[class];

    if (block != NULL) {
        free_blocks[class] = block->next;
        *zeroed = false;
    }
    return block;
}

static struct block *take_fresh(unsigned class, bool *zeroed)
{
    size_t used = (size_t)(heap_next - boot_block->heap), bytes = class_bytes(class);
    struct block *block = (struct block *)heap_next;

    if (bytes > boot_block->heap_bytes - used)
        return NULL;
    heap_next += bytes;
    counters.heap_touched_bytes = used + bytes;
    *zeroed = true;
    return block;
}

void *heap_get(size_t bytes, bool *zeroed)
{
    struct block *block;
    unsigned class;

    if (bytes > boot_block->heap_bytes)
        return NULL;
    class = class_of(bytes);
    ASSERT(class < NR_CLASSES);
    block = take_free(class, zeroed);
    if (block == NULL)
        block = take_fresh(class, zeroed);
    /* The heap is used up: a bigger block will do, and joins this class when it is put back. */
    while (block == NULL && ++class < NR_CLASSES)
        block = take_free(class, zeroed);
    return block;
}

void heap_put(void *memory, size_t bytes)
{
    unsigned class = class_of(bytes);
    struct block *block = memory;

    ASSERT((char *)memory >= boot_block->heap && (char *)memory < heap_next);
    ASSERT(class < NR_CLASSES);
    block->next = free_blocks[class];
    free_blocks[class] = block;
}
