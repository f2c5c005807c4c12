// SPDX-License-Identifier: BSD-2-Clause
/*
 * Memory that was added and has never gone online: a section is there as a part of a device, and none of its pages can be used
 * until a kernel, a udev rule or a user puts it online. What was online once, and is offline by somebody's wish, is not meant.
 */
#include <linux/bitmap.h>
#include <linux/mm.h>
#include "runtime.h"

#define SECTIONS_KNOWN                                                                             \
	65536 /* 8 TiB in sections of 128 MiB, 256 GiB in those of 4 MiB; of the rest nothing is told */

static DECLARE_BITMAP(waiting, SECTIONS_KNOWN);
static unsigned long nr_waiting;

static void set_waiting(unsigned long pfn, unsigned long pages, bool wait)
{
	const unsigned long first = pfn_to_section_nr(pfn);
	const unsigned long end = pfn_to_section_nr(pfn + pages - 1) + 1;

	for (unsigned long nr = first; nr < end && nr < SECTIONS_KNOWN; nr++) {
		if (test_bit(nr, waiting) == wait)
			continue;
		__change_bit(nr, waiting);
		nr_waiting += wait ? 1 : -1;
	}
}

void added_note(unsigned long pfn, unsigned long pages)
{
	set_waiting(pfn, pages, true);
}

void added_online_or_gone(unsigned long pfn, unsigned long pages)
{
	set_waiting(pfn, pages, false);
}

unsigned long linux_never_online_pages(void)
{
	return nr_waiting * PAGES_PER_SECTION;
}
