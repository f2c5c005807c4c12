/* SPDX-License-Identifier: BSD-2-Clause */
/* XENMEM_claim_pages, as measured on Xen 4.17. */
#include "sim/hypercall/memory_claim.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <xen/memory.h>

#include "sim/domain/claim.h"
#include "sim/domain/domain.h"
#include "sim/hypercall/target.h"

long memory_claim(struct domain *caller, unsigned long argument, struct hypercall_trace *trace)
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
    if (hypercall_dying(caller, ask.domid) != NULL)
        return ask.nr_extents == 0 ? 0 : -EINVAL; /* Xen would let a dying domain claim memory for good */
    /* Measured: it wants the domid itself; DOMID_SELF gets the same answer as a domid that no domain has. */
    if (ask.domid == DOMID_SELF || hypercall_target(caller, ask.domid, &target) == -ESRCH)
        return -EINVAL;
    if (!caller->privileged)
        return -EPERM;
    return claim_stake(target, ask.nr_extents);
}
