/* SPDX-License-Identifier: BSD-2-Clause */
/* What Linux has of Xen below its drivers: the hypercall, pv_ops, the way to XenStore; and the order in which it all starts. */
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/memory.h>
#include <linux/notifier.h>
#include <linux/reboot.h>
#include <linux/sched.h>
#include <linux/kthread.h>
#include <generated/utsrelease.h>
#include <asm/paravirt.h>
#include <asm/setup.h>
#include <asm/tlbflush.h>
#include <xen/features.h>
#include <xen/interface/xen.h>
#include <xen/interface/hvm/hvm_op.h>
#include <xen/interface/hvm/params.h>
#include <xen/interface/hvm/start_info.h>
#include <xen/interface/memory.h>
#include <xen/interface/version.h>
#include <xen/xen.h>
#include <xen/xenbus.h>
#include <xen/xen-ops.h>
#include <asm/cpufeature.h>
#include <asm/processor.h>
#include <asm/xen/hypercall.h>
#include <asm/xen/cpuid.h>
#include <asm/xen/hypervisor.h>
#include "xenbus/xenbus.h"

#include "bridge.h"
#include "runtime.h"

/*
 * The direct map here is all there from the start. At boot a real one ends with the builder's page tables, and later with those of memory
 * up to max_pfn; Xen finds nothing to change behind the last of them.
 */
static bool has_page_table(unsigned long address)
{
	return system_state != SYSTEM_BOOTING ||
	       PFN_DOWN(address - page_offset_base) <
		       round_up(max(max_pfn, max_pfn_mapped + 1), PTRS_PER_PTE);
}

unsigned long linux_hypercall(unsigned int op, unsigned long a1, unsigned long a2, unsigned long a3,
			      unsigned long a4);
unsigned long linux_hypercall(unsigned int op, unsigned long a1, unsigned long a2, unsigned long a3,
			      unsigned long a4)
{
	long result;

	if (op == __HYPERVISOR_update_va_mapping && !has_page_table(a1))
		return -EINVAL;
	bridge_zero_flush();
	result = xen_hypercall(op, a1, a2, a3, a4);
	if (op == __HYPERVISOR_memory_op)
		linux_schedule_point();
	return result;
}

/* --- pv_ops: those that these files call --- */

void linux_save_fl(void);
void linux_irq_disable(void);
void linux_irq_enable(void);
void linux_same(void);

/* The leaves by which Xen shows itself and its version. */
static void cpuid_of_xen(unsigned int *eax, unsigned int *ebx, unsigned int *ecx, unsigned int *edx)
{
	const unsigned int leaf = *eax;

	*eax = *ebx = *ecx = *edx = 0;
	if (leaf == XEN_CPUID_FIRST_LEAF) {
		*eax = XEN_CPUID_FIRST_LEAF + 2;
		*ebx = XEN_CPUID_SIGNATURE_EBX;
		*ecx = XEN_CPUID_SIGNATURE_ECX;
		*edx = XEN_CPUID_SIGNATURE_EDX;
	} else if (leaf == XEN_CPUID_FIRST_LEAF + 1) {
		*eax = HYPERVISOR_xen_version(XENVER_version, NULL);
	}
}

struct paravirt_patch_template pv_ops = {
	.cpu.cpuid = cpuid_of_xen,
	.irq.save_fl.func = linux_save_fl,
	.irq.irq_disable.func = linux_irq_disable,
	.irq.irq_enable.func = linux_irq_enable,
	.mmu.pte_val.func = linux_same,
	.mmu.make_pte.func = linux_same,
};

enum xen_domain_type xen_domain_type = XEN_PV_DOMAIN; /* until Xen's features are known */
struct start_info *xen_start_info;
struct hvm_start_info pvh_start_info;
uint32_t xen_start_flags;
enum system_states system_state;

/*
 * One CPU, and no translation outlives the call that changes it: update_va_mapping without a flush is Linux's own doing.
 * Where Xen translates, the flush is an instruction of the guest's, and Xen flushes what its own calls changed.
 */
void flush_tlb_all(void)
{
	struct mmuext_op op = {.cmd = MMUEXT_TLB_FLUSH_ALL};

	if (!xen_pv_domain())
		return;
	BUG_ON(HYPERVISOR_mmuext_op(&op, 1, NULL, DOMID_SELF) != 0);
}

/* --- XenStore: xenbus_xs.c and xenbus_comms.c are real, the bus above them is not --- */

enum xenstore_init xen_store_domain_type;
int xen_store_evtchn;
struct xenstore_domain_interface *xen_store_interface;
unsigned int xb_dev_generation_id;
static BLOCKING_NOTIFIER_HEAD(xenstore_chain);
static bool xenstore_is_ready;

int register_xenstore_notifier(struct notifier_block *nb)
{
	if (xenstore_is_ready)
		return nb->notifier_call(nb, 0, NULL);
	return blocking_notifier_chain_register(&xenstore_chain, nb);
}

/* A translated guest asks Xen for what a PV one reads in its start_info. */
static u64 hvm_parameter(u32 index)
{
	struct xen_hvm_param ask = {.domid = DOMID_SELF, .index = index};

	BUG_ON(HYPERVISOR_hvm_op(HVMOP_get_param, &ask) != 0);
	return ask.value;
}

void xenbus_start(void)
{
	xen_store_domain_type = xen_pv_domain() ? XS_PV : XS_HVM;
	xen_store_evtchn = xen_pv_domain() ? xen_start_info->store_evtchn
					   : hvm_parameter(HVM_PARAM_STORE_EVTCHN);
	xen_store_interface = bridge.xenstore;
	if (xs_init() != 0)
		panic("xenbus: could not start");
}

void xenbus_moved(void)
{
	memcpy(xen_start_info, bridge.start_info, sizeof(*xen_start_info));
	xen_store_evtchn = xen_start_info->store_evtchn;
}

void xenbus_ready(void)
{
	xenstore_is_ready = true;
	blocking_notifier_call_chain(&xenstore_chain, 0, NULL);
}

/*
 * A watch's token is its address, as xenbus_xs.c prints it. Addresses differ from run to run and recordings must not, so
 * these two, which the build puts into that file's calls, number the watches in their order.
 */
static const void *watches[16];

int ballast_print_token(char *text, const char *format, long address);
unsigned long ballast_read_token(const char *text, char **end, unsigned int base);

int ballast_print_token(char *text, const char *format, long address)
{
	unsigned int i = 0;

	while (i < ARRAY_SIZE(watches) && watches[i] && watches[i] != (void *)address)
		i++;
	BUG_ON(i == ARRAY_SIZE(watches));
	watches[i] = (void *)address;
	return sprintf(text, format, (long)i + 1);
}

unsigned long ballast_read_token(const char *text, char **end, unsigned int base)
{
	const unsigned long number = simple_strtoul(text, end, base);

	if (base != 16)
		return number; /* a transaction's */
	return number == 0 || number > ARRAY_SIZE(watches) ? 0 : (unsigned long)watches[number - 1];
}

/* --- the start --- */

extern initcall_t __start_initcalls_early[], __stop_initcalls_early[];
extern initcall_t __start_initcalls_2[], __stop_initcalls_2[];
extern initcall_t __start_initcalls_4[], __stop_initcalls_4[];
extern initcall_t __start_initcalls_7s[], __stop_initcalls_7s[];

static void initcalls(initcall_t *at, initcall_t *end)
{
	for (; at < end; at++)
		(void)(*at)();
}

static int agent_thread(void *unused)
{
	bridge_agent();
}

/* The rest of the start may wait: it runs on a thread, as the real kernel_init does. */
static int init_thread(void *unused)
{
	gfp_allowed_mask =
		__GFP_BITS_MASK; /* allocations may wait from here on, as kernel_init_freeable() has it */
	xenbus_start();
	memory_dev_init();
	notifier_init();
	if (backend_starts_unpopulated()) { /* the only file that has one so early */
		initcalls(__start_initcalls_early, __stop_initcalls_early);
		backend_unpopulated_started();
	}
	initcalls(__start_initcalls_2, __stop_initcalls_2);
	initcalls(__start_initcalls_4, __stop_initcalls_4);
	xenbus_ready();
	suspend_init();
	/* Other drivers, which are not here, take their time now: the balloon's target arrives meanwhile. */
	if (!xen_pv_domain())
		schedule_timeout_uninterruptible(1);
	initcalls(__start_initcalls_7s, __stop_initcalls_7s);
	system_state = SYSTEM_RUNNING;
	if (IS_ERR(kthread_run(agent_thread, NULL, "agent")))
		panic("no thread for the agent");
	linux_audit();
	bridge_note_attached(1);
	return 0;
}

/* A real kernel knows by the entry point at which it is started. */
static bool xen_translates(void)
{
	struct xen_feature_info info = {.submap_idx = 0};

	BUG_ON(HYPERVISOR_xen_version(XENVER_get_features, &info) != 0);
	return info.submap & 1u << XENFEAT_auto_translated_physmap;
}

void linux_start(void)
{
	xen_start_info = bridge.start_info;
	xen_start_flags = xen_start_info->flags;
	threads_init();
	events_init();
	_printk("Linux version " UTS_RELEASE "\n");
	if (bridge.firmware_map) {
		xen_domain_type = XEN_HVM_DOMAIN;
	} else if (xen_translates()) {
		pvh_start_info.flags = xen_start_info->flags;
		xen_pvh_init(&boot_params);
	} else {
		set_cpu_cap(&boot_cpu_data, X86_FEATURE_XENPV);
	}
	xen_setup_features();
	memory_init();
	memory_note_boot();
	parameters_late(bridge.command_line);
	system_state = SYSTEM_SCHEDULING;
	if (IS_ERR(kthread_run(init_thread, NULL, "kernel_init")))
		panic("no thread for the start");
	threads_idle();
}
