/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The hypercalls of a toolstack, issued by the conductor. Also says which page of the conductor's area is used for which
 * arguments, and includes Xen's headers for tools, which need GNU C.
 */
#ifndef HARNESS_XEN_DOMCTL_H
#define HARNESS_XEN_DOMCTL_H

#ifndef __XEN_TOOLS__
#define __XEN_TOOLS__ 1
#endif
#include <stdint.h>
#include <xen/xen.h>
#include <xen/memory.h>
#include <xen/sysctl.h>

#include "guest/abi/control.h"
#include "harness/xen/conductor.h"

/* Pages of the conductor's area, by use; a long list may take all from AREA_LIST on. */
enum { AREA_OP, AREA_CONTEXT, AREA_CONTEXT_END = 3, AREA_LIST = 4 };
#define AREA_LIST_ENTRIES ((PV_AREA_PAGES - AREA_LIST) * 512u)

/* Prepares an empty domctl in the area's first page; the caller fills it in and issues it. */
struct xen_domctl *domctl_begin(struct conductor *, uint32_t command, unsigned domid);
long domctl_issue(struct conductor *); /* Xen's answer; its fields are in the area's first page */
/* The same for a sysctl, which is about the host. */
struct xen_sysctl *sysctl_begin(struct conductor *, uint32_t command);
long sysctl_issue(struct conductor *);
/* Ends a domain, with as many calls as Xen asks for. */
void domctl_destroy_domain(struct conductor *, unsigned domid);

#endif
