/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls of code that may end in any way: it returns, it asks to be left (a panic, a hang), or a signal ends it. A process
 * has one cage. Limits on its time and memory hold for the whole process, which is one that may die.
 */
#ifndef HARNESS_SEGMENTS_CAGE_H
#define HARNESS_SEGMENTS_CAGE_H

#include <stdbool.h>

#include "guest/abi/small_world.h"

/* From now on this process may use so much. False: it can't be limited. */
bool cage_limit(unsigned cpu_s, unsigned long memory_bytes);
/* Takes the signals for faults, and for the end of that time. False: it can't. */
bool cage_begin(void);
bool cage_time_is_up(void); /* the process ends by itself a few seconds later */

/* False when it did not return; how, and with what words, stand in the other two. */
bool cage_call(void (*code)(void *), void *context, enum small_world_stop *, char text[SMALL_WORLD_TEXT_MAX]);

/* Leaves the call that runs. */
__attribute__((noreturn)) void cage_leave(enum small_world_stop, const char *text);

#endif
