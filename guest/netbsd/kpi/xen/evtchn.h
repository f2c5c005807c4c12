/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Event channels: a handler a port. Handlers run with interrupts off and may
 * not sleep; they wake a thread.
 */
#ifndef _XEN_EVTCHN_H_
#define _XEN_EVTCHN_H_

#include <sys/types.h>
#include <xen/xen.h>
#include <xen-public/event_channel.h>

int event_set_handler(int, int (*)(void *), void *, int, const char *);
int event_remove_handler(int, int (*)(void *), void *);

#endif /* !_XEN_EVTCHN_H_ */
