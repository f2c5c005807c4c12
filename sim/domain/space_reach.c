/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a guest's address means: may the guest use it, where is it in this process, what lies there. No text that comes
 * from here holds an address.
 */
#include <assert.h>

#include "sim/domain/space.h"

/* Bytes of [start, start + bytes) from address on, 0 when it lies outside. */
static size_t reach(const void *start, size_t bytes, uintptr_t address)
{
    uintptr_t offset = address - (uintptr_t)start;
    return offset < bytes ? bytes - offset : 0;
}

size_t space_stack_reach(const struct space *space, uintptr_t address)
{
    size_t all = reach(space->stacks, (SPACE_STACKS + 1u) * SPACE_STRIDE_BYTES, address);
    if (all == 0)
        return 0;
    uintptr_t offset = (address - (uintptr_t)space->stacks) % SPACE_STRIDE_BYTES;
    return offset < SPACE_STACK_BYTES ? SPACE_STACK_BYTES - offset : 0;
}

static size_t image_reach(const struct guest_image *image, uintptr_t address, bool write)
{
    size_t data = reach(image->data_start, (size_t)(image->data_end - image->data_start), address);
    if (data != 0 || write)
        return data;
    /* Constants lie between code and data. */
    if ((uintptr_t)image->text_start < (uintptr_t)image->data_start)
        return reach(image->text_start, (size_t)(image->data_end - image->text_start), address);
    return reach(image->text_start, (size_t)(image->text_end - image->text_start), address);
}

static size_t shadow_reach(const struct real_xen_memory *memory, uintptr_t address)
{
    const size_t before_wall = reach(memory->shadow, memory->shadow_wall_bytes, address);
    return before_wall != 0 ? before_wall : reach(memory->shadow, memory->shadow_bytes, address);
}

size_t space_reach(const struct space *space, uintptr_t guest_va, size_t wanted, bool write)
{
    assert(space->image != NULL);
    if (space_on_real_xen(space)) {
        size_t in_shadow = shadow_reach(&space->real_xen, guest_va);
        size_t bytes = in_shadow != 0 ? in_shadow : real_xen_memory_reach(&space->real_xen, guest_va, write);
        return bytes < wanted ? bytes : wanted;
    }
    size_t bytes = space_stack_reach(space, guest_va);
    if (bytes == 0)
        bytes = image_reach(space->image, guest_va, write);
    if (bytes == 0)
        bytes = reach(space->heap, space->heap_bytes, guest_va);
    if (bytes == 0)
        bytes = reach(space->p2m, space->p2m_room * sizeof(uint64_t), guest_va);
    if (bytes == 0)
        bytes = reach(space->boot, 4 * PAGE_BYTES, guest_va);
    if (bytes == 0 && space->direct != NULL)
        bytes = reach(space->direct, space->direct_pages * PAGE_BYTES, guest_va);
    return bytes < wanted ? bytes : wanted;
}

void *space_host(const struct space *space, uintptr_t guest_va, size_t bytes, bool write)
{
    if (bytes == 0 || space_reach(space, guest_va, bytes, write) != bytes)
        return NULL;
    if (space_on_real_xen(space) && shadow_reach(&space->real_xen, guest_va) == 0)
        return space->real_xen.base + guest_va;
    return (void *)guest_va;
}

bool space_on_stack(const struct space *space, uintptr_t address, size_t bytes)
{
    return space_stack_reach(space, address) >= bytes;
}

const char *space_what(const struct space *space, uintptr_t address)
{
    if (space->base == NULL)
        return NULL;
    if (space_on_real_xen(space))
        return real_xen_memory_what(&space->real_xen, address);
    const struct guest_image *image = space->image;
    if (image != NULL &&
        reach(image->data_start, (size_t)(image->data_end - image->data_start), address) != 0)
        return "its data";
    if (image != NULL &&
        reach(image->text_start, (size_t)(image->text_end - image->text_start), address) != 0)
        return "its code";
    if (space->direct != NULL && reach(space->direct, space->direct_pages * PAGE_BYTES, address) != 0)
        return "its direct map";
    if (reach(space->base, space->bytes, address) == 0)
        return NULL;
    if (space_stack_reach(space, address) != 0)
        return "a thread's stack";
    if (address >= (uintptr_t)space->stacks - PAGE_BYTES)
        return "the guard under a thread's stack";
    if (reach(space->window, SPACE_WINDOW_PAGES * PAGE_BYTES, address) != 0)
        return "the window of virtual pages, which has no memory";
    if (reach(space->heap, space->heap_bytes, address) != 0)
        return "its heap";
    if (reach(space->p2m, space->p2m_room * sizeof(uint64_t), address) != 0)
        return "its P2M";
    if (reach(space->p2m + space->p2m_room, PAGE_BYTES, address) != 0)
        return "the guard behind the P2M";
    if (reach(space->boot, 4 * PAGE_BYTES, address) != 0)
        return "a page it shares with Xen";
    return "a guard between two parts of its memory";
}
