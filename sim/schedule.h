/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which domain runs next, and whose timer is due. machine_run.c moves the clock and runs the guests; the functions here
 * only say which.
 */
#ifndef SIM_SCHEDULE_H
#define SIM_SCHEDULE_H

#include <stdint.h>

struct machine;

struct domain *schedule_next(struct machine *);       /* NULL: no domain can run now */
void schedule_timers(struct machine *);               /* wakes the domains whose timers are due */
uint64_t schedule_next_timer(const struct machine *); /* NEVER_NS: none */
uint64_t schedule_random(struct machine *); /* the next number of the schedule's own random stream */

#endif
