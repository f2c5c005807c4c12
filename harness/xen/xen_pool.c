/* SPDX-License-Identifier: BSD-2-Clause */
/* The pages that the conductor keeps out of the host's pool. Their numbers are remembered, for giving them back. */
#include "harness/xen/xen_pool.h"

#include "harness/xen/domctl.h"
#include "harness/xen/xen_pages.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/types.h"

struct xen_pool {
    struct conductor *conductor;
    uint64_t *held_mfns;
    uint64_t held, room;
};

struct xen_pool *xen_pool_new(struct conductor *conductor, uint64_t machine_pages)
{
    struct xen_pool *pool = calloc(1, sizeof *pool);

    if (pool == NULL)
        return NULL;
    pool->conductor = conductor;
    pool->room = machine_pages;
    pool->held_mfns = malloc(pool->room * sizeof *pool->held_mfns);
    if (pool->held_mfns == NULL) {
        free(pool);
        return NULL;
    }
    xen_pages_set_maximum(conductor, 0, machine_pages * KIB_PER_PAGE);
    return pool;
}

void xen_pool_free(struct xen_pool *pool)
{
    if (pool != NULL)
        free(pool->held_mfns);
    free(pool);
}

static uint64_t *list_of(const struct xen_pool *pool)
{
    return (uint64_t *)(void *)conductor_area(pool->conductor, AREA_LIST);
}

/* Issues one call, for at most as many extents as the area's list can hold. Returns how many extents it moved. */
static uint64_t issue(
    struct xen_pool *pool, unsigned command, uint64_t count, unsigned order, unsigned mem_flags)
{
    struct conductor *conductor = pool->conductor;
    struct xen_memory_reservation *op =
        (struct xen_memory_reservation *)(void *)conductor_area(conductor, AREA_OP);

    assert(count <= AREA_LIST_ENTRIES);
    memset(op, 0, sizeof *op);
    op->nr_extents = count;
    op->extent_order = order;
    op->mem_flags = mem_flags;
    op->domid = DOMID_SELF;
    op->extent_start.p = (xen_pfn_t *)conductor_area_va(conductor, AREA_LIST);
    long moved = conductor_hypercall(
        conductor, __HYPERVISOR_memory_op, command, conductor_area_va(conductor, AREA_OP), 0, 0);
    assert(moved <= (long)count);
    return moved > 0 ? (uint64_t)moved : 0;
}

static uint64_t at_most_a_list(uint64_t count)
{
    return count < AREA_LIST_ENTRIES ? count : AREA_LIST_ENTRIES;
}

static uint64_t take(struct xen_pool *pool, uint64_t count)
{
    uint64_t taken = issue(pool, XENMEM_increase_reservation, at_most_a_list(count), 0, 0);

    assert(pool->held + taken <= pool->room);
    memcpy(pool->held_mfns + pool->held, list_of(pool), taken * sizeof *pool->held_mfns);
    pool->held += taken;
    return taken;
}

static uint64_t give(struct xen_pool *pool, uint64_t count)
{
    count = at_most_a_list(count < pool->held ? count : pool->held);
    memcpy(list_of(pool), pool->held_mfns + pool->held - count, count * sizeof *pool->held_mfns);
    uint64_t given = issue(pool, XENMEM_decrease_reservation, count, 0, 0);
    assert(given <= pool->held);
    pool->held -= given;
    return given;
}

void xen_pool_give_back(struct xen_pool *pool)
{
    while (pool->held > 0 && give(pool, pool->held) != 0)
        ;
}

uint64_t xen_pool_extents(struct xen_pool *pool, unsigned order, unsigned mem_flags, uint64_t count)
{
    uint64_t extents = issue(pool, XENMEM_increase_reservation, at_most_a_list(count), order, mem_flags);
    uint64_t back = extents > 0 ? issue(pool, XENMEM_decrease_reservation, extents, order, 0) : 0;

    assert(back == extents);
    return back;
}

uint64_t xen_pool_resize(struct xen_pool *pool, uint64_t wanted_free_pages)
{
    uint64_t now = xen_pages_free(pool->conductor);

    while (now > wanted_free_pages && take(pool, now - wanted_free_pages) != 0)
        now = xen_pages_free(pool->conductor);
    while (now < wanted_free_pages && give(pool, wanted_free_pages - now) != 0)
        now = xen_pages_free(pool->conductor);
    return now;
}
