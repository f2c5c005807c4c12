/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a page's move costs when nothing is computed: the reads and writes of P2M, M2P and frame table
 * that any implementation must do, in the order in which frames are handed out.
 */
#ifndef HARNESS_BENCH_BENCH_FLOOR_H
#define HARNESS_BENCH_BENCH_FLOOR_H

#include <stdint.h>

/* ns of CPU time for moving a page of a guest, on a host of so many frames; 0: no memory. */
double bench_floor_ns(uint64_t frames);

#endif
