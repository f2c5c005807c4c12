/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * XENMEM_claim_pages: frames promised to a domain that is being built. A claim is a number, no frames: others
 * find the pool as much smaller. What the domain gets is taken off its claim, what it gives back is added.
 */
#define __XEN_TOOLS__ 1
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <xen/memory.h>

#include "sim/internal.h"

static void set(struct domain *d, uint64_t pages)
{
    struct host *host = &d->machine->host;
    assert(host->claimed_pages >= d->claim_pages);
    host->claimed_pages += pages - d->claim_pages;
    d->claim_pages = pages;
    assert(host->claimed_pages <= host->pages);
}

bool claims_leave(const struct host *host, uint64_t pages)
{
    return pages + host->claimed_pages <= host->free_pages;
}

bool claim_allows(const struct domain *d, uint64_t pages)
{
    return claims_leave(&d->machine->host, pages) || d->claim_pages >= pages;
}

void claim_moved(struct domain *d, bool grew)
{
    assert(d->claim_pages > 0);
    set(d, grew ? d->claim_pages - 1u : d->claim_pages + 1u);
}

void claim_end(struct domain *d)
{
    set(d, 0);
}

/* The number is the reservation that the domain wants to be sure of, what it has counted in. */
static long stake(struct domain *d, uint64_t pages)
{
    const struct host *host = &d->machine->host;
    if (pages == 0) {
        claim_end(d);
        return 0;
    }
    if (d->claim_pages != 0 || pages <= d->reservation_pages || pages > d->maximum_pages)
        return -EINVAL;
    uint64_t more = pages - d->reservation_pages;
    if (more > host->free_pages - host->claimed_pages)
        return -ENOMEM;
    set(d, more);
    return 0;
}

long claim_pages(struct domain *caller, unsigned long argument, struct hypercall_trace *trace)
{
    struct xen_memory_reservation ask;
    struct domain *target;
    const void *guest = space_host(&caller->space, argument, sizeof ask, false);
    if (guest == NULL)
        return -EFAULT;
    memcpy(&ask, guest, sizeof ask);
    trace->asked = ask.nr_extents;
    if (ask.extent_start.p != NULL || ask.extent_order != 0 || ask.mem_flags != 0)
        return -EINVAL;
    /* Measured: it wants the domid itself, and says of DOMID_SELF what it says of a number that nobody has. */
    if (ask.domid == DOMID_SELF || hypercall_target(caller, ask.domid, &target) == -ESRCH)
        return -EINVAL;
    if (!caller->privileged)
        return -EPERM;
    return stake(target, ask.nr_extents);
}
