/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frame numbers that can't be mixed up, and the units of everything else.
 * mfn: a frame of the host. pfn: a page of one guest. A count of either is in pages.
 */
#ifndef SIM_TYPES_H
#define SIM_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest/abi/paging.h"

typedef struct {
    uint64_t mfn;
} mfn_t;
typedef struct {
    uint64_t pfn;
} pfn_t;

#define MFN(n)   ((mfn_t){(n)})
#define PFN(n)   ((pfn_t){(n)})
#define MFN_NONE MFN(UINT64_MAX) /* Xen's INVALID_MFN, and the content of an unset P2M entry */
#define PFN_NONE PFN(UINT64_MAX) /* Xen's INVALID_M2P_ENTRY */

#define PAGES_PER_MIB 256ull
#define KIB_PER_PAGE  4ull

#define NEVER_NS UINT64_MAX /* the virtual time of what is not going to happen */

#define DOMID_HOST 0x7ff4u /* Xen's DOMID_INVALID: in records, "no domain" */

#endif
