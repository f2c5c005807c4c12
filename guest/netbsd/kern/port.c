/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The way out of the guest: hypercalls, and calls of the debug port. Notes of
 * pages that wait (page_note in kern.h) leave before anything else does.
 */
#include "guest/netbsd/kern/kern.h"

#include <uvm/uvm_extern.h>

struct page_run page_run;
volatile uint64_t fault_mask = ~0ull;

/* Numbers that change all the time are read when somebody may look. */
static void
counters_refresh(void)
{
	counters.free_pages = (uint64_t)uvmexp.free;
	counters.npages = (uint64_t)uvmexp.npages;
	counters.physmem_pages = physmem;
	counters.pa_end_pfn = atop(pmap_pa_end);
}

void
page_notes_flush(void)
{
	enum port_note kind = page_run.kind;

	if (kind == 0)
		return;
	page_run.kind = 0;
	counters_refresh();
	(void)debug_port(
	    PORT_NOTE, kind, page_run.first, page_run.end - page_run.first, 0);
}

void
page_note_begin(enum port_note kind, paddr_t pfn)
{
	page_notes_flush();
	page_run.kind = kind;
	page_run.first = pfn;
	page_run.end = pfn + 1;
}

long
port_call(enum port_op op, unsigned long a1, unsigned long a2, unsigned long a3,
    unsigned long a4)
{
	page_notes_flush();
	counters_refresh();
	return debug_port(op, a1, a2, a3, a4);
}

void
port_note(enum port_note kind, uint64_t a, uint64_t b, uint64_t c)
{
	(void)port_call(PORT_NOTE, kind, a, b, c);
}

void
port_init(void)
{
	if (port_call(PORT_PUBLISH, PORT_COUNTERS, (unsigned long)&counters, 1,
		0) != 0)
		panic("port: the counters were not accepted");
	if (port_call(PORT_PUBLISH, PORT_FAULT_MASK, (unsigned long)&fault_mask,
		1, 0) != 0)
		fault_mask = ~0ull;
}

/* 0, or the error with which the scenario wants this call refused. */
int
port_fault(enum fault_site site, uint64_t pfn, uint64_t amount)
{
	if ((fault_mask & 1ull << site) == 0)
		return 0;
	return (int)port_call(PORT_FAULT, site, pfn, amount, 0);
}

uint64_t
port_clock_ns(void)
{
	return (uint64_t)port_call(PORT_CLOCK, 0, 0, 0, 0);
}

/* A lock, a condition variable or memory was used as it must not be. */
void
port_misuse(const char *fmt, ...)
{
	char text[160];
	va_list ap;
	size_t bytes;

	va_start(ap, fmt);
	bytes = format_text(text, sizeof(text), fmt, ap);
	va_end(ap);
	(void)port_call(PORT_MISUSE, (unsigned long)text,
	    MIN(bytes, sizeof(text) - 1), 0, 0);
}

/* The counters are right, but notes of pages go on waiting: for calls that are
 * about contents only. */
long
port_call_quietly(enum port_op op, unsigned long a1, unsigned long a2,
    unsigned long a3, unsigned long a4)
{
	counters_refresh();
	return debug_port(op, a1, a2, a3, a4);
}

long
xen_hypercall_quietly(unsigned long op, unsigned long a1, unsigned long a2,
    unsigned long a3, unsigned long a4)
{
	counters_refresh();
	return hypercall(op, a1, a2, a3, a4);
}

long
xen_hypercall(unsigned long op, unsigned long a1, unsigned long a2,
    unsigned long a3, unsigned long a4)
{
	page_notes_flush();
	counters_refresh();
	return hypercall(op, a1, a2, a3, a4);
}
