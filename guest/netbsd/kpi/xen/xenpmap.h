/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The P2M, the M2P, and the queue of updates to them. Addresses are in bytes:
 * ppa a pseudo-physical one, mpa a machine one. What is queued takes effect
 * at the flush.
 */
#ifndef _XEN_XENPMAP_H_
#define _XEN_XENPMAP_H_

#ifdef _KERNEL_OPT
#include "opt_xen.h"
#endif

#include <sys/types.h>
#include <machine/param.h>
#include <machine/vmparam.h>
#include <machine/pte.h>
#include <xen/xen.h>

#define INVALID_P2M_ENTRY (~0UL)
#define XPMAP_OFFSET	  0

/* one entry a pfn; a file may index it directly */
extern unsigned long *xpmap_phys_to_machine_mapping;

#define mfn_to_pfn(mfn) (machine_to_phys_mapping[(mfn)])
#define pfn_to_mfn(pfn) (xpmap_phys_to_machine_mapping[(pfn)])

void xpq_queue_machphys_update(paddr_t, paddr_t); /* mpa, ppa */
void xpq_queue_pte_update(paddr_t, pt_entry_t);
void xpq_queue_invlpg(vaddr_t);
void xpq_queue_tlb_flush(void);
void xpq_flush_queue(void);

static __inline paddr_t
xpmap_mtop_masked(paddr_t mpa)
{
	return ((paddr_t)mfn_to_pfn(mpa >> PAGE_SHIFT) << PAGE_SHIFT) +
	       XPMAP_OFFSET;
}

static __inline paddr_t
xpmap_mtop(paddr_t mpa)
{
	return xpmap_mtop_masked(mpa) | (mpa & ~PG_FRAME);
}

static __inline paddr_t
xpmap_ptom_masked(paddr_t ppa)
{
	return (paddr_t)pfn_to_mfn((ppa - XPMAP_OFFSET) >> PAGE_SHIFT)
	       << PAGE_SHIFT;
}

static __inline paddr_t
xpmap_ptom(paddr_t ppa)
{
	return xpmap_ptom_masked(ppa) | (ppa & ~PG_FRAME);
}

static __inline void
xpmap_ptom_map(paddr_t ppa, paddr_t mpa)
{
	pfn_to_mfn((ppa - XPMAP_OFFSET) >> PAGE_SHIFT) = mpa >> PAGE_SHIFT;
}

static __inline void
xpmap_ptom_unmap(paddr_t ppa)
{
	pfn_to_mfn((ppa - XPMAP_OFFSET) >> PAGE_SHIFT) = INVALID_P2M_ENTRY;
}

static __inline bool
xpmap_ptom_isvalid(paddr_t ppa)
{
	return pfn_to_mfn((ppa - XPMAP_OFFSET) >> PAGE_SHIFT) !=
	       INVALID_P2M_ENTRY;
}

#endif /* !_XEN_XENPMAP_H_ */
