/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Power-off, reboot and suspension, as the toolstack asks for them.
 */
#ifndef KERN_SHUTDOWN_H
#define KERN_SHUTDOWN_H

void shutdown_init(void);

#endif /* !KERN_SHUTDOWN_H */
