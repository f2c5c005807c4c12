/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What growth is worth, by runs beside those that are compared: the same scenario where mem-set gives nobody more memory than at
 * boot; and its first domain alone, with ever larger maxmem, until it no longer boots.
 */
#ifndef HARNESS_BALLAST_COMPARE_GROWTH_H
#define HARNESS_BALLAST_COMPARE_GROWTH_H

#include "harness/ballast/scenario_files.h"
#include "reports/measures.h"

/* More than so many times its memory is not tried. */
#define GROWTH_TIMES_MAX 1024u

struct growth {
    uint64_t boots,
        fails; /* times its memory: the largest that boots, the smallest that does not; 0: not known yet */
    bool has_ungrown;
    struct measures ungrown; /* of the run without growth */
};

/* One for each run, to be freed: each file with each of so many kernels. NULL, with errno: no memory, or no worker can be started. */
struct growth *growth_find(const struct measured *runs, size_t kernels, const struct scenario_files *,
    uint64_t seed, unsigned timeout_ms);
/* Adds to what a run came to. */
void growth_add(const struct growth *, struct measures *);

#endif
