/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a kernel looks at without getting it: pages of a range that is to go offline, or that a driver wants whole, until it gives up,
 * as mm/page_isolation.c goes through them (guest/linux/shadow/looked_at.h); and pages that a balloon asks of the allocator.
 */
#include <linux/bug.h>

#include "bridge.h"
#include "runtime.h"

unsigned long ballast_pages_looked_at;
static unsigned long in_vain; /* since boot */

unsigned long vain_begin(void)
{
	return ballast_pages_looked_at;
}

void vain_end(unsigned long begun, int error)
{
	BUG_ON(begun > ballast_pages_looked_at);
	if (error)
		in_vain += ballast_pages_looked_at - begun;
}

void vain_asked(unsigned long pages)
{
	in_vain += pages;
}

void vain_tell(void)
{
	if (in_vain != 0)
		bridge_note_in_vain(in_vain);
}
