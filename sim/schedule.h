/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who runs next, and whose timer is due. It moves no clock and runs no guest: machine_run.c does, by what is said
 * here.
 */
#ifndef SIM_SCHEDULE_H
#define SIM_SCHEDULE_H

#include <stdint.h>

struct machine;

struct domain *schedule_next(struct machine *);       /* NULL: nobody can run now */
void schedule_timers(struct machine *);               /* wakes those whose time has come */
uint64_t schedule_next_timer(const struct machine *); /* NEVER_NS: none */
uint64_t schedule_random(struct machine *); /* the schedule's own chance: a choice of a run with a seed */

#endif
