/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A domain's memory: one reserved range of addresses, laid out so that a guest that overruns any part of it comes to a
 * guard. P2M and heap end right before their guards wherever they begin, so that a smaller one needs no other range.
 */
#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <sanitizer/asan_interface.h>
#include <stdlib.h>
#include <string.h>
#include <xen/io/xs_wire.h>

#include "sim/domain/space.h"
#include "sim/os_memory.h"

#define GUARD_BYTES       PAGE_BYTES
#define P2M_ENTRIES_LIMIT (1ull << 36) /* past that a range would not fit into an address space */
#define HEAP_AHEAD_BYTES  (256u << 10)
#define FIXED_PAGES       4u /* boot block, start_info, shared_info, xenstore's ring */
#define STACKS_BYTES      ((SPACE_STACKS + 1u) * SPACE_STRIDE_BYTES) /* the last one is for booting */

static uint64_t p2m_bytes(uint64_t entries)
{
    return round_up(entries * sizeof(uint64_t), PAGE_BYTES);
}

static uint64_t heap_bytes_for(uint64_t entries)
{
    return round_up(entries * SPACE_HEAP_PER_PAGE, PAGE_BYTES) + SPACE_HEAP_BYTES;
}

/* Up to which page the guest may have structures for memory. */
static uint64_t space_pages(const struct space *space, uint64_t p2m_entries)
{
    return p2m_entries > space->map_pages ? p2m_entries : space->map_pages;
}

/* Reserves a range for a P2M of this many entries: fixed pages | P2M | heap | window | stacks. */
static bool space_reserve(struct space *space, uint64_t entries)
{
    uint64_t p2m = p2m_bytes(entries), heap = heap_bytes_for(space_pages(space, entries));
    uint64_t window = SPACE_WINDOW_PAGES * PAGE_BYTES;
    space->bytes = GUARD_BYTES + FIXED_PAGES * PAGE_BYTES + GUARD_BYTES + p2m + GUARD_BYTES + heap +
                   GUARD_BYTES + window + GUARD_BYTES + STACKS_BYTES + GUARD_BYTES;
    char *base = os_memory_get(space->bytes);
    if (base == NULL)
        return false;

    space->base = base;
    char *at = base + GUARD_BYTES;
    space->boot = (void *)at;
    space->start_info = (void *)(at + PAGE_BYTES);
    space->shared_info = (void *)(at + 2 * PAGE_BYTES);
    space->xenstore = (void *)(at + 3 * PAGE_BYTES);
    at += FIXED_PAGES * PAGE_BYTES;
    bool ok = os_memory_forbid(base, GUARD_BYTES) && os_memory_forbid(at, GUARD_BYTES);
    space->p2m = (void *)(at + GUARD_BYTES);
    at += GUARD_BYTES + p2m;
    ok = ok && os_memory_forbid(at, GUARD_BYTES);
    space->heap = at + GUARD_BYTES;
    at += GUARD_BYTES + heap;
    space->window = at + GUARD_BYTES;
    space->stacks = space->window + window + 2 * GUARD_BYTES;
    ok = ok && os_memory_forbid(at, (uint64_t)(space->stacks - at));
    for (unsigned k = 0; ok && k <= SPACE_STACKS; k++)
        ok = os_memory_forbid(space->stacks + k * SPACE_STRIDE_BYTES + SPACE_STACK_BYTES, GUARD_BYTES);
    space->boot_stack = space->stacks + SPACE_STACKS * SPACE_STRIDE_BYTES;
    space->p2m_room = p2m / sizeof(uint64_t);
    space->heap_bytes = heap;
    if (!ok)
        space_free(space);
    else if (entries >= SPACE_HUGE_ENTRIES)
        os_memory_huge(space->p2m, p2m + GUARD_BYTES + heap);
    return ok;
}

/* A direct map has a range of its own, since few kernels want one; most of it is never touched. */
static bool direct_reserve(struct space *space)
{
    assert(space->direct == NULL);
    space->direct_pages = space_pages(space, space->p2m_room) + SPACE_DIRECT_SPARE;
    space->direct = os_memory_get(space->direct_pages * PAGE_BYTES);
    space->direct_mfn = os_memory_get(space->direct_pages * sizeof *space->direct_mfn);
    return space->direct != NULL && space->direct_mfn != NULL;
}

/* Gets memory at once for the pages that building and booting write. */
static void touch_boot(struct space *space, uint64_t boot_pages, const struct guest_image *image)
{
    uint64_t heap = boot_pages * image->heap_bytes_a_page;
    os_memory_touch(space->boot, FIXED_PAGES * PAGE_BYTES);
    os_memory_touch(space->p2m, space->p2m_room * sizeof(uint64_t));
    if (image->heap_bytes_a_page <= SPACE_HEAP_PER_PAGE && heap != 0)
        space->heap_ready_bytes = heap < space->heap_bytes ? heap : space->heap_bytes;
    if (space->heap_ready_bytes != 0)
        os_memory_touch(space->heap, space->heap_ready_bytes);
}

static void forget_own_p2m(struct space *space)
{
    free(space->own_p2m_copy);
    space->own_p2m_copy = space->own_p2m = NULL;
    space->own_p2m_entries = 0;
}

bool space_prepare(
    struct space *space, uint64_t p2m_entries, uint64_t boot_pages, const struct guest_image *image)
{
    assert(p2m_entries > 0 && boot_pages <= p2m_entries && image != NULL);
    const uint64_t map_pages = space->map_pages;
    if (space->base != NULL &&
        (space->p2m_room != p2m_bytes(p2m_entries) / sizeof(uint64_t) || space->map_room != map_pages)) {
        space_free(space);
        space->map_pages = map_pages;
    }
    space->map_room = map_pages;
    if (space->base == NULL) {
        if (p2m_entries > P2M_ENTRIES_LIMIT || !space_reserve(space, p2m_entries))
            return false;
        touch_boot(space, boot_pages, image);
    }
    if (image->direct_map != 0 && space->direct == NULL && !direct_reserve(space))
        return false;

    forget_own_p2m(space);
    space->image = image;
    space->heap_first_bytes = 0;
    space->p2m_entries = p2m_entries;
    space->heap_bytes = heap_bytes_for(space_pages(space, p2m_entries));
    memset(space->boot, 0, FIXED_PAGES * PAGE_BYTES);
    for (uint64_t i = p2m_entries; i < space->p2m_room; i++)
        space->p2m[i] = SPACE_CANARY + i;
    return true;
}

void space_heap_used(struct space *space, uint64_t used_bytes)
{
    assert(space->base != NULL);
    if (space->heap_first_bytes == 0)
        space->heap_first_bytes = used_bytes;
    if (used_bytes <= space->heap_first_bytes || used_bytes >= space->heap_bytes)
        return;
    /* In advance as much again as the heap grew by: at least half of that gets used. */
    uint64_t ahead = used_bytes - space->heap_first_bytes, from = used_bytes, end;
    end = used_bytes + (ahead < HEAP_AHEAD_BYTES ? ahead : HEAP_AHEAD_BYTES);
    if (end > space->heap_bytes)
        end = space->heap_bytes;
    if (from < space->heap_ready_bytes)
        from = space->heap_ready_bytes;
    if (end < from + (end - used_bytes) / 2)
        return; /* more than half of it is there: the call would cost more than it saves */
    os_memory_touch(space->heap + from, end - from);
    space->heap_ready_bytes = end;
}

bool space_canary_intact(const struct space *space)
{
    for (uint64_t i = space->p2m_entries; i < space->p2m_room; i++) {
        if (space->p2m[i] != SPACE_CANARY + i)
            return false;
    }
    return true;
}

int space_use_p2m(struct space *space, uintptr_t guest_va, uint64_t entries)
{
    assert(space->base != NULL);
    if (guest_va % _Alignof(uint64_t) != 0 || entries == 0 || entries > P2M_ENTRIES_LIMIT)
        return EINVAL;
    uint64_t *table = space_host(space, guest_va, entries * sizeof(uint64_t), true), *copy = NULL;
    if (table == NULL)
        return EFAULT;
    if (space_on_real_xen(space)) {
        copy = calloc(entries, sizeof *copy);
        if (copy == NULL)
            return ENOMEM;
    }
    forget_own_p2m(space);
    space->own_p2m = table;
    space->own_p2m_entries = entries;
    space->own_p2m_copy = copy;
    return 0;
}

uint64_t *space_p2m_copy(struct space *space)
{
    assert(space_on_real_xen(space));
    return space->own_p2m != NULL ? space->own_p2m_copy : space->p2m;
}

/* It looks from the high end on, where a stack's pages are written first, so that a page that was used is soon known. */
static bool page_is_zero(const char *page)
{
    typedef uint64_t words_t __attribute__((vector_size(16)));
    const words_t *low = (const void *)page, *at = low + PAGE_BYTES / sizeof *at;
    while (at != low) {
        at -= 16;
        words_t any = at[0] | at[1] | at[2] | at[3] | at[4] | at[5] | at[6] | at[7] | at[8] | at[9] | at[10] |
                      at[11] | at[12] | at[13] | at[14] | at[15];
        if ((any[0] | any[1]) != 0)
            return false;
    }
    return true;
}

/* Stacks fill from their high end: cleans them down to the first page that was never written. */
static void clean_stack(char *stack)
{
    for (uint64_t at = SPACE_STACK_BYTES; at != 0; at -= PAGE_BYTES) {
        char *page = stack + at - PAGE_BYTES;
        if (page_is_zero(page))
            return;
        memset(page, 0, PAGE_BYTES);
    }
}

void space_clean(struct space *space, uint64_t heap_touched_bytes)
{
    assert(space->base != NULL);
    /* A guest that was built with the sanitizer (a test's) leaves marks around what lay on its stacks. */
    ASAN_UNPOISON_MEMORY_REGION(space->stacks, STACKS_BYTES - GUARD_BYTES);
    for (unsigned k = 0; k <= SPACE_STACKS; k++)
        clean_stack(space->stacks + k * SPACE_STRIDE_BYTES);
    if (heap_touched_bytes <= space->heap_bytes) {
        memset(space->heap, 0, heap_touched_bytes);
    } else {
        /* How much was touched isn't known: the pages are thrown away, and new ones are zeroed. */
        os_memory_forget(space->heap, space->heap_bytes);
        space->heap_ready_bytes = 0;
    }
    if (space->direct != NULL) {
        os_memory_forget(space->direct, space->direct_pages * PAGE_BYTES);
        os_memory_forget(space->direct_mfn, space->direct_pages * sizeof *space->direct_mfn);
    }
    forget_own_p2m(space);
    space->p2m_entries = 0; /* the next domain in this memory may have no P2M: an empty domain */
    space->image = NULL;
}

void space_free(struct space *space)
{
    forget_own_p2m(space);
    os_memory_free(space->direct, space->direct_pages * PAGE_BYTES);
    os_memory_free(space->direct_mfn, space->direct_pages * sizeof *space->direct_mfn);
    os_memory_free(space->base, space->bytes);
    memset(space, 0, sizeof *space);
}
