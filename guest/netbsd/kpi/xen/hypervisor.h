/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hypercalls by NetBSD's names, and the older names of public macros.
 */
#ifndef _XEN_HYPERVISOR_H_
#define _XEN_HYPERVISOR_H_

#ifdef _KERNEL_OPT
#include "opt_xen.h"
#endif

#include <sys/types.h>
#include <xen/xen.h>
#include <xen-public/sched.h>
#include <xen-public/event_channel.h>
#include <xen-public/physdev.h>
#include <xen-public/memory.h>
#include <xen-public/version.h>
#include <machine/hypercalls.h>

struct hypervisor_attach_args {
	const char	*haa_busname;
};

/* what set_xen_guest_handle was called before */
#define xenguest_handle(hnd)	((hnd).p)

void hypervisor_unmask_event(unsigned int);
void hypervisor_mask_event(unsigned int);
void hypervisor_clear_event(unsigned int);
void hypervisor_notify_via_evtchn(unsigned int);

#endif /* !_XEN_HYPERVISOR_H_ */
