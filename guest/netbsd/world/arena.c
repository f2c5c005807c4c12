/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kmem(9) of a small world: first fit in the host's arena, so that the same
 * calls get the same addresses. Each block lies between red zones; memory that
 * nobody holds has a pattern, and both are looked at after each call.
 */
#include "guest/netbsd/world/world.h"

#include <sys/kmem.h>

#define BLOCKS_MAX   48
#define ZONE	     16
#define ZONE_BYTE    0xfd
#define FREE_BYTE    0x5a
#define FRESH_BYTE   0xa5
#define ABSURD_BYTES ((size_t)1 << 30) /* no file has a reason to ask for it */
#define REQUESTS_MAX 1000u	       /* in one call; more is a hang */

static struct {
	struct block {
		uint32_t start, bytes; /* what the caller has */
	} blocks[BLOCKS_MAX];	       /* in the order of their starts */
	unsigned count;
	uint32_t used; /* the end of the highest block that ever was */
	uint32_t
	    boot; /* start of the boot pages' block, which isn't the file's */
	uint32_t live;
} arena;

static char *
at(size_t offset)
{
	return shape.host->arena + offset;
}

void
arena_begin(void)
{
	memset(shape.host->arena, FREE_BYTE, shape.host->arena_bytes);
	memset(&arena, 0, sizeof(arena));
}

size_t
arena_live(void)
{
	return arena.live;
}

unsigned
arena_blocks(void)
{
	return arena.count;
}

size_t
arena_used(void)
{
	return arena.used;
}

static bool
is_filled(size_t from, size_t to, unsigned char byte)
{
	const char *p = at(from), *const end = at(to);
	const uint64_t word = 0x0101010101010101ULL * byte;

	for (; p < end && ((uintptr_t)p & 7) != 0; p++) {
		if ((unsigned char)*p != byte)
			return false;
	}
	for (; p + 8 <= end; p += 8) {
		if (*(const uint64_t *)(const void *)p != word)
			return false;
	}
	for (; p < end; p++) {
		if ((unsigned char)*p != byte)
			return false;
	}
	return true;
}

static uint32_t
rounded(uint32_t bytes)
{
	return (bytes + 15u) & ~15u;
}

static bool
zones_are_whole(const struct block *block)
{
	return is_filled(block->start - ZONE, block->start, ZONE_BYTE) &&
	       is_filled(block->start + block->bytes,
		   block->start + rounded(block->bytes) + ZONE, ZONE_BYTE);
}

void
arena_check(void)
{
	size_t end = 0;

	for (unsigned b = 0; b < arena.count; b++) {
		const struct block *block = &arena.blocks[b];

		if (!is_filled(end, block->start - ZONE, FREE_BYTE))
			broken(RULE_MEMORY, "memory that was freed, or never "
					    "allocated, was written");
		if (!zones_are_whole(block))
			broken(RULE_MEMORY,
			    "%u bytes were allocated, and a byte in front of "
			    "them or behind them was written",
			    block->bytes);
		end = block->start + rounded(block->bytes) + ZONE;
	}
	if (!is_filled(end, arena.used, FREE_BYTE))
		broken(RULE_MEMORY,
		    "memory that was freed, or never allocated, was written");
}

int
arena_block_of(const void *address, size_t *offset)
{
	const size_t where =
	    (size_t)((uintptr_t)address - (uintptr_t)shape.host->arena);

	for (unsigned b = 0; b < arena.count; b++) {
		*offset = where - arena.blocks[b].start;
		if (*offset < arena.blocks[b].bytes)
			return (int)b;
	}
	return -1;
}

static char *
allocate(size_t bytes, unsigned char fill)
{
	const size_t apart = shape.apart_bytes != 0 ? shape.apart_bytes : 16;
	size_t start = apart > ZONE ? apart : ZONE;
	unsigned b, later;

	if (bytes == 0 || bytes > shape.host->arena_bytes ||
	    arena.count == BLOCKS_MAX)
		return NULL;
	for (b = 0; b < arena.count; b++) {
		if (start + rounded((uint32_t)bytes) + 2 * ZONE <=
		    arena.blocks[b].start)
			break;
		start = arena.blocks[b].start + rounded(arena.blocks[b].bytes) +
			2 * ZONE;
		start = (start + apart - 1) / apart * apart;
	}
	if (start + rounded((uint32_t)bytes) + ZONE > shape.host->arena_bytes)
		return NULL;
	for (later = arena.count++; later > b; later--)
		arena.blocks[later] = arena.blocks[later - 1];
	arena.blocks[b] = (struct block){(uint32_t)start, (uint32_t)bytes};
	arena.used =
	    MAX(arena.used, (uint32_t)start + rounded((uint32_t)bytes) + ZONE);
	memset(at(start - ZONE), ZONE_BYTE,
	    ZONE + rounded((uint32_t)bytes) + ZONE);
	memset(at(start), fill, bytes);
	return at(start);
}

struct vm_page *
arena_boot_pages(size_t pages)
{
	char *memory = allocate(pages * shape.page_bytes, 0);

	if (memory != NULL)
		arena.boot = (uint32_t)(memory - shape.host->arena);
	return (void *)memory;
}

static void *
request(size_t bytes, km_flag_t flags, unsigned char fill)
{
	void *memory;

	if (++call.requests > REQUESTS_MAX)
		shape.host->stop(SMALL_WORLD_HANG, "1,000 requests for memory");
	if ((flags & KM_SLEEP) != 0 && call.refused != 0)
		broken(RULE_SLEEPS, "%zu bytes are asked for with KM_SLEEP",
		    bytes);
	else if (call.requests == call.refused) {
		call.was_refused++;
		return NULL;
	}
	if (bytes == 0)
		broken(RULE_MEMORY, "0 bytes are asked for");
	memory = allocate(bytes, fill);
	if (memory != NULL)
		arena.live += (uint32_t)bytes;
	else if (bytes < ABSURD_BYTES)
		call.was_refused++;
	return memory;
}

void *
kmem_alloc(size_t bytes, km_flag_t flags)
{
	return request(bytes, flags, FRESH_BYTE);
}

void *
kmem_zalloc(size_t bytes, km_flag_t flags)
{
	return request(bytes, flags, 0);
}

/* As mutex_init leaves it: nobody's, and alive. */
static bool
has_a_lock(const struct block *block)
{
	for (uint32_t b = 0; b + sizeof(kmutex_t) <= block->bytes; b += 8) {
		const kmutex_t *lock = (void *)at(block->start + b);

		if (lock->mtx_owner == NULL &&
		    lock->mtx_state == __MUTEX_ALIVE && lock->mtx_waiters == 0)
			return true;
	}
	return false;
}

void
kmem_free(void *memory, size_t bytes)
{
	const uintptr_t start =
	    (uintptr_t)memory - (uintptr_t)shape.host->arena;
	unsigned b = 0;

	while (b < arena.count && arena.blocks[b].start != start)
		b++;
	if (b == arena.count || start == arena.boot) {
		broken(RULE_MEMORY, "kmem_free of %s",
		    memory == NULL
			? "NULL"
			: "an address that kmem_alloc never gave, or twice");
		return;
	}
	if (arena.blocks[b].bytes != bytes)
		broken(RULE_MEMORY,
		    "kmem_free says %zu bytes, and %u were "
		    "allocated",
		    bytes, arena.blocks[b].bytes);
	if (!zones_are_whole(&arena.blocks[b]))
		broken(RULE_MEMORY,
		    "%u bytes were allocated, and a byte in "
		    "front of them or behind them was written",
		    arena.blocks[b].bytes);
	if (has_a_lock(&arena.blocks[b]))
		broken(RULE_LOCK_FREED, "%u bytes are freed",
		    arena.blocks[b].bytes);
	arena.live -= arena.blocks[b].bytes;
	memset(at(start - ZONE), FREE_BYTE,
	    ZONE + rounded(arena.blocks[b].bytes) + ZONE);
	for (arena.count--; b < arena.count; b++)
		arena.blocks[b] = arena.blocks[b + 1];
	arena.blocks[arena.count] = (struct block){0, 0};
}

void *
kmem_intr_alloc(size_t bytes, km_flag_t flags)
{
	return kmem_alloc(bytes, flags);
}

void *
kmem_intr_zalloc(size_t bytes, km_flag_t flags)
{
	return kmem_zalloc(bytes, flags);
}

void
kmem_intr_free(void *memory, size_t bytes)
{
	kmem_free(memory, bytes);
}
