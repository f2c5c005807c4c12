/* SPDX-License-Identifier: BSD-2-Clause */
/* What it takes to find a page's segment: in a static array, in a tree, and by a binary search over a sorted array. */
#ifndef HARNESS_BENCH_BENCH_FIND_H
#define HARNESS_BENCH_BENCH_FIND_H

#include <stdbool.h>

/* Prints a row for 1 to 100,000 segments. folder: of the two segment files alone (guest/abi/segment_finder.h). False, with a
 * sentence on standard error: they can't be used. */
bool bench_find(const char *folder, double seconds);

#endif
