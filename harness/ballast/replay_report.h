/* SPDX-License-Identifier: BSD-2-Clause */
/* The page of a file that was replayed, and its row in the index: an outcome as reports/html.h wants it. */
#ifndef HARNESS_BALLAST_REPLAY_REPORT_H
#define HARNESS_BALLAST_REPLAY_REPORT_H

#include "harness/ballast/report_folder.h"
#include "harness/ballast/worker.h"

/* name: after which the page is named. path and command: as a user types them. measures: what it took, NULL: that is counted here. False, with a sentence in error. */
bool replay_report_add(struct report_folder *, const char *name, const char *path, const char *command,
    const struct outcome *, const struct measures *, char *error, size_t error_bytes);

#endif
