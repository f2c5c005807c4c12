/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Domains made by XEN_DOMCTL_createdomain, step by step as Xen's own tools do it.
 */
#include "sim/domain/empty_domain.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>

#include "sim/domain/domain.h"
#include "sim/domain/physmap.h"
#include "sim/machine_state.h"

static bool pool_has(const struct machine *m, uint64_t pages)
{
    return m->host.free_pages >= m->host.claimed_pages + pages;
}

static unsigned free_domid(struct machine *m)
{
    unsigned domid = m->next_domid;
    while (domid < DOMID_DOM0 && domain_number_is_taken(m, domid))
        domid++;
    return domid;
}

long empty_domain_create(struct domain *caller, unsigned domid, bool translated)
{
    struct machine *m = caller->machine;
    /* In Xen, too, 0 and numbers past the end mean: any number. */
    if (domid == 0 || domid >= DOMID_LIMIT)
        domid = free_domid(m);
    if (domid >= DOMID_DOM0)
        return -ENOMEM;
    if (domain_number_is_taken(m, domid))
        return -EEXIST;
    const unsigned overhead =
        translated ? m->config.xen->overhead_pvh_pages : m->config.xen->overhead_pv_pages;
    if (m->nr_domains >= DOMAINS_LIMIT || !pool_has(m, overhead))
        return -ENOMEM;
    struct domain *d = domain_blank(m);
    if (d != NULL && translated && (d->physmap = physmap_new()) == NULL) {
        domain_free(d);
        d = NULL;
    }
    if (d == NULL) {
        machine_lacks_memory(m);
        return -ENOMEM;
    }
    d->domid = domid;
    d->empty = true;
    d->blocked = true;
    d->maximum_pages = 0;
    d->vcpu.dead = true;
    snprintf(d->name, sizeof d->name, "domain-%u", domid);
    snprintf(d->kernel, sizeof d->kernel, "none");
    d->config.name = d->name;
    overhead_take(&d->machine->host, &d->overhead, overhead);
    domain_join(d);
    domset_remove(&m->runnable, domid);
    domain_record(d);
    assert(d->reservation_pages == 0);
    return (long)domid;
}

unsigned empty_domain_vcpu_pages(const struct domain *d)
{
    const struct known_xen *xen = d->machine->config.xen;
    const bool translated = d->physmap != NULL;
    if (!d->empty ||
        d->overhead.count >= domain_overhead_pages(xen, translated) + overhead_ports(d->nr_ports))
        return 0;
    return translated ? xen->vcpu_pvh_pages : xen->vcpu_pv_pages;
}

long empty_domain_add_vcpu(struct domain *d)
{
    struct machine *m = d->machine;
    const unsigned overhead = empty_domain_vcpu_pages(d);
    if (!pool_has(m, overhead))
        return -ENOMEM;
    overhead_take(&d->machine->host, &d->overhead, overhead);
    return 0;
}
