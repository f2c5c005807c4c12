/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A fault in a guest's code ends only its domain; one in Ballast's own code ends the process, as usual. Between enter and
 * leave, a signal that the processor raised is shown to the machine, which says whether a guest is to blame. A process
 * can contain the guests of one machine at a time.
 *
 * SIGXCPU says that the time of this process is over: a guest that runs just then is stopped where it is, so that the run
 * can say where that was. It is sent again until the process ends, for it may also come while no guest runs.
 */
#ifndef HARNESS_IMAGE_CONTAINMENT_H
#define HARNESS_IMAGE_CONTAINMENT_H

#include "sim/machine.h"

void containment_enter(struct machine *);
void containment_leave(void);
bool containment_time_is_over(void);

/*
 * From now on a system call that a guest makes ends its domain, as a fault does, wherever the instruction lies. False: this
 * kernel can't do that (Linux before 5.11). No way leads back, but a process that is forked or executed begins without.
 */
bool containment_refuse_system_calls(void);
bool containment_can_refuse_system_calls(void); /* asks only */

#endif
