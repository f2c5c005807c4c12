/* SPDX-License-Identifier: BSD-2-Clause */
/* The walk through a scenario's statements: virtual time passes up to each, then it is recorded and done. */
#ifndef HARNESS_RUN_STATEMENTS_H
#define HARNESS_RUN_STATEMENTS_H

struct runner;

/* To the last, or until the run is over. What the scenario expects of an end like that is judged, too. */
void statements_do(struct runner *);

#endif
