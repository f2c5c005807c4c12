/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory in front of a segment file's variables: this object is linked right
 * before it, and back.c right behind.
 */
#include "guest/netbsd/world/edges.h"

uint64_t world_front[WORLD_EDGE_WORDS];
uint64_t world_front_data[WORLD_EDGE_WORDS] = {WORLD_EDGE_FIRST};
