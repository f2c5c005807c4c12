/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The small worlds of a segment file (harness/segments), each setup of them in a worker process of its own, and what they
 * found as text: for `ballast check-segments`, and as rows of check-driver.
 */
#ifndef HARNESS_BALLAST_SEGMENTS_H
#define HARNESS_BALLAST_SEGMENTS_H

#include "harness/ballast/guest_options.h"
#include "harness/run/runner.h"

/* What was found in all worlds of one variant of the kernel. */
struct segments_result {
    char *name; /* as the world says: "with UVM_HOTPLUG" */
    enum verdict verdict;
    bool remarks; /* something is not as our own file does it */
    char *rows;   /* of rules that a manual page promises: "RULE COUNT WHAT\n" for each; malloc'd */
    char *text;   /* the whole report; malloc'd */
};

#define SEGMENTS_VARIANTS_MAX 4u
#define SEGMENTS_OPERATIONS   4000000u /* more than any setup has */

struct segments_results {
    struct segments_result list[SEGMENTS_VARIANTS_MAX];
    size_t count;
};

struct segments_request {
    unsigned jobs;
    uint64_t operations;      /* at most so many of each setup */
    const char *tests_folder; /* a test goes there for each rule that is broken; NULL: none */
    /* When ^C ends the trial (harness/ballast/interrupt.h), the rules that were broken until then are kept. */
    bool until_interrupted;
};

/* Returns an exit code, VERDICT_PASS when everything was tried, whatever was found; otherwise it was said why not. */
int segments_try(const struct guest_options *, const struct segments_request *, struct segments_results *);
/* After EXIT_NOT_COMPILED: a result that is a SKIP and says why. False without memory. */
bool segments_not_tried(struct segments_results *);
void segments_results_free(struct segments_results *);

#endif
