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
#define machine_to_phys_mapping __machine_to_phys
extern const unsigned long *__machine_to_phys;

#ifdef _KERNEL
#include <sys/types.h>
#include <sys/systm.h>
#include <xen-public/features.h>

#define console_mfn    console.domU.mfn
#define console_evtchn console.domU.evtchn

#define xendomain_is_dom0()	  (xen_start_info.flags & SIF_INITDOMAIN)
#define xendomain_is_privileged() (xen_start_info.flags & SIF_PRIVILEGED)

void printk(const char *, ...) __printflike(1, 2);
#endif

#endif /* !_XEN_XEN_H_ */
