/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ^C in the middle of many runs: what was found until then is still told, and then the program ends as one does of ^C. A
 * second one ends it at once.
 */
#ifndef HARNESS_BALLAST_INTERRUPT_H
#define HARNESS_BALLAST_INTERRUPT_H

#include <stdbool.h>

#define EXIT_INTERRUPTED 130 /* what a shell makes of a program that SIGINT ended */

/* From here on it is only noted, unless whoever called the program had it ignored. */
void interrupt_begin(void);
bool interrupt_seen(void);   /* since then */
void interrupt_forget(void); /* in a process that was forked since: ^C ends it at once, as it did before */
/*
 * When all is told: the program ends of ^C here if it was seen, and the code that was given is returned if not. It is
 * EXIT_INTERRUPTED where the signal can't end the program.
 */
int interrupt_end(int code);

#endif
