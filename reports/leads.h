/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which events lead from a failure to its cause: those at which a reader wants to know what the driver did. The cause of a
 * broken invariant is one, if it is known; and there are the last steps of the driver's that have to do with it.
 */
#ifndef REPORTS_LEADS_H
#define REPORTS_LEADS_H

#include <stddef.h>

#include "reports/findings.h"

struct lead {
    uint64_t event; /* 0: there is none */
    unsigned domid; /* DOMID_HOST: it is not said which */
};

/* The event at which a finding was made or that broke it; or a failed statement, or a death, itself. */
struct lead lead_of_finding(const struct reading *, const struct finding *);
struct lead lead_of_failure(const struct reading *, uint64_t event);

/* What a driver did last before an event. */
struct step {
    const char *what;
    struct lead lead;
    bool after;    /* what ran after it counts, not what ran before */
    bool is_fault; /* one that fired, and no other step's refusal: nothing of the driver's */
};
#define STEPS_MAX 5u
/* The steps behind a failed statement. Returns how many. */
size_t steps_of_failure(const struct reading *, struct lead, struct step steps[STEPS_MAX]);
/* Those behind a finding whose cause is not known, or not all of it. */
size_t steps_of_finding(const struct reading *, const struct finding *, struct step steps[STEPS_MAX]);

/* All of a recording, in ascending order, each once; no more than there is room for. */
size_t leads_collect(const struct reading *, struct lead *leads, size_t room);

#endif
