/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest says where its vcpu_info is to lie from now on. The model keeps it in shared_info: a guest may name that place,
 * and then finds all of its ports marked as pending, so that nothing gets lost. Any other place of its own ends it.
 */
#include "sim/hypercall/vcpu_op.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <xen/vcpu.h>

#include "sim/domain/domain.h"
#include "sim/domain/pod.h"
#include "sim/domain/space.h"
#include "sim/host/frame_table.h"
#include "sim/machine_state.h"

static long register_vcpu_info(struct domain *d, const struct vcpu_register_vcpu_info *info)
{
    const uint64_t own = d->overhead.mfn[0];

    assert(!d->empty && d->space.shared_info != NULL);
    if (d->vcpu_info_registered && d->machine->config.xen->vcpu_info_again_is_busy)
        return -EBUSY;
    if (info->offset > PAGE_BYTES - sizeof(struct vcpu_info))
        return -ENXIO;
    if (d->vcpu_info_registered)
        return -EINVAL;
    /* A domain that Xen translates for names a gfn. */
    const uint64_t mfn = d->physmap != NULL ? pod_touch(d, info->mfn) : info->mfn;
    if (mfn != own && !frame_owned_by(&d->machine->host, mfn, d->domid))
        return -EINVAL;
    if (mfn != own || info->offset != 0) {
        domain_crash(
            d, "VCPUOP_register_vcpu_info: a vcpu_info elsewhere than in shared_info is not modelled");
        return 0;
    }
    d->vcpu_info_registered = true;
    d->space.shared_info->vcpu_info[0].evtchn_pending_sel = ~(xen_ulong_t)0;
    d->space.shared_info->vcpu_info[0].evtchn_upcall_pending = 1;
    return 0;
}

long vcpu_op(struct domain *d, const struct vcpu *vcpu, struct hypercall_trace *trace)
{
    struct vcpu_register_vcpu_info info;

    trace->subop = (uint32_t)vcpu->arg[0];
    if (vcpu->arg[1] != 0)
        return -ENOENT;
    if (vcpu->arg[0] != VCPUOP_register_vcpu_info)
        return -ENOSYS;
    const void *guest = space_host(&d->space, vcpu->arg[2], sizeof info, false);
    if (guest == NULL)
        return -EFAULT;
    memcpy(&info, guest, sizeof info);
    return register_vcpu_info(d, &info);
}
