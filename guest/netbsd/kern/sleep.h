/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The interrupt level of the CPU, ticks as times, and whether a driver's
 * function left the level and its locks as they were.
 */
#ifndef KERN_SLEEP_H
#define KERN_SLEEP_H

#include <sys/param.h>

#define NS_PER_TICK (1000000000ull / (u_int)hz)

/* The time that is so many ticks from now; 0 for 0, which is no timeout. */
uint64_t ticks_due_ns(int ticks);

int spl_level(void);
void spl_restore(int); /* as splx, but nothing runs because of it */
bool spl_blocks_events(void);

struct context_before {
	int level;
	u_int held, spin_held;
};

/* Around a call of a driver's function. The end tells what differs, as a misuse
 * by `what` and `name`, and mends the level. */
void context_begin(struct context_before *);
void context_end(
    const struct context_before *, const char *what, const char *name);

#endif /* !KERN_SLEEP_H */
