/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A worker process gives up what a run doesn't need before a guest's first instruction: after that it can't open a file,
 * start or signal another process, or get privileges. A system call that a guest makes ends its domain (containment.h).
 * docs/security.md says what that is worth.
 */
#ifndef HARNESS_BALLAST_CONFINEMENT_H
#define HARNESS_BALLAST_CONFINEMENT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * In the parent, before any worker is forked: makes the filter once for all of them. NULL, or what this kernel can't do: a
 * sentence for the user, to be said once.
 */
const char *confinement_prepare(void);

enum confinement {
    CONFINE_NOTHING, /* no guest's code runs in this process, or a debugger has it */
    CONFINE_GUESTS,  /* the guest's own system calls are refused: the process itself has QEMU to start */
    CONFINE_ALTOGETHER
};
/* In a worker; there is no way back. False, with errno: prepare found that it can be done, and it can't. */
bool confinement_enter(enum confinement);

#endif
