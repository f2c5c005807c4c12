/* SPDX-License-Identifier: BSD-2-Clause */
/* dom0 as a sponge: the frames it took are remembered, for Xen wants to hear their numbers again. */
#include "harness/xen/xen_pool.h"

#include "harness/xen/xen_domctl.h"
#include "harness/xen/xen_domain.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct xen_pool {
    struct xen_host *xen;
    uint64_t *triggers;
    uint64_t count, room;
};

struct xen_pool *xen_pool_new(struct xen_host *xen)
{
    struct xen_pool *pool = calloc(1, sizeof *pool);

    if (pool == NULL)
        return NULL;
    pool->xen = xen;
    pool->room = xen_memory_frames(xen);
    pool->triggers = malloc(pool->room * sizeof *pool->triggers);
    if (pool->triggers == NULL) {
        free(pool);
        return NULL;
    }
    xen_set_maximum_kib(xen, 0, pool->room * 4);
    return pool;
}

void xen_pool_free(struct xen_pool *pool)
{
    if (pool != NULL)
        free(pool->triggers);
    free(pool);
}

/* One call over a list's worth of extents at most, from or to the argument area; how many it moved. */
static uint64_t issue(struct xen_pool *pool, unsigned command, uint64_t count, unsigned order)
{
    struct xen_memory_reservation *op = (struct xen_memory_reservation *)xen_area(pool->xen, AREA_OP);

    assert(count <= AREA_LIST_ENTRIES);
    memset(op, 0, sizeof *op);
    op->nr_extents = count;
    op->extent_order = order;
    op->domid = DOMID_SELF;
    op->extent_start.p = (xen_pfn_t *)xen_area_va(pool->xen, AREA_LIST);
    long moved =
        xen_hypercall(pool->xen, __HYPERVISOR_memory_op, command, xen_area_va(pool->xen, AREA_OP), 0, 0);
    return moved > 0 ? (uint64_t)moved : 0;
}

static uint64_t take(struct xen_pool *pool, uint64_t count)
{
    const uint64_t *list = (uint64_t *)xen_area(pool->xen, AREA_LIST);
    uint64_t taken =
        issue(pool, XENMEM_increase_reservation, count < AREA_LIST_ENTRIES ? count : AREA_LIST_ENTRIES, 0);

    assert(pool->count + taken <= pool->room);
    memcpy(pool->triggers + pool->count, list, taken * sizeof *list);
    pool->count += taken;
    return taken;
}

static uint64_t give(struct xen_pool *pool, uint64_t count)
{
    uint64_t *list = (uint64_t *)xen_area(pool->xen, AREA_LIST);

    count = count < pool->count ? count : pool->count;
    count = count < AREA_LIST_ENTRIES ? count : AREA_LIST_ENTRIES;
    memcpy(list, pool->triggers + pool->count - count, count * sizeof *list);
    uint64_t given = issue(pool, XENMEM_decrease_reservation, count, 0);
    assert(given <= pool->count);
    pool->count -= given;
    return given;
}

void xen_pool_give_back(struct xen_pool *pool)
{
    while (pool->count > 0 && give(pool, pool->count) != 0)
        ;
}

uint64_t xen_pool_extents(struct xen_pool *pool, unsigned order, uint64_t count)
{
    count = count < AREA_LIST_ENTRIES ? count : AREA_LIST_ENTRIES;
    uint64_t extents = issue(pool, XENMEM_increase_reservation, count, order);
    uint64_t back = extents > 0 ? issue(pool, XENMEM_decrease_reservation, extents, order) : 0;
    assert(back == extents);
    return back;
}

uint64_t xen_pool_resize(struct xen_pool *pool, uint64_t wanted_free_pages)
{
    uint64_t now = xen_free_pages(pool->xen);

    while (now > wanted_free_pages && take(pool, now - wanted_free_pages) != 0)
        now = xen_free_pages(pool->xen);
    while (now < wanted_free_pages && give(pool, wanted_free_pages - now) != 0)
        now = xen_free_pages(pool->xen);
    return now;
}
