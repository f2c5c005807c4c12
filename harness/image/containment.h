/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A fault of a guest's code ends its domain. A fault of Ballast's own code ends the process, as ever. Between enter and
 * leave, a signal that the processor raised is shown to the machine, which says whether a guest is to blame. A process
 * can be in one machine at a time.
 */
#ifndef HARNESS_IMAGE_CONTAINMENT_H
#define HARNESS_IMAGE_CONTAINMENT_H

#include "sim/machine.h"

void containment_enter(struct machine *);
void containment_leave(void);

#endif
