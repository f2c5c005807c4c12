/* SPDX-License-Identifier: BSD-2-Clause */
/* Claims: a number for each domain, and their sum, which is kept free in the pool. */
#include "sim/domain/claim.h"

#include <assert.h>
#include <errno.h>

#include "sim/domain/domain.h"
#include "sim/machine_state.h"

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
    if (grew)
        set(d, d->claim_pages - 1u);
    else if (d->machine->config.xen->claim_grows_again)
        set(d, d->claim_pages + 1u);
}

void claim_pay(struct domain *d, uint64_t pages)
{
    set(d, d->claim_pages > pages ? d->claim_pages - pages : 0);
}

void claim_keep(struct domain *d, uint64_t pages)
{
    set(d, pages);
}

void claim_end(struct domain *d)
{
    set(d, 0);
}

long claim_stake(struct domain *d, uint64_t pages)
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
