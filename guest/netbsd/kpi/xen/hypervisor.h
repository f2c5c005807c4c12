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

/* a copy of start_info, as the builder left it */
union start_info_union {
	start_info_t start_info;
	char padding[sizeof(start_info_t)];
};
extern union start_info_union start_info_union;
#define xen_start_info (start_info_union.start_info)

extern volatile struct shared_info *HYPERVISOR_shared_info;

struct hypervisor_attach_args {
	const char *haa_busname;
};

/* what set_xen_guest_handle was called before */
#define xenguest_handle(hnd) ((hnd).p)

/*
 * One word of struct xen_memory_reservation has two names: the one that is
 * older than interface version 0x00030209, and the newer one with its flags.
 */
#ifndef XENMEMF_address_bits
#define mem_flags		    address_bits
#define XENMEMF_address_bits(x)	    (x)
#define XENMEMF_get_address_bits(x) ((x)&0xffu)
#define XENMEMF_node(x)		    (((x) + 1) << 8)
#define XENMEMF_get_node(x)	    ((((x) >> 8) - 1) & 0xffu)
#define XENMEMF_populate_on_demand  (1 << 16)
#define XENMEMF_exact_node_request  (1 << 17)
#define XENMEMF_exact_node(n)	    (XENMEMF_node(n) | XENMEMF_exact_node_request)
#define XENMEMF_vnode		    (1 << 18)
#endif

void hypervisor_unmask_event(unsigned int);
void hypervisor_mask_event(unsigned int);
void hypervisor_clear_event(unsigned int);
void hypervisor_notify_via_evtchn(unsigned int);

#endif /* !_XEN_HYPERVISOR_H_ */
