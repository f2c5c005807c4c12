/* SPDX-License-Identifier: BSD-2-Clause */
/* Bits of pages without a frame (absent.h): for each section a page of them, which is as many as a section has pages. */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/mmzone.h>

#include "guest/linux/designs/absent.h"
#include "guest/linux/kern/runtime.h"

#define SECTIONS 2048 /* 256 GiB */

static unsigned long *bits[SECTIONS];
static unsigned long absent;

unsigned long absent_pages(void)
{
	return absent;
}

bool absent_knows(unsigned long pfn)
{
	const unsigned long section = pfn_to_section_nr(pfn);
	struct page *page;

	BUILD_BUG_ON(PAGES_PER_SECTION != PAGE_SIZE * BITS_PER_BYTE);
	if (section >= SECTIONS)
		return false;
	if (bits[section])
		return true;
	page = pages_take(GFP_KERNEL | __GFP_ZERO, 0);
	if (page)
		bits[section] = page_address(page);
	return page != NULL;
}

bool absent_is(const struct page *page)
{
	const unsigned long pfn = page_to_pfn(page), section = pfn_to_section_nr(pfn);

	return bits[section] && test_bit(pfn % PAGES_PER_SECTION, bits[section]);
}

void absent_set(const struct page *page)
{
	const unsigned long pfn = page_to_pfn(page);

	BUG_ON(__test_and_set_bit(pfn % PAGES_PER_SECTION, bits[pfn_to_section_nr(pfn)]));
	absent++;
}

void absent_clear(const struct page *page)
{
	const unsigned long pfn = page_to_pfn(page);

	BUG_ON(!__test_and_clear_bit(pfn % PAGES_PER_SECTION, bits[pfn_to_section_nr(pfn)]));
	absent--;
}
