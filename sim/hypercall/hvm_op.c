/* SPDX-License-Identifier: BSD-2-Clause */
/* HVMOP_get_param, for the parameters that the builder of a translated domain sets. Read in Xen's source, not measured. */
#include "sim/hypercall/hvm_op.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <xen/hvm/hvm_op.h>
#include <xen/hvm/params.h>

#include "sim/domain/boot.h"
#include "sim/domain/domain.h"
#include "sim/hypercall/target.h"

static long get_param(const struct domain *d, uint32_t index, uint64_t *value)
{
    switch (index) {
    case HVM_PARAM_STORE_PFN:
        *value = BOOT_STORE_PFN;
        return 0;
    case HVM_PARAM_STORE_EVTCHN:
        *value = d->store_port;
        return 0;
    default:
        return -EINVAL; /* the builder of these domains sets no other */
    }
}

long hvm_op(struct domain *d, unsigned long command, unsigned long argument, struct hypercall_trace *trace)
{
    struct xen_hvm_param ask;
    struct domain *target;
    trace->subop = (uint32_t)command;
    if (command != HVMOP_get_param)
        return -ENOSYS;
    void *guest = space_host(&d->space, argument, sizeof ask, true);
    if (guest == NULL)
        return -EFAULT;
    memcpy(&ask, guest, sizeof ask);
    long error = hypercall_target(d, ask.domid, &target);
    if (error != 0)
        return error;
    if (target->physmap == NULL)
        return -EINVAL;
    error = get_param(target, ask.index, &ask.value);
    if (error == 0)
        memcpy(guest, &ask, sizeof ask);
    return error;
}
