/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What `ballast replay` or `ballast check-driver` was asked for. The table of options is in options.c; the help text, the parser
 * and did-you-mean read it.
 */
#ifndef HARNESS_BALLAST_OPTIONS_H
#define HARNESS_BALLAST_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "harness/ballast/guest_options.h"
#include "harness/ballast/scenario_files.h"
#include "harness/run/runner.h"

#define TIMEOUT_S_DEFAULT 60
#define TIMEOUT_S_MAX     86400
#define TIMEOUT_GRACE_MS \
    2000u /* to say where a run was when its time was over: source places are looked up */

enum show { SHOW_LOG = 1, SHOW_PICTURE = 2 };

struct replay_options {
    struct run_options run;
    struct guest_options guest;
    bool driver;                   /* `ballast check-driver`, which brings its own scenarios and defaults */
    char *baseline, *new_baseline; /* files: verdicts to compare with, and where to put those of now */
    char *kernel, *format, *record,
        *report; /* report: the folder of HTML pages; kernel: run.kernel points to it */
    char *xen;   /* as typed; run.xen may point to it */
    unsigned jobs, timeout_s;
    unsigned schedules; /* each file is replayed so many times more, by a seed each */
    unsigned show;      /* enum show, or'ed */
    bool strict, quiet, show_help;
    bool watch;       /* the same again each time a file has changed */
    bool gdb;         /* become gdb on the same replay */
    bool in_debugger; /* this is the program that gdb runs */
    char **files;     /* as given, or as a folder has them */
    size_t nr_files;
    struct scenario_files found; /* whose names they are, where they were named */
};

/* arguments[0] is the command's name. False with a sentence in error when they can't be followed. */
bool replay_options_parse(
    struct replay_options *, int count, const char **arguments, char *error, size_t error_bytes);
void replay_options_free(struct replay_options *);
/* False: there was no memory to show them. */
bool replay_options_help(FILE *, struct replay_options *);
/* Is the kernel of --kernel among the guests? */
bool replay_options_kernel_is_there(const struct replay_options *, char *error, size_t error_bytes);

#endif
