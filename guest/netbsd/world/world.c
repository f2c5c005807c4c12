/* SPDX-License-Identifier: BSD-2-Clause */
/* The setups, and the page of guest/abi/small_world.h. */
#include "guest/netbsd/world/world.h"

#include "guest/abi/boot.h"

extern struct guest_image guest_image;

#define FRAME_LIMIT (atop((paddr_t)-1) + 1)

/* Beside what explorers need to know of a setup. */
static const struct place {
	int count;    /* frames that operations are about */
	paddr_t base; /* of the first of them, or of the anchor below */
	int anchor;   /* -1: below, 1: above, 0: none */
	unsigned slots_max;
	int npages_before;
	size_t apart_bytes;
	bool slab_each;
} places[] = {
    {3, 0x10, 1, 64, 0, 0, false},
    {3, 0, 1, 64, 0, 0, false},
    {3, FRAME_LIMIT - 5, -1, 64, 0, 0, false},
    {3, 0x10, 1, 64, 0x7fffffff - 3, 0, false},
    {2, 0x10, -1, 64, 0, 65536, false},
    {3, 0x10, 0, 64, 0, 0, true},
    {4, 0x10, 0, 64, 0, 0, false},
    {5, 0x10, 0, 64, 0, 0, false},
    {4, 0x10, 0, 64, 0, 0, false},
    {2, 0x10, 0, 3, 0, 0, true},
    {3, 0x10, 0, 3, 0, 0, false},
    {4, 0x10, 0, 3, 0, 0, false},
};

static const struct small_world_setup setups[] = {
    {"3 pages and a segment that stays", 4, false, false},
    {"3 pages from frame 0 on", 4, false, false},
    {"3 pages up to the last frame", 4, false, false},
    {"3 pages, npages nearly full", 4, false, false},
    {"2 pages, memory 64 KiB apart", 5, false, false},
    {"3 pages, a slab for each segment", 4, false, true},
    {"4 pages, any sequence", 0, true, false},
    {"5 pages", 4, false, false},
    {"4 pages", 5, false, false},
    {"2 pages, few segments with slabs", 4, false, true},
    {"3 pages, few segments at boot", 4, false, false},
    {"4 pages, few segments at boot", 4, false, false},
};
_Static_assert(
    sizeof(places) / sizeof(places[0]) == sizeof(setups) / sizeof(setups[0]),
    "a place for each setup");

static bool
suits(unsigned setup)
{
	const bool few = places[setup].slots_max < 64;

	return few == (world_slots <= 3);
}

static void
load_anchor(void)
{
	const paddr_t pfn = world_pfn(shape.anchor);

	model.frames[shape.anchor] =
	    (struct world_frame){.there = 1, .avail = 1};
	(void)uvm_page_physload(
	    pfn, pfn + 1, pfn, pfn + 1, VM_FREELIST_DEFAULT);
}

static void
begin(unsigned setup, const struct small_world_host *host)
{
	const struct place *place = &places[setup];

	shape = (struct world_shape){.base = place->base,
	    .frames = place->count + (place->anchor != 0 ? 2 : 0),
	    .first = place->anchor < 0 ? 2 : 0,
	    .count = place->count,
	    .anchor = place->anchor < 0	  ? 0
		      : place->anchor > 0 ? place->count + 1
					  : WORLD_NO_FRAME,
	    .slots = world_slots,
	    .page_bytes = world_page_bytes,
	    .apart_bytes = place->apart_bytes,
	    .slab_each = place->slab_each,
	    .host = host};
	memset(&model, 0, sizeof(model));
	model.npages_before = place->npages_before;
	arena_begin();
	uvmexp.pagesize = PAGE_SIZE;
	uvmexp.pagemask = PAGE_MASK;
	uvmexp.pageshift = PAGE_SHIFT;
	call_begin(MUST_SUCCEED, false, 0);
	uvm_physseg_init();
	if (shape.anchor != WORLD_NO_FRAME)
		load_anchor();
	call_end(true, "uvm_physseg_init");
}

void
settle(void)
{
	memset(&call, 0, sizeof(call));
	guest_image.blocks_left = 0;
	blamed = NOBODY_BLAMED;
}

static void
stopped(enum small_world_stop how, const char *text)
{
	const enum world_rule rule = how == SMALL_WORLD_PANIC  ? RULE_PANIC
				     : how == SMALL_WORLD_HANG ? RULE_HANG
							       : RULE_SIGNAL;

	if (how == SMALL_WORLD_PANIC && call.may_panic &&
	    blamed != RULE_INVALID && blamed != RULE_INVALID_OTHER) {
		blamed = NOBODY_BLAMED;
		broken(RULE_PANIC_REFUSED, "%s", text);
	} else
		broken(rule, "%s%s",
		    call.was_refused != 0 ? "without memory: " : "", text);
}

static unsigned
operations(void)
{
	return operations_count();
}

static unsigned
probes(void)
{
	return probes_count();
}

__attribute__((visibility("default"))) const struct small_world small_world = {
    .magic = SMALL_WORLD_MAGIC,
#ifdef UVM_HOTPLUG
    .name = "with UVM_HOTPLUG",
#else
    .name = "without UVM_HOTPLUG",
#endif
    .rules = world_rules,
    .nr_rules = RULE_COUNT,
    .setups = setups,
    .nr_setups = sizeof(setups) / sizeof(setups[0]),
    .suits = suits,
    .begin = begin,
    .operations = operations,
    .probes = probes,
    .allowed = operation_allowed,
    .probe_allowed = probe_allowed,
    .run = operation_run,
    .look = look,
    .probe = probe_run,
    .settle = settle,
    .abstract = look_key,
    .stopped = stopped,
    .arena_used = arena_used,
    .name_operation = operation_name,
    .name_probe = probe_name,
    .test_begin = test_begin,
    .test_operation = operation_test,
    .test_probe = probe_test,
    .test_end = test_end,
    .no_rule = RULE_COUNT,
};
