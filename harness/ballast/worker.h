/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Jobs in processes of their own, so that damage that a guest does to one ends with it. A job's outcome comes back through
 * a file in memory, and what is in it is checked. Outcomes are delivered in the order of the jobs, however many run at a time.
 */
#ifndef HARNESS_BALLAST_WORKER_H
#define HARNESS_BALLAST_WORKER_H

#include "harness/run/runner.h"

struct outcome {
    enum verdict verdict;
    const char *sentence;  /* what was missing or wrong; "" when there is nothing to say */
    const char *rows;      /* as in struct result; NULL in what comes from a worker */
    const void *recording; /* NULL: there is none */
    size_t recording_bytes;
    const char *places; /* lines "EVENT PLACE", sorted by event; may be empty */
    size_t places_bytes;
    bool left_out;    /* not run: the scenario is not for this schedule, and there is no more to say */
    uint64_t wall_ms; /* how long it took on this computer; 0: not known */
    uint64_t hypercalls, differences; /* with the real Xen: calls that both answered, and differences */
};

struct workers {
    size_t nr_jobs;
    unsigned at_a_time;
    unsigned timeout_ms; /* of wall clock, for each job; then it gets SIGXCPU again and again, */
    unsigned grace_ms;   /* and after so much more it is ended */
    void *context;
    /* Runs in a process of its own, which ends when it returns. */
    void (*work)(void *context, size_t job, struct outcome *);
    /* Runs in the caller's process; what outcome points to is gone afterwards. */
    void (*deliver)(void *context, size_t job, const struct outcome *);
};

/*
 * False, with errno: a process could not be started, and all those that were started have been ended. When ^C is seen
 * (harness/ballast/interrupt.h) those that run are ended, too, the jobs that are left are not run, and it is true.
 */
bool workers_run(const struct workers *);

#endif
