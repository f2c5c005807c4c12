/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `plug-pieces PAGES SEED`: plugs so many pages behind the end of memory, as
 * plug-cycles does, and unplugs them piece by piece: from the front, from the
 * back and out of the middle, as the seed chooses. A piece may be refused, and
 * then nothing has changed. After each step every pfn is looked up, as
 * uvm_hotplug(9) says: what is plugged has its own struct vm_page still, what
 * is not is in no segment. In the end all is unplugged (or nothing ever was),
 * and with the same words once more no more memory is left than the first time.
 * The output is how many pieces there were; the status is 1, with a reason,
 * when something was wrong.
 */
#include <sys/param.h>
#include <sys/inttypes.h>
#include <uvm/uvm.h>
#include <uvm/uvm_physseg.h>

#include "guest/lib/debug_port.h"
#include "guest/lib/output.h"
#include "guest/netbsd/kern/agent.h"
#include "guest/netbsd/kern/description.h"
#include "guest/netbsd/kern/lent_pages.h"
#include "guest/netbsd/kern/pmap.h"

static struct pieces {
	struct output *out;
	size_t pages;
	bool there[LENT_PAGES_MAX];
	size_t nr_there, nr_pieces;
	psize_t physmem_before;
	uint64_t chance;
} pieces;

static u_long
below(u_long limit)
{
	pieces.chance =
	    pieces.chance * 6364136223846793005ull + 1442695040888963407ull;
	return (u_long)(pieces.chance >> 33) % limit;
}

static bool
is_there(paddr_t pfn)
{
	const paddr_t first = lent_first();

	return pfn < first ||
	       (pfn - first < pieces.pages && pieces.there[pfn - first]);
}

/* NULL, or what is wrong with the page. */
static const char *
look_up(paddr_t pfn)
{
	psize_t off = 0;
	const uvm_physseg_t upm = uvm_physseg_find(pfn, &off);
	struct vm_page *pg;

	if (uvm_physseg_valid_p(upm) != is_there(pfn))
		return is_there(pfn) ? "is plugged and in no segment"
				     : "is unplugged and in a segment";
	if (!is_there(pfn))
		return NULL;
	if (uvm_physseg_get_start(upm) + off != pfn ||
	    pfn >= uvm_physseg_get_end(upm))
		return "is outside of the segment that was found for it";
	if (pfn < lent_first())
		return NULL;
	if (pfn < uvm_physseg_get_avail_start(upm) ||
	    pfn >= uvm_physseg_get_avail_end(upm))
		return "was plugged and is not available";
	if (uvm_physseg_get_avail_start(upm) < uvm_physseg_get_start(upm) ||
	    uvm_physseg_get_avail_end(upm) > uvm_physseg_get_end(upm))
		return "is in a segment of which more is available than there "
		       "is";
	pg = uvm_physseg_get_pg(upm, off);
	if (pg != lent_page(pfn - lent_first()))
		return "has another struct vm_page than it had";
	if (VM_PAGE_TO_PHYS(pg) != ptoa(pfn))
		return "has a struct vm_page that names another page";
	return NULL;
}

static bool
complain(paddr_t pfn, const char *what)
{
	output_printf(pieces.out,
	    "plug-pieces: after %zu pieces pfn 0x%lx %s\n", pieces.nr_pieces,
	    (u_long)pfn, what);
	return false;
}

/* Segments are in the order of their pfns, and each is found from the last. */
static bool
walk_is_sorted(void)
{
	paddr_t end = 0;
	uvm_physseg_t upm;

	for (upm = uvm_physseg_get_first(); uvm_physseg_valid_p(upm);
	     upm = uvm_physseg_get_next(upm)) {
		if (uvm_physseg_get_start(upm) < end ||
		    uvm_physseg_get_end(upm) <= uvm_physseg_get_start(upm))
			return complain(uvm_physseg_get_start(upm),
			    "begins a segment that is empty or out of order");
		end = uvm_physseg_get_end(upm);
	}
	return uvm_physseg_get_highest_frame() == end - 1 ||
	       complain(end - 1, "ends the last segment, and is not the "
				 "highest frame");
}

static bool
all_is_well(void)
{
	const paddr_t first = lent_first();

	for (paddr_t pfn = first - 1; pfn <= first + pieces.pages; pfn++) {
		const char *wrong = look_up(pfn);

		if (wrong != NULL)
			return complain(pfn, wrong);
	}
	if ((psize_t)physmem != pieces.physmem_before + pieces.nr_there)
		return complain(first, "and others are not what physmem says");
	return walk_is_sorted();
}

/* Unplugs a piece, all of which is there. */
static bool
unplug(size_t from, size_t pages)
{
	pieces.nr_pieces++;
	if (!uvm_physseg_unplug(lent_first() + from, pages))
		return all_is_well();
	for (size_t i = from; i < from + pages; i++) {
		KASSERT(pieces.there[i]);
		pieces.there[i] = false;
	}
	pieces.nr_there -= pages;
	return all_is_well();
}

/* How many pages are there from one on. */
static size_t
run_at(size_t from)
{
	size_t n = 0;

	while (from + n < pieces.pages && pieces.there[from + n])
		n++;
	return n;
}

/* A piece of a run: its first pages, its last ones, or some in between. */
static bool
unplug_some(void)
{
	size_t from = below(pieces.pages), run, pages;

	while (from > 0 && pieces.there[from] && pieces.there[from - 1])
		from--;
	run = run_at(from);
	if (run < 2) /* none, or the last of its run: that comes later */
		return true;
	pages = 1 + below(run - 1);
	switch (below(3)) {
	case 0:
		return unplug(from, pages);
	case 1:
		return unplug(from + run - pages, pages);
	default:
		return unplug(from + below(run - pages + 1), pages);
	}
}

static bool
unplug_rest(void)
{
	for (size_t from = 0, run; from < pieces.pages; from += run + 1) {
		run = run_at(from);
		if (run > 0 && !unplug(from, run))
			return false;
	}
	/* A file that unplugs nothing at all may do so. */
	if (pieces.nr_there == 0 || pieces.nr_there == pieces.pages)
		return true;
	output_printf(pieces.out,
	    "plug-pieces: %zu of %zu pages can't be unplugged any more\n",
	    pieces.nr_there, pieces.pages);
	return false;
}

static bool
in_pieces(void)
{
	if (!all_is_well())
		return false;
	for (size_t step = 0; step < 8 && pieces.nr_there > 1; step++)
		if (!unplug_some())
			return false;
	return unplug_rest();
}

/*
 * The same pieces a second time: what segment code keeps for later it has kept
 * the first time.
 */
static bool
nothing_leaks(u_long seed)
{
	static struct {
		u_long seed;
		size_t pages;
		uint64_t live, live_bytes;
	} last;
	const bool again = last.seed == seed && last.pages == pieces.pages;
	const uint64_t more = counters.segment_live_bytes - last.live_bytes;

	if (again && (counters.segment_live > last.live ||
			 counters.segment_live_bytes > last.live_bytes)) {
		output_printf(pieces.out,
		    "plug-pieces: segment code has allocated %" PRIu64
		    " bytes more than after the same pieces before\n",
		    more);
		return false;
	}
	last.seed = seed;
	last.pages = pieces.pages;
	last.live = counters.segment_live;
	last.live_bytes = counters.segment_live_bytes;
	return true;
}

int
agent_plug_pieces(struct output *out, const char *args)
{
	char word[24];
	const char *refused;
	u_long seed;
	bool lost;

	memset(&pieces, 0, sizeof(pieces));
	pieces.out = out;
	args = text_word(args, word, sizeof(word));
	pieces.pages = pieces.nr_there = strtoul(word, NULL, 0);
	(void)text_word(args, word, sizeof(word));
	pieces.chance = seed = strtoul(word, NULL, 0);
	if (pieces.pages == 0 || pieces.pages > LENT_PAGES_MAX) {
		output_printf(out,
		    "usage: plug-pieces PAGES SEED, at most %d pages\n",
		    LENT_PAGES_MAX);
		return 1;
	}
	if (atop(pmap_pa_end) + pieces.pages > p2m_entries) {
		output_printf(out, "plug-pieces: the P2M ends at page %lu\n",
		    (u_long)p2m_entries);
		return 1;
	}
	memset(pieces.there, true, pieces.pages);
	pieces.physmem_before = (psize_t)physmem;
	refused = lent_plug(pieces.pages, 0, &lost);
	if (refused != NULL) {
		output_printf(out, "plug-pieces: %s\n", refused);
		return lost;
	}
	if (!in_pieces())
		return 1;
	if (pieces.nr_there > 0) {
		lent_leave(pieces.pages);
		output_printf(out, "plug-pieces: unplug returned false\n");
		return 0;
	}
	lent_return(pieces.pages);
	if (!nothing_leaks(seed))
		return 1;
	output_printf(out, "%zu\n", pieces.nr_pieces);
	return 0;
}
