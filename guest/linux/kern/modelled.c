/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What Linux has around its memory management and this kernel has not: other CPUs, users, compaction, which finds nothing to
 * move. Each function stands for one that would come to the same answer. Reclaim and the OOM killer are in pressure.c.
 */
#include <linux/capability.h>
#include <linux/cpumask.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/sysctl.h>
#include <linux/compaction.h>
#include <linux/mutex.h>
#include <linux/panic.h>
#include <linux/reboot.h>
#include <linux/suspend.h>
#include <linux/swap.h>
#include <linux/user_namespace.h>
#include <linux/writeback.h>
#include "xen-ops.h"

#include "bridge.h"
#include "runtime.h"

void linux_never(const char *name) __attribute__((noreturn));
void linux_never(const char *name)
{
	panic("%s() was called, and this runtime has no honest answer for it", name);
}

/* --- one CPU, the superuser, one user's namespace --- */

struct cpumask __cpu_online_mask = {.bits = {1}};
struct user_namespace init_user_ns;
struct kobject *kernel_kobj;
bool static_key_initialized = true;
unsigned int reset_devices;
DEFINE_MUTEX(system_transition_mutex);
const int sysctl_vals[] = {0, 1, 2, 3, 4, 100, 200, 1000, 3000, INT_MAX, 65535, -1};

bool capable(int capability)
{
	return true;
}

void __local_bh_enable_ip(unsigned long ip, unsigned int count)
{
	preempt_count_sub(count);
}

int register_reboot_notifier(struct notifier_block *nb)
{
	return 0; /* it is called when the domain shuts down, which ends it here */
}

int unregister_reboot_notifier(struct notifier_block *nb)
{
	return 0;
}

/* --- compaction --- */

void kcompactd_run(int nid)
{
}

void kcompactd_stop(int nid)
{
}

#ifdef LINUX_CAPTURE_CONTROL
#define CAPTURED struct capture_control
#else
#define CAPTURED struct page *
#endif
enum compact_result try_to_compact_pages(gfp_t flags, unsigned int order, unsigned int alloc_flags,
					 const struct alloc_context *context,
					 enum compact_priority priority, CAPTURED *page)
{
	return COMPACT_SKIPPED;
}

#ifdef LINUX_ZONELIST_GFP
bool compaction_zonelist_suitable(struct alloc_context *context, int order, int alloc_flags,
				  gfp_t flags)
#else
bool compaction_zonelist_suitable(struct alloc_context *context, int order, int alloc_flags)
#endif
{
	return false;
}

void compaction_defer_reset(struct zone *zone, int order, bool success)
{
}

atomic_t lru_disable_count = ATOMIC_INIT(0);

void lru_cache_disable(void)
{
	atomic_inc(&lru_disable_count);
}

void lru_add_drain_cpu(int cpu)
{
}

long nr_blockdev_pages(void)
{
	return 0;
}

void writeback_set_ratelimit(void)
{
}

/* --- what Linux prints when something is wrong --- */

/* mm/page_alloc.c calls it for a page whose state can't be. */
void add_taint(unsigned int flag, enum lockdep_ok lockdep)
{
	bridge_misuse("a page is in a bad state: add_taint() was called");
}

/* An allocation that fails says so like this, too. */
void dump_stack(void)
{
	_printk("Call Trace: it is that of the event\n");
}

#ifdef LINUX_CONST_DUMP_PAGE
#define CONST_PAGE const
#else
#define CONST_PAGE
#endif

void dump_page(CONST_PAGE struct page *page, const char *reason)
{
	_printk("page pfn:%#lx: %s\n", page_to_pfn(page), reason ?: "");
}

#ifdef LINUX_CONST_NODES
void __weak __show_mem(unsigned int flags, const nodemask_t *nodes, int highest)
#else
void __weak __show_mem(unsigned int flags, nodemask_t *nodes, int highest)
#endif
{
	_printk("Mem-Info: %lu pages free\n", linux_free_pages());
}

/* No page tables of the builder's lie where the memory map has none: there are none. */
void xen_pt_check_e820(void)
{
}

/* No tables of ACPI's are looked for. */
int acpi_disabled = 1, acpi_pci_disabled = 1, acpi_noirq = 1;
