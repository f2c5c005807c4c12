/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the guest says of itself, by the interfaces that everybody has: the
 * segments through uvm_physseg's getters, the driver's view through its sysctl
 * nodes. It judges nothing.
 */
#include "guest/netbsd/kern/kern.h"

#include <sys/sysctl.h>
#include <uvm/uvm.h>
#include <xen/xenpmap.h>

/* Two struct vm_pages would be one if they had the same address: each has to
 * say that it is its own frame's. */
static psize_t
distinct_pages(uvm_physseg_t upm, paddr_t start, psize_t pages,
    uint64_t *ballooned)
{
	struct vm_page *first = uvm_physseg_get_pg(upm, 0);
	struct vm_page *last = uvm_physseg_get_pg(upm, (paddr_t)(pages - 1));
	bool array = first != NULL && last == first + (pages - 1);
	psize_t distinct = 0;

	for (psize_t i = 0; i < pages; i++) {
		const struct vm_page *pg = array ? first + i :
		    uvm_physseg_get_pg(upm, (paddr_t)i);

		if (pg == NULL)
			continue;
		if (atop(VM_PAGE_TO_PHYS(pg)) == start + i)
			distinct++;
		if (start + i < boot_block->p2m_entries &&
		    xpmap_phys_to_machine_mapping[start + i] ==
		    INVALID_P2M_ENTRY && (pg->flags & PG_FREE) == 0)
			(*ballooned)++;
	}
	return distinct;
}

void
audit_segments(void)
{
	uvm_physseg_t upm;
	uint64_t ballooned = 0;

	port_note(NOTE_AUDIT_BEGIN, 0, 0, 0);
	for (upm = uvm_physseg_get_first(); uvm_physseg_valid_p(upm);
	    upm = uvm_physseg_get_next(upm)) {
		paddr_t start = uvm_physseg_get_start(upm);
		paddr_t end = uvm_physseg_get_end(upm);
		psize_t distinct = 0;

		if (start < end)
			distinct = distinct_pages(upm, start, end - start,
			    &ballooned);
		port_note(NOTE_SEGMENT, start, end, distinct);
	}
	counters.ballooned_pages = ballooned;
	port_note(NOTE_AUDIT_END, 0, 0, 0);
}

static int
read_number(const char *name, uint64_t *value)
{
	const struct sysctlnode *n;
	const char *bad;
	u_int level;
	union {
		int	i;
		u_quad_t q;
	} v = { .q = 0 };
	size_t bytes = sizeof(v);
	int error;

	n = sysctl_by_name(name, &bad, &level);
	if (n == NULL)
		return ENOENT;
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
		{ NODE_MIN, "machdep.xen.balloon.min" },
		{ NODE_CURRENT, "machdep.xen.balloon.current" },
		{ NODE_TARGET, "machdep.xen.balloon.target" },
		{ NODE_MAX, "machdep.xen.balloon.max" },
	};

	for (size_t i = 0; i < __arraycount(nodes); i++) {
		uint64_t value = 0;
		int error = read_number(nodes[i].name, &value);

		port_note(NOTE_NODE, nodes[i].node, error == 0 ? value : 0,
		    (uint64_t)error);
	}
}

void
audit(void)
{
	audit_segments();
	audit_nodes();
}
