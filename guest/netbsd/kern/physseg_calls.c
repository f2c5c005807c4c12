/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The calls of plug and unplug on their way from the driver to physseg code:
 * the linker's --wrap sends each here first. Faults are injected and both ends
 * of a call are told, and what is allocated inside is known to be physseg's.
 */
#include "guest/netbsd/kern/physseg_calls.h"

#include <sys/param.h>
#include <uvm/uvm.h>

#include "guest/lib/debug_port.h"
#include "guest/lib/guards.h"
#include "guest/netbsd/kern/audit.h"
#include "guest/netbsd/kern/description.h"
#include "guest/netbsd/kern/kernel_memory.h"
#include "guest/netbsd/kern/thread.h"
#include "guest/netbsd/kern/uvm_page.h"

bool __real_uvm_physseg_plug(paddr_t, size_t, uvm_physseg_t *);
bool __real_uvm_physseg_unplug(paddr_t, size_t);
bool __wrap_uvm_physseg_plug(paddr_t, size_t, uvm_physseg_t *);
bool __wrap_uvm_physseg_unplug(paddr_t, size_t);

uint64_t physseg_changes;
u_int physseg_stale_handles;

void
physseg_enter(void)
{
	current_lwp->l_physseg_depth++;
}

void
physseg_leave(void)
{
	KASSERT(current_lwp->l_physseg_depth > 0);
	current_lwp->l_physseg_depth--;
}

bool
__wrap_uvm_physseg_plug(paddr_t pfn, size_t pages, uvm_physseg_t *upmp)
{
	bool ok = false;

	physseg_changes++;
	port_note(NOTE_PLUG_BEGIN, pfn, pages, 0);
	if (port_fault(FAULT_SITE_UVM_PHYSSEG_PLUG, pfn, pages) == 0) {
		physseg_enter();
		page_segments_changed(pfn, pages);
		ok = __real_uvm_physseg_plug(pfn, pages, upmp);
		guards_check((uintptr_t)__real_uvm_physseg_plug);
		page_segments_changed(0, 0);
		physseg_leave();
	}
	if (ok)
		counters.managed_pages += pages;
	port_note(NOTE_PLUG_END, pfn, pages, ok);
	if (!ok)
		audit_segments();
	return ok;
}

/* The handle of the segment that is just these pages; else one of none. */
static uvm_physseg_t
whole_segment(paddr_t pfn, size_t pages)
{
	const uvm_physseg_t upm = uvm_physseg_find(pfn, NULL);

#ifndef UVM_HOTPLUG
	return UVM_PHYSSEG_TYPE_INVALID; /* a number, which is the next one's afterwards */
#endif
	return uvm_physseg_valid_p(upm) && uvm_physseg_get_start(upm) == pfn &&
		       uvm_physseg_get_end(upm) == pfn + pages
		   ? upm
		   : UVM_PHYSSEG_TYPE_INVALID;
}

bool
__wrap_uvm_physseg_unplug(paddr_t pfn, size_t pages)
{
	const uvm_physseg_t upm = whole_segment(pfn, pages);
	const bool whole = uvm_physseg_valid_p(upm);
	bool ok = false;

	physseg_changes++;
	port_note(NOTE_UNPLUG_BEGIN, pfn, pages, 0);
	if (port_fault(FAULT_SITE_UVM_PHYSSEG_UNPLUG, pfn, pages) == 0) {
		physseg_enter();
		kernel_pages_unplug(pfn, pfn + pages);
		ok = __real_uvm_physseg_unplug(pfn, pages);
		guards_check((uintptr_t)__real_uvm_physseg_unplug);
		kernel_pages_unplugged(ok);
		if (ok && whole && uvm_physseg_valid_p(upm))
			physseg_stale_handles++;
		page_segments_changed(0, 0);
		physseg_leave();
	}
	if (ok)
		counters.managed_pages -= pages;
	port_note(NOTE_UNPLUG_END, pfn, pages, ok);
	if (!ok)
		audit_segments();
	return ok;
}
