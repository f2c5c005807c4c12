/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * HYPERVISOR_domctl as far as ballooning needs it: a domain's maximum, getdomaininfo, and making and ending domains.
 * Only a privileged domain may use it; the toolstack calls domain_set_maximum_kib directly.
 */
#include "sim/hypercall/domctl.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "guest/abi/control.h"
#include "sim/domain/domain.h"
#include "sim/domain/empty_domain.h"
#include "sim/host/zombie.h"
#include "sim/hypercall/target.h"
#include "sim/machine_state.h"

static void describe(const struct domain *d, struct xen_domctl_getdomaininfo *info)
{
    memset(info, 0, sizeof *info);
    info->domain = (domid_t)domain_number_for_guests(d);
    if (d->state == DOMAIN_SHUT_DOWN || d->state == DOMAIN_CRASHED)
        info->flags |= XEN_DOMINF_shutdown | d->shutdown_reason << XEN_DOMINF_shutdownshift;
    else
        info->flags |= d->blocked ? XEN_DOMINF_blocked : XEN_DOMINF_running;
    info->tot_pages = d->reservation_pages;
    info->max_pages = d->maximum_pages;
    info->outstanding_pages = d->claim_pages;
    info->shared_info_frame = d->overhead.mfn[0];
    info->nr_online_vcpus = 1;
}

static void describe_dying(const struct zombie *zombie, struct xen_domctl_getdomaininfo *info)
{
    memset(info, 0, sizeof *info);
    info->domain = (domid_t)zombie->dying.domid;
    info->flags = XEN_DOMINF_dying;
    info->tot_pages = zombie->frames;
    info->max_pages = zombie->dying.maximum_pages;
}

/* What is asked about a dying domain. It may be destroyed again, and gets its vcpu, if it has none. */
static long about_dying(struct host *host, struct zombie *zombie, const struct xen_domctl *ctl)
{
    const unsigned vcpu_pages = zombie->dying.vcpu_pages;
    switch (ctl->cmd) {
    case XEN_DOMCTL_max_mem:
        zombie->dying.maximum_pages = domain_maximum_of_kib(ctl->u.max_mem.max_memkb);
        return 0;
    case XEN_DOMCTL_max_vcpus:
        if (host->free_pages < host->claimed_pages + vcpu_pages)
            return -ENOMEM;
        overhead_take(host, &zombie->overhead, vcpu_pages);
        zombie->dying.vcpu_pages = 0;
        return 0;
    case XEN_DOMCTL_destroydomain:
        return 0;
    default:
        return -ENOSYS;
    }
}

static long create(struct domain *d, struct xen_domctl *ctl, void *guest)
{
    long domid = empty_domain_create(d, ctl->domain, ctl->u.createdomain.flags & XEN_DOMCTL_CDF_hvm);
    if (domid < 0)
        return domid;
    ctl->domain = (domid_t)domid;
    memcpy(guest, ctl, sizeof *ctl);
    return 0;
}

/*
 * getdomaininfo: about the domain of that number. With some Xens, if there is none, about the next one (measured), which is
 * how their toolstacks list domains.
 */
static long tell(struct domain *d, struct xen_domctl *ctl, void *guest)
{
    struct domain *target = NULL;
    const bool goes_on = d->machine->config.xen->getdomaininfo_goes_on;
    const struct zombie *dying = NULL;
    for (unsigned domid = ctl->domain; target == NULL && dying == NULL && domid < DOMID_DOM0; domid++) {
        (void)hypercall_target(d, domid, &target);
        dying = hypercall_dying(d, domid);
        if (!goes_on)
            break;
    }
    if (target == NULL && dying == NULL)
        return -ESRCH;
    if (dying != NULL)
        describe_dying(dying, &ctl->u.getdomaininfo);
    else
        describe(target, &ctl->u.getdomaininfo);
    memcpy(guest, ctl, sizeof *ctl);
    return 0;
}

long domctl_op(struct domain *d, unsigned long argument, struct hypercall_trace *trace)
{
    struct xen_domctl ctl;
    void *guest = space_host(&d->space, argument, sizeof ctl, true);
    if (guest == NULL)
        return -EFAULT;
    memcpy(&ctl, guest, sizeof ctl);
    trace->subop = ctl.cmd;
    trace->flags = ctl.domain;
    if (ctl.interface_version != d->machine->config.xen->domctl_version)
        return -EACCES;
    if (!d->privileged)
        return -EPERM;
    if (ctl.cmd == XEN_DOMCTL_createdomain)
        return create(d, &ctl, guest);
    if (ctl.cmd == XEN_DOMCTL_getdomaininfo)
        return tell(d, &ctl, guest);
    struct domain *target;
    struct zombie *dying = hypercall_dying(d, ctl.domain);
    if (dying != NULL)
        return about_dying(&d->machine->host, dying, &ctl);
    if (ctl.domain == DOMID_SELF || hypercall_target(d, ctl.domain, &target) != 0)
        return -ESRCH;
    switch (ctl.cmd) {
    case XEN_DOMCTL_max_mem:
        trace->asked = ctl.u.max_mem.max_memkb;
        return domain_set_maximum_kib(target, ctl.u.max_mem.max_memkb);
    case XEN_DOMCTL_max_vcpus:
        return empty_domain_add_vcpu(target);
    case XEN_DOMCTL_destroydomain:
        if (target == d)
            return -EINVAL;
        machine_destroy_domain(d->machine, target, DOMAIN_END_DESTROY);
        return 0;
    default:
        return -ENOSYS;
    }
}
