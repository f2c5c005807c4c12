/* SPDX-License-Identifier: BSD-2-Clause */
/* The toolstack's own hypercalls through dom0, and the questions about pages that they answer. */
#include "harness/xen/xen_domctl.h"

#include "harness/xen/xen_domain.h"

#include <assert.h>
#include <string.h>

struct xen_domctl *domctl_begin(struct xen_host *host, uint32_t command, unsigned domid)
{
    struct xen_domctl *op = (struct xen_domctl *)xen_area(host, AREA_OP);

    assert(sizeof *op <= 4096 && domid < DOMID_FIRST_RESERVED);
    memset(op, 0, sizeof *op);
    op->cmd = command;
    op->interface_version = XEN_DOMCTL_INTERFACE_VERSION;
    op->domain = (domid_t)domid;
    return op;
}

long domctl_issue(struct xen_host *host)
{
    return xen_hypercall(host, __HYPERVISOR_domctl, xen_area_va(host, AREA_OP), 0, 0, 0);
}

struct xen_domain_pages xen_domain_pages(struct xen_host *host, unsigned domid)
{
    struct xen_domctl *op = domctl_begin(host, XEN_DOMCTL_getdomaininfo, domid);
    long answer = domctl_issue(host);
    const struct xen_domctl_getdomaininfo *info = &op->u.getdomaininfo;

    /* Xen answers with the next higher domain when there is none of that number. */
    if (answer != 0 || info->domain != domid)
        return (struct xen_domain_pages){.there = false};
    return (struct xen_domain_pages){
        .there = true,
        .reservation_pages = info->tot_pages,
        .maximum_pages = info->max_pages,
        .shared_info_frame = info->shared_info_frame,
    };
}

void xen_whose_frames(struct xen_host *host, unsigned domid, uint64_t *mfns, uint64_t count)
{
    uint64_t *types = (uint64_t *)xen_area(host, AREA_LIST);
    struct xen_domctl *op = domctl_begin(host, XEN_DOMCTL_getpageframeinfo3, domid);

    assert(count <= XEN_FRAMES_A_QUESTION);
    if (count == 0)
        return;
    memcpy(types, mfns, count * sizeof *mfns);
    op->u.getpageframeinfo3.num = count;
    op->u.getpageframeinfo3.array.p = (xen_pfn_t *)xen_area_va(host, AREA_LIST);
    bool answered = domctl_issue(host) == 0;
    for (uint64_t i = 0; i < count; i++)
        if (!answered || (types[i] & XEN_DOMCTL_PFINFO_LTAB_MASK) == XEN_DOMCTL_PFINFO_XTAB)
            mfns[i] = XEN_NOT_ITS_FRAME;
}

long xen_set_maximum_kib(struct xen_host *host, unsigned domid, uint64_t kib)
{
    domctl_begin(host, XEN_DOMCTL_max_mem, domid)->u.max_mem.max_memkb = kib;
    return domctl_issue(host);
}

uint64_t xen_free_pages(struct xen_host *host)
{
    struct xen_sysctl *op = (struct xen_sysctl *)xen_area(host, AREA_OP);

    memset(op, 0, sizeof *op);
    op->cmd = XEN_SYSCTL_physinfo;
    op->interface_version = XEN_SYSCTL_INTERFACE_VERSION;
    long answer = xen_hypercall(host, __HYPERVISOR_sysctl, xen_area_va(host, AREA_OP), 0, 0, 0);
    return answer == 0 ? op->u.physinfo.free_pages : 0;
}

void xen_pause(struct xen_host *host, unsigned domid, bool paused)
{
    domctl_begin(host, paused ? XEN_DOMCTL_pausedomain : XEN_DOMCTL_unpausedomain, domid);
    domctl_issue(host);
}
