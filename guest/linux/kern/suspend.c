/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the toolstack wants in control/shutdown, in the place of drivers/xen/manage.c: the guest ends, or suspends itself and goes on
 * after a restore with other frames, event channels and an empty ring. The P2M names the new frames already, and what was in the
 * direct map is mapped there.
 */
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <xen/interface/sched.h>
#include <xen/interface/xen.h>
#include <xen/xen.h>
#include <xen/xenbus.h>
#include <asm/xen/hypercall.h>
#include <asm/xen/hypervisor.h>

#include "bridge.h"
#include "runtime.h"

#define FREEZE_S 20 /* Linux's own patience (freeze_timeout_msecs) */

static int ask_xen(unsigned int reason)
{
	struct sched_shutdown op = {.reason = reason};

	return HYPERVISOR_sched_op(SCHEDOP_shutdown, &op);
}

/* Threads that may be frozen get to a place where they may. From then on none of them runs, since nobody here sleeps. */
static bool freeze(void)
{
	for (unsigned int i = 0; i < FREEZE_S * HZ; i++) {
		if (threads_can_freeze())
			return true;
		schedule_timeout_uninterruptible(1);
	}
	return false;
}

static void suspend(void)
{
	int cancelled;

	xs_suspend();
	if (!freeze()) {
		_printk("Freezing of tasks failed after %d seconds\n", FREEZE_S);
		xs_suspend_cancel();
		return;
	}
	_printk("suspending xenstore...\n");
	cancelled = ask_xen(SHUTDOWN_suspend);
	if (cancelled) {
		xs_suspend_cancel();
		return;
	}
	events_resume();
	xenbus_moved();
	xs_resume();
}

static void shutdown_requested(struct xenbus_watch *watch, const char *path, const char *token)
{
	static const struct {
		const char *word;
		unsigned int reason;
	} requests[] = {
		{"poweroff", SHUTDOWN_poweroff},
		{"halt", SHUTDOWN_poweroff},
		{"reboot", SHUTDOWN_reboot},
		{"suspend", SHUTDOWN_suspend},
	};
	char *word = xenbus_read(XBT_NIL, "control", "shutdown", NULL);

	if (IS_ERR(word))
		return;
	for (unsigned int i = 0; i < ARRAY_SIZE(requests); i++) {
		if (strcmp(word, requests[i].word) != 0)
			continue;
		kfree(word);
		xenbus_write(XBT_NIL, "control", "shutdown", "");
		if (requests[i].reason == SHUTDOWN_suspend) {
			suspend();
			return;
		}
		(void)ask_xen(requests[i].reason);
		panic("control/shutdown: %s, and it still runs", requests[i].word);
	}
	if (word[0] != '\0')
		_printk("Ignoring shutdown request: %s\n", word);
	kfree(word);
}

static struct xenbus_watch shutdown_watch = {
	.node = "control/shutdown",
	.callback = shutdown_requested,
};

void suspend_init(void)
{
	if (register_xenbus_watch(&shutdown_watch) != 0)
		_printk("Failed to set shutdown watcher\n");
}
