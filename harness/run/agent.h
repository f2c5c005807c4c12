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
 * Gives the agent a line and lets guests run until it is answered; commands that `on` or `every` gave it come
 * first. False: there was no answer within bound_ns of virtual time, or the guest ended or the run did. output is
 * the domain's, until its next command.
 */
bool agent_command(
    struct runner *, struct domain *, const char *line, uint64_t bound_ns, int *status, const char **output);
/* The line that the agent is given for a ST_GUEST or ST_CALL. */
void agent_line(const struct statement *, char *line, size_t bytes);

#endif
