/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one device, as start and suspension see it.
 */
#ifndef KERN_AUTOCONF_H
#define KERN_AUTOCONF_H

#include <sys/types.h>

bool autoconf_attach(void); /* true: a driver matched, and has attached */

/* False: the driver refused. */
bool autoconf_suspend(void);
bool autoconf_resume(void);

#endif /* !KERN_AUTOCONF_H */
