/* SPDX-License-Identifier: BSD-2-Clause */
/* A workload, as an agent's commands (agent.h). It takes pages, writes a pattern of its own into each, and reads it back. */
#ifndef GUEST_LIB_WORKLOAD_H
#define GUEST_LIB_WORKLOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "guest/abi/agent.h"
#include "guest/lib/output.h"

int workload_hold(struct output *, const char *args);    /* hold 80%, hold 20m, hold 100p */
int workload_churn(struct output *, const char *args);   /* churn 20m ROUNDS */
int workload_verify(struct output *, const char *args);  /* all pages that are held */
int workload_release(struct output *, const char *args); /* all pages that are held */

/* An amount as these words have it: "80%" of the free pages, "20m", "100p". False: it is none of these. */
bool workload_amount(const char *text, uint64_t *pages);

#endif
