/* SPDX-License-Identifier: BSD-2-Clause */
/* The map of a guest's pages as a run's page draws it, over time. */
#ifndef REPORTS_HTML_MAP_H
#define REPORTS_HTML_MAP_H

#include <stdbool.h>
#include <stdio.h>

#include "reports/reading.h"

/* Writes `"map":[…],`: event, change, first pfn and pages, by turns. Sets `failed` if memory is out. */
void html_map(FILE *out, const struct reading *, unsigned domid, bool *failed);

#endif
