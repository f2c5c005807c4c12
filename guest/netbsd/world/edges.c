/* SPDX-License-Identifier: BSD-2-Clause */
/* Are the edges of the file's variables as they were? */
#include "guest/netbsd/world/world.h"

#include "guest/netbsd/world/edges.h"

static bool
is_whole(const uint64_t *edge, uint64_t first)
{
	uint64_t any = edge[0] ^ first;

	for (int w = 1; w < WORLD_EDGE_WORDS; w++)
		any |= edge[w];
	return any == 0;
}

bool
edges_are_whole(void)
{
	return is_whole(world_front, 0) && is_whole(world_back, 0) &&
	       is_whole(world_front_data, WORLD_EDGE_FIRST) &&
	       is_whole(world_back_data, WORLD_EDGE_FIRST);
}
