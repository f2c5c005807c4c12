/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Instructions of this program's own runs, counted by valgrind: the same number on a quiet machine and on a
 * busy one. It knows nothing of what is run.
 */
#ifndef HARNESS_BENCH_BENCH_COUNT_H
#define HARNESS_BENCH_BENCH_COUNT_H

#include <stdint.h>

/* Instructions of one `bench --once=WHAT --mib MIB`, without its first run and the program's start; 0: no valgrind. */
double bench_count_instructions(const char *what, uint64_t mib);

#endif
