/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The page daemon, as those see it who run out of pages.
 */
#ifndef KERN_PDAEMON_H
#define KERN_PDAEMON_H

#include <sys/types.h>

void pdaemon_init(void);

/* A thread waits for pages: it runs, however many are free. */
void pdaemon_wake(void);

/* Pages are short, or it is at work: idle objects are on their way back. */
bool pdaemon_wanted(void);

#endif /* !KERN_PDAEMON_H */
