/* SPDX-License-Identifier: BSD-2-Clause */
/* The statements `fault` and `heal`: arm and disarm faults of a domain (sim/fault.h). */
#ifndef HARNESS_RUN_FAULTS_H
#define HARNESS_RUN_FAULTS_H

#include "harness/language/scenario.h"

struct runner;

void faults_arm(struct runner *, const struct statement *);
void faults_heal(struct runner *, const struct statement *);

#endif
