/* SPDX-License-Identifier: BSD-2-Clause */
/* Statements of a probe, a guest that issues a raw hypercall for each line and tells what it returned. */
#ifndef HARNESS_RUN_PROBES_H
#define HARNESS_RUN_PROBES_H

#include "harness/language/scenario.h"

struct runner;

void probes_statement(struct runner *, const struct statement *);

#endif
