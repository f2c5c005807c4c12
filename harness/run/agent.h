/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Commands for a guest's agent: the thread in each of our guests that takes a line, does what it says, and answers
 * with a status and a text, one command at a time.
 */
#ifndef HARNESS_RUN_AGENT_H
#define HARNESS_RUN_AGENT_H

#include "harness/language/scenario.h"

struct runner;

/*
 * Gives the agent a line and lets guests run until it has answered; commands that `on` or `every` gave it come
 * first. False: there was no answer within bound_ns of virtual time, or the guest ended, or the run did. output stays
 * valid until the domain's next command.
 */
bool agent_command(
    struct runner *, struct domain *, const char *line, uint64_t bound_ns, int *status, const char **output);
/* Writes the line that the agent gets for a ST_GUEST or ST_CALL. */
void agent_line(const struct statement *, char *line, size_t bytes);

#endif
