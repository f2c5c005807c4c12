/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Probes of what is left behind: plug and unplug again and again, and the ways to
 * the end, at which no memory may be held.
 */
#include "guest/netbsd/world/world.h"

/* A run of frames that nobody has; 0: none. */
int
free_run(int *first)
{
	int best = 0;

	for (int f = shape.first; f < shape.first + shape.count; f++) {
		int count = 0;

		while (f + count < shape.first + shape.count &&
		       !model.frames[f + count].there)
			count++;
		if (count > best) {
			best = count;
			*first = f;
		}
	}
	return best;
}

static bool
plug_and_unplug(int which, int first, int count)
{
	const int pieces = which == 1 && count > 2;
	const int cut = pieces ? 1 : 0;

	if (which >= 2) {
		(void)plug(first, count, (unsigned)(which - 1));
		return world_range_is(first, count, true)
			   ? unplug(first, count, 0)
			   : true;
	}
	if (!plug(first, count, 0))
		return false;
	if (cut != 0 && !unplug(first + 1, count - 2, 0))
		return false;
	return cut == 0
		   ? unplug(first, count, 0)
		   : unplug(first, 1, 0) && unplug(first + count - 1, 1, 0);
}

void
probe_cycle(int which)
{
	size_t live[4];
	int first = 0;
	const int count = free_run(&first);

	for (int turn = 0; turn < 4; turn++) {
		live[turn] = arena_live();
		if (turn < 3 && !plug_and_unplug(which, first, count))
			return;
	}
	if (live[0] < live[1] && live[1] < live[2] && live[2] < live[3])
		broken(RULE_LEAK,
		    "[%#lx, %#lx) is plugged and unplugged three times%s, and "
		    "%zu, %zu and %zu bytes are held, where it were %zu",
		    world_pfn(first), world_pfn(first + count - 1) + 1,
		    which > 1 ? ", or fails for want of memory" : "", live[1],
		    live[2], live[3], live[0]);
	look();
}

/* Everything goes: whole segments or pages, from below or from above. */
void
probe_end(int which)
{
	const bool down = (which & 1) != 0, pages = (which & 2) != 0;

	for (int turn = 0; turn < shape.count; turn++) {
		const int f = down ? shape.first + shape.count - 1 - turn
				   : shape.first + turn;
		int first = f, count = 1;
		psize_t offset;
		uvm_physseg_t upm;

		if (!model.frames[f].there)
			continue;
		if (!pages) {
			upm = uvm_physseg_find(world_pfn(f), &offset);
			first = f - (int)offset;
			count = (int)(uvm_physseg_get_end(upm) -
				      uvm_physseg_get_start(upm));
		}
		if (first < shape.first ||
		    first + count > shape.first + shape.count ||
		    !unplug(first, count, 0))
			return;
	}
	look();
	if (arena_live() != 0)
		broken(RULE_KEPT,
		    "all is unplugged%s%s, and %zu bytes are held",
		    pages ? " page by page" : "",
		    down ? " from above" : " from below", arena_live());
}
