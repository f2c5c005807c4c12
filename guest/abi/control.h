/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The control interface of Xen 4.17, which is the Xen that the model is and `--on xen` boots. Xen's public headers for
 * it may be of a later Xen (Debian 13 has those of 4.20): what differs there is set right here, and what has to be the
 * same is asserted. Whoever makes or reads such calls includes this and not <xen/domctl.h>.
 */
#ifndef GUEST_ABI_CONTROL_H
#define GUEST_ABI_CONTROL_H

#include <stddef.h>
#include <stdint.h>
#include <xen/xen.h>
#undef __STRICT_ANSI__ /* a header under the next one wants anonymous unions, which C17 has */
#include <xen/domctl.h>

/* A call that says another version is refused with -EACCES. */
#undef XEN_DOMCTL_INTERFACE_VERSION
#define XEN_4_17_DOMCTL_VERSION 0x15u
#define XEN_4_17_SYSCTL_VERSION 0x15u

/* Since Xen 4.19 a field stands before createdomain's .arch, which 4.17 reads from where it was. */
#define CREATEDOMAIN_ARCH_OFFSET 56u

static inline struct xen_arch_domainconfig *createdomain_arch(struct xen_domctl_createdomain *create)
{
    return (struct xen_arch_domainconfig *)(void *)((char *)create + CREATEDOMAIN_ARCH_OFFSET);
}

#define LIES_AT(type, field, offset) \
    _Static_assert(offsetof(struct type, field) == (offset), #field " has moved")
LIES_AT(xen_domctl, domain, 8);
LIES_AT(xen_domctl, u, 16);
LIES_AT(xen_domctl_createdomain, handle, 4);
LIES_AT(xen_domctl_createdomain, flags, 20);
LIES_AT(xen_domctl_createdomain, max_vcpus, 28);
LIES_AT(xen_domctl_createdomain, max_evtchn_port, 32);
LIES_AT(xen_domctl_createdomain, max_grant_frames, 36);
LIES_AT(xen_domctl_createdomain, max_maptrack_frames, 40);
LIES_AT(xen_domctl_createdomain, grant_opts, 44);
LIES_AT(xen_domctl_getdomaininfo, flags, 4);
LIES_AT(xen_domctl_getdomaininfo, tot_pages, 8);
LIES_AT(xen_domctl_getdomaininfo, max_pages, 16);
LIES_AT(xen_domctl_getdomaininfo, outstanding_pages, 24);
LIES_AT(xen_domctl_getdomaininfo, shared_info_frame, 48);
LIES_AT(xen_domctl_getdomaininfo, nr_online_vcpus, 64);
#undef LIES_AT
_Static_assert(sizeof(struct xen_domctl) == 144, "as many bytes as Xen 4.17 copies");

#endif
