/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * allocator-gate-2008: the page allocator asks before it hands a page out, and tosses the page into the balloon when it is refused,
 * as Dave Hansen proposed it in April 2008; here in the first of his two variants, a limit that is checked on the way out.
 *
 * A target above what the guest has moves no frame. It makes page structures, and pages without frames go onto the allocator's free
 * lists; each gets its frame when it is handed out, as long as the guest has less than its target. A guest that does not use its
 * memory does not take it. Below the target pages leave the allocator as in any balloon; those without a frame leave for nothing.
 */
#include <linux/mm.h>
#include <xen/balloon.h>

#include "guest/abi/design.h"
#include "guest/linux/designs/design.h"
#include "guest/linux/designs/gate.h"

DESIGN("allocator-gate-2008", "2008-04",
       "the allocator asks for a frame as it hands a page out, up to a limit");

WAIVER("backed-before-use",
       "pages lie on the free lists without frames, which come when pages are handed out");

bool gate_may_ask(unsigned long pages)
{
	return balloon_stats.current_pages + pages <= balloon_stats.target_pages;
}

struct page *design_page_to_give(void)
{
	return gate_page_to_give();
}
