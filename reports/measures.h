/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a run took, in numbers that can stand beside those of another kernel. All guests but dom0 are counted together. Virtual
 * time is the model's, and says nothing of a real machine's; the other numbers are what the guests did.
 */
#ifndef REPORTS_MEASURES_H
#define REPORTS_MEASURES_H

#include <stdbool.h>
#include <stdio.h>

#include "reports/reading.h"

/* X(member, "name for programs", "column's head", "meaning") */
#define MEASURES(X) \
    X(to_targets_ns, "to_targets_ns", "to targets", \
        "from each accepted mem-set to the last step toward it, added up") \
    X(calls, "hypercalls", "hypercalls", "recorded ones; mapping and zeroing pages is not") \
    X(memory_calls, "memory_calls", "memory calls", "that give or take memory") \
    X(extents, "extents", "extents", "that Xen gave or took in them") \
    X(wake_ups, "wake_ups", "wake-ups", "the driver's thread went back to sleep so many times") \
    X(image_pages, "image_pages", "image pages", "of boot memory, for the kernel and its structures") \
    X(host_least_free_pages, "host_least_free_pages", "host free", "pages, at the least")

struct measures {
    int verdict;      /* exit code; -1: none */
    char version[64]; /* of the first guest's kernel, "" when it is not known */
    uint64_t broken;  /* invariants, one bit each by number */
#define X(member, name, head, meaning) uint64_t member;
    MEASURES(X)
#undef X
};

void measures_take(const struct reading *, struct measures *);

/* One of several kernels' measures, under one head or in one list. The writers return false when there was no memory. */
struct measured {
    const char *scenario, *kernel;
    struct measures measures;
};
bool measures_print_table(FILE *, const struct measured *, size_t count);
bool measures_print_json(FILE *, const struct measured *, size_t count);

#endif
