/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A run as one HTML page that needs nothing else, and an index over the pages of many runs. What is drawn and how one moves in
 * it is in reports/html/; here is what the pages know of a recording, as JSON inside of them.
 */
#ifndef REPORTS_HTML_H
#define REPORTS_HTML_H

#include <stdbool.h>
#include <stdio.h>

#include "reports/measures.h"
#include "reports/reading.h"
#include "reports/text_style.h"

/* With which every page begins. */
#define HTML_FIRST_BYTES "<!doctype html>\n<!-- a page of a Ballast report -->\n"

struct html_page {
    const struct reading *reading;  /* NULL: the run left no recording, and has only a row of the index */
    const struct text_style *style; /* path and command: for what to type next */
    const struct measures *took;    /* what it took; NULL: that is counted from the recording */
    const char *name;               /* of its file, as the index links to it; "": it has none */
    const char *index;              /* the index's file, as the page links to it; NULL: there is none */
    int verdict;                    /* the exit code */
    const char *sentence;           /* what was missing or wrong; NULL or "": nothing */
};

/* The page of one run. False: no memory for all of it. */
bool html_run(FILE *, const struct html_page *);
/* The index: a row for each cause, the worst first, and the runs that passed. Pages are added one by one, index
 * from 0, and nothing of theirs is kept. False: no memory for all of it. */
bool html_index_begin(FILE *);
bool html_index_add(FILE *, const struct html_page *, size_t index);
void html_index_end(FILE *);

#endif
