/* SPDX-License-Identifier: BSD-2-Clause */
/* The family last-target-wins; what it remembers is in struct watched_target (target.h). */
#ifndef SIM_INVARIANTS_LAST_TARGET_H
#define SIM_INVARIANTS_LAST_TARGET_H

#include "sim/invariants/checker.h"

#define NO_SUBOP UINT32_MAX

void last_target_said(struct watched *, uint64_t event); /* a console line that may be a reason */
void last_target_refused(struct invariants *, struct watched *, uint64_t event);
void last_target_call_refused(struct invariants *, struct watched *, uint64_t event, uint32_t subop);
void last_target_moved(struct watched *, uint32_t subop);
void last_target_plugged(struct watched *); /* all that was refused since its last sleep is plugged */
void last_target_fault(struct invariants *, struct watched *, const struct event *);
void last_target_rest(struct invariants *, struct watched *);

#endif
