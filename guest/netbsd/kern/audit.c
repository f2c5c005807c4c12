/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the guest says of itself when it is asked: its segments, by the public
 * getters of uvm_physseg, and the driver's view, by its sysctl nodes. Nothing
 * is judged here.
 */
#include "guest/netbsd/kern/audit.h"

#include <sys/param.h>
#include <sys/sysctl.h>
#include <uvm/uvm.h>
#include <xen/xenpmap.h>

#include "guest/lib/boot_block.h"
#include "guest/lib/debug_port.h"
#include "guest/lib/guards.h"
#include "guest/lib/quarantine.h"
#include "guest/netbsd/kern/description.h"
#include "guest/netbsd/kern/file_pages.h"
#include "guest/netbsd/kern/kernel_memory.h"
#include "guest/netbsd/kern/kmem.h"
#include "guest/netbsd/kern/physseg_calls.h"
#include "guest/netbsd/kern/uvm_page.h"
#include "guest/netbsd/kern/pmap.h"
#include "guest/netbsd/kern/pool.h"
#include "guest/netbsd/kern/sysctl.h"

/* balloon(4): the node min stays so many pages above freemin. */
#define MIN_RESERVE 256

/* The loop that follows runs over all pages: eight rounds are done at once. */
#ifdef __clang__
#define UNROLLED _Pragma("unroll 8")
#else
#define UNROLLED _Pragma("GCC unroll 8")
#endif

/*
 * The value of physseg_changes at the last audit that found a struct vm_page of
 * its own for each page.
 */
static uint64_t sound_at = ~0ull;

/*
 * The pages of one segment. When their struct vm_pages are an array, they need
 * not be asked for one by one.
 */
struct pages {
	uvm_physseg_t upm;
	struct vm_page *array; /* NULL: they are no array */
	paddr_t start, end;
};

static void
pages_find(struct pages *p, uvm_physseg_t upm)
{
	struct vm_page *last;

	p->upm = upm;
	p->start = uvm_physseg_get_start(upm);
	p->end = MAX(uvm_physseg_get_end(upm), p->start);
	p->array = NULL;
	if (p->start == p->end)
		return;
	p->array = uvm_physseg_get_pg(upm, 0);
	last = uvm_physseg_get_pg(upm, p->end - p->start - 1);
	if (last != p->array + (p->end - p->start - 1))
		p->array = NULL;
}

static struct vm_page *
page_at(const struct pages *p, paddr_t pfn)
{
	return p->array != NULL ? p->array + (pfn - p->start)
				: uvm_physseg_get_pg(p->upm, pfn - p->start);
}

/*
 * The case that nearly always holds, in one loop: each struct vm_page of an
 * array names its own frame.
 */
static bool
pages_are_themselves(const struct pages *p)
{
	const psize_t npages = p->end - p->start;
	paddr_t odd = 0;

	if (p->array == NULL)
		return false;
	UNROLLED
	for (psize_t i = 0; i < npages; i++)
		odd |= p->array[i].phys_addr ^ ptoa(p->start + i);
	return atop(odd) == 0;
}

/*
 * How many pages have a struct vm_page of their own. Of two that share one, at
 * least one finds that it names another frame.
 */
static psize_t
distinct_pages(const struct pages *p)
{
	psize_t distinct = 0;

	if (pages_are_themselves(p))
		return p->end - p->start;
	for (paddr_t pfn = p->start; pfn < p->end; pfn++) {
		const struct vm_page *pg = page_at(p, pfn);

		if (pg != NULL && atop(pg->phys_addr) == pfn)
			distinct++;
	}
	return distinct;
}

#define P2M_AT_ONCE 8

/*
 * An invalid entry has all bits set, and no frame has a number with the highest
 * bit: one comparison looks at eight entries.
 */
static __inline bool
all_valid(const unsigned long *p2m)
{
	return (long)(p2m[0] | p2m[1] | p2m[2] | p2m[3] | p2m[4] | p2m[5] |
		      p2m[6] | p2m[7]) >= 0;
}

static __inline bool
page_is_ballooned(const struct pages *p, const unsigned long *p2m, paddr_t pfn)
{
	const struct vm_page *pg;

	if (p2m[pfn] != INVALID_P2M_ENTRY)
		return false;
	pg = page_at(p, pfn);
	return pg != NULL && (pg->flags & PG_FREE) == 0;
}

/* Eight entries with all bits set: is there no frame behind any of them? */
static __inline bool
all_invalid(const unsigned long *p2m)
{
	return (p2m[0] & p2m[1] & p2m[2] & p2m[3] & p2m[4] & p2m[5] & p2m[6] &
		   p2m[7]) == INVALID_P2M_ENTRY;
}

/* The number of such pages among npages of an array. */
static psize_t
ballooned_of(const struct vm_page *pg, const unsigned long *p2m, psize_t npages)
{
	psize_t ballooned = 0;
	uint32_t in_list = 0;

	if (npages == P2M_AT_ONCE && all_invalid(p2m)) {
		UNROLLED
		for (psize_t i = 0; i < P2M_AT_ONCE; i++)
			in_list += pg[i].flags & PG_FREE;
		return npages - in_list / PG_FREE;
	}
	for (psize_t i = 0; i < npages; i++)
		ballooned +=
		    p2m[i] == INVALID_P2M_ENTRY && (pg[i].flags & PG_FREE) == 0;
	return ballooned;
}

/* The number of pages that are in use and have no frame behind them. */
static psize_t
ballooned_pages(const struct pages *p)
{
	const unsigned long *p2m = xpmap_phys_to_machine_mapping;
	paddr_t next, end = MIN(p->end, p2m_entries);
	psize_t ballooned = 0;

	for (paddr_t pfn = p->start; pfn < end; pfn = next) {
		next = MIN(pfn + P2M_AT_ONCE, end);
		if (next == pfn + P2M_AT_ONCE && all_valid(p2m + pfn))
			continue;
		if (p->array != NULL)
			ballooned += ballooned_of(
			    page_at(p, pfn), p2m + pfn, next - pfn);
		else
			for (; pfn < next; pfn++)
				ballooned += page_is_ballooned(p, p2m, pfn);
	}
	return ballooned;
}

/*
 * Every page is looked at when segments changed since the last audit, or when
 * that found something wrong. Else only the ballooned ones are counted.
 */
void
audit_segments(void)
{
	bool again = sound_at == physseg_changes, sound = true;
	uvm_physseg_t upm;
	uint64_t ballooned = 0;

	port_note(NOTE_AUDIT_BEGIN, physmem, (uint64_t)uvmexp.npages, 0);
	for (upm = uvm_physseg_get_first(); uvm_physseg_valid_p(upm);
	     upm = uvm_physseg_get_next(upm)) {
		struct pages p;
		psize_t distinct;

		pages_find(&p, upm);
		distinct = again ? p.end - p.start : distinct_pages(&p);
		sound &= distinct == p.end - p.start;
		ballooned += ballooned_pages(&p);
		port_note(
		    NOTE_SEGMENT, p.start, uvm_physseg_get_end(upm), distinct);
	}
	sound_at = sound ? physseg_changes : ~0ull;
	counters.ballooned_pages = ballooned;
	counters.highest_function =
	    (uint64_t)(uintptr_t)uvm_physseg_get_highest_frame;
	counters.valid_function = (uint64_t)(uintptr_t)uvm_physseg_valid_p;
	port_note(NOTE_AUDIT_END, uvm_physseg_get_highest_frame() + 1,
	    physseg_stale_handles,
	    uvm_page_slab_bytes + counters.segment_live_bytes);
}

static int
read_number(const char *name, uint64_t *value, uint64_t *function)
{
	const struct sysctlnode *n;
	const char *bad;
	u_int level;
	union {
		int i;
		u_quad_t q;
	} v = {.q = 0};
	size_t bytes = sizeof(v);
	int error;

	n = sysctl_by_name(name, &bad, &level);
	if (n == NULL)
		return ENOENT;
	*function = (uint64_t)(uintptr_t)n->sysctl_func;
	error = sysctl_read_node(n, &v, &bytes);
	*value = bytes == sizeof(v.i) ? (uint64_t)v.i : v.q;
	return error;
}

static void
audit_nodes(void)
{
	static const struct {
		enum port_node node;
		const char *name;
	} nodes[] = {
#define X(id, word, name) {NODE_##id, name},
	    NETBSD_NODES(X)
#undef X
	};

	for (size_t i = 0; i < __arraycount(nodes); i++) {
		uint64_t value = 0;
		int error = read_number(nodes[i].name, &value,
		    &counters.node_functions[nodes[i].node]);

		port_note(NOTE_NODE, nodes[i].node, error == 0 ? value : 0,
		    (uint64_t)error);
	}
}

static uint64_t boot_pages; /* of segments, in use when boot was over */

void
audit_booted(void)
{
	const uint64_t known = (uint64_t)uvmexp.free + kernel_pages_taken();

	KASSERT(known <= counters.managed_pages);
	boot_pages = counters.managed_pages - known;
}

void
audit(void)
{
	quarantine_check();
	guards_check(0);
	kmem_check_red_zones();
	pool_check_all();
	counters.says_whose = 1;
	counters.known_pages = boot_pages + kernel_pages_taken() +
			       workload_pages + (uint64_t)uvmexp.filepages;
	counters.least_min_pages = (uint64_t)uvmexp.freemin + MIN_RESERVE;
	counters.kept_at = kmem_site_grown();
	audit_segments();
	if (file_pages_reclaimed() != 0)
		port_note(NOTE_RECLAIMED, file_pages_reclaimed(), 0, 0);
	if (pages_asked_in_vain != 0)
		port_note(NOTE_IN_VAIN, pages_asked_in_vain, 0, 0);
	audit_nodes();
}
