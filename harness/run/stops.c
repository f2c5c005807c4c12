/* SPDX-License-Identifier: BSD-2-Clause */
/* Looks at each record for a reason to end the run. */
#include "harness/run/stops.h"
#include "harness/image/containment.h"
#include "harness/run/run.h"

#include <assert.h>
#include <inttypes.h>

/* The event that gdb was asked to stop at; without one, where things first go wrong. */
static void show_in_debugger(struct runner *r, const struct record *record, uint64_t event)
{
    const uint64_t until = r->run.options->until_event;
    const struct record_expect *expect = record_payload(record);
    const bool wrong = record->type == REC_VIOLATION || record->type == REC_PANIC ||
                       record->type == REC_CRASH || record->type == REC_NOT_AT_REST ||
                       (record->type == REC_EXPECT && expect->ok == 0);

    if (r->run.shown || (until != 0 ? event < until : !wrong))
        return;
    r->run.shown = true;
    r->run.options->debugger(r->machine, record->domid, event, r->run.scenario->text, record->line);
}

/* The recording has no more room, so the run ends now, with all that is in it. */
static void recording_is_full(struct runner *r)
{
    if (run_is_over(r))
        return;
    run_complain(r, (struct span){.line = recorder_line(r->recorder), .column = 1, .length = 1},
        "the recording has grown to its limit of %" PRIu64 " MiB: the run ends here",
        recorder_limit_bytes(r->recorder) >> 20);
    assert(run_is_over(r));
}

/* The time that this process has on this computer is over. */
static void time_is_over(struct runner *r, uint64_t event)
{
    if (r->run.outcome != OUTCOME_NONE && r->run.outcome != OUTCOME_HALTED)
        return;
    r->run.cut_event = event;
    run_end(r, OUTCOME_TIMEOUT);
}

static void cut(struct runner *r, uint64_t event)
{
    if (run_is_over(r) || r->run.at_its_end)
        return;
    r->run.cut_event = event;
    run_end(r, OUTCOME_CUT);
}

void stops_see(struct runner *r, const struct record *record, uint64_t event)
{
    const struct run_options *options = r->run.options;

    if (record->type == REC_VIOLATION && invariants_hopeless(r->invariants))
        run_end(r, OUTCOME_HALTED);
    if (recorder_is_full(r->recorder))
        recording_is_full(r);
    if (containment_time_is_over())
        time_is_over(r, event);
    if (options->debugger != NULL)
        show_in_debugger(r, record, event);
    else if ((options->until_event != 0 && event >= options->until_event) ||
             (options->stop_at_first && record->type == REC_VIOLATION))
        cut(r, event);
}
