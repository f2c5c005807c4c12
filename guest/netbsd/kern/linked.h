/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's link sets, which a driver fills. */
#ifndef KERN_LINKED_H
#define KERN_LINKED_H

/* Runs what is in them. On a thread: functions of modules may sleep. */
void linked_init(void);

#endif /* !KERN_LINKED_H */
