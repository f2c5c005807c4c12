/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Patterns over memory that holds nothing, and memory that was freed and is
 * kept aside for a while: what still writes to it is found when it leaves, or
 * at rest. As pointers the patterns fault (guest/abi/port.h).
 */
#include "guest/netbsd/kern/kern.h"

/* Of a block; more would cost as much as the memory's use itself. */
#define FILL_BYTES	   1024
#define QUARANTINE_BLOCKS  64
#define QUARANTINE_BYTES   (256u * 1024)
#define QUARANTINE_LARGEST (64u * 1024) /* bigger ones go at once */

static struct kept {
	void *block; /* as the heap knows it */
	size_t block_bytes;
	char *memory; /* as its user knew it */
	size_t bytes;
	bool told;
} kept[QUARANTINE_BLOCKS];
static u_int first, nkept;
static size_t kept_bytes;

void
poison_fill(void *memory, size_t bytes, uint64_t pattern)
{
	uint64_t *word = memory;

	for (size_t n = MIN(bytes, FILL_BYTES) / sizeof(*word); n != 0; n--)
		*word++ = pattern;
}

bool
poison_intact(const void *memory, size_t bytes, uint64_t pattern)
{
	const uint64_t *word = memory;
	uint64_t differ = 0;

	for (size_t n = MIN(bytes, FILL_BYTES) / sizeof(*word); n != 0; n--)
		differ |= *word++ ^ pattern;
	return differ == 0;
}

/* What a constructed object holds: nobody may change it while it is idle. */
uint64_t
poison_sum(const void *memory, size_t bytes)
{
	const uint64_t *word = memory;
	uint64_t sum = bytes;

	for (size_t n = MIN(bytes, FILL_BYTES) / sizeof(*word); n != 0; n--)
		sum = (sum ^ *word++) * 0x9e3779b97f4a7c15ull;
	return sum;
}

static void
check_kept(struct kept *k)
{
	if (k->told || poison_intact(k->memory, k->bytes, PORT_POISON_FREED))
		return;
	k->told = true;
	port_misuse(
	    "kmem: %zu bytes were written to after kmem_free", k->bytes);
}

static void
release_oldest(void)
{
	struct kept *k = &kept[first];

	KASSERT(nkept != 0);
	check_kept(k);
	first = (first + 1) % QUARANTINE_BLOCKS;
	nkept--;
	kept_bytes -= k->block_bytes;
	heap_put(k->block, k->block_bytes);
}

/* Fill it, and give it to the heap, now or later. */
void
quarantine_put(void *block, size_t block_bytes, void *memory, size_t bytes)
{
	poison_fill(memory, bytes, PORT_POISON_FREED);
	if (block_bytes > QUARANTINE_LARGEST) {
		heap_put(block, block_bytes);
		return;
	}
	while (nkept == QUARANTINE_BLOCKS ||
	       kept_bytes + block_bytes > QUARANTINE_BYTES)
		release_oldest();
	kept[(first + nkept++) % QUARANTINE_BLOCKS] =
	    (struct kept){block, block_bytes, memory, bytes, false};
	kept_bytes += block_bytes;
}

/* Memory is short: all of it goes back. False: there was none. */
bool
quarantine_release(void)
{
	bool any = nkept != 0;

	while (nkept != 0)
		release_oldest();
	KASSERT(kept_bytes == 0);
	return any;
}

void
quarantine_check(void)
{
	for (u_int i = 0; i < nkept; i++)
		check_kept(&kept[(first + i) % QUARANTINE_BLOCKS]);
}
