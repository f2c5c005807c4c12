/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A memory notifier beside the driver's, as other parts of a kernel have: it may refuse that memory goes online or offline, where a
 * scenario says so, and counts what it refused and what was called off. As a driver that registers all memory with its device, it also
 * keeps the number of pages that it knows of: those at boot, and what it is told of.
 */
#include <linux/memory.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/notifier.h>

#include "bridge.h"
#include "runtime.h"

static unsigned long refused, cancelled;

#undef MODULE_PARAM_PREFIX
#define MODULE_PARAM_PREFIX "ballast."
static uint registered_pages;
module_param(registered_pages, uint, 0444);

static int refuse(const char *what, int error, const struct memory_notify *range)
{
	if (error == 0)
		return NOTIFY_OK;
	refused++;
	_printk("memory notifier: %s of pages %#lx to %#lx is refused (%lu refused, %lu "
		"cancelled)\n",
		what, range->start_pfn, range->start_pfn + range->nr_pages - 1, refused, cancelled);
	return notifier_from_errno(-error);
}

static int memory_changes(struct notifier_block *block, unsigned long action, void *argument)
{
	const struct memory_notify *range = argument;

	switch (action) {
	case MEM_GOING_ONLINE:
		return refuse("MEM_GOING_ONLINE",
			      bridge_fault(BRIDGE_GOING_ONLINE, range->start_pfn, range->nr_pages),
			      range);
	case MEM_GOING_OFFLINE:
		return refuse("MEM_GOING_OFFLINE",
			      bridge_fault(BRIDGE_GOING_OFFLINE, range->start_pfn, range->nr_pages),
			      range);
	case MEM_CANCEL_ONLINE:
	case MEM_CANCEL_OFFLINE:
		cancelled++;
		_printk("memory notifier: %s of pages %#lx to %#lx (%lu refused, %lu cancelled)\n",
			action == MEM_CANCEL_ONLINE ? "MEM_CANCEL_ONLINE" : "MEM_CANCEL_OFFLINE",
			range->start_pfn, range->start_pfn + range->nr_pages - 1, refused,
			cancelled);
		return NOTIFY_OK;
	case MEM_ONLINE:
		registered_pages += range->nr_pages;
		return NOTIFY_OK;
	case MEM_OFFLINE:
		registered_pages -= range->nr_pages;
		return NOTIFY_OK;
	default:
		return NOTIFY_OK;
	}
}

void notifier_init(void)
{
	static struct notifier_block block = {.notifier_call = memory_changes,
					      .priority = -1}; /* after the driver's */

	registered_pages = get_num_physpages();
	BUG_ON(register_memory_notifier(&block) != 0);
}
