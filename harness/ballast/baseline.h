/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Verdicts of another time: a file with a line `VERDICT FOLDER/FILE` for each scenario, and behind it the causes of a failure,
 * each after a tab. What is as it was then does not count; what differs and is no PASS does, and so does a new cause.
 */
#ifndef HARNESS_BALLAST_BASELINE_H
#define HARNESS_BALLAST_BASELINE_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/ballast/worker.h"

struct baseline;

/* old: the file to compare with; new: the one to write; NULL for none of them, and *baseline is NULL for neither. */
bool baseline_begin(struct baseline **, const char *old, const char *new, char *error, size_t error_bytes);
void baseline_add(struct baseline *, const char *path, const struct outcome *);
/* Tells on standard error what differs. The exit code: `code` without a file to compare with. */
int baseline_end(struct baseline *, int code);
void baseline_free(struct baseline *);

#endif
