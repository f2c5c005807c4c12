/* SPDX-License-Identifier: BSD-2-Clause */
/* The families guest-contained and integrity, and the part of p2m-bounds that is about writes that faulted. */
#ifndef SIM_INVARIANTS_CONTAINED_H
#define SIM_INVARIANTS_CONTAINED_H

#include "sim/invariants/checker.h"

void contained_ended(struct invariants *, struct watched *, const struct event *);
/* A reservation call of a driver: are its flags some that Xen knows? */
void contained_reservation_call(struct invariants *, struct watched *, const struct event *);
void contained_data_lost(struct invariants *, struct watched *, const struct event *);

#endif
