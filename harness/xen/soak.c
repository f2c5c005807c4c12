/* SPDX-License-Identifier: BSD-2-Clause */
/* dom0 as a sponge: the frames it took are remembered, for Xen wants to hear their numbers again. */
#include "harness/xen/soak.h"

#include "harness/xen/domctl.h"
#include "harness/xen/domain.h"

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

/* One call over at most a list's worth of frames; how many it moved. */
static uint64_t move(struct soak *soak, unsigned command, uint64_t count)
{
    struct xen_memory_reservation *op = (struct xen_memory_reservation *)xen_area(soak->xen, AREA_OP);
    uint64_t *list = (uint64_t *)xen_area(soak->xen, AREA_LIST);
    bool gives = command == XENMEM_decrease_reservation;

    count = count < AREA_LIST_ENTRIES ? count : AREA_LIST_ENTRIES;
    memset(op, 0, sizeof *op);
    op->nr_extents = count;
    op->domid = DOMID_SELF;
    op->extent_start.p = (xen_pfn_t *)xen_area_va(soak->xen, AREA_LIST);
    if (gives)
        memcpy(list, soak->held + soak->count - count, count * sizeof *list);
    long moved = xen_hypercall(soak->xen, __HYPERVISOR_memory_op, command, xen_area_va(soak->xen, AREA_OP), 0, 0);
    if (moved <= 0)
        return 0;
    if (!gives)
        memcpy(soak->held + soak->count, list, (uint64_t)moved * sizeof *list);
    soak->count = gives ? soak->count - (uint64_t)moved : soak->count + (uint64_t)moved;
    assert(soak->count <= soak->room);
    return (uint64_t)moved;
}

uint64_t soak_until(struct soak *soak, uint64_t wanted_free_pages)
{
    uint64_t now = xen_free_pages(soak->xen);

    while (now > wanted_free_pages && move(soak, XENMEM_increase_reservation, now - wanted_free_pages) != 0)
        now = xen_free_pages(soak->xen);
    while (now < wanted_free_pages && soak->count > 0) {
        uint64_t lacking = wanted_free_pages - now;

        if (move(soak, XENMEM_decrease_reservation, lacking < soak->count ? lacking : soak->count) == 0)
            break;
        now = xen_free_pages(soak->xen);
    }
    return now;
}
