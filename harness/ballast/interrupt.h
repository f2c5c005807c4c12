/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ^C in the middle of many runs: what was found until then is still told, and then the program ends as one does of ^C. A
 * second one ends it at once.
 */
#ifndef HARNESS_BALLAST_INTERRUPT_H
#define HARNESS_BALLAST_INTERRUPT_H

#include <stdbool.h>

#define EXIT_INTERRUPTED 130 /* what a shell makes of it */

void interrupt_begin(
    void); /* from here on it is only seen, unless whoever called the program had it ignored */
bool interrupt_seen(void);   /* since then */
void interrupt_forget(void); /* in a process that was forked since: it is as it was before */
/* Ends the program if it was seen. The code to return, where it can't: it is the one given if nothing was seen. */
int interrupt_end(int code);

#endif
