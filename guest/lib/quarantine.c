/* SPDX-License-Identifier: BSD-2-Clause */
/* Freed memory in a ring, oldest first. A block that is large goes back to the heap at once. */
#include "guest/lib/quarantine.h"
#include "guest/abi/port.h"
#include "guest/lib/assert.h"
#include "guest/lib/heap.h"
#include "guest/lib/poison.h"

#define BLOCKS_MAX    64u
#define BYTES_MAX     (256u * 1024)
#define LARGEST_BYTES (64u * 1024)

static struct kept {
    void *block;
    size_t block_bytes;
    char *memory;
    size_t bytes;
    bool told; /* the write to it was reported */
} ring[BLOCKS_MAX];
static unsigned first, nr_kept;
static size_t kept_bytes;

static void check_kept(struct kept *kept)
{
    if (kept->told || poison_intact(kept->memory, kept->bytes, PORT_POISON_FREED))
        return;
    kept->told = true;
    kernel_written_after_free(kept->bytes);
}

static void release_oldest(void)
{
    struct kept *kept = &ring[first];

    ASSERT(nr_kept != 0);
    ASSERT(kept_bytes >= kept->block_bytes);
    check_kept(kept);
    first = (first + 1) % BLOCKS_MAX;
    nr_kept--;
    kept_bytes -= kept->block_bytes;
    heap_put(kept->block, kept->block_bytes);
}

void quarantine_put(void *block, size_t block_bytes, void *memory, size_t bytes)
{
    poison_fill(memory, bytes, PORT_POISON_FREED);
    if (block_bytes > LARGEST_BYTES) {
        heap_put(block, block_bytes);
        return;
    }
    while (nr_kept == BLOCKS_MAX || kept_bytes + block_bytes > BYTES_MAX)
        release_oldest();
    ring[(first + nr_kept++) % BLOCKS_MAX] = (struct kept){block, block_bytes, memory, bytes, false};
    kept_bytes += block_bytes;
    ASSERT(kept_bytes <= BYTES_MAX);
}

bool quarantine_release(void)
{
    bool any = nr_kept != 0;

    while (nr_kept != 0)
        release_oldest();
    ASSERT(kept_bytes == 0);
    return any;
}

void quarantine_check(void)
{
    for (unsigned i = 0; i < nr_kept; i++)
        check_kept(&ring[(first + i) % BLOCKS_MAX]);
}
