/* SPDX-License-Identifier: BSD-2-Clause */
/* Statements of a probe, a guest that issues a raw hypercall for each line and tells what it returned. */
#ifndef HARNESS_RUN_PROBES_H
#define HARNESS_RUN_PROBES_H

#include "harness/language/scenario.h"

struct runner;

void probes_statement(struct runner *, const struct statement *);
/* Of a line that `on` or `every` holds: what its probe is given (false, after a complaint: nothing), and what it answered. */
#define PROBE_LINE_BYTES 4000u
bool probes_line(struct runner *, const struct statement *, char line[PROBE_LINE_BYTES]);
void probes_answer(struct runner *, const struct statement *, unsigned domid, int status, const char *output);

#endif
