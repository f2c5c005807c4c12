/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A fault of a guest's code ends its domain; a fault of ours stays as loud as it ever was. Between enter
 * and leave, a signal that the processor raised is shown to the machine, which says whether a guest is to
 * blame. One machine at a time in a process.
 */
#ifndef HARNESS_IMAGE_CONTAINMENT_H
#define HARNESS_IMAGE_CONTAINMENT_H

#include "sim/machine.h"

void containment_enter(struct machine *);
void containment_leave(void);

#endif
