/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A backend driver, as far as it is of interest to a balloon: it takes pages without frames, onto which it would map those of other
 * domains, and gives them back. Where they come from is XEN_UNPOPULATED_ALLOC, which Debian's kernel has: a range of
 * addresses that nobody uses. Without it Linux's headers make the driver's own function of the call, and the pages come out of
 * the balloon. Both functions are linked, so that a scenario chooses (unpopulated=off).
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/percpu-refcount.h>
#include <linux/pgtable.h>
#include <linux/slab.h>
#include <linux/swait.h>
#include <xen/balloon.h>
#include <xen/page.h>
#include <xen/xen.h>

#include "bridge.h"
#include "runtime.h"

/* --- what mm/memremap.c asks for, to make struct pages for such a range: one CPU, and the range stays for ever --- */

void __init_swait_queue_head(struct swait_queue_head *queue, const char *name,
			     struct lock_class_key *key)
{
	INIT_LIST_HEAD(&queue->task_list);
}

int percpu_ref_init(struct percpu_ref *ref, percpu_ref_func_t *release, unsigned int flags,
		    gfp_t gfp)
{
	ref->data = kzalloc(sizeof(*ref->data), gfp);
	if (!ref->data)
		return -ENOMEM;
	ref->percpu_count_ptr = __PERCPU_REF_ATOMIC;
	ref->data->release = release;
	ref->data->ref = ref;
	atomic_long_set(&ref->data->count, 1);
	return 0;
}

/* Which caching a mapping has is nothing to a guest without devices. */
unsigned long cachemode2protval(enum page_cache_mode mode)
{
	return 0;
}

/* The same in newer versions. */
int pfnmap_track(unsigned long pfn, unsigned long size, pgprot_t *protection);
int pfnmap_track(unsigned long pfn, unsigned long size, pgprot_t *protection)
{
	return 0;
}

int track_pfn_remap(struct vm_area_struct *vma, pgprot_t *protection, unsigned long pfn,
		    unsigned long address, unsigned long bytes)
{
	return 0;
}

/* --- the pages --- */

#undef MODULE_PARAM_PREFIX
#define MODULE_PARAM_PREFIX "ballast."

static bool unpopulated = true;
module_param(unpopulated, bool, 0444);

/* Of a design that takes the driver's place, and has nothing for backends. */
int __weak xen_alloc_ballooned_pages(unsigned int wanted, struct page **list)
{
	return -ENODEV;
}

void __weak xen_free_ballooned_pages(unsigned int count, struct page **list)
{
}

/*
 * Ranges of the memory map that Xen gave no frames for. In newer versions arch/x86/xen/enlighten.c makes the first pages for
 * other domains' frames out of them, when drivers/xen/unpopulated-alloc.c starts. Where it has taken none, they are the balloon's.
 */
static struct xen_memory_region spare[XEN_EXTRA_MEM_MAX_REGIONS];

/* A kernel without XEN_UNPOPULATED_ALLOC has no function that would start it. */
bool backend_starts_unpopulated(void)
{
	memcpy(spare, xen_extra_mem, sizeof(spare));
	return unpopulated;
}

/* It has written to the struct pages of what it took. Here all of them have room; in a real kernel those of sections without
 * memory have none, and the kernel dies of it. */
void backend_unpopulated_started(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(spare); i++) {
		const unsigned long end = spare[i].start_pfn + spare[i].n_pfns;

		if (xen_extra_mem[i].n_pfns != 0)
			continue;
		for (unsigned long pfn = spare[i].start_pfn; pfn < end;
		     pfn = SECTION_ALIGN_UP(pfn + 1))
			if (!pfn_valid(pfn))
				panic("unable to handle page fault: page %#lx has no struct page",
				      pfn);
	}
}

unsigned long backend_unpopulated_pages(unsigned long pfn, unsigned long end)
{
	unsigned long pages = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(spare); i++) {
		const unsigned long first = max(pfn, spare[i].start_pfn);
		const unsigned long last = min(end, spare[i].start_pfn + spare[i].n_pfns);

		if (first < last && xen_extra_mem[i].n_pfns == 0)
			pages += last - first;
	}
	return pages;
}

static struct page **pages;
static unsigned int nr_pages;

static void give_back(void)
{
	if (unpopulated)
		xen_free_unpopulated_pages(nr_pages, pages);
	else
		xen_free_ballooned_pages(nr_pages, pages);
	kfree(pages);
	nr_pages = 0;
}

/* Those of its pages that are the guest's memory, and have no frame as long as it maps nothing there. */
unsigned long backend_ballooned_pages(void)
{
	return unpopulated ? 0 : nr_pages;
}

/* Gives back what it has, and takes so many. */
int linux_backend(unsigned int wanted)
{
	int error;

	if (nr_pages != 0)
		give_back();
	if (wanted == 0)
		return 0;
	pages = kcalloc(wanted, sizeof(*pages), GFP_KERNEL);
	if (!pages)
		return ENOMEM;
	error = unpopulated ? xen_alloc_unpopulated_pages(wanted, pages)
			    : xen_alloc_ballooned_pages(wanted, pages);
	if (error != 0) {
		kfree(pages);
		return -error;
	}
	nr_pages = wanted;
	return 0;
}
