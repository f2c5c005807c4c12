/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is tried in each state and then forgotten: calls that have to be refused
 * and change nothing, pages in use, and handles that are none. endings.c has
 * those that plug and unplug more than once.
 */
#include "guest/netbsd/world/world.h"

#ifdef UVM_HOTPLUG
#define IS_HOTPLUG true
#else
#define IS_HOTPLUG false
#endif

#define FRAME_LIMIT (atop((paddr_t)-1) + 1)

/* ---- refusals ---- */

static void
refused(bool done, enum world_rule rule, const char *what)
{
	const int before = blamed == NOBODY_BLAMED ? RULE_CHANGES : blamed;
	const struct world_call was = call;

	if (done)
		broken(rule, "%s succeeds", what);
	settle();
	if (shape.host->unchanged())
		return;
	blamed = before;
	call = was;
	if (uvmexp.npages != call.npages || physmem != call.physmem)
		broken((enum world_rule)blamed,
		    "%s fails, and uvmexp.npages or physmem is another", what);
	call_end(false, what);
	look();
}

static void
probe_bad_plug(int which)
{
	static const struct {
		paddr_t pfn;
		size_t pages;
		const char *what;
	} bad[] = {
	    {1, 0, "a plug of no page"},
	    {FRAME_LIMIT - 1, 2, "a plug past the last frame"},
	    {FRAME_LIMIT, 1, "a plug behind the last frame"},
	    {2, (size_t)-1, "a plug whose end wraps"},
	    {(paddr_t)-1, 1, "a plug of the frame -1"},
	    {2, (size_t)1 << 60, "a plug of 2^60 pages"},
	};
	const size_t live = arena_live();

	call_begin(MUST_FAIL, true, 0);
	blamed = RULE_NO_RANGE;
	refused(uvm_physseg_plug(bad[which].pfn, bad[which].pages, NULL),
	    RULE_NO_RANGE, bad[which].what);
	blamed = NOBODY_BLAMED;
	if (arena_live() != live)
		broken(
		    RULE_KEPT, "%s fails, and memory is held", bad[which].what);
}
#define BAD_PLUGS 6

static void
probe_bad_load(int which)
{
	const paddr_t start = world_pfn(shape.first) + 1, end = start + 1;
	static const char *const what[] = {"a physload of no frame",
	    "a physload that ends before it begins",
	    "a physload whose available range is outside",
	    "a physload for a free list that is not there",
	    "a physload for the free list -1",
	    "a physload that is available from before its start",
	    "a physload whose available range ends before it begins"};
	uvm_physseg_t given;

	call_begin(MUST_FAIL, true, 0);
	blamed = which < 2 ? RULE_NO_RANGE : RULE_ARGUMENTS;
	given = which == 0   ? uvm_page_physload(start, start, start, start, 0)
		: which == 1 ? uvm_page_physload(end, start, end, start, 0)
		: which == 2 ? uvm_page_physload(start, end, start, end + 1, 0)
		: which == 3
		    ? uvm_page_physload(start, end, start, end, VM_NFREELIST)
		: which == 4 ? uvm_page_physload(start, end, start, end, -1)
		: which == 5 ? uvm_page_physload(start, end, start - 1, end, 0)
			     : uvm_page_physload(start, end, end, start, 0);
	refused(given != UVM_PHYSSEG_TYPE_INVALID,
	    which < 2 ? RULE_NO_RANGE : RULE_ARGUMENTS, what[which]);
}
#define BAD_LOADS 7

static void
probe_bad_unplug(int which)
{
	static const char *const what[] = {"an unplug of no page",
	    "an unplug whose end wraps", "an unplug past the last frame"};
	const paddr_t pfn = world_pfn(shape.first);
	bool done;

	call_begin(MUST_FAIL, true, 0);
	blamed = RULE_NO_RANGE;
	done = which == 0   ? uvm_physseg_unplug(pfn, 0)
	       : which == 1 ? uvm_physseg_unplug(pfn, (size_t)-1)
			    : uvm_physseg_unplug(FRAME_LIMIT, 1);
	/* No segment has all of these frames. */
	if (done && which != 0)
		blamed = NOBODY_BLAMED;
	refused(done, which == 0 ? RULE_NO_RANGE : RULE_ABSENT, what[which]);
}
#define BAD_UNPLUGS 3

/* Plugs, unplugs and loads of ranges that are not as they have to be. */
static void
probe_range(int kind, int number)
{
	int first, count;

	range_of(number, &first, &count);
	if (kind == 0)
		(void)plug(first, count, 0);
	else if (kind == 1)
		(void)unplug(first, count, 0);
	else {
		call_begin(MUST_FAIL, true, 0);
		refused(uvm_page_physload(world_pfn(first),
			    world_pfn(first + count - 1) + 1, world_pfn(first),
			    world_pfn(first + count - 1) + 1,
			    0) != UVM_PHYSSEG_TYPE_INVALID,
		    model.booted ? RULE_LATE : RULE_OVERLAP,
		    model.booted ? "a physload after boot"
				 : "a physload of what is there");
	}
	settle();
	if (!shape.host->unchanged())
		look();
}

static bool
range_is_refused(int kind, int number)
{
	int first, count;

	range_of(number, &first, &count);
	if (kind == 1)
		return (model.booted && !IS_HOTPLUG) ||
		       !world_range_is(first, count, true);
	if (kind == 2)
		return model.booted ? number == 0
				    : !world_range_is(first, count, false);
	return (model.booted && !IS_HOTPLUG) ||
	       !world_range_is(first, count, false);
}

/* ---- pages in use ---- */

static int
live_frame(void)
{
	for (int f = shape.first; f < shape.first + shape.count; f++) {
		if (model.frames[f].live && model.frames[f].avail)
			return f;
	}
	return WORLD_NO_FRAME;
}

static void
probe_use(int which)
{
	static const char *const what[] = {"an unplug of a free page",
	    "an unplug of a wired page", "an unplug of a loaned page",
	    "an unplug of an object's page", "an unplug of an anon's page"};
	const int frame = live_frame();
	struct vm_page *const pg = world_page(frame);
	bool done;

	if (which != 0)
		world_take(frame, 1);
	pg->wire_count = which == 1;
	pg->loan_count = which == 2;
	pg->uobject = which == 3 ? (void *)&model : NULL;
	pg->uanon = which == 4 ? (void *)&model : NULL;
	call_begin(MUST_FAIL, true, 0);
	done = uvm_physseg_unplug(world_pfn(frame), 1);
	judge_taken(done, frame, 1, what[which]);
	refused(done, RULE_IN_USE, what[which]);
}
#define USES 5

/* ---- handles ---- */

static void
ask_invalid(uvm_physseg_t upm, const char *which)
{
	const paddr_t none = (paddr_t)-1;

	if (uvm_physseg_valid_p(upm))
		broken(RULE_INVALID, "valid_p of %s is true", which);
	if (uvm_physseg_get_start(upm) != none ||
	    uvm_physseg_get_end(upm) != none ||
	    uvm_physseg_get_avail_start(upm) != none ||
	    uvm_physseg_get_avail_end(upm) != none)
		broken(RULE_INVALID, "a bound of %s is not (paddr_t)-1", which);
	if (uvm_physseg_set_start_hint(upm, 1))
		broken(RULE_INVALID, "set_start_hint of %s is true", which);
	if (uvm_physseg_get_next(upm) != UVM_PHYSSEG_TYPE_INVALID)
		broken(RULE_INVALID,
		    "get_next of %s is not UVM_PHYSSEG_TYPE_INVALID", which);
	if (uvm_physseg_get_prev(upm) != UVM_PHYSSEG_TYPE_INVALID)
		broken(RULE_INVALID,
		    "get_prev of %s is not UVM_PHYSSEG_TYPE_INVALID", which);
}

static void
use_invalid(int which, uvm_physseg_t upm)
{
	paddr_t address = 0;
	bool wrong = false;

	switch (which) {
	case 0:
		wrong = uvm_physseg_get_pg(upm, 0) != NULL;
		break;
	case 1:
		wrong = uvm_physseg_get_free_list(upm) != -1;
		break;
	case 2:
		wrong = uvm_physseg_get_start_hint(upm) !=
			(__uvm_physseg_hint_t)(u_int)-1;
		break;
	case 3:
		uvm_physseg_set_avail_start(upm, world_pfn(shape.first));
		break;
	case 4:
		uvm_physseg_set_avail_end(upm, world_pfn(shape.first));
		break;
	case 5:
		wrong = uvm_page_physunload(upm, 0, &address);
		break;
	case 6:
		wrong = uvm_page_physunload_force(upm, 0, &address);
		break;
	}
	if (wrong)
		broken(RULE_INVALID_OTHER,
		    "get_pg, get_free_list, get_start_hint or physunload takes "
		    "an invalid handle for a valid one");
}
#define INVALID_USES 7

static void
probe_invalid(int which)
{
	call_begin(MUST_FAIL, true, 0);
	if (which == 0) {
		blamed = RULE_INVALID;
		ask_invalid(
		    UVM_PHYSSEG_TYPE_INVALID, "UVM_PHYSSEG_TYPE_INVALID");
	} else {
		blamed = RULE_INVALID_OTHER;
		use_invalid(which - 1, UVM_PHYSSEG_TYPE_INVALID);
	}
	call_end(false, "an invalid handle");
	settle();
	if (!shape.host->unchanged()) {
		blamed = which == 0 ? RULE_INVALID : RULE_INVALID_OTHER;
		look();
	}
}

/* A handle of a segment that has gone. */
static void
probe_stale(void)
{
	const int frame = live_frame();
	psize_t offset;
	const uvm_physseg_t upm = uvm_physseg_find(world_pfn(frame), &offset);
	const int first = frame - (int)offset;
	const int count =
	    (int)(uvm_physseg_get_end(upm) - uvm_physseg_get_start(upm));

	if (first < shape.first || !unplug(first, count, 0) ||
	    uvm_physseg_valid_p(uvm_physseg_get_first()))
		return;
	call_begin(MUST_FAIL, true, 0);
	blamed = RULE_INVALID_OTHER;
	ask_invalid(upm, "a segment that was unplugged");
	call_end(false, "a stale handle");
}

/* ---- what can't change late ---- */

static void
probe_late(int which)
{
	const char *what = "get_pg behind the last page";
	const int frame = live_frame();
	const uvm_physseg_t upm = uvm_physseg_find(world_pfn(frame), NULL);
	const paddr_t start = uvm_physseg_get_start(upm);
	const paddr_t end = uvm_physseg_get_end(upm);
	paddr_t address;
	psize_t offset;
	bool done = false;

	(void)uvm_physseg_find(world_pfn(frame), &offset);
	call_begin(MUST_FAIL, true, 0);
	switch (which) {
	case 0:
		what = "physunload after boot";
		done = uvm_page_physunload(
		    upm, uvm_physseg_get_free_list(upm), &address);
		break;
	case 1:
		what = "physunload_force after boot";
		done = uvm_page_physunload_force(
		    upm, uvm_physseg_get_free_list(upm), &address);
		break;
	case 2:
		uvm_physseg_set_avail_start(upm, end);
		call_end(false, "set_avail_start");
		if (uvm_physseg_get_avail_start(upm) == end && start != end)
			broken(RULE_FIELDS, "set_avail_start after boot");
		return;
	case 3:
		uvm_physseg_set_avail_end(upm, start);
		call_end(false, "set_avail_end");
		if (uvm_physseg_get_avail_end(upm) == start)
			broken(RULE_FIELDS, "set_avail_end after boot");
		return;
	case 4:
		if (uvm_physseg_get_pg(upm, end - start) != NULL)
			broken(RULE_PAGE_PAST, "it gives a page");
		break;
	case 5:
		what = "init_seg of a segment that has its pages";
		blamed = RULE_INIT_TWICE;
		uvm_physseg_init_seg(upm, uvm_physseg_get_pg(upm, 0));
		break;
	}
	refused(done, RULE_LATE, what);
}
#define LATE_ONES 6

/* Ranges that are none, or are outside of the segment. */
static void
probe_avail(int which)
{
	static const char *const what[] = {("an available range that begins "
					    "behind its end"),
	    "an available range that ends in front of its start",
	    "an available range that begins in front of the segment",
	    "an available range that ends behind the segment"};
	int frame = shape.first;
	uvm_physseg_t upm;
	paddr_t start, end;

	while (!model.frames[frame].there)
		frame++;
	upm = uvm_physseg_find(world_pfn(frame), NULL);
	start = uvm_physseg_get_avail_start(upm);
	end = uvm_physseg_get_avail_end(upm);
	if (which == 1 && start == 0)
		return;
	call_begin(MUST_FAIL, true, 0);
	if (which == 0)
		uvm_physseg_set_avail_start(upm, end + 1);
	else if (which == 1)
		uvm_physseg_set_avail_end(upm, start - 1);
	else if (which == 2)
		uvm_physseg_set_avail_start(
		    upm, uvm_physseg_get_start(upm) - 1);
	else
		uvm_physseg_set_avail_end(upm, uvm_physseg_get_end(upm) + 1);
	call_end(false, what[which]);
	if (uvm_physseg_get_avail_start(upm) != start ||
	    uvm_physseg_get_avail_end(upm) != end)
		broken(RULE_AVAIL_RANGE, "%s is set", what[which]);
}
#define AVAILS 4

/* A boot segment's own page on the wrong list. */
static void
probe_wrong_list(void)
{
	paddr_t address = 0;

	for (int f = shape.first; f < shape.first + shape.count; f++) {
		const uvm_physseg_t upm = uvm_physseg_find(world_pfn(f), NULL);

		if (upm == UVM_PHYSSEG_TYPE_INVALID)
			continue;
		call_begin(MUST_FAIL, true, 0);
		refused(uvm_page_physunload(
			    upm, uvm_physseg_get_free_list(upm) + 1, &address),
		    RULE_UNLOADED, "physunload from another free list");
		return;
	}
}

/* A hint of the last page, which then goes. */
static void
probe_hint(void)
{
	const int frame = live_frame();
	const uvm_physseg_t upm = uvm_physseg_find(world_pfn(frame), NULL);
	const paddr_t pages =
	    uvm_physseg_get_end(upm) - uvm_physseg_get_start(upm);
	const int last = world_frame_of(uvm_physseg_get_end(upm) - 1);

	if (pages < 2 || last >= shape.first + shape.count)
		return;
	(void)uvm_physseg_set_start_hint(upm, (u_int)pages - 1);
	(void)unplug(last, 1, 0);
	look();
}

/* ---- the table ---- */

#define CYCLES 6 /* endings.c */
#define ENDS   4

enum group {
	BAD_PLUG,
	BAD_LOAD,
	BAD_UNPLUG,
	RANGE_PLUG,
	RANGE_UNPLUG,
	RANGE_LOAD,
	USE,
	INVALID,
	STALE,
	HINT,
	LATE,
	WRONG_LIST,
	AVAIL,
	CYCLE,
	END,
	GROUPS
};

static int
size_of(enum group group)
{
	switch (group) {
	case BAD_PLUG:
		return BAD_PLUGS;
	case BAD_LOAD:
		return BAD_LOADS;
	case BAD_UNPLUG:
		return BAD_UNPLUGS;
	case RANGE_PLUG:
	case RANGE_UNPLUG:
	case RANGE_LOAD:
		return ranges_count();
	case USE:
		return USES;
	case INVALID:
		return INVALID_USES + 1;
	case LATE:
		return LATE_ONES;
	case AVAIL:
		return AVAILS;
	case CYCLE:
		return CYCLES;
	case END:
		return ENDS;
	default:
		return 1;
	}
}

unsigned
probes_count(void)
{
	int count = 0;

	for (int group = 0; group < GROUPS; group++)
		count += size_of((enum group)group);
	return (unsigned)count;
}

static enum group
group_of(unsigned probe, int *number)
{
	int group = 0;

	*number = (int)probe;
	while (*number >= size_of((enum group)group))
		*number -= size_of((enum group)group++);
	return (enum group)group;
}

bool
probe_allowed(unsigned probe)
{
	int number, first;

	switch (group_of(probe, &number)) {
	case BAD_PLUG:
		return true;
	case BAD_LOAD:
		return !model.booted && !model.frames[shape.first + 1].there;
	case BAD_UNPLUG:
		return !model.booted || IS_HOTPLUG;
	case RANGE_PLUG:
		return range_is_refused(0, number);
	case RANGE_UNPLUG:
		return range_is_refused(1, number);
	case RANGE_LOAD:
		return range_is_refused(2, number);
	case USE:
	case STALE:
	case HINT:
		return model.booted && IS_HOTPLUG &&
		       live_frame() != WORLD_NO_FRAME;
	case LATE:
		return model.booted && live_frame() != WORLD_NO_FRAME;
	case INVALID:
		return true;
	case WRONG_LIST:
		return !model.booted;
	case AVAIL:
		return !model.booted &&
		       !world_range_is(shape.first, shape.count, false);
	case CYCLE:
		return model.booted && IS_HOTPLUG && free_run(&first) > 0;
	case END:
		return model.booted && IS_HOTPLUG;
	default:
		return false;
	}
}

void
probe_run(unsigned probe)
{
	int number;

	switch (group_of(probe, &number)) {
	case BAD_PLUG:
		probe_bad_plug(number);
		break;
	case BAD_LOAD:
		probe_bad_load(number);
		break;
	case BAD_UNPLUG:
		probe_bad_unplug(number);
		break;
	case RANGE_PLUG:
		probe_range(0, number);
		break;
	case RANGE_UNPLUG:
		probe_range(1, number);
		break;
	case RANGE_LOAD:
		probe_range(2, number);
		break;
	case USE:
		probe_use(number);
		break;
	case INVALID:
		probe_invalid(number);
		break;
	case STALE:
		probe_stale();
		break;
	case HINT:
		probe_hint();
		break;
	case LATE:
		probe_late(number);
		break;
	case WRONG_LIST:
		probe_wrong_list();
		break;
	case AVAIL:
		probe_avail(number);
		break;
	case CYCLE:
		probe_cycle(number);
		break;
	case END:
		probe_end(number);
		break;
	default:
		break;
	}
}

void
probe_name(unsigned probe, char *text)
{
	static const char *const names[GROUPS] = {
	    [BAD_PLUG] = "a plug of no range",
	    [BAD_LOAD] = "a physload that is none",
	    [BAD_UNPLUG] = "an unplug of no range",
	    [RANGE_PLUG] = "a plug to be refused",
	    [RANGE_UNPLUG] = "an unplug to be refused",
	    [RANGE_LOAD] = "a physload to be refused",
	    [USE] = "an unplug of a page in use",
	    [INVALID] = "an invalid handle",
	    [STALE] = "the handle of a segment that was unplugged",
	    [HINT] = "a start hint of a page that is unplugged",
	    [LATE] = "what comes too late",
	    [WRONG_LIST] = "physunload from another free list",
	    [AVAIL] = "an available range that can not be",
	    [CYCLE] = "plug and unplug again and again",
	    [END] = "all is unplugged"};
	int number;
	const enum group group = group_of(probe, &number);
	int first = 0, count = 0;

	if (group == RANGE_PLUG || group == RANGE_UNPLUG ||
	    group == RANGE_LOAD) {
		range_of(number, &first, &count);
		snprintf(text, SMALL_WORLD_TEXT_MAX, "%s (%#lx,%d)",
		    names[group], world_pfn(first), count);
	} else
		snprintf(text, SMALL_WORLD_TEXT_MAX, "%s (%d)", names[group],
		    number);
}

/* The same as C; false: it is not told so. */
bool
probe_test(unsigned probe, unsigned rule, char *text)
{
	int number, first, count;

	switch (group_of(probe, &number)) {
	case RANGE_PLUG:
		range_of(number, &first, &count);
		test_plug(text, rule, first, count);
		return test_is_about_answer(rule);
	case RANGE_UNPLUG:
		range_of(number, &first, &count);
		test_unplug(text, rule, first, count);
		return test_is_about_answer(rule);
	case RANGE_LOAD:
		range_of(number, &first, &count);
		test_load(text, rule, first, count, 0, 0, 0);
		return test_is_about_answer(rule);
	case INVALID:
		snprintf(text, SMALL_WORLD_TEXT_MAX, "%s",
		    number == 0 ? "replay_expect_invalid();" : "");
		return rule == RULE_INVALID && number == 0;
	case CYCLE:
		count = free_run(&first);
		snprintf(text, SMALL_WORLD_TEXT_MAX,
		    "replay_expect_no_leak(%#lx, %d, %d);", world_pfn(first),
		    count, number);
		return rule == RULE_LEAK;
	default:
		return false;
	}
}
