/* SPDX-License-Identifier: BSD-2-Clause */
/* The largest maxmem is found in halves, for all runs at once: each round is a job for each run that is still in doubt. */
#include "harness/ballast/compare_growth.h"

#include <assert.h>
#include <stdlib.h>

#include "harness/ballast/options.h"
#include "harness/ballast/replay_file.h"
#include "harness/run/runner.h"

struct finding {
    const struct measured *runs;
    size_t nr_runs, kernels;
    const struct scenario_files *files;
    uint64_t seed;
    unsigned timeout_ms; /* of wall clock, for each */
    struct growth *growth;
    size_t *jobs; /* which runs a round is about */
    bool ungrown; /* the round is about runs without growth */
};

static uint64_t times_to_try(const struct growth *growth)
{
    assert(growth->boots < growth->fails && growth->fails <= GROWTH_TIMES_MAX + 1);
    return growth->boots + (growth->fails - growth->boots) / 2;
}

static bool is_in_doubt(const struct growth *growth)
{
    return growth->fails - growth->boots > 1;
}

static void work(void *context, size_t job, struct outcome *outcome)
{
    const struct finding *f = context;
    const size_t run = f->jobs[job], file = run / f->kernels;
    const struct replay_wants wants = {.file = f->files->names.list[file],
        .input = scenario_files_input(f->files, file),
        .first_times = f->ungrown ? 0 : times_to_try(&f->growth[run])};
    const struct run_options options = {
        .seed = f->seed, .kernel = f->runs[run].kernel, .no_growth = f->ungrown};

    /* It is not freed: the worker process ends when the outcome is delivered. */
    (void)replay_file(wants.file, &options, &wants, outcome);
}

static void take_ungrown(struct growth *growth, const struct outcome *outcome)
{
    char error[256];
    struct reading *reading = NULL;

    if (outcome->recording != NULL && outcome->verdict != VERDICT_SKIP && outcome->verdict != VERDICT_ERROR)
        reading = reading_open(outcome->recording, outcome->recording_bytes, error, sizeof error);
    growth->has_ungrown = reading != NULL && measures_take(reading, &growth->ungrown);
    reading_close(reading);
}

static void deliver(void *context, size_t job, const struct outcome *outcome)
{
    struct finding *f = context;
    struct growth *growth = &f->growth[f->jobs[job]];

    if (f->ungrown)
        take_ungrown(growth, outcome);
    else if (outcome->verdict == VERDICT_TIMEOUT)
        growth->boots = growth->fails = 0; /* it says nothing: this computer is busy, or the guest is large */
    else if (outcome->verdict == VERDICT_PASS)
        growth->boots = times_to_try(growth);
    else
        growth->fails = times_to_try(growth);
}

static bool round_of(struct finding *f, size_t nr_jobs)
{
    const struct workers workers = {
        .nr_jobs = nr_jobs,
        .at_a_time = 1,
        .timeout_ms = f->timeout_ms,
        .grace_ms = TIMEOUT_GRACE_MS,
        .context = f,
        .work = work,
        .deliver = deliver,
    };

    return nr_jobs == 0 || workers_run(&workers);
}

static bool find_ungrown(struct finding *f)
{
    for (size_t r = 0; r < f->nr_runs; r++)
        f->jobs[r] = r;
    f->ungrown = true;
    return round_of(f, f->nr_runs);
}

static bool find_largest(struct finding *f)
{
    size_t nr_jobs;

    f->ungrown = false;
    do {
        nr_jobs = 0;
        for (size_t r = 0; r < f->nr_runs; r++)
            if (is_in_doubt(&f->growth[r]))
                f->jobs[nr_jobs++] = r;
        if (!round_of(f, nr_jobs))
            return false;
    } while (nr_jobs > 0);
    return true;
}

struct growth *growth_find(const struct measured *runs, size_t kernels, const struct scenario_files *files,
    uint64_t seed, unsigned timeout_ms)
{
    const size_t nr_runs = files->names.count * kernels;
    struct finding f = {.runs = runs,
        .nr_runs = nr_runs,
        .kernels = kernels,
        .files = files,
        .seed = seed,
        .timeout_ms = timeout_ms,
        .growth = calloc(nr_runs, sizeof *f.growth),
        .jobs = calloc(nr_runs, sizeof *f.jobs)};

    for (size_t r = 0; f.growth != NULL && r < nr_runs; r++)
        f.growth[r].fails = GROWTH_TIMES_MAX + 1;
    const bool found = f.growth != NULL && f.jobs != NULL && find_ungrown(&f) && find_largest(&f);
    free(f.jobs);
    if (found)
        return f.growth;
    free(f.growth);
    return NULL;
}

/* A run that ended early has taken back less for that reason alone. */
static bool is_whole(int verdict)
{
    return verdict == VERDICT_PASS || verdict == VERDICT_FAIL;
}

void growth_add(const struct growth *growth, struct measures *measures)
{
    if (growth->has_ungrown && is_whole(measures->verdict) && is_whole(growth->ungrown.verdict))
        measures_add_ungrown(measures, &growth->ungrown);
    if (growth->boots > 1)
        measures->largest_times = growth->boots;
}
