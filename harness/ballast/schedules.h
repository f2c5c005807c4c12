/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One file replayed under many schedules: which seed each run has, and the one outcome that stands for all. Run 0 has no
 * schedule seed of its own. The worst outcome counts, and of equally bad ones the first.
 */
#ifndef HARNESS_BALLAST_SCHEDULES_H
#define HARNESS_BALLAST_SCHEDULES_H

#include "harness/ballast/worker.h"

#define SCHEDULES_SENTENCE_BYTES 160u

struct schedules {
    struct outcome worst; /* a copy that this struct owns */
    unsigned worst_run;
    unsigned runs, failed; /* how many runs had a seed, and how many of these failed */
    bool kept, owned;      /* there is a worst outcome; what it points to is to be freed */
    char sentence[SCHEDULES_SENTENCE_BYTES];
};

/* The seed of a run from 1 up, as `--schedule-seed` takes it; never 0. */
uint64_t schedules_seed(uint64_t seed, unsigned run);
/* Adds an outcome; they come in the order of the runs. What it points to may be freed afterwards. */
void schedules_add(struct schedules *, uint64_t seed, unsigned run, const struct outcome *);
const struct outcome *schedules_worst(const struct schedules *); /* after the first was added */
/* If the worst outcome has a seed, a sentence for a person: how many runs failed, and this one's seed. Else "". */
const char *schedules_sentence(const struct schedules *);
void schedules_forget(struct schedules *); /* ready for the next file */

#endif
