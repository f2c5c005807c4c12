/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The interrupt level of the one CPU, and whether a driver's function left the
 * level and its locks as they were. The functions of spl(9) are in sys/intr.h.
 */
#ifndef KERN_SPL_H
#define KERN_SPL_H

#include <sys/param.h>
#include <sys/intr.h>

/*
 * The levels that a driver's code on this thread got from spl and has not given
 * back, counted by level; and where the last one of them was got.
 */
struct spl_got {
	uint8_t count[NIPL];
	uintptr_t where;
};

int spl_level(void);
void spl_restore(int); /* as splx, but nothing runs because of it */
bool spl_blocks_events(void);

struct context_before {
	int level;
	u_int held, spin_held;
	struct spl_got got;
};

/*
 * Around a call of a driver's function. The end tells what differs, as a misuse
 * by `what` and `name` and by that function, and mends the level.
 */
void context_begin(struct context_before *);
void context_end(const struct context_before *, const char *what,
    const char *name, uintptr_t function);

#endif /* !KERN_SPL_H */
