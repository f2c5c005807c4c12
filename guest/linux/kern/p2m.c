/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The P2M as one flat table, behind the names of arch/x86/xen/p2m.c: the real one builds page tables for it. Beyond the
 * table's end there is no P2M, and set_phys_to_machine() says so, as the real one does past its own limit. Pages without
 * a frame of the domain's are invalid in the table, identity-mapped ones as well: the checkers read it. Where Xen translates,
 * Linux has no P2M, and the table only tells the runtime's own code that each page is its own gfn.
 */
#include <linux/memblock.h>
#include <linux/mm.h>
#include <xen/features.h>
#include <xen/interface/xen.h>
#include <xen/page.h>
#include <xen/xen.h>
#include <asm/xen/hypervisor.h>

#include "bridge.h"
#include "runtime.h"

unsigned long *xen_p2m_addr;
unsigned long xen_p2m_size, xen_max_p2m_pfn;
unsigned long *machine_to_phys_mapping;
unsigned long machine_to_phys_nr;

void p2m_init(void)
{
	const bool translated = xen_feature(XENFEAT_auto_translated_physmap);

	xen_p2m_addr = bridge.p2m;
	xen_p2m_size = translated ? 0 : bridge.direct_pages;
	xen_max_p2m_pfn = translated ? 0 : bridge.boot_pages;
	machine_to_phys_mapping = (unsigned long *)bridge.m2p;
	machine_to_phys_nr = bridge.m2p_entries;
	for (unsigned long pfn = 0; pfn < bridge.direct_pages; pfn++)
		bridge.p2m[pfn] = translated		     ? pfn
				  : pfn < bridge.p2m_entries ? bridge.builder_p2m[pfn]
							     : INVALID_P2M_ENTRY;
	if (!translated)
		bridge_publish_p2m(bridge.p2m, bridge.direct_pages);
}

unsigned long get_phys_to_machine(unsigned long pfn)
{
	return pfn < xen_p2m_size ? xen_p2m_addr[pfn] : IDENTITY_FRAME(pfn);
}

bool __set_phys_to_machine(unsigned long pfn, unsigned long mfn)
{
	if (pfn >= xen_p2m_size)
		return mfn == INVALID_P2M_ENTRY || mfn == IDENTITY_FRAME(pfn);
	xen_p2m_addr[pfn] = mfn;
	return true;
}

bool set_phys_to_machine(unsigned long pfn, unsigned long mfn)
{
	return pfn < xen_p2m_size && __set_phys_to_machine(pfn, mfn);
}

unsigned long __init set_phys_range_identity(unsigned long first, unsigned long end)
{
	for (unsigned long pfn = first; pfn < min(end, xen_p2m_size); pfn++)
		xen_p2m_addr[pfn] = INVALID_P2M_ENTRY;
	return first < end ? end - first : 0;
}

/* What a page has held while it showed a frame. */
struct shown {
	struct shown *before;
	unsigned long mfn;
	char contents[PAGE_SIZE];
};

static struct shown *shown_as(unsigned long mfn)
{
	static struct shown *last;
	struct shown *shown = last;

	while (shown && shown->mfn != mfn)
		shown = shown->before;
	if (shown)
		return shown;
	shown = bridge_table(sizeof(*shown));
	shown->mfn = mfn;
	shown->before = last;
	last = shown;
	return shown;
}

/*
 * Has the page at a virtual address show another frame. setup.c does it with one page of its image, to keep notes in the frames
 * that it is going to move. Nothing is really mapped there: the notes are put aside, and those of the other frame come in their
 * place. They can't be left in the frames, for setup.c unmaps these from the direct map before it reads its notes again.
 */
void set_pte_mfn(unsigned long address, unsigned long mfn, pgprot_t protection)
{
	static struct shown *shown; /* NULL: the image's own */
	void *page = (void *)address;
	const bool own = mfn == virt_to_mfn(page);

	BUG_ON(!PAGE_ALIGNED(address) || (!own && mfn >= machine_to_phys_nr));
	if (shown)
		memcpy(shown->contents, page, PAGE_SIZE);
	shown = own ? NULL : shown_as(mfn);
	if (shown)
		memcpy(page, shown->contents, PAGE_SIZE);
}

int xen_alloc_p2m_entry(unsigned long pfn)
{
	return pfn < xen_p2m_size ? 0 : -ENOMEM;
}

/* Where ACPI's tables would be in the way of the kernel: none are. Newer versions have it. */
void xen_do_remap_nonram(void);
void xen_do_remap_nonram(void)
{
}
