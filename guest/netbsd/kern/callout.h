/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Callouts, as the idle loop sees them.
 */
#ifndef KERN_CALLOUT_H
#define KERN_CALLOUT_H

#include <sys/types.h>

uint64_t callout_next_ns(void); /* when the next one is due; 0: there is none */
void callout_run(uint64_t now_ns);

#endif /* !KERN_CALLOUT_H */
