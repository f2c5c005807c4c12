/* SPDX-License-Identifier: BSD-2-Clause */
/* The family floor, too: is the reason that a driver logs a true one, at the moment at which it logs it? */
#ifndef SIM_INVARIANTS_REASON_H
#define SIM_INVARIANTS_REASON_H

#include "sim/invariants/checker.h"
#include "sim/kernel/kernel.h"

/*
 * A sentence about the driver's target. False: it gives no reason why the driver isn't at its present target, since it
 * speaks of another one, or names a limit that is none; the latter breaks floor.
 */
bool reason_is_true(
    struct invariants *, struct watched *, enum kernel_saying, const struct kernel_said *, uint64_t event);

/* A number of a sentence in pages, or in KiB; one without a unit counts as what is asked for. */
uint64_t said_pages(const struct kernel_said *, enum kernel_number);
uint64_t said_kib(const struct kernel_said *, enum kernel_number);

/* Is a target above this limit clipped to it? Each is one that a driver can know, and the least need not be the one that
 * it asks for first. */
bool reason_clips_to(const struct watched *, uint64_t want_pages, uint64_t pages);

#endif
