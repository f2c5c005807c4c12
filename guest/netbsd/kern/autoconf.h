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

/* False: the driver refused. */
bool autoconf_suspend(void);
bool autoconf_resume(void);

#endif /* !KERN_AUTOCONF_H */
