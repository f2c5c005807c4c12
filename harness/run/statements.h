/* SPDX-License-Identifier: BSD-2-Clause */
/* The walk through a scenario's statements: lets virtual time pass up to each one, records it and does it. */
#ifndef HARNESS_RUN_STATEMENTS_H
#define HARNESS_RUN_STATEMENTS_H

struct runner;

/* Does all statements, or those up to the end of the run; then what the scenario expects of such an end is judged. */
void statements_do(struct runner *);

#endif
