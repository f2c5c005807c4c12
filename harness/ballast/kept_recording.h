/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `--record FILE`: the recording of a run, kept in FILE, and the source places of its events beside it in FILE.places.
 * Nothing but an older recording is ever lost for it, and the two files always are of one run.
 */
#ifndef HARNESS_BALLAST_KEPT_RECORDING_H
#define HARNESS_BALLAST_KEPT_RECORDING_H

#include "harness/ballast/worker.h"

/* Asked before the run: may FILE and FILE.places be written? Not if they are there and are no recording, or one of the run's
 * scenarios, or in no folder that lets us write; then a sentence says so. */
bool kept_recording_allowed(
    const char *file, char *const *scenarios, size_t nr_scenarios, char *error, size_t error_bytes);
/*
 * After the run. A run that ended without a recording leaves none: an older one could be taken for its own. False, with a
 * sentence: it could not be written, and both files are as they were.
 */
bool kept_recording_write(const char *file, const struct outcome *, char *error, size_t error_bytes);

#endif
