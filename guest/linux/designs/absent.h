/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which pages have no frame, though they are in the allocator or may come back to it at any time: a bit for each page. The P2M would
 * tell it of a PV guest; where Xen translates, a guest has none.
 */
#ifndef LINUX_DESIGNS_ABSENT_H
#define LINUX_DESIGNS_ABSENT_H

#include <linux/types.h>

struct page;

/* Makes room for the bits of the section that the page number is in. False: there is no memory for that. */
bool absent_knows(unsigned long pfn);
bool absent_is(const struct page *page);
void absent_set(const struct page *page);
void absent_clear(const struct page *page);
unsigned long absent_pages(void); /* how many there are */

#endif
