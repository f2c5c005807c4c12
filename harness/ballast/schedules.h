/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One file replayed under many schedules: which seed is whose, and what becomes of all the outcomes. Run 0 is the one
 * without a seed of its own. The worst outcome stands for all, the first of those that are equally bad.
 */
#ifndef HARNESS_BALLAST_SCHEDULES_H
#define HARNESS_BALLAST_SCHEDULES_H

#include "harness/ballast/worker.h"

#define SCHEDULES_SENTENCE_BYTES 160u

struct schedules {
    struct outcome worst; /* a copy, which belongs to this */
    unsigned worst_run;
    unsigned runs, failed; /* of those with a seed */
    bool kept, owned;      /* there is a worst; and what it points to is ours */
    char sentence[SCHEDULES_SENTENCE_BYTES];
};

/* What `--schedule-seed` has to say for a run from 1 up; never 0. */
uint64_t schedules_seed(uint64_t seed, unsigned run);
/* In the order of the runs. What the outcome points to may go afterwards. */
void schedules_add(struct schedules *, uint64_t seed, unsigned run, const struct outcome *);
const struct outcome *schedules_worst(const struct schedules *); /* after the first was added */
/* For a person, when the worst has a seed: under how many it is so, and which it is. "": there is nothing to say. */
const char *schedules_sentence(const struct schedules *);
void schedules_forget(struct schedules *); /* ready for the next file */

#endif
