/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The memory under kmem(9) and pool(9): blocks in size classes, four to a
 * doubling, last freed first out, from the boot block's heap. Memory that was
 * never used is still zeroed, and its caller is told. Blocks don't merge: a
 * class's blocks serve its own size again, or a smaller one in need.
 */
#include "guest/netbsd/kern/kern.h"

#define CLASS_MIN_SHIFT 5 /* 32 bytes */
#define NCLASSES	160

static char *heap_next;
static struct block {
	struct block *next;
} * free_blocks[NCLASSES];

void
heap_init(void)
{
	KASSERT(boot_block->heap != NULL);
	KASSERT(((uintptr_t)boot_block->heap & PAGE_MASK) == 0);
	heap_next = boot_block->heap;
}

/* Class 4k + j holds blocks of (4 + j) x 2^(k + 3) bytes. */
static u_int
class_of(size_t bytes)
{
	u_int shift;
	size_t quarter;

	if (bytes <= 1u << CLASS_MIN_SHIFT)
		return 0;
	shift = 63 - (u_int)__builtin_clzl(bytes - 1);
	quarter = ((bytes - 1) >> (shift - 2)) & 3;
	return (shift - CLASS_MIN_SHIFT) * 4 + (u_int)quarter + 1;
}

static size_t
class_bytes(u_int class)
{
	return (size_t)(4 + class % 4) << (class / 4 + CLASS_MIN_SHIFT - 2);
}

void *
heap_get(size_t bytes, bool *zeroed)
{
	size_t block_bytes, used;
	struct block *b;
	u_int class;

	KASSERT(bytes != 0);
	if (bytes > boot_block->heap_bytes)
		return NULL;
	class = class_of(bytes);
	block_bytes = class_bytes(class);
	KASSERT(block_bytes >= bytes);
	KASSERT(class < NCLASSES);
	b = free_blocks[class];
	if (b != NULL) {
		free_blocks[class] = b->next;
		*zeroed = false;
		return b;
	}
	used = (size_t)(heap_next - boot_block->heap);
	if (block_bytes <= boot_block->heap_bytes - used) {
		b = (struct block *)heap_next;
		heap_next += block_bytes;
		counters.heap_touched_bytes = used + block_bytes;
		*zeroed = true;
		return b;
	}
	/* The heap is used up: a bigger block will do, and joins this class. */
	while (++class < NCLASSES) {
		b = free_blocks[class];
		if (b != NULL) {
			free_blocks[class] = b->next;
			*zeroed = false;
			return b;
		}
	}
	return NULL;
}

void
heap_put(void *p, size_t bytes)
{
	u_int class = class_of(bytes);
	struct block *b = p;

	KASSERT((char *)p >= boot_block->heap && (char *)p < heap_next);
	KASSERT(class < NCLASSES);
	b->next = free_blocks[class];
	free_blocks[class] = b;
}
