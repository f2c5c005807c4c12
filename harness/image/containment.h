/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A fault in a guest's code ends only its domain; one in Ballast's own code ends the process, as usual. Between enter and
 * leave, a signal that the processor raised is shown to the machine, which says whether a guest is to blame. A process
 * can contain the guests of one machine at a time.
 */
#ifndef HARNESS_IMAGE_CONTAINMENT_H
#define HARNESS_IMAGE_CONTAINMENT_H

#include "sim/machine.h"

void containment_enter(struct machine *);
void containment_leave(void);

#endif
