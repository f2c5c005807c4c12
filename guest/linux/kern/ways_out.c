/* SPDX-License-Identifier: BSD-2-Clause */
/* The runtime's ways out, for the half that is compiled against Linux's headers: notes, faults, texts, frames to zero. */
#include "guest/abi/port.h"
#include "guest/abi/sites.h"
#include "guest/lib/assert.h"
#include "guest/lib/boot_block.h"
#include "guest/lib/debug_port.h"
#include "guest/lib/format.h"
#include "guest/lib/page_notes.h"
#include "guest/lib/string.h"
#include "guest/lib/window.h"
#include "guest/linux/kern/bridge.h"

void bridge_log(const char *text, unsigned long bytes)
{
	(void)port_call(PORT_LOG, (unsigned long)text, bytes, 0, 0);
}

void bridge_die(const char *text, unsigned long bytes)
{
	for (;;)
		(void)debug_port(PORT_PANIC, (unsigned long)text, bytes, 0, 0);
}

void bridge_misuse(const char *text)
{
	(void)port_call(PORT_MISUSE, (unsigned long)text, strlen(text), 0, 0);
}

int bridge_schedule(void)
{
	return port_call(PORT_SCHEDULE, 0, 0, 0, 0) == 1;
}

void bridge_publish_p2m(unsigned long *p2m, unsigned long entries)
{
	if (port_call(PORT_PUBLISH, PORT_P2M, (unsigned long)p2m, entries, 0) != 0)
		panic("start: Linux's P2M was not accepted");
}

void bridge_publish_agent(unsigned int port)
{
	(void)port_call(PORT_PUBLISH, PORT_AGENT_EVTCHN, 0, port, 0);
}

unsigned long bridge_format(char *text, unsigned long room, const char *format,
			    __builtin_va_list arguments)
{
	return format_text(text, room, format, arguments);
}

void bridge_note_page(int freed, unsigned long pfn)
{
	enum port_note kind = freed ? NOTE_PAGE_FREE : NOTE_PAGE_ALLOC;

	if (!page_note_joins(kind, pfn))
		page_note_begin(kind, pfn);
}

void bridge_note_boot(unsigned long pfn, unsigned long end, unsigned long struct_bytes)
{
	ASSERT(pfn < end);
	port_note(NOTE_PHYSLOAD, pfn, end, struct_bytes);
}

void bridge_note_plug(int begin, unsigned long pfn, unsigned long pages, int ok)
{
	port_note(begin ? NOTE_PLUG_BEGIN : NOTE_PLUG_END, pfn, pages, (uint64_t)ok);
}

void bridge_note_unplug(int begin, unsigned long pfn, unsigned long pages, int ok)
{
	port_note(begin ? NOTE_UNPLUG_BEGIN : NOTE_UNPLUG_END, pfn, pages, (uint64_t)ok);
}

void bridge_note_sleep(int by_driver)
{
	port_note(NOTE_SLEEP, (uint64_t)by_driver, 0, 0);
}

void bridge_note_attached(int attached)
{
	port_note(NOTE_ATTACHED, (uint64_t)attached, 0, 0);
}

void bridge_note_audit_begin(unsigned long present, unsigned long managed, unsigned long fragmented)
{
	port_note(NOTE_AUDIT_BEGIN, present, managed, fragmented + 1);
}

void bridge_note_audit_end(unsigned long struct_bytes, unsigned long unpopulated)
{
	counters.ballooned_pages = linux_ballooned_pages();
	counters.lent_pages = unpopulated;
	port_note(NOTE_AUDIT_END, 0, 0, struct_bytes);
}

void bridge_note_reclaimed(unsigned long pages)
{
	port_note(NOTE_RECLAIMED, pages, 0, 0);
}

void bridge_note_in_vain(unsigned long pages)
{
	port_note(NOTE_IN_VAIN, pages, 0, 0);
}

void bridge_note_segment(unsigned long pfn, unsigned long end, unsigned long structs)
{
	port_note(NOTE_SEGMENT, pfn, end, structs);
}

void bridge_note_node(int target, unsigned long kib, int error)
{
	port_note(NOTE_NODE, target ? NODE_TARGET : NODE_CURRENT, kib, (uint64_t)error);
}

void bridge_note_target(unsigned long kib)
{
	port_note(NOTE_TARGET, kib, 0, 0);
}

int bridge_fault(enum bridge_site site, unsigned long pfn, unsigned long amount)
{
	return port_fault(FAULT_SITE_OF_KERNEL + (unsigned)site, pfn, amount);
}

/*
 * Frames that wait to be zeroed. Nobody can tell when a frame is zeroed as long as it is before the next call that leaves
 * the guest, and sixty-four at once cost as much as one.
 */
static uint64_t zero_mfns[WINDOW_BATCH];
static unsigned nr_zero;
static uint64_t zero_pfns[WINDOW_BATCH];

void bridge_zero_flush(void)
{
	const unsigned n = nr_zero;

	if (n == 0)
		return;
	ASSERT(n <= WINDOW_BATCH);
	nr_zero = 0;
	if (window_zero(zero_mfns, n))
		return;
	for (unsigned i = 0; i < n; i++)
		window_write(zero_pfns[i], 0);
}

void bridge_use_page(unsigned long pfn)
{
	window_write(pfn, 1);
}

void bridge_write_page(unsigned long pfn, unsigned long word)
{
	window_write(pfn, word);
}

unsigned long bridge_read_page(unsigned long pfn)
{
	return window_read(pfn);
}

void bridge_copy_page(unsigned long from, unsigned long to)
{
	window_write(to, window_read(from));
}

void bridge_zero_frame(unsigned long pfn)
{
	ASSERT(nr_zero < WINDOW_BATCH);
	if (bridge.p2m[pfn] == P2M_NO_FRAME)
		panic("page %#lx is cleared, and has no frame", pfn);
	zero_mfns[nr_zero] = bridge.p2m[pfn];
	zero_pfns[nr_zero++] = pfn;
	if (nr_zero == WINDOW_BATCH)
		bridge_zero_flush();
}
