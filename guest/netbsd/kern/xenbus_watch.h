/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Watch events, as the ring's reader hands them on.
 */
#ifndef KERN_XENBUS_WATCH_H
#define KERN_XENBUS_WATCH_H

#include <sys/types.h>

void xenbus_watch_init(void);
void xenbus_watch_resume(void);	  /* registers all watches anew */
bool xenbus_driver_watches(void); /* the driver has asked for a watch */
bool xenbus_driver_has_watch(void);

/* The payload is path, NUL, token, NUL; it belongs to the watches now. */
void xenbus_watch_arrived(char *payload, size_t bytes);

#endif /* !KERN_XENBUS_WATCH_H */
