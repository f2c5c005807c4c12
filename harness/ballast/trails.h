/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A run that failed is run once more, to find out which functions of the driver ran before and after what went wrong. The
 * second run is the same, but takes longer.
 */
#ifndef HARNESS_BALLAST_TRAILS_H
#define HARNESS_BALLAST_TRAILS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "harness/run/runner.h"

/*
 * Writes lines for FILE.places (harness/ballast/places_file.h). The recording is that of the first run, a copy: the runner's
 * is the second's afterwards. Nothing is written where the second run isn't the same, and of long runs. False: no memory.
 */
bool trails_put(struct runner *, const struct scenario *, const struct run_options *, const void *recording,
    size_t recording_bytes, FILE *out);

#endif
