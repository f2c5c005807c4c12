/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A queue of commands that `on` and `every` hold and that can't be done at once: a guest's agent takes one at a time, and
 * commands that build or end domains have to wait until no guest is in the middle of a call.
 */
#ifndef HARNESS_RUN_PENDING_H
#define HARNESS_RUN_PENDING_H

#include "harness/language/scenario.h"

struct pending;

struct pending_command {
    const struct statement *statement;
    unsigned domid; /* the domain whose agent it is for; DOMID_HOST: it is a command of dom0 */
    bool given;     /* the agent has it, and hasn't answered */
};

struct pending *pending_new(void); /* NULL: no memory */
void pending_free(struct pending *);
void pending_forget(struct pending *); /* drops the last run's commands */

bool pending_add(struct pending *, const struct statement *, unsigned domid); /* false: no memory */
size_t pending_count(const struct pending *);
struct pending_command *pending_at(struct pending *, size_t i); /* valid until the next add or remove */
void pending_remove(struct pending *, size_t i);
bool pending_for(const struct pending *, unsigned domid); /* is there one for this domain? */
/* Removes the command that the domain's agent was given, and returns its statement; NULL: there is none. */
const struct statement *pending_answered(struct pending *, unsigned domid);

#endif
