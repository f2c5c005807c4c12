/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds what is known of a domain. It judges nothing. */
#ifndef SIM_INVARIANTS_WATCHED_H
#define SIM_INVARIANTS_WATCHED_H

#include "sim/invariants/checker.h"

/* NULL: there is no such domain, or it is the host. The first call for a domain looks at its memory. */
struct watched *watched_find(struct invariants *, unsigned domid);
/* The guest says that another table is its P2M, or is met for the first time: that table. */
const uint64_t *watched_follow_p2m(struct watched *);

/* Something was refused to it at that event; events come in order. */
void watched_refused(struct invariants *, struct watched *, uint64_t event);

#endif
