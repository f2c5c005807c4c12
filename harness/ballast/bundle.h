/* SPDX-License-Identifier: BSD-2-Clause */
/* `ballast report REC --bundle FILE`: all that a bug report wants of a run, in one archive. */
#ifndef HARNESS_BALLAST_BUNDLE_H
#define HARNESS_BALLAST_BUNDLE_H

#include "reports/html.h"

/* What was read of a recording. */
struct bundle {
    const struct html_page *page;
    const void *recording, *places; /* the files' bytes; places: NULL if there are none */
    size_t recording_bytes, places_bytes;
};

/* False, with a sentence in error; nothing that is there is written over. */
bool bundle_write(const char *file, const struct bundle *, char *error, size_t error_bytes);

#endif
