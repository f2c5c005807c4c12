/* SPDX-License-Identifier: BSD-2-Clause */
/* A toolstack's own hypercalls: how one is made and issued. */
#include "harness/xen/domctl.h"

#include "harness/xen/xen_found.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "sim/types.h"

struct xen_domctl *domctl_begin(struct conductor *conductor, uint32_t command, unsigned domid)
{
    struct xen_domctl *op = (struct xen_domctl *)(void *)conductor_area(conductor, AREA_OP);

    static_assert(sizeof *op <= PAGE_BYTES, "one page holds it");
    assert(domid < DOMID_FIRST_RESERVED);
    memset(op, 0, sizeof *op);
    op->cmd = command;
    op->interface_version = conductor_xen(conductor)->domctl_version;
    op->domain = (domid_t)domid;
    return op;
}

long domctl_issue(struct conductor *conductor)
{
    return conductor_hypercall(
        conductor, __HYPERVISOR_domctl, conductor_area_va(conductor, AREA_OP), 0, 0, 0);
}

struct xen_sysctl *sysctl_begin(struct conductor *conductor, uint32_t command)
{
    struct xen_sysctl *op = (struct xen_sysctl *)(void *)conductor_area(conductor, AREA_OP);

    static_assert(sizeof *op <= PAGE_BYTES, "one page holds it");
    memset(op, 0, sizeof *op);
    op->cmd = command;
    op->interface_version = conductor_xen(conductor)->sysctl_version;
    return op;
}

long sysctl_issue(struct conductor *conductor)
{
    return conductor_hypercall(
        conductor, __HYPERVISOR_sysctl, conductor_area_va(conductor, AREA_OP), 0, 0, 0);
}

void domctl_destroy_domain(struct conductor *conductor, unsigned domid)
{
    long answer;

    do {
        domctl_begin(conductor, XEN_DOMCTL_destroydomain, domid);
        answer = domctl_issue(conductor);
    } while (answer == -ERESTART || answer == -EAGAIN);
}
