/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Broken invariants in the failure text: each distinct one once, with its first event, how often it was
 * seen, and the event that broke it, which may lie long before.
 */
#include "reports/findings.h"
#include "reports/text_internal.h"

#include <inttypes.h>
#include <stdlib.h>

#include "invariants/list.h"

static void print_finding(
    FILE *out, const struct reading *reading, const struct finding *finding, const struct text_style *style)
{
    const struct record_violation *violation = record_payload(reading_event(reading, finding->event));
    const char *place = text_place(reading, finding->cause, style);
    char room[NAME_ROOM];

    fprintf(out, "  %s: ", name_of_invariant(violation->invariant, room));
    text_clean(out, record_text(reading_event(reading, finding->event)), 4 * TEXT_SHORT_BYTES);
    if (finding->times > 1)
        fprintf(out, ", %" PRIu64 " times", finding->times);
    if (finding->at_rest)
        fprintf(out, "; seen at rest (event %" PRIu64 ")", finding->event);
    else if (finding->cause_is_known)
        fprintf(out, "; seen at event %" PRIu64, finding->event);
    if (finding->cause_is_known || !finding->at_rest) {
        fputs(finding->cause_is_known || finding->at_rest ? ", " : "; ", out);
        fprintf(out, "%s at event %" PRIu64 ": ",
            violation->invariant == INVARIANT_NO_LEAK ? "lost" : "broken", finding->cause);
        text_describe(out, reading, finding->cause);
        if (place != NULL)
            fprintf(out, ", %s", place);
    }
    fputc('\n', out);
}

uint64_t text_violations(FILE *out, const struct reading *reading, const struct text_style *style)
{
    uint64_t earliest = 0;
    size_t count, unlisted, i;
    struct finding *findings = findings_collect(reading, &count, &unlisted);

    for (i = 0; i < count; i++) {
        print_finding(out, reading, &findings[i], style);
        if (earliest == 0 || findings[i].cause < earliest)
            earliest = findings[i].cause;
    }
    if (unlisted != 0)
        fprintf(out, "  … and %zu more\n", unlisted);
    free(findings);
    return earliest;
}
