/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One file of `ballast replay`: the work that a worker process does. With --on both the scenario is run twice, on the
 * model and on the real Xen, and the two recordings are compared.
 */
#ifndef HARNESS_BALLAST_REPLAY_FILE_H
#define HARNESS_BALLAST_REPLAY_FILE_H

#include "harness/ballast/scenario_files.h"
#include "harness/ballast/worker.h"

/* Reads and runs the file. What outcome points to stays until replay_file_done. NULL: no memory, and outcome says so. */
struct replayed;
struct replay_wants {
    const char *file;                   /* to be read; the path is how it is called */
    const struct scenario_input *input; /* its text, when it is no file */
    bool places;
    bool trails;       /* the report tells what ran around a failure, for which the run is repeated */
    bool free;         /* the process is not confined: a debugger has it, or it is a test's own */
    bool any_schedule; /* it is one run of many: a scenario with schedule=fixed is left out */
    uint64_t
        first_times; /* not 0: only whether its first domain boots with so many times its memory as maxmem */
};
struct replayed *replay_file(
    const char *path, const struct run_options *, const struct replay_wants *, struct outcome *);
void replay_file_done(struct replayed *);

#endif
