/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Domains that begin and end during a run. sim/toolstack/ calls this for xl create, destroy, save and restore, since it
 * has no images to build a domain from; and when a guest has shut itself down, what xl does then is done here.
 */
#ifndef HARNESS_RUN_LIFECYCLE_H
#define HARNESS_RUN_LIFECYCLE_H

#include "harness/language/scenario.h"

struct lifecycle;
struct record;
struct runner;

struct lifecycle *lifecycle_new(void); /* NULL: no memory */
void lifecycle_free(struct lifecycle *);
void lifecycle_begin(struct runner *); /* the machine was built: xl can call us from now on */

/* Observer: sees that a guest has shut itself down, and acts on it once no guest is in the middle of a call. */
void lifecycle_see(struct runner *, const struct record *, uint64_t event);
void lifecycle_act(struct runner *);
/* If the statement was an xl save: lets guests run until it is done, or fails the line. */
void lifecycle_finish_save(struct runner *, const struct statement *);

#endif
