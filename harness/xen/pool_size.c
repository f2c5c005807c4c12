/* SPDX-License-Identifier: BSD-2-Clause */
/* dom0 as a sponge: the frames it took are remembered, for Xen wants to hear their numbers again. */
#include "harness/xen/pool_size.h"

#include "harness/xen/xen_domctl.h"
#include "harness/xen/xen_domain.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct soak {
    struct xen_host *xen;
    uint64_t *held;
    uint64_t count, room;
};

struct soak *soak_new(struct xen_host *xen)
{
    struct soak *soak = calloc(1, sizeof *soak);

    if (soak == NULL)
        return NULL;
    soak->xen = xen;
    soak->room = xen_memory_frames(xen);
    soak->held = malloc(soak->room * sizeof *soak->held);
    if (soak->held == NULL) {
        free(soak);
        return NULL;
    }
    xen_set_maximum_kib(xen, 0, soak->room * 4);
    return soak;
}

void soak_free(struct soak *soak)
{
    if (soak != NULL)
        free(soak->held);
    free(soak);
}

/* One call over a list's worth of extents at most, from or to the argument area; how many it moved. */
static uint64_t issue(struct soak *soak, unsigned command, uint64_t count, unsigned order)
{
    struct xen_memory_reservation *op = (struct xen_memory_reservation *)xen_area(soak->xen, AREA_OP);

    assert(count <= AREA_LIST_ENTRIES);
    memset(op, 0, sizeof *op);
    op->nr_extents = count;
    op->extent_order = order;
    op->domid = DOMID_SELF;
    op->extent_start.p = (xen_pfn_t *)xen_area_va(soak->xen, AREA_LIST);
    long moved =
        xen_hypercall(soak->xen, __HYPERVISOR_memory_op, command, xen_area_va(soak->xen, AREA_OP), 0, 0);
    return moved > 0 ? (uint64_t)moved : 0;
}

static uint64_t take(struct soak *soak, uint64_t count)
{
    const uint64_t *list = (uint64_t *)xen_area(soak->xen, AREA_LIST);
    uint64_t taken =
        issue(soak, XENMEM_increase_reservation, count < AREA_LIST_ENTRIES ? count : AREA_LIST_ENTRIES, 0);

    assert(soak->count + taken <= soak->room);
    memcpy(soak->held + soak->count, list, taken * sizeof *list);
    soak->count += taken;
    return taken;
}

static uint64_t give(struct soak *soak, uint64_t count)
{
    uint64_t *list = (uint64_t *)xen_area(soak->xen, AREA_LIST);

    count = count < soak->count ? count : soak->count;
    count = count < AREA_LIST_ENTRIES ? count : AREA_LIST_ENTRIES;
    memcpy(list, soak->held + soak->count - count, count * sizeof *list);
    uint64_t given = issue(soak, XENMEM_decrease_reservation, count, 0);
    assert(given <= soak->count);
    soak->count -= given;
    return given;
}

void soak_wring(struct soak *soak)
{
    while (soak->count > 0 && give(soak, soak->count) != 0)
        ;
}

uint64_t soak_extents(struct soak *soak, unsigned order, uint64_t count)
{
    count = count < AREA_LIST_ENTRIES ? count : AREA_LIST_ENTRIES;
    uint64_t extents = issue(soak, XENMEM_increase_reservation, count, order);
    uint64_t back = extents > 0 ? issue(soak, XENMEM_decrease_reservation, extents, order) : 0;
    assert(back == extents);
    return back;
}

uint64_t soak_until(struct soak *soak, uint64_t wanted_free_pages)
{
    uint64_t now = xen_free_pages(soak->xen);

    while (now > wanted_free_pages && take(soak, now - wanted_free_pages) != 0)
        now = xen_free_pages(soak->xen);
    while (now < wanted_free_pages && give(soak, wanted_free_pages - now) != 0)
        now = xen_free_pages(soak->xen);
    return now;
}
