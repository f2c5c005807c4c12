/* SPDX-License-Identifier: BSD-2-Clause */
/* The connections of a store: an array by domid. */
#include "sim/xenstore/store.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/xenstore/path.h"

struct xenstore_domain *store_domain(const struct xenstore *xs, unsigned domid)
{
    return domid < xs->domains_room ? xs->domains[domid] : NULL;
}

static bool reserve_domains(struct xenstore *xs, unsigned domid)
{
    size_t room = xs->domains_room == 0 ? 8 : xs->domains_room;
    struct xenstore_domain **domains;

    if (domid < xs->domains_room)
        return true;
    while (room <= domid)
        room *= 2;
    domains = realloc(xs->domains, room * sizeof(domains[0]));
    if (domains == NULL)
        return false;
    memset(domains + xs->domains_room, 0, (room - xs->domains_room) * sizeof(domains[0]));
    xs->domains = domains;
    xs->domains_room = room;
    return true;
}

struct xenstore_domain *store_domain_make(struct xenstore *xs, unsigned domid)
{
    struct xenstore_domain *domain = store_domain(xs, domid);

    assert(domid < DOMIDS);
    if (domain != NULL)
        return domain;
    /* in_body needn't be zeroed: a message is read before it is looked at. */
    if (reserve_domains(xs, domid))
        domain = malloc(sizeof(*domain));
    if (domain == NULL) {
        store_lacks_memory(xs);
        return NULL;
    }
    memset(domain, 0, offsetof(struct xenstore_domain, in_body));
    memset((char *)domain + offsetof(struct xenstore_domain, out_first), 0,
        sizeof(*domain) - offsetof(struct xenstore_domain, out_first));
    domain->domid = domid;
    domain->out_last = &domain->out_first;
    xs->domains[domid] = domain;
    return domain;
}

bool store_has_domain(const struct xenstore *xs, unsigned domid)
{
    const struct xenstore_domain *domain = store_domain(xs, domid);

    return domid == 0 || (domain != NULL && domain->ring != NULL);
}

void store_mark_unknown(const struct xenstore *xs, struct perms *perms)
{
    for (uint32_t i = 1; i < perms->count; i++)
        if (!store_has_domain(xs, perms->list[i].domid))
            perms->list[i].is_nobodys = true;
}

void store_lacks_memory(const struct xenstore *xs)
{
    if (xs->ops.no_memory != NULL)
        xs->ops.no_memory(xs->ops.context);
}

void store_note(
    const struct xenstore *xs, unsigned by, uint32_t op, const char *path, const char *value, int error)
{
    if (xs->ops.record != NULL)
        xs->ops.record(xs->ops.context, by, op, path, value, error);
}
