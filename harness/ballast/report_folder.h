/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A folder of HTML pages: one for each run, and index.html over them. Each appears whole or not at all, and takes the place of
 * nothing but an older page of ours. What is in the pages is not looked at here.
 */
#ifndef HARNESS_BALLAST_REPORT_FOLDER_H
#define HARNESS_BALLAST_REPORT_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "reports/html.h"

struct report_folder;

/* Makes the folder, unless it is there. NULL, with a sentence in error: also where no page could be written, so that no run is
 * lost for it. */
struct report_folder *report_folder_begin(const char *folder, char *error, size_t error_bytes);
/* Writes a run's page, and keeps its row of the index. The page is named after `name`, which may be a path; page->name and
 * ->index are filled in. Without a reading there is only the row. False, with a sentence in error. */
bool report_folder_add(
    struct report_folder *, const char *name, struct html_page *page, char *error, size_t error_bytes);
/* Writes the index over the pages that were added. False, with a sentence in error. */
bool report_folder_end(struct report_folder *, char *error, size_t error_bytes);
void report_folder_free(struct report_folder *);

#endif
