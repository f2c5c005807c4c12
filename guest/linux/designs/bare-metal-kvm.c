/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bare-metal-kvm: memory as a machine has it, of which Anthony Liguori said in March 2008 that it suffices for KVM: the host adds a
 * memory module, a rule of udev's puts it online, and takes it offline again. There is no balloon.
 *
 * A module is a section. It has all of its frames before the guest hears of it, so that only whole sections come, and none that the
 * host can't fill. To shrink, the host asks, and a section goes back when user space has got it offline, which the kernel refuses
 * while something unmovable is there. Boot memory stays.
 */
#include <linux/memory_hotplug.h>
#include <linux/mm.h>

#include "guest/abi/design.h"
#include "guest/linux/designs/blocks.h"
#include "guest/linux/designs/design.h"

DESIGN("bare-metal-kvm", "2008-03",
       "modules of a section that udev puts online and offline; no balloon");
WAIVER("last-target-wins",
       "memory comes and goes in modules, and goes when user space has got one offline");

const bool blocks_come_with_frames = true;

void design_start(void)
{
	blocks_start();
}

void design_use(struct page *page, xen_pfn_t frame)
{
	design_map_and_free(page, frame);
}

unsigned long design_grow(unsigned long pages)
{
	return blocks_add(round_down(pages, PAGES_PER_SECTION));
}

/* Asks, and waits for user space. */
long design_shrink(unsigned long pages)
{
	pr_info("the host wants %lu modules back: put them offline\n", pages / PAGES_PER_SECTION);
	return 0;
}

bool design_done(void)
{
	const long credit = design_credit();

	return credit > -(long)PAGES_PER_SECTION && credit < (long)PAGES_PER_SECTION;
}
