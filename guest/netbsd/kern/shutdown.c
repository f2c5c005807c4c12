/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the toolstack asks in control/shutdown: to power off or to reboot. The
 * word is taken away as its receipt, and the domain ends itself.
 */
#include "guest/netbsd/kern/kern.h"

#include <xen/hypervisor.h>
#include <xen/xenbus.h>

static const struct {
	const char	*word;
	unsigned int	reason;
} requests[] = {
	{ "poweroff", SHUTDOWN_poweroff },
	{ "halt", SHUTDOWN_poweroff },
	{ "reboot", SHUTDOWN_reboot },
};

static void
shutdown_requested(struct xenbus_watch *watch __unused,
    const char **path __unused, unsigned int len __unused)
{
	char word[32];

	if (xenbus_read(NULL, "control", "shutdown", word, sizeof(word)) != 0 ||
	    word[0] == '\0')
		return;
	for (size_t i = 0; i < __arraycount(requests); i++) {
		struct sched_shutdown op = { .reason = requests[i].reason };

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
	.node = __UNCONST("control/shutdown"),
	.xbw_callback = shutdown_requested
};

void
shutdown_init(void)
{
	int error = register_xenbus_watch(&shutdown_watch);

	if (error != 0)
		printf("unable to watch control/shutdown: error %d\n", error);
}
