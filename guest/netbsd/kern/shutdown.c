/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests of the toolstack in control/shutdown: to power off, reboot or
 * suspend. The guest takes the word away, which confirms it, and calls Xen to
 * end or suspend the domain.
 */
#include "guest/netbsd/kern/shutdown.h"

#include <sys/param.h>
#include <xen/hypervisor.h>
#include <xen/xenbus.h>

#include "guest/lib/boot_block.h"
#include "guest/netbsd/kern/agent.h"
#include "guest/netbsd/kern/autoconf.h"
#include "guest/netbsd/kern/console.h"
#include "guest/netbsd/kern/evtchn.h"
#include "guest/netbsd/kern/xenbus_comms.h"

static const struct {
	const char *word;
	unsigned int reason;
} requests[] = {
    {"poweroff", SHUTDOWN_poweroff},
    {"halt", SHUTDOWN_poweroff},
    {"reboot", SHUTDOWN_reboot},
};

/*
 * Xen saves the domain inside the call. When the call returns after a restore,
 * the frames are others and the P2M names them already; event channels, the
 * ring's contents and watches are gone.
 */
static void
suspend(void)
{
	struct sched_shutdown op = {.reason = SHUTDOWN_suspend};
	int cancelled;

	if (!autoconf_suspend()) {
		printf("balloon0 refuses to suspend\n");
		return;
	}
	printf("suspending\n");
	console_flush();
	xenbus_suspend();
	cancelled = (int)HYPERVISOR_sched_op(SCHEDOP_shutdown, &op);
	if (cancelled == 0) {
		start_info_union.start_info = *boot_block->start_info;
		evtchn_resume();
		xenbus_resume();
		agent_resume();
	} else
		xenbus_suspend_cancelled();
	printf("resumed\n");
	if (!autoconf_resume())
		printf("balloon0 does not resume\n");
	console_flush();
}

static void
shutdown_requested(struct xenbus_watch *watch __unused,
    const char **path __unused, unsigned int len __unused)
{
	char word[32];

	if (xenbus_read(NULL, "control", "shutdown", word, sizeof(word)) != 0 ||
	    word[0] == '\0')
		return;
	if (strcmp(word, "suspend") == 0) {
		(void)xenbus_write(NULL, "control", "shutdown", "");
		suspend();
		return;
	}
	for (size_t i = 0; i < __arraycount(requests); i++) {
		struct sched_shutdown op = {.reason = requests[i].reason};

		if (strcmp(word, requests[i].word) != 0)
			continue;
		(void)xenbus_write(NULL, "control", "shutdown", "");
		printf("%s requested by the toolstack\n", word);
		console_flush();
		(void)HYPERVISOR_sched_op(SCHEDOP_shutdown, &op);
		panic("shutdown: still here");
	}
	printf("control/shutdown: %s is not understood\n", word);
}

static struct xenbus_watch shutdown_watch = {
    .node = __UNCONST("control/shutdown"), .xbw_callback = shutdown_requested};

void
shutdown_init(void)
{
	int error = register_xenbus_watch(&shutdown_watch);

	if (error != 0)
		printf("unable to watch control/shutdown: error %d\n", error);
}
