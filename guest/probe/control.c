/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls of the control interface, which a toolstack may make and a domU may not. */
#define __XEN_TOOLS__ 1
#include "guest/abi/control.h"
#include "guest/abi/port.h"
#include "guest/probe/commands.h"
#include "guest/probe/last.h"

#include <xen/version.h>

static const struct {
    const char *name;
    unsigned command;
} controls[] = {
    {"max_mem", XEN_DOMCTL_max_mem},
    {"createdomain", XEN_DOMCTL_createdomain},
    {"max_vcpus", XEN_DOMCTL_max_vcpus},
    {"destroydomain", XEN_DOMCTL_destroydomain},
    {"getdomaininfo", XEN_DOMCTL_getdomaininfo},
};

static const struct known_xen xens[] = {KNOWN_XENS};

/* The Xen that it runs on, which says so itself. */
static const struct known_xen *this_xen(void)
{
    static unsigned version; /* 0: not asked yet */

    if (version == 0)
        version = (unsigned)hypercall(__HYPERVISOR_xen_version, XENVER_version, 0, 0, 0);
    return known_xen_nearest_in(xens, version & 0xffffu);
}

static void fill(struct xen_domctl *control, const struct options *options, const struct known_xen *xen)
{
    switch (control->cmd) {
    case XEN_DOMCTL_max_mem:
        control->u.max_mem.max_memkb = options->kib;
        break;
    case XEN_DOMCTL_max_vcpus:
        control->u.max_vcpus.max = 1;
        break;
    case XEN_DOMCTL_createdomain:
        control->u.createdomain = (struct xen_domctl_createdomain){
            .handle = {0xb, 0xa, 0x1, 0x1, 0xa, 0x5, 0x7, 0x1},
            .flags = options->pvh ? XEN_DOMCTL_CDF_hvm | XEN_DOMCTL_CDF_hap : 0,
            .max_vcpus = 1,
            .max_evtchn_port = 1023,
            .max_grant_frames = -1,
            .max_maptrack_frames = -1,
            .grant_opts = XEN_DOMCTL_GRANT_version(1),
        };
        createdomain_arch(&control->u.createdomain, xen)->emulation_flags =
            options->pvh ? XEN_X86_EMU_LAPIC : 0;
        break;
    default:
        break;
    }
}

static void tell(const struct xen_domctl *control)
{
    if (control->cmd != XEN_DOMCTL_getdomaininfo)
        return;
    last_set("pages", control->u.getdomaininfo.tot_pages);
    last_set("maximum", control->u.getdomaininfo.max_pages);
    last_set("claim", control->u.getdomaininfo.outstanding_pages);
    last_set("shared_info", control->u.getdomaininfo.shared_info_frame);
}

bool control_run(struct word name, const struct options *options, int64_t *result)
{
    static struct xen_domctl control;

    for (size_t i = 0; i < sizeof controls / sizeof controls[0]; i++) {
        if (!word_is(name, controls[i].name))
            continue;
        const struct known_xen *xen = this_xen();
        control = (struct xen_domctl){
            .cmd = controls[i].command,
            .interface_version = xen->domctl_version - options->bad_version,
            .domain = (domid_t)options->domid,
        };
        fill(&control, options, xen);
        *result = hypercall(
            __HYPERVISOR_domctl, options->bad_argument ? BAD_ADDRESS : (unsigned long)&control, 0, 0, 0);
        if (*result == 0)
            tell(&control);
        return true;
    }
    return false;
}
