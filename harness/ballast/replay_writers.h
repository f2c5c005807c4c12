/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How `ballast replay` writes results to standard output: as text for a person, or by one of the formats for programs, which are
 * in reports/. It runs nothing and judges nothing.
 */
#ifndef HARNESS_BALLAST_REPLAY_WRITERS_H
#define HARNESS_BALLAST_REPLAY_WRITERS_H

#include "harness/ballast/options.h"
#include "harness/ballast/schedules.h"
#include "harness/ballast/verdicts.h"
#include "harness/ballast/worker.h"
#include "reports/results.h"

struct writing;

/* A way to write results. A new one is a row in the table of replay_writers.c. */
struct writer {
    const char *name;
    void (*write)(struct writing *, const char *path, const struct outcome *);
    void (*end)(struct writing *);
    const struct results_format *format; /* for programs: the writer in reports/; NULL: text */
};

/* What is written, by which writer. */
struct writing {
    const struct writer *writer;
    const struct replay_options *options;
    const struct schedules *schedules; /* the runs of the file whose turn it is */
    void *state;                       /* of a format for programs */
    char *command, *judged;            /* what to type again; whose files the guests are made of */
    struct verdict_counts counts;
    size_t nr_results;                /* of files, so far */
    uint64_t hypercalls, differences; /* of all files, with the real Xen */
    bool unwritten;
};

/* NULL name: text. NULL: there is none of that name, which was said. */
const struct writer *writer_find(const char *name);

#endif
