/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory behind a segment file's variables: see front.c. */
#include "guest/netbsd/world/edges.h"

uint64_t world_back[WORLD_EDGE_WORDS];
uint64_t world_back_data[WORLD_EDGE_WORDS] = {WORLD_EDGE_FIRST};
