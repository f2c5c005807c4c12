/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory for translated arguments, and how far the guest's own lists reach. */
#include "harness/xen/shadow.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/domain/vcpu.h"
#include "sim/types.h"

#define HEAD_BYTES   PAGE_BYTES
#define STRUCTURE_AT (VCPU_FRAME_BYTES + 8u)
#define COUNT_AT     (HEAD_BYTES - 64u)
#define LIST_BYTES   (SHADOW_LIST_ENTRIES * sizeof(uint64_t))
static_assert(STRUCTURE_AT + SHADOW_STRUCTURE_BYTES_MAX <= COUNT_AT, "one lies behind the other");

bool shadow_make(struct real_xen_memory *memory)
{
    memory->shadow_bytes = HEAD_BYTES + 2 * LIST_BYTES;
    memory->shadow_wall_bytes = HEAD_BYTES + LIST_BYTES;
    memory->shadow = malloc(memory->shadow_bytes);
    return memory->shadow != NULL;
}

void shadow_free(struct real_xen_memory *memory)
{
    free(memory->shadow);
    memory->shadow = NULL;
}

uint64_t *shadow_caller_frame(const struct real_xen_memory *memory)
{
    return (uint64_t *)(void *)memory->shadow;
}

void *shadow_structure(const struct real_xen_memory *memory)
{
    return memory->shadow + STRUCTURE_AT;
}

uint32_t *shadow_count(const struct real_xen_memory *memory)
{
    return (uint32_t *)(void *)(memory->shadow + COUNT_AT);
}

/* The first list ends where the shadow ends, the second at the wall: the model may touch nothing behind either. */
uint64_t *shadow_list(const struct real_xen_memory *memory, enum shadow_list which, uint64_t entries)
{
    char *end = memory->shadow + HEAD_BYTES + (which == SHADOW_FIRST_LIST ? 2 : 1) * LIST_BYTES;

    assert(entries <= SHADOW_LIST_ENTRIES);
    return (uint64_t *)(void *)end - entries;
}

bool shadow_read(const struct real_xen_memory *memory, uint64_t guest_va, void *to, size_t bytes)
{
    if (guest_va >= memory->bytes || bytes > memory->bytes - guest_va)
        return false;
    memcpy(to, memory->base + guest_va, bytes);
    return true;
}

guest_entry *shadow_guest_list(const struct real_xen_memory *memory, uint64_t guest_va)
{
    assert(guest_va < memory->bytes);
    return (guest_entry *)(void *)(memory->base + guest_va);
}

uint64_t shadow_reach(const struct real_xen_memory *memory, uint64_t guest_va, uint64_t entries, bool write)
{
    uint64_t wanted = entries < SHADOW_LIST_ENTRIES ? entries : SHADOW_LIST_ENTRIES;
    uint64_t reached = real_xen_memory_reach(memory, guest_va, write) / sizeof(uint64_t);

    return reached < wanted ? reached : wanted;
}
