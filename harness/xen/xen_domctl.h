/* SPDX-License-Identifier: BSD-2-Clause */
/* The toolstack's own hypercalls, as dom0 issues them for us. Not for guests. */
#ifndef HARNESS_XEN_XEN_DOMCTL_H
#define HARNESS_XEN_XEN_DOMCTL_H

#ifndef __XEN_TOOLS__
#define __XEN_TOOLS__ 1
#endif
#include <stdint.h>
#include <xen/xen.h>
#include <xen/domctl.h>
#include <xen/memory.h>
#include <xen/sysctl.h>

#include "harness/xen/xen_host.h"

/* Pages of the argument area, by use; a long list may take all from AREA_LIST on. */
enum { AREA_OP, AREA_CONTEXT, AREA_CONTEXT_END = 3, AREA_LIST = 4 };
#define AREA_LIST_ENTRIES ((XEN_AREA_PAGES - AREA_LIST) * 512u)

/* An empty domctl in the area's first page; fill in what it needs, then issue it. */
struct xen_domctl *domctl_begin(struct xen_host *, uint32_t command, unsigned domid);
long domctl_issue(struct xen_host *);

#endif
