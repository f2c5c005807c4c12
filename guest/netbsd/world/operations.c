/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is done to a segment file, each with what uvm_hotplug(9) wants of it:
 * at boot segments are loaded, plugged, unplugged and unloaded, and their
 * available range is moved; then uvm_page_init makes the struct vm_pages, and
 * after it memory is plugged and unplugged.
 */
#include "guest/netbsd/world/world.h"

#ifdef UVM_HOTPLUG
#define IS_HOTPLUG true
#else
#define IS_HOTPLUG false
#endif

enum kind {
	PLUG,
	UNPLUG,
	LOAD,	   /* all of it available */
	LOAD_LIST, /* on another free list */
	LOAD_HEAD, /* its first frame is not available */
	LOAD_TAIL, /* its last is not */
	LOAD_NONE, /* none is */
	RANGES, /* those above are about a range, those below about a frame */
	UNLOAD = RANGES,
	UNLOAD_FORCE,
	AVAIL_START,
	AVAIL_END,
	PAGE_INIT
};
#define OTHER_LIST 1

int
ranges_count(void)
{
	return shape.count * (shape.count + 1) / 2;
}

void
range_of(int number, int *first, int *count)
{
	*first = shape.first;
	*count = 1;
	while (number-- > 0) {
		if (*first + ++*count > shape.first + shape.count) {
			++*first;
			*count = 1;
		}
	}
}

unsigned
operations_count(void)
{
	return (unsigned)(RANGES * ranges_count() +
			  (PAGE_INIT - RANGES) * shape.count + 1);
}

/* What the operation is, and of which frames. */
static enum kind
kind_of(unsigned operation, int *first, int *count)
{
	const int ranges = ranges_count(), number = (int)operation;

	if (number < RANGES * ranges) {
		range_of(number % ranges, first, count);
		return (enum kind)(number / ranges);
	}
	*first = shape.first + (number - RANGES * ranges) % shape.count;
	*count = 1;
	return (enum kind)(RANGES + (number - RANGES * ranges) / shape.count);
}

/* ---- segments, as the file has them ---- */

static uvm_physseg_t
segment_of(int frame)
{
	return uvm_physseg_find(world_pfn(frame), NULL);
}

static bool
is_one_segment(int first, int count)
{
	const uvm_physseg_t upm = segment_of(first);

	return upm != UVM_PHYSSEG_TYPE_INVALID &&
	       uvm_physseg_get_end(upm) >= world_pfn(first + count - 1) + 1;
}

static bool
is_first_of_segment(int frame)
{
	return model.frames[frame].there && !model.frames[frame].live &&
	       uvm_physseg_get_start(segment_of(frame)) == world_pfn(frame);
}

static bool
has_room(int more)
{
	return world_segments() + more <= (int)shape.slots;
}

/* ---- a call, and what came of it ---- */

static void
judge_success(enum world_rule rule, bool succeeded, const char *what, int first,
    int count)
{
	if (call.wanted == MUST_FAIL && succeeded)
		broken(rule, "%s [%#lx, %#lx) succeeds", what, world_pfn(first),
		    world_pfn(first + count - 1) + 1);
}

/* An unplug that says it has taken pages has taken them, whether it had to or not. */
void
judge_taken(bool done, int first, int count, const char *what)
{
	for (int f = first; done && f < first + count; f++) {
		if (uvm_physseg_find(world_pfn(f), NULL) ==
		    UVM_PHYSSEG_TYPE_INVALID)
			continue;
		broken(RULE_TAKEN, "%s succeeds, and frame %#lx is still there",
		    what, world_pfn(f));
		return;
	}
}

static void
judge_refusal(enum world_rule rule, bool succeeded, const char *what, int first,
    int count)
{
	if (call.wanted == MUST_SUCCEED && call.was_refused == 0 && !succeeded)
		broken(rule, "%s [%#lx, %#lx) fails", what, world_pfn(first),
		    world_pfn(first + count - 1) + 1);
}

static void
judge_changes(bool succeeded, size_t live_before, const char *what)
{
	if (model.booted && succeeded && call.reinits == 0)
		broken(RULE_REINIT, "%s succeeds and does not call it", what);
	if (!succeeded && arena_live() > live_before)
		broken(RULE_KEPT, "%s fails, and %zu bytes more are held", what,
		    arena_live() - live_before);
}

static void
set_frames(int first, int count, struct world_frame like)
{
	for (int f = first; f < first + count; f++)
		model.frames[f] = like;
}

bool
plug(int first, int count, unsigned refused)
{
	const size_t live_before = arena_live();
	const bool there = !world_range_is(first, count, false);
	const bool late = model.booted && !IS_HOTPLUG;
	const bool full = (!model.booted && !has_room(1)) ||
			  (model.booted && uvmexp.npages > 0x7fffffff - count);
	uvm_physseg_t given = UVM_PHYSSEG_TYPE_INVALID;
	bool done;

	call_begin(there || late ? MUST_FAIL
		   : full	 ? MAY_SUCCEED
				 : MUST_SUCCEED,
	    there || late || full, refused);
	done = uvm_physseg_plug(world_pfn(first), (size_t)count, &given);
	judge_success(
	    late ? RULE_LATE : RULE_OVERLAP, done, "plug", first, count);
	judge_refusal(RULE_PLUG_REFUSED, done, "plug", first, count);
	if (done && !there) {
		const struct world_frame like = {.there = 1,
		    .avail = 1,
		    .list = VM_FREELIST_DEFAULT,
		    .live = model.booted,
		    .freed = 0};

		for (int f = first; f < first + count; f++) {
			const uint8_t freed = model.frames[f].freed;

			model.frames[f] = like;
			model.frames[f].freed = freed;
		}
		if (model.booted)
			model.physmem += (psize_t)count;
		if (given != segment_of(first))
			broken(RULE_HANDLE_GIVEN,
			    "plug [%#lx, %#lx) gives another handle than find",
			    world_pfn(first), world_pfn(first + count - 1) + 1);
	}
	call_end(done, "plug");
	judge_changes(done, live_before, "plug");
	return done;
}

/* When an end of the segment [start, end) was unplugged, the rest has its handle. */
static void
judge_handle(
    uvm_physseg_t before, paddr_t start, paddr_t end, int first, int count)
{
	const bool front = world_pfn(first) == start;
	const bool back = world_pfn(first + count - 1) + 1 == end;

	if (front != back &&
	    segment_of(front ? first + count : first - 1) != before)
		broken(RULE_HANDLE_STAYS,
		    "[%#lx, %#lx) of [%#lx, %#lx) is unplugged, and the rest "
		    "has another handle",
		    world_pfn(first), world_pfn(first + count - 1) + 1, start,
		    end);
}

bool
unplug(int first, int count, unsigned refused)
{
	const size_t live_before = arena_live();
	const bool there = world_range_is(first, count, true);
	const bool late = model.booted && !IS_HOTPLUG;
	const bool one = there && is_one_segment(first, count);
	const bool live = there && model.frames[first].live;
	const bool full = !model.booted && !has_room(1);
	const uvm_physseg_t before = segment_of(first);
	const paddr_t start = one ? uvm_physseg_get_start(before) : 0;
	const paddr_t end = one ? uvm_physseg_get_end(before) : 0;
	bool done;

	world_take(first, count);
	call_begin(!there || late ? MUST_FAIL
		   : !one || full ? MAY_SUCCEED
				  : MUST_SUCCEED,
	    !there || late || !one || full, refused);
	done = uvm_physseg_unplug(world_pfn(first), (size_t)count);
	judge_taken(done, first, count, "unplug");
	judge_success(
	    late ? RULE_LATE : RULE_ABSENT, done, "unplug", first, count);
	judge_refusal(RULE_UNPLUG_REFUSED, done, "unplug", first, count);
	if (done) {
		if (live)
			model.physmem -= (psize_t)count;
		set_frames(first, count, (struct world_frame){0});
	}
	call_end(done, "unplug");
	if (done && one)
		judge_handle(before, start, end, first, count);
	judge_changes(done, live_before, "unplug");
	if (!done)
		world_give(first, count);
	return done;
}

static void
load(enum kind kind, int first, int count)
{
	const int head = kind == LOAD_NONE ? count : kind == LOAD_HEAD;
	const int tail = kind == LOAD_TAIL;
	const int list = kind == LOAD_LIST ? OTHER_LIST : VM_FREELIST_DEFAULT;
	const paddr_t start = world_pfn(first);
	const paddr_t end = world_pfn(first + count - 1) + 1;
	const bool there = !world_range_is(first, count, false);
	const bool room = has_room(1);
	uvm_physseg_t given;
	bool done;

	call_begin(there || model.booted ? MUST_FAIL
		   : room		 ? MUST_SUCCEED
					 : MAY_SUCCEED,
	    there || model.booted || !room || kind == LOAD_NONE, 0);
	given = uvm_page_physload(
	    start, end, start + (paddr_t)head, end - (paddr_t)tail, list);
	done = given != UVM_PHYSSEG_TYPE_INVALID;
	judge_success(model.booted ? RULE_LATE : RULE_OVERLAP, done, "physload",
	    first, count);
	judge_refusal(kind == LOAD_NONE ? RULE_LOAD_NONE : RULE_LOAD_REFUSED,
	    done, "physload", first, count);
	if (done && !there) {
		for (int f = first; f < first + count; f++)
			model.frames[f] = (struct world_frame){.there = 1,
			    .avail =
				f >= first + head && f < first + count - tail,
			    .list = (uint8_t)list};
		if (given != segment_of(first))
			broken(RULE_HANDLE_GIVEN,
			    "physload [%#lx, %#lx) gives another handle than "
			    "find",
			    start, end);
	}
	call_end(done, "physload");
}

static void
unload(enum kind kind, int frame)
{
	const uvm_physseg_t upm = segment_of(frame);
	const paddr_t start = uvm_physseg_get_start(upm);
	const paddr_t end = uvm_physseg_get_end(upm);
	const paddr_t avail_start = uvm_physseg_get_avail_start(upm);
	const paddr_t avail_end = uvm_physseg_get_avail_end(upm);
	const bool any = avail_start < avail_end;
	const bool at_end = avail_start == start || avail_end == end;
	const char *const what =
	    kind == UNLOAD ? "physunload" : "physunload_force";
	const int list = uvm_physseg_get_free_list(upm);
	paddr_t address = (paddr_t)-1;
	int taken;
	bool done;

	call_begin(
	    any && (kind == UNLOAD_FORCE || at_end) ? MUST_SUCCEED : MUST_FAIL,
	    false, 0);
	done = kind == UNLOAD ? uvm_page_physunload(upm, list, &address)
			      : uvm_page_physunload_force(upm, list, &address);
	taken = world_frame_of(atop(address));
	judge_success(RULE_UNLOADED, done, what, frame, 1);
	judge_refusal(RULE_UNLOAD_REFUSED, done, what, frame, 1);
	if (done &&
	    (taken == WORLD_NO_FRAME || (address & PAGE_MASK) != 0 ||
		atop(address) < avail_start || atop(address) >= avail_end ||
		(kind == UNLOAD && atop(address) != start &&
		    atop(address) != end - 1)))
		broken(
		    RULE_UNLOADED, "%s tells the address %#lx", what, address);
	else if (done)
		set_frames(kind == UNLOAD ? taken : frame,
		    kind == UNLOAD ? 1 : taken - frame + 1,
		    (struct world_frame){0});
	call_end(done, what);
}

static void
set_avail(enum kind kind, int frame)
{
	const uvm_physseg_t upm = segment_of(frame);
	const int start = world_frame_of(uvm_physseg_get_start(upm));
	const paddr_t end = uvm_physseg_get_end(upm);
	paddr_t from = uvm_physseg_get_avail_start(upm);
	paddr_t to = uvm_physseg_get_avail_end(upm);

	call_begin(MUST_SUCCEED, false, 0);
	if (kind == AVAIL_START)
		uvm_physseg_set_avail_start(upm, from = world_pfn(frame));
	else
		uvm_physseg_set_avail_end(upm, to = world_pfn(frame) + 1);
	for (int f = start; f >= 0 && world_pfn(f) < end && f < shape.frames;
	     f++)
		model.frames[f].avail =
		    world_pfn(f) >= from && world_pfn(f) < to;
	call_end(true, "set_avail");
	if (uvm_physseg_get_avail_start(upm) != from ||
	    uvm_physseg_get_avail_end(upm) != to)
		broken(RULE_AVAIL,
		    "[%#lx, %#lx) was set, and it is [%#lx, "
		    "%#lx)",
		    from, to, uvm_physseg_get_avail_start(upm),
		    uvm_physseg_get_avail_end(upm));
}

/* ---- uvm_page_init ---- */

static struct vm_page *
pages_at(struct vm_page *pages, size_t index)
{
	return (void *)((char *)pages + index * shape.page_bytes);
}

static void
chomp(uvm_physseg_t upm, struct vm_page *slab, size_t pages)
{
	call_begin(MUST_SUCCEED, false, 0);
	uvm_physseg_seg_chomp_slab(upm, slab, pages);
	call_end(true, "seg_chomp_slab");
}

/* own: the slab that the segment has brought; NULL: it has none of its own. */
static void
init_segment(uvm_physseg_t upm, const struct vm_page *own)
{
	const paddr_t start = uvm_physseg_get_start(upm);
	const size_t pages = uvm_physseg_get_end(upm) - start;
	struct vm_page *pgs;

	call_begin(MUST_SUCCEED, false, 0);
	pgs = uvm_physseg_seg_alloc_from_slab(upm, pages);
	call_end(true, "seg_alloc_from_slab");
	if (pgs == NULL) {
		broken(RULE_PAGE,
		    "seg_alloc_from_slab gives no page for [%#lx, "
		    "%#lx)",
		    start, start + pages);
		return;
	}
	if (own != NULL && pgs != own)
		broken(RULE_SLAB, "[%#lx, %#lx) gets pages of another slab",
		    start, start + pages);
	call_begin(MUST_SUCCEED, false, 0);
	uvm_physseg_init_seg(upm, pgs);
	for (size_t i = 0; i < pages; i++) {
		const int f = world_frame_of(start + i);

		if (f != WORLD_NO_FRAME)
			model.frames[f].live = 1;
	}
	call_end(true, "init_seg");
}

/* Each segment brings a slab, and then, the last first, they take their pages. */
static void
init_from_slabs(struct vm_page *pages)
{
	uvm_physseg_t all[WORLD_SEGMENTS_MAX];
	struct vm_page *slabs[WORLD_SEGMENTS_MAX];
	int count = 0;
	size_t used = 0;

	for (uvm_physseg_t upm = uvm_physseg_get_first();
	     count < WORLD_SEGMENTS_MAX && uvm_physseg_valid_p(upm);
	     upm = uvm_physseg_get_next(upm)) {
		const size_t size =
		    uvm_physseg_get_end(upm) - uvm_physseg_get_start(upm);

		slabs[count] = pages_at(pages, used);
		chomp(upm, slabs[count], size);
		all[count++] = upm;
		used += size;
	}
	while (count-- > 0)
		init_segment(all[count], slabs[count]);
}

/* One array for all, given with the first, as uvm_page_init(9) has it. */
static void
init_from_one_slab(struct vm_page *pages, int count)
{
	uvm_physseg_t upm = uvm_physseg_get_first();
	int segments = 0;

	chomp(upm, pages, (size_t)count);
	for (; uvm_physseg_valid_p(upm) && segments++ < WORLD_SEGMENTS_MAX;
	     upm = uvm_physseg_get_next(upm))
		init_segment(upm, NULL);
}

void
page_init(void)
{
	struct vm_page *pages;
	int count = 0;

	for (int f = 0; f < shape.frames; f++)
		count += model.frames[f].there;
	pages = arena_boot_pages((size_t)count);
	model.physmem = physmem = (psize_t)count;
	uvmexp.npages = model.npages_before;
	uvmexp.free = 0;
	if (shape.slab_each)
		init_from_slabs(pages);
	else
		init_from_one_slab(pages, count);
	if (uvm_physseg_seg_alloc_from_slab(uvm_physseg_get_first(), 1) != NULL)
		broken(RULE_SLAB, "it gives one more when all are taken");
	uvm.page_init_done = true;
	model.booted = 1;
}

/* ---- the table ---- */

/* There is a page, and uvmexp.npages has room for them all. */
static bool
page_init_makes_sense(void)
{
	int there = 0;

	for (int f = 0; f < shape.frames; f++)
		there += model.frames[f].there;
	return there > 0 && there <= INT32_MAX - model.npages_before;
}

/* It moves away from the segment's bound, or back there. */
static bool
avail_makes_sense(enum kind kind, int frame)
{
	const uvm_physseg_t upm = segment_of(frame);
	const paddr_t start = uvm_physseg_get_start(upm);
	const paddr_t end = uvm_physseg_get_end(upm);
	const paddr_t avail_start = uvm_physseg_get_avail_start(upm);
	const paddr_t avail_end = uvm_physseg_get_avail_end(upm);
	const paddr_t pfn = world_pfn(frame);

	if (kind == AVAIL_START)
		return pfn <= avail_end && pfn != avail_start &&
		       (avail_start == start || pfn == start);
	return pfn + 1 >= avail_start && pfn + 1 != avail_end &&
	       (avail_end == end || pfn + 1 == end);
}

bool
operation_allowed(unsigned operation)
{
	int first, count;
	const enum kind kind = kind_of(operation, &first, &count);
	const bool boot = !model.booted;

	switch (kind) {
	case PLUG:
		return (boot || IS_HOTPLUG) &&
		       world_range_is(first, count, false);
	case UNPLUG:
		return (boot || IS_HOTPLUG) &&
		       world_range_is(first, count, true);
	case LOAD:
		return boot && world_range_is(first, count, false);
	case LOAD_NONE: /* these four are the same for longer ones */
		return boot && count == 1 &&
		       world_range_is(first, count, false);
	case LOAD_LIST:
		return boot && count <= 2 &&
		       world_range_is(first, count, false);
	case LOAD_HEAD:
	case LOAD_TAIL:
		return boot && (count == 2 || count == 3) &&
		       world_range_is(first, count, false);
	case UNLOAD:
	case UNLOAD_FORCE:
		return boot && is_first_of_segment(first);
	case AVAIL_START:
	case AVAIL_END:
		return boot && model.frames[first].there &&
		       avail_makes_sense(kind, first);
	case PAGE_INIT:
		return boot && page_init_makes_sense();
	}
	return false;
}

unsigned
operation_run(unsigned operation, unsigned refused)
{
	int first, count;
	const enum kind kind = kind_of(operation, &first, &count);

	switch (kind) {
	case PLUG:
		(void)plug(first, count, refused);
		break;
	case UNPLUG:
		(void)unplug(first, count, refused);
		break;
	case LOAD:
	case LOAD_LIST:
	case LOAD_HEAD:
	case LOAD_TAIL:
	case LOAD_NONE:
		load(kind, first, count);
		break;
	case UNLOAD:
	case UNLOAD_FORCE:
		unload(kind, first);
		break;
	case AVAIL_START:
	case AVAIL_END:
		set_avail(kind, first);
		break;
	case PAGE_INIT:
		page_init();
		break;
	}
	return call.requests;
}

void
operation_name(unsigned operation, unsigned refused, char *text)
{
	static const char *const names[] = {[PLUG] = "plug",
	    [UNPLUG] = "unplug",
	    [LOAD] = "load",
	    [LOAD_LIST] = "load-list-1",
	    [LOAD_HEAD] = "load-but-first",
	    [LOAD_TAIL] = "load-but-last",
	    [LOAD_NONE] = "load-none",
	    [UNLOAD] = "unload",
	    [UNLOAD_FORCE] = "unload-force",
	    [AVAIL_START] = "avail-start",
	    [AVAIL_END] = "avail-end",
	    [PAGE_INIT] = "boot"};
	int first, count;
	const enum kind kind = kind_of(operation, &first, &count);
	size_t used;

	if (kind == PAGE_INIT)
		used = (size_t)snprintf(text, SMALL_WORLD_TEXT_MAX, "boot");
	else if (kind < RANGES)
		used = (size_t)snprintf(text, SMALL_WORLD_TEXT_MAX,
		    "%s(%#lx,%d)", names[kind], world_pfn(first), count);
	else
		used = (size_t)snprintf(text, SMALL_WORLD_TEXT_MAX, "%s(%#lx)",
		    names[kind],
		    world_pfn(first) + (kind == AVAIL_END ? 1 : 0));
	if (refused != 0)
		snprintf(text + used, SMALL_WORLD_TEXT_MAX - used,
		    "/no-memory-%u", refused);
}

/* The same as C. */
void
operation_test(unsigned operation, unsigned refused, unsigned rule, char *text)
{
	int first, count;
	const enum kind kind = kind_of(operation, &first, &count);

	if (refused != 0)
		text += snprintf(text, SMALL_WORLD_TEXT_MAX,
		    "replay_refuse(%u);\n", refused);
	switch (kind) {
	case PLUG:
		test_plug(text, rule, first, count);
		break;
	case UNPLUG:
		test_unplug(text, rule, first, count);
		break;
	case LOAD:
	case LOAD_LIST:
	case LOAD_HEAD:
	case LOAD_TAIL:
	case LOAD_NONE:
		test_load(text, rule, first, count,
		    kind == LOAD_NONE ? count : kind == LOAD_HEAD,
		    kind == LOAD_TAIL, kind == LOAD_LIST ? OTHER_LIST : 0);
		break;
	case UNLOAD:
	case UNLOAD_FORCE:
		test_unload(text, rule, first, kind == UNLOAD_FORCE);
		break;
	case AVAIL_START:
	case AVAIL_END:
		snprintf(text, SMALL_WORLD_TEXT_MAX,
		    "uvm_physseg_set_avail_%s(uvm_physseg_find(%#lx, NULL), "
		    "%#lx);",
		    kind == AVAIL_START ? "start" : "end", world_pfn(first),
		    world_pfn(first) + (kind == AVAIL_END ? 1 : 0));
		break;
	case PAGE_INIT:
		snprintf(text, SMALL_WORLD_TEXT_MAX, "replay_boot(%d);",
		    model.npages_before);
		break;
	}
	if (refused != 0)
		strlcat(text, "\nreplay_refuse(0);", SMALL_WORLD_TEXT_MAX);
}
