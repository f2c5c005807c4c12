/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Statements that are commands: of dom0, or for a guest's agent. Each is judged: a refusal that the scenario does not
 * expect is a failure of its line, and so is an answer that doesn't come.
 */
#ifndef HARNESS_RUN_TYPED_H
#define HARNESS_RUN_TYPED_H

#include "harness/language/scenario.h"

struct runner;

void typed_toolstack(struct runner *, const struct statement *);         /* xl save: until it is saved */
void typed_toolstack_at_once(struct runner *, const struct statement *); /* lets no guest run */
void typed_guest(struct runner *, const struct statement *);
void typed_call(struct runner *, const struct statement *);

#endif
