/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One function a hypercall. Each gives what Xen gave: 0 or more, or a
 * negative number that is one of Xen's errors (xen-public/errno.h).
 */
#ifndef _MACHINE_HYPERCALLS_H_
#define _MACHINE_HYPERCALLS_H_

#include <xen/xen.h>

int HYPERVISOR_memory_op(unsigned int, void *);
int HYPERVISOR_mmu_update(mmu_update_t *, int, int *, domid_t);
int HYPERVISOR_mmuext_op(struct mmuext_op *, int, int *, domid_t);
int HYPERVISOR_update_va_mapping(unsigned long, unsigned long, unsigned long);
int HYPERVISOR_update_va_mapping_otherdomain(
    unsigned long, unsigned long, unsigned long, domid_t);
int HYPERVISOR_event_channel_op(void *);
int HYPERVISOR_sched_op(int, void *);
long HYPERVISOR_set_timer_op(uint64_t);
int HYPERVISOR_xen_version(int, void *);
int HYPERVISOR_console_io(int, int, char *);
int HYPERVISOR_multicall(multicall_entry_t *, int);
int HYPERVISOR_physdev_op(void *);
int HYPERVISOR_vm_assist(unsigned int, unsigned int);
long HYPERVISOR_yield(void);
long HYPERVISOR_block(void);
long HYPERVISOR_shutdown(void);

#endif /* !_MACHINE_HYPERCALLS_H_ */
