/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The memory around a segment file's variables, of those that begin as zeros and
 * of those that don't. A write past an array of the file lands in it.
 */
#ifndef GUEST_NETBSD_WORLD_EDGES_H
#define GUEST_NETBSD_WORLD_EDGES_H

#include <sys/types.h>

#define WORLD_EDGE_WORDS 32
#define WORLD_EDGE_FIRST 1 /* so that it lies among initialised variables */

extern uint64_t world_front[WORLD_EDGE_WORDS],
    world_front_data[WORLD_EDGE_WORDS];
extern uint64_t world_back[WORLD_EDGE_WORDS], world_back_data[WORLD_EDGE_WORDS];

#endif
