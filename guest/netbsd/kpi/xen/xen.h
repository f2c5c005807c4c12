/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Xen's public header, and the names that NetBSD/xen adds to it. It stands in
 * front of Xen's own <xen/xen.h>, which this build knows as xen-public/xen.h.
 */
#ifndef _XEN_XEN_H_
#define _XEN_XEN_H_

#include <stdint.h>

#include <xen-public/xen.h>

/* the M2P: where start of day found it, not at Xen's compiled-in address */
#undef machine_to_phys_mapping
#define machine_to_phys_mapping xpmap_machine_to_phys_mapping
extern const unsigned long *xpmap_machine_to_phys_mapping;

#ifdef _KERNEL
#include <sys/types.h>
#include <sys/systm.h>
#include <xen-public/features.h>

#define console_mfn    console.domU.mfn
#define console_evtchn console.domU.evtchn

/* a copy of start_info, as the builder left it */
union start_info_union {
	start_info_t start_info;
	char padding[sizeof(start_info_t)];
};
extern union start_info_union start_info_union;
#define xen_start_info (start_info_union.start_info)

#define xendomain_is_dom0()	  (xen_start_info.flags & SIF_INITDOMAIN)
#define xendomain_is_privileged() (xen_start_info.flags & SIF_PRIVILEGED)

extern volatile struct shared_info *HYPERVISOR_shared_info;

bool xen_feature(int);
void printk(const char *, ...) __printflike(1, 2);
#endif

#endif /* !_XEN_XEN_H_ */
