/* SPDX-License-Identifier: BSD-2-Clause */
/* Ticks as times. */
#ifndef KERN_SLEEP_H
#define KERN_SLEEP_H

#include <sys/param.h>

#define NS_PER_TICK (1000000000ull / (u_int)hz)

/* The time that is so many ticks from now; 0 for 0, which is no timeout. */
uint64_t ticks_due_ns(int ticks);

#endif /* !KERN_SLEEP_H */
