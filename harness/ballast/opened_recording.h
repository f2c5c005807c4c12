/* SPDX-License-Identifier: BSD-2-Clause */
/* A kept recording, read with the source places beside it, for the commands that look at one. */
#ifndef HARNESS_BALLAST_OPENED_RECORDING_H
#define HARNESS_BALLAST_OPENED_RECORDING_H

#include <stdio.h>

#include "harness/ballast/places_file.h"
#include "reports/reading.h"
#include "reports/text_style.h"

#define PLACES_BYTES_MAX   ((size_t)1 << 30)
#define OPENED_ERROR_BYTES 1024u /* for a sentence with two paths */

struct opened_recording {
    char *bytes;
    size_t count;
    struct reading *reading;
    struct event_places places;
    struct text_style style; /* with those places, if there are any */
};

/* *opened is all zero. False, with a sentence in error that names the file: it can't be read or is no whole recording. It is closed
 * in either case. */
bool opened_recording_open(
    struct opened_recording *opened, const char *path, char *error, size_t error_bytes);
void opened_recording_close(struct opened_recording *);
/* What a writer of reports/ wrote into memory goes to standard output, with what a terminal would obey escaped: places may come
 * from anywhere. False, with a sentence on standard error: it is not whole. text is freed. */
bool opened_recording_print(FILE *memory, char **text, const size_t *bytes);

#endif
