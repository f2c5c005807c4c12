/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * HYPERVISOR_*: Xen's calls by NetBSD's names. After a memory_op another thread
 * may run, as after any call that a real hypervisor may preempt; with a seeded
 * schedule also after the other calls that a driver makes.
 */
#include <sys/param.h>
#include <xen/hypervisor.h>

#include "guest/lib/debug_port.h"
#include "guest/lib/guards.h"
#include "guest/netbsd/kern/driver.h"
#include "guest/netbsd/kern/thread.h"

#define ARG(x) ((unsigned long)(x))

union start_info_union start_info_union;
volatile struct shared_info *HYPERVISOR_shared_info;

int
HYPERVISOR_memory_op(unsigned int cmd, void *arg)
{
	int result;

	result =
	    (int)xen_hypercall(__HYPERVISOR_memory_op, cmd, ARG(arg), 0, 0);
	if (BY_DRIVER())
		guards_check(0);
	schedule_point();
	return result;
}

int
HYPERVISOR_mmu_update(mmu_update_t *req, int count, int *done, domid_t domid)
{
	int result = (int)xen_hypercall(
	    __HYPERVISOR_mmu_update, ARG(req), (u_int)count, ARG(done), domid);

	if (BY_DRIVER())
		schedule_point_of_seed();
	return result;
}

int
HYPERVISOR_mmuext_op(struct mmuext_op *op, int count, int *done, domid_t domid)
{
	int result = (int)xen_hypercall(
	    __HYPERVISOR_mmuext_op, ARG(op), (u_int)count, ARG(done), domid);

	if (BY_DRIVER())
		schedule_point_of_seed();
	return result;
}

int
HYPERVISOR_update_va_mapping(
    unsigned long va, unsigned long pte, unsigned long flags)
{
	return (int)xen_hypercall(
	    __HYPERVISOR_update_va_mapping, va, pte, flags, 0);
}

int
HYPERVISOR_update_va_mapping_otherdomain(
    unsigned long va, unsigned long pte, unsigned long flags, domid_t domid)
{
	return (int)xen_hypercall(
	    __HYPERVISOR_update_va_mapping_otherdomain, va, pte, flags, domid);
}

/*
 * The argument begins with the command, as Xen's interface had it before 3.2.
 */
int
HYPERVISOR_event_channel_op(void *arg)
{
	evtchn_op_t *op = arg;

	return (int)xen_hypercall(
	    __HYPERVISOR_event_channel_op, op->cmd, ARG(&op->u), 0, 0);
}

int
HYPERVISOR_sched_op(int cmd, void *arg)
{
	return (int)xen_hypercall(
	    __HYPERVISOR_sched_op, (u_int)cmd, ARG(arg), 0, 0);
}

long
HYPERVISOR_set_timer_op(uint64_t timeout_ns)
{
	return xen_hypercall(__HYPERVISOR_set_timer_op, timeout_ns, 0, 0, 0);
}

int
HYPERVISOR_xen_version(int cmd, void *arg)
{
	return (int)xen_hypercall(
	    __HYPERVISOR_xen_version, (u_int)cmd, ARG(arg), 0, 0);
}

int
HYPERVISOR_console_io(int cmd, int count, char *text)
{
	return (int)xen_hypercall(
	    __HYPERVISOR_console_io, (u_int)cmd, (u_int)count, ARG(text), 0);
}

int
HYPERVISOR_multicall(multicall_entry_t *list, int count)
{
	int result = (int)xen_hypercall(
	    __HYPERVISOR_multicall, ARG(list), (u_int)count, 0, 0);

	if (BY_DRIVER())
		schedule_point_of_seed();
	return result;
}

int
HYPERVISOR_physdev_op(void *arg)
{
	physdev_op_t *op = arg;

	return (int)xen_hypercall(
	    __HYPERVISOR_physdev_op, op->cmd, ARG(&op->u), 0, 0);
}

int
HYPERVISOR_vm_assist(unsigned int cmd, unsigned int type)
{
	return (int)xen_hypercall(__HYPERVISOR_vm_assist, cmd, type, 0, 0);
}

long
HYPERVISOR_yield(void)
{
	return HYPERVISOR_sched_op(SCHEDOP_yield, NULL);
}

long
HYPERVISOR_block(void)
{
	return HYPERVISOR_sched_op(SCHEDOP_block, NULL);
}

long
HYPERVISOR_shutdown(void)
{
	struct sched_shutdown op = {.reason = SHUTDOWN_poweroff};

	return HYPERVISOR_sched_op(SCHEDOP_shutdown, &op);
}
