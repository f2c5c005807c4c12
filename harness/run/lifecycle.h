/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Domains that end and begin while a run goes on: xl create, destroy, save and restore find their way here from
 * sim/toolstack/, which has no images to build a domain from; and a guest that shut itself down is looked after.
 */
#ifndef HARNESS_RUN_LIFECYCLE_H
#define HARNESS_RUN_LIFECYCLE_H

#include "harness/language/scenario.h"

struct lifecycle;
struct record;
struct runner;

struct lifecycle *lifecycle_new(void); /* NULL: no memory */
void lifecycle_free(struct lifecycle *);
void lifecycle_begin(struct runner *); /* the machine is there: xl reaches us from now on */

/* Observer: sees that a guest shuts itself down, and looks after it once no guest is in the middle of a call. */
void lifecycle_see(struct runner *, const struct record *, uint64_t event);
void lifecycle_act(struct runner *);
/* If the statement was an xl save: lets guests run until it is done, or fails the line. */
void lifecycle_finish_save(struct runner *, const struct statement *);

#endif
