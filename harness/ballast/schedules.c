/* SPDX-License-Identifier: BSD-2-Clause */
/* Keeps the worst of a file's outcomes. */
#include "harness/ballast/schedules.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint64_t schedules_seed(uint64_t seed, unsigned run)
{
    assert(run > 0);
    const uint64_t own = seed + run;

    return own != 0 ? own : run; /* 0 is no seed: any other number will do */
}

static void free_outcome(struct outcome *outcome)
{
    free((void *)outcome->sentence);
    free((void *)outcome->recording);
    free((void *)outcome->places);
}

static void *copy(const void *bytes, size_t count, bool *ok)
{
    void *made = malloc(count + 1);

    if (made == NULL) {
        *ok = false;
        return NULL;
    }
    if (count != 0)
        memcpy(made, bytes, count);
    ((char *)made)[count] = 0;
    return made;
}

static bool copy_outcome(struct outcome *to, const struct outcome *from)
{
    bool ok = true;

    *to = *from;
    to->sentence = copy(from->sentence, from->sentence != NULL ? strlen(from->sentence) : 0, &ok);
    to->places = copy(from->places, from->places != NULL ? from->places_bytes : 0, &ok);
    if (from->recording != NULL)
        to->recording = copy(from->recording, from->recording_bytes, &ok);
    if (!ok)
        free_outcome(to);
    return ok;
}

static void keep(struct schedules *schedules, unsigned run, const struct outcome *outcome)
{
    struct outcome copied;
    const bool owned = copy_outcome(&copied, outcome);

    if (!owned)
        copied = (struct outcome){.verdict = VERDICT_ERROR,
            .sentence = "no memory to keep this run until the others are done",
            .places = ""};
    if (schedules->owned)
        free_outcome(&schedules->worst);
    schedules->worst = copied;
    schedules->worst_run = run;
    schedules->kept = true;
    schedules->owned = owned;
}

static void tell(struct schedules *schedules, uint64_t seed)
{
    if (schedules->worst_run == 0 || schedules->failed == 0)
        return;
    snprintf(schedules->sentence, sizeof schedules->sentence,
        "under %u of %u seeds of a schedule it does not pass; this is --schedule-seed %" PRIu64,
        schedules->failed, schedules->runs, schedules_seed(seed, schedules->worst_run));
}

/* Exit codes rank verdicts, the worst highest; but that of a CUT, of which nothing bad is known, is the highest of all. */
static int rank(enum verdict verdict)
{
    return verdict == VERDICT_CUT ? VERDICT_SKIP : (int)verdict;
}

void schedules_add(struct schedules *schedules, uint64_t seed, unsigned run, const struct outcome *outcome)
{
    assert(run == 0 || schedules->kept);
    if (outcome->left_out)
        return;
    if (run > 0) {
        schedules->runs++;
        schedules->failed += outcome->verdict > VERDICT_SKIP && outcome->verdict != VERDICT_CUT;
    }
    if (!schedules->kept || rank(outcome->verdict) > rank(schedules->worst.verdict))
        keep(schedules, run, outcome);
    tell(schedules, seed);
}

const struct outcome *schedules_worst(const struct schedules *schedules)
{
    assert(schedules->kept);
    return &schedules->worst;
}

const char *schedules_sentence(const struct schedules *schedules)
{
    return schedules->sentence;
}

void schedules_forget(struct schedules *schedules)
{
    if (schedules->owned)
        free_outcome(&schedules->worst);
    *schedules = (struct schedules){0};
}
