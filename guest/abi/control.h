/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The control interface, as toolstacks use it. It differs from Xen to Xen, and Xen's public headers are those of one of
 * them, whichever it is here. What differs among the known ones is set right by guest/abi/xens.h, and what has to be the
 * same is asserted. Whoever makes or reads such calls includes this and not <xen/domctl.h>.
 */
#ifndef GUEST_ABI_CONTROL_H
#define GUEST_ABI_CONTROL_H

#include "guest/abi/xens.h"

#include <stddef.h>
#include <stdint.h>
#include <xen/xen.h>
#undef __STRICT_ANSI__ /* a header under the next one wants anonymous unions, which C17 has */
#include <xen/domctl.h>

#undef XEN_DOMCTL_INTERFACE_VERSION /* that of the headers: a Xen's own is in its row */

static inline struct xen_arch_domainconfig *createdomain_arch(
    struct xen_domctl_createdomain *create, const struct known_xen *xen)
{
    return (struct xen_arch_domainconfig *)(void *)((char *)create + xen->createdomain_arch_offset);
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
_Static_assert(sizeof(struct xen_domctl) == 144, "as many bytes as each known Xen copies");

#endif
