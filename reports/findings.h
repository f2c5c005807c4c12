/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which events of a recording are failures: the distinct violations, and single events. All writers use it.
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
    bool cause_is_known; /* the cause is another event than the one at which it was seen */
    bool is_outcome;     /* it is about a target or the time taken: what else broke explains it */
};

#define FINDINGS_MAX    40u
#define FINDINGS_OF_ONE 24u /* of one invariant: others have room when a fault comes back again and again */

/*
 * Distinct violations in the order of the events that broke them, those about outcomes last. Those that an `expect violation`
 * covers are not among them, and neither are those that a kernel breaks by intent. unlisted counts those for which the list had
 * no room.
 */
struct findings {
    struct finding list[FINDINGS_MAX];
    size_t count, unlisted;
};
void findings_collect(const struct reading *, struct findings *);

/* Why the kernel that this violation is about breaks the invariant by intent (guest/abi/kernel.h); NULL: it does not. */
const char *finding_waiver(const struct reading *, uint64_t event);

/* Is it covered by an `expect violation`, and was it broken behind all statements of that kind? The scenario may not mean it. */
bool finding_is_late(const struct reading *, uint64_t event);

enum failure_kind { FAILURE_NONE, FAILURE_EXPECT, FAILURE_NOT_AT_REST, FAILURE_DEATH, FAILURE_DIFFERENCE };
/* What kind of failure a record is. crash_expected: the scenario expects a crash, which is no failure then. */
enum failure_kind failure_of(const struct record *, bool crash_expected);
bool failures_expected_crash(const struct reading *);

#endif
