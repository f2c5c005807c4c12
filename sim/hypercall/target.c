/* SPDX-License-Identifier: BSD-2-Clause */
/* Domains by the numbers that guests give them. */
#include "sim/hypercall/target.h"

#include <errno.h>

#include "sim/domain/domain.h"
#include "sim/host/zombie.h"
#include "sim/machine_state.h"

long hypercall_target(struct domain *d, unsigned domid, struct domain **target)
{
    struct machine *m = d->machine;
    unsigned own = domid == 0 ? DOMID_DOM0 : domid;
    *target = domid == DOMID_SELF ? d : own <= DOMID_DOM0 && domid != DOMID_DOM0 ? m->by_id[own] : NULL;
    if (*target == d)
        return 0;
    /* Xen always has a dom0, whether the scenario has one or not. */
    if (domid != 0 && *target == NULL)
        return !d->privileged && zombie_of(&m->host, domid) != NULL ? -EPERM : -ESRCH;
    return d->privileged && *target != NULL ? 0 : -EPERM;
}

struct zombie *hypercall_dying(const struct domain *d, unsigned domid)
{
    return d->privileged ? zombie_of(&d->machine->host, domid) : NULL;
}

long hypercall_frames_of(struct domain *d, unsigned domid, struct domain **target)
{
    *target = NULL;
    if (domid == DOMID_IO)
        return 0;
    if (domid == DOMID_XEN)
        return d->privileged ? 0 : -EPERM;
    const long refused = hypercall_target(d, domid, target);
    return domid != DOMID_SELF && *target == d ? -ESRCH : refused;
}
