/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tree of devices, as start, suspension and config_found see it.
 */
#ifndef KERN_AUTOCONF_H
#define KERN_AUTOCONF_H

#include <sys/device.h>

bool autoconf_attach(void); /* true: a driver matched, and has attached */

/*
 * What config_found does: attaches the driver to that parent if it matches. A
 * driver calls it by way of config_found.c only.
 */
device_t __autoconf_found(device_t parent, void *aux, cfprint_t);

/*
 * The driver was refused a watch or a thread, which it asked for there. If it
 * has neither when its attach function returns, it has not attached, and must
 * have undone all that it had done by then.
 */
void autoconf_refused(const void *return_address);
/* What was not undone: bytes of kernel memory, and other things. */
struct attach_left {
	uint64_t bytes;
	uint64_t allocations, pools, nodes;
};
const struct attach_left *autoconf_left(void);

/* False: the driver refused. */
bool autoconf_suspend(void);
bool autoconf_resume(void);

#endif /* !KERN_AUTOCONF_H */
