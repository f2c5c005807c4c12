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

#define NS_PER_US 1000ull
#define NS_PER_MS 1000000ull
#define NS_PER_S  1000000000ull
#define NEVER_NS  UINT64_MAX /* the virtual time of what won't happen */

/* Domains' numbers. */
#define DOMID_FIRST 1u      /* 0 is dom0, which is not simulated as a guest unless a scenario wants it */
#define DOMID_LIMIT 0x7ff0u /* Xen's DOMID_FIRST_RESERVED */
#define DOMID_DOM0  (DOMID_LIMIT - 1u) /* a dom0 that takes part has this number here; to guests it is 0 */
#define DOMID_HOST  0x7ff4u            /* Xen's DOMID_INVALID: in records, "no domain" */

/* Owners of frames that are no domain. */
#define OWNER_FREE 0xffffu
#define OWNER_XEN  0xfffeu /* overhead: Xen's own structures for domains */

#define ORDER_LIMIT      18u /* the highest order there is; MAX_ORDER of Xen for dom0 */
#define NODES_LIMIT      64u /* Xen is built for so many NUMA nodes */
#define ORDER_LIMIT_DOMU 9u  /* the highest order that another domain may ask for */

/* More frames than any known Xen takes beside a domain's memory (guest/abi/xens.h) and for its event channels. */
#define DOMAIN_OVERHEAD_LIMIT 336u

/* So many event channels have room in a page; a domain has the first page's always. */
#define EVTCHN_PORTS_AT_ONCE 64u
/* Pages for so many event channels: with the second page of them Xen needs one more to find them by. */
static inline unsigned overhead_ports(unsigned ports)
{
    return ports > EVTCHN_PORTS_AT_ONCE ? (ports - 1) / EVTCHN_PORTS_AT_ONCE + 1 : 0;
}

static inline uint64_t max_of(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static inline uint64_t round_up(uint64_t n, uint64_t to)
{
    return (n + to - 1u) / to * to;
}

#endif
