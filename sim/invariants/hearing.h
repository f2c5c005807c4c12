/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For last-target-wins and no-overshoot: could the driver hear of its target at all? A fault may have lost what tells it of
 * one, or hold that back.
 */
#ifndef SIM_INVARIANTS_HEARING_H
#define SIM_INVARIANTS_HEARING_H

#include "sim/invariants/checker.h"

void hearing_fault(struct invariants *, struct watched *, const struct event *);
void hearing_xenstore(struct watched *, const struct event *); /* a record of the domain's */
void hearing_port(struct watched *, const struct event *);     /* a port of its was raised */
/* Was something kept from it since that event? A driver that is not told of a target can't go there. */
bool hearing_is_barred(const struct invariants *, const struct watched *, uint64_t since_event);

#endif
