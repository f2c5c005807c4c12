/* SPDX-License-Identifier: BSD-2-Clause */
/* XENMEM_set_pod_target and XENMEM_get_pod_target, as measured on Xen 4.17. */
#include "sim/hypercall/memory_pod.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <xen/memory.h>

#include "sim/domain/domain.h"
#include "sim/domain/physmap.h"
#include "sim/domain/pod.h"
#include "sim/host/zombie.h"
#include "sim/hypercall/target.h"

long memory_pod_target(struct domain *caller, bool set, unsigned long argument, struct hypercall_trace *trace)
{
    struct xen_pod_target ask;
    struct domain *d;
    char *guest = space_host(&caller->space, argument, sizeof ask, true);
    if (guest == NULL)
        return -EFAULT;
    memcpy(&ask, guest, sizeof ask);
    trace->asked = ask.target_pages;
    long error = hypercall_target(caller, ask.domid, &d);
    /* Xen checks the kind of the domain before it checks the caller's rights: measured. Its dom0 is PV. */
    const struct zombie *dying = hypercall_dying(caller, ask.domid);
    if ((error != -ESRCH && (d == NULL || d->physmap == NULL)) || (dying != NULL && !dying->dying.translated))
        error = -EINVAL;
    if (error == 0 && !caller->privileged)
        error = -EPERM;
    if (error == 0 && set)
        error = ask.target_pages > d->maximum_pages ? -EINVAL : pod_set_target(d, ask.target_pages);
    if (error != 0)
        return error;
    ask.tot_pages = d->reservation_pages;
    ask.pod_cache_pages = d->physmap->cache_pages;
    ask.pod_entries = d->physmap->pod_entries;
    memcpy(guest, &ask, sizeof ask);
    return 0;
}
