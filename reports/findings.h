/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What of a recording is a failure, for every writer alike: the distinct violations, and single events.
 */
#ifndef REPORTS_FINDINGS_H
#define REPORTS_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "reports/reading.h"

struct finding {
    uint64_t event; /* of the first violation of its kind */
    uint64_t cause; /* the event that broke it */
    uint64_t times;
    bool at_rest;
    bool cause_is_known; /* apart from where it was seen */
};

#define FINDINGS_MAX 40u

/*
 * Distinct violations in the order of their first events, those left out that an expect of the scenario
 * covers; unlisted counts those past the number that is still told apart.
 */
struct findings {
    struct finding list[FINDINGS_MAX];
    size_t count, unlisted;
};
void findings_collect(const struct reading *, struct findings *);

enum failure_kind { FAILURE_NONE, FAILURE_EXPECT, FAILURE_NOT_AT_REST, FAILURE_DEATH, FAILURE_DIFFERENCE };
/* Of one record. A scenario that expects a crash does not fail by one. */
enum failure_kind failure_of(const struct record *, bool crash_expected);
bool failures_expected_crash(const struct reading *);

#endif
