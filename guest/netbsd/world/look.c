/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Asks a segment file all that its interface can tell, and compares it with the
 * model. Nothing is changed but a start hint, which is put back.
 */
#include "guest/netbsd/world/world.h"

static void
look_at_bounds(uvm_physseg_t upm, int frame)
{
	const paddr_t pfn = world_pfn(frame);
	const paddr_t start = uvm_physseg_get_start(upm);
	const paddr_t end = uvm_physseg_get_end(upm);
	const paddr_t avail_start = uvm_physseg_get_avail_start(upm);
	const paddr_t avail_end = uvm_physseg_get_avail_end(upm);
	const bool avail = pfn >= avail_start && pfn < avail_end;

	if (start > pfn || end <= pfn)
		broken(RULE_BOUNDS, "frame %#lx is found in [%#lx, %#lx)", pfn,
		    start, end);
	if (avail_start < start || avail_end > end || avail_start > avail_end)
		broken(RULE_AVAIL,
		    "[%#lx, %#lx) of the segment [%#lx, %#lx) is available",
		    avail_start, avail_end, start, end);
	if (avail != model.frames[frame].avail)
		broken(RULE_AVAIL, "frame %#lx is %savailable", pfn,
		    avail ? "" : "not ");
	if (uvm_physseg_get_free_list(upm) != model.frames[frame].list)
		broken(RULE_FREE_LIST, "of frame %#lx's segment: %d, not %d",
		    pfn, uvm_physseg_get_free_list(upm),
		    model.frames[frame].list);
}

static void
look_at_page(uvm_physseg_t upm, int frame, psize_t offset)
{
	const struct vm_page *pg = uvm_physseg_get_pg(upm, offset);
	const paddr_t pfn = world_pfn(frame);
	size_t within;

	if (!model.frames[frame].live) {
		if (pg != NULL)
			broken(RULE_PAGE_EARLY, "of frame %#lx: not NULL", pfn);
		return;
	}
	if (pg == NULL || arena_block_of(pg, &within) < 0)
		broken(RULE_PAGE,
		    "get_pg of frame %#lx gives memory that nobody has", pfn);
	else if (pg->phys_addr != ptoa(pfn))
		broken(RULE_PAGE,
		    "get_pg of frame %#lx gives a page with the address %#lx",
		    pfn, pg->phys_addr);
	else if (((pg->flags & PG_FREE) != 0) != model.frames[frame].free)
		broken(RULE_PAGE, "frame %#lx's page is %sfree", pfn,
		    pg->flags & PG_FREE ? "" : "not ");
	else if (pg->interlock.mtx_state != __MUTEX_ALIVE)
		broken(RULE_PAGE_LOCK,
		    "frame %#lx's lock is not initialised while the page is "
		    "there",
		    pfn);
}

static void
look_at_frame(int frame)
{
	const paddr_t pfn = world_pfn(frame);
	psize_t offset = 4711;
	const uvm_physseg_t upm = uvm_physseg_find(pfn, &offset);
	const bool found = upm != UVM_PHYSSEG_TYPE_INVALID;

	if (found != model.frames[frame].there) {
		broken(RULE_FIND, "frame %#lx is %sfound", pfn,
		    found ? "" : "not ");
		return;
	}
	if (upm != uvm_physseg_find(pfn, NULL))
		broken(RULE_FIND,
		    "frame %#lx is found elsewhere when no offset "
		    "is asked for",
		    pfn);
	if (!found)
		return;
	if (!uvm_physseg_valid_p(upm)) {
		broken(RULE_VALID, "of frame %#lx's segment: false", pfn);
		return;
	}
	if (offset != pfn - uvm_physseg_get_start(upm))
		broken(RULE_FIND, "frame %#lx has the offset %lu, not %lu", pfn,
		    offset, pfn - uvm_physseg_get_start(upm));
	else {
		look_at_bounds(upm, frame);
		look_at_page(upm, frame, offset);
	}
}

static void
look_at_hint(uvm_physseg_t upm)
{
	const __uvm_physseg_hint_t before = uvm_physseg_get_start_hint(upm);

	if (before >= uvm_physseg_get_end(upm) - uvm_physseg_get_start(upm))
		broken(RULE_HINT_PAST, "of [%#lx, …): %lu",
		    uvm_physseg_get_start(upm), (unsigned long)before);
	if (!uvm_physseg_set_start_hint(upm, 3) ||
	    uvm_physseg_get_start_hint(upm) != 3)
		broken(RULE_HINT, "of [%#lx, …): 3 was set, and it is %lu",
		    uvm_physseg_get_start(upm),
		    (unsigned long)uvm_physseg_get_start_hint(upm));
	(void)uvm_physseg_set_start_hint(upm, before);
}

static bool
was_met(uvm_physseg_t upm, const uvm_physseg_t *met, int count)
{
	while (count > 0) {
		if (met[--count] == upm)
			return true;
	}
	return false;
}

/* All segments forwards, and the same backwards. */
static int
look_along(uvm_physseg_t *met)
{
	uvm_physseg_t upm = uvm_physseg_get_first();
	int count = 0, frames = 0, there = 0;

	while (count < WORLD_SEGMENTS_MAX && uvm_physseg_valid_p(upm)) {
		const paddr_t start = uvm_physseg_get_start(upm);
		const paddr_t end = uvm_physseg_get_end(upm);

		if (was_met(upm, met, count))
			broken(
			    RULE_WALK, "[%#lx, %#lx) is met twice", start, end);
		frames += (int)(end - start);
		if (uvm_physseg_find(start, NULL) != upm)
			broken(RULE_WALK,
			    "[%#lx, %#lx) is met, and find of its "
			    "start gives another segment",
			    start, end);
		if (world_sorted && count > 0 &&
		    start < uvm_physseg_get_end(met[count - 1]))
			broken(RULE_WALK_SORTED,
			    "[%#lx, %#lx) comes behind "
			    "[%#lx, …)",
			    start, end, uvm_physseg_get_start(met[count - 1]));
		met[count++] = upm;
		upm = uvm_physseg_get_next(upm);
	}
	if (!model.booted && count > (int)shape.slots)
		broken(RULE_LIMIT, "there are %d", count);
	for (int f = 0; f < shape.frames; f++)
		there += model.frames[f].there;
	if (frames != there)
		broken(RULE_WALK,
		    "from the first to the last segment there are "
		    "%d frames, not %d",
		    frames, there);
	if (upm != (count == 0 ? UVM_PHYSSEG_TYPE_INVALID_EMPTY
			       : UVM_PHYSSEG_TYPE_INVALID_OVERFLOW))
		broken(RULE_WALK_ENDS, "%s",
		    count == 0 ? "get_first with no segment is not "
				 "UVM_PHYSSEG_TYPE_INVALID_EMPTY"
			       : "get_next of the last is not "
				 "UVM_PHYSSEG_TYPE_INVALID_OVERFLOW");
	return count;
}

static void
look_back(const uvm_physseg_t *met, int count)
{
	uvm_physseg_t upm = uvm_physseg_get_last();

	while (count > 0) {
		if (upm != met[--count]) {
			broken(RULE_WALK, "backwards the segments are others");
			return;
		}
		upm = uvm_physseg_get_prev(upm);
	}
	if (upm != UVM_PHYSSEG_TYPE_INVALID_EMPTY)
		broken(RULE_WALK_ENDS,
		    "get_prev of the first, or get_last with "
		    "no segment, is not UVM_PHYSSEG_TYPE_INVALID_EMPTY");
}

static void
look_at_walk(void)
{
	uvm_physseg_t met[WORLD_SEGMENTS_MAX];
	const int count = look_along(met);
	int highest = shape.frames - 1;

	look_back(met, count);
	for (int s = 0; s < count; s++)
		look_at_hint(met[s]);
	while (highest >= 0 && !model.frames[highest].there)
		highest--;
	if (highest >= 0 &&
	    uvm_physseg_get_highest_frame() != world_pfn(highest))
		broken(RULE_HIGHEST, "it is %#lx, not %#lx",
		    uvm_physseg_get_highest_frame(), world_pfn(highest));
}

static void
look_at_counters(void)
{
	if (!model.booted)
		return;
	if (uvmexp.npages != model.npages_before + world_npages())
		broken(RULE_NPAGES, "npages is %d, not %d", uvmexp.npages,
		    model.npages_before + world_npages());
	if (physmem != model.physmem)
		broken(RULE_PHYSMEM, "physmem is %lu, not %lu", physmem,
		    model.physmem);
}

void
look(void)
{
	call_begin(MUST_SUCCEED, false, 0);
	for (int f = 0; f < shape.frames; f++)
		look_at_frame(f);
	if (shape.base > 0 &&
	    uvm_physseg_find(shape.base - 1, NULL) != UVM_PHYSSEG_TYPE_INVALID)
		broken(RULE_FIND, "the frame below all others is found");
	if (uvm_physseg_find(world_pfn(shape.frames), NULL) !=
	    UVM_PHYSSEG_TYPE_INVALID)
		broken(RULE_FIND, "the frame above all others is found");
	if (!edges_are_whole())
		broken(RULE_MEMORY,
		    "memory in front of the file's variables, or "
		    "behind them, was written");
	look_at_walk();
	look_at_counters();
	call_end(false, "look");
}

/* ---- the abstract key ---- */

/* Where a frame's page is, and where its segment begins. */
static uint8_t *
put_frame(uint8_t *key, int frame)
{
	const struct world_frame *f = &model.frames[frame];
	psize_t offset = 0;
	size_t within = 0;
	uvm_physseg_t upm;
	int block = 0;

	*key++ = (uint8_t)(f->there | f->avail << 1 | f->live << 2 |
			   f->free << 3 | f->list << 4);
	if (!f->there)
		return key;
	upm = uvm_physseg_find(world_pfn(frame), &offset);
	*key++ = (uint8_t)offset;
	if (offset == 0) {
		*key++ = (uint8_t)(uvm_physseg_get_avail_start(upm) -
				   world_pfn(frame));
		*key++ = (uint8_t)(uvm_physseg_get_avail_end(upm) -
				   world_pfn(frame));
	}
	if (f->live)
		block =
		    arena_block_of(uvm_physseg_get_pg(upm, offset), &within);
	*key++ = (uint8_t)block;
	*key++ = (uint8_t)within;
	*key++ = (uint8_t)(within >> 8);
	return key;
}

size_t
look_key(uint8_t *key)
{
	uint8_t *at = key;
	const size_t live = arena_live();

	for (int f = 0; f < shape.frames; f++)
		at = put_frame(at, f);
	*at++ = model.booted;
	*at++ = (uint8_t)arena_blocks();
	*at++ = (uint8_t)live;
	*at++ = (uint8_t)(live >> 8);
	*at++ = (uint8_t)(live >> 16);
	return (size_t)(at - key);
}
