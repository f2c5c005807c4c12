/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * x86's pmap on Xen: the end of the physical memory it knows. As there, it
 * brings the P2M and the hypercalls along.
 */
#ifndef _MACHINE_PMAP_H_
#define _MACHINE_PMAP_H_

#include <sys/types.h>
#include <xen/hypervisor.h>
#include <xen/xenpmap.h>

/* the first address behind the highest physical page that pmap has met */
extern paddr_t pmap_pa_start;
extern paddr_t pmap_pa_end;

/* A build with -D__HAVE_PMAP_PHYSSEG gives each segment a part of pmap's. */
#ifdef __HAVE_PMAP_PHYSSEG
struct pmap_physseg {
	uint32_t pms_attrs;
};
#endif

#endif /* !_MACHINE_PMAP_H_ */
