/* SPDX-License-Identifier: BSD-2-Clause */
/* What is known of a domain, from its building to its end: made, put to sleep, taken over, forgotten. */
#ifndef SIM_INVARIANTS_WATCHED_LIFECYCLE_H
#define SIM_INVARIANTS_WATCHED_LIFECYCLE_H

#include "sim/invariants/checker.h"

struct watched *watched_make(struct invariants *, unsigned domid); /* NULL: no memory */
void watched_clear(struct watched *, unsigned domid); /* empties it; its lists keep their memory */
void watched_free(struct watched *);                  /* does nothing for NULL */

void watched_begin(struct invariants *, const struct event *); /* a domain was built, or restored */
void watched_suspended(struct invariants *, unsigned domid);   /* it was saved: its frames are gone */
void watched_end(struct invariants *, unsigned domid);         /* it was destroyed */

#endif
