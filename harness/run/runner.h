/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One run of one scenario, in this process: builds the machine, walks through the statements, judges, and leaves a
 * recording. It prints nothing. `ballast replay` calls it in a worker process; the bench calls it directly, many times
 * with the same `struct runner`. harness/run/run.h has what is inside.
 */
#ifndef HARNESS_RUN_RUNNER_H
#define HARNESS_RUN_RUNNER_H

#include "harness/language/scenario.h"
#include "harness/xen/xen_choice.h"

enum verdict {
    VERDICT_PASS = 0,
    VERDICT_SKIP = 3,
    VERDICT_ERROR = 4,
    VERDICT_FAIL = 5,
    VERDICT_CRASH = 6,
    VERDICT_TIMEOUT = 7, /* 8 is no verdict: the guest's files don't compile (harness/builder/) */
    VERDICT_CUT = 9 /* none: the run ended where the user wanted it to, and nothing had failed until then */
};
const char *verdict_name(enum verdict);

struct trail;
struct xen_found;

enum backend { ON_SIM, ON_XEN, ON_BOTH };

struct run_options {
    /* Where guests run; on Xen the model answers each call, too. ON_BOTH is not for a runner: replay_file.c in
     * harness/ballast makes two runs of it. */
    enum backend on;
    struct xen_choice xen; /* which Xen; its path is for the real one only */
    uint64_t seed;
    const char *kernel;   /* in place of whatever kernel= names, or NULL */
    uint64_t until_event; /* 0: to the end */
    bool stop_at_first;
    bool
        keep_going; /* behind the point where progress would end a run whose driver works too much for a page */
    bool strict;    /* remarks count: with one, what else would pass is a FAIL */
    uint64_t
        recording_limit_bytes; /* 0: RECORDING_BYTES_MAX. The run ends with an ERROR some MiB before it */
    /* NULL, or called at until_event (0: where things first go wrong), and the run goes on. domid: the event's; text: the
     * scenario's; line: the scenario's line in charge, 0: none. */
    void (*debugger)(struct machine *, unsigned domid, uint64_t event, const char *text, uint32_t line);
    bool
        whole_calls; /* with a seed Xen's long calls are not preempted all the same: as the real Xen's are not */
    bool no_growth; /* mem-set gives no domain more than it was built with: for a run to compare with */
    uint64_t schedule_seed; /* every choice of who runs comes from it; 0: as the scenario says */
    struct trail *trail;    /* asks which functions ran before some events (harness/run/trail.h); or NULL */
};

struct runner;
struct runner *runner_new(void);
void runner_free(struct runner *);

/*
 * Runs a scenario. The recording and its places belong to the runner until the next run. For SKIP and ERROR
 * runner_sentence says what was missing or wrong; a complaint about the scenario has the line and a caret.
 */
enum verdict runner_run(struct runner *, const struct scenario *, const struct run_options *);
const void *runner_recording(const struct runner *, size_t *bytes);
const struct place *runner_places(const struct runner *, size_t *count);
const uint64_t *runner_frames(const struct runner *); /* what their backtraces point into */
/* The known Xen that such a run on the real one would be about; to find out, one may be booted. */
const struct known_xen *runner_known_xen(
    struct runner *, const struct scenario *, const struct run_options *);
const struct xen_found *runner_xen(const struct runner *); /* the real one that was booted last, or NULL */
/* After a run on the real Xen: how many calls both answered, and how many differences there were. */
void runner_agreement(const struct runner *, uint64_t *hypercalls, uint64_t *differences);
const char *runner_sentence(const struct runner *);
/* Where a place lies: "balloon.c:512" and the function, from the image's debug information. False: unknown. */
bool runner_place_text(struct runner *, const struct place *, char *out, size_t out_bytes);
/* How many basic blocks its guests have run, of those that are there at its end. */
uint64_t runner_blocks(const struct runner *);
bool runner_remarked(const struct runner *); /* on the driver, in a run that may have passed */
/* Has a place been unknown since the last run began only because there was no memory to look it up? */
bool runner_places_lost(const struct runner *);

#endif
