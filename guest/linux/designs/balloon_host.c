/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host's side of a virtio balloon (balloon_host.h): its request is the domain's target in xenstore, Xen stands for its memory.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/virtio_balloon.h>
#include <linux/virtio_ids.h>
#include <asm/xen/page.h>
#include <xen/balloon.h>
#include <xen/mem-reservation.h>
#include <xen/xen.h>

#include "guest/linux/designs/absent.h"
#include "guest/linux/designs/balloon_host.h"
#include "guest/linux/designs/virtio.h"
#include "guest/linux/kern/runtime.h"

#define NAMED_PAGES 256 /* by one buffer of the driver's */

struct balloon_stats balloon_stats;

static struct virtio_balloon_config config;
static unsigned long inflated; /* pages without a frame in the balloon */
static unsigned long touched;  /* since the last request */

enum { INFLATE, DEFLATE }; /* queues of the driver's; those of what was not offered have no names */

/* Their frames go back to Xen. */
static void drop(struct page **pages, unsigned int n)
{
	static xen_pfn_t frames[NAMED_PAGES];

	for (unsigned int i = 0; i < n; i++) {
		xenmem_reservation_scrub_page(pages[i]); /* as a host does before others get it */
		frames[i] = xen_page_to_gfn(pages[i]);
		xenmem_reservation_va_mapping_reset(1, &pages[i]);
		absent_set(pages[i]);
	}
	BUG_ON(n != 0 && xenmem_reservation_decrease(n, frames) != n);
	balloon_stats.current_pages -= n;
}

/* Frames for pages that have none. A host without any ends its guest, as a control group without swap does. */
static void back(struct page **pages, unsigned int n)
{
	static xen_pfn_t frames[NAMED_PAGES];

	for (unsigned int i = 0; i < n; i++)
		frames[i] = page_to_pfn(pages[i]);
	if (xenmem_reservation_increase(n, frames) != n)
		panic("page %#lx is touched, and the host has no frame for it",
		      page_to_pfn(pages[0]));
	xenmem_reservation_va_mapping_update(n, pages, frames);
	for (unsigned int i = 0; i < n; i++)
		absent_clear(pages[i]);
	balloon_stats.current_pages += n;
}

void linux_touched(struct page *page, unsigned int order)
{
	struct page *at = page;

	for (; at < page + (1ul << order); at++)
		if (absent_is(at)) {
			back(&at, 1);
			touched++;
			/* For the harness it comes from the allocator only now that it has a frame. */
			pages_note(true, page_to_pfn(at), 1);
			pages_note(false, page_to_pfn(at), 1);
		}
}

/* Pages that the guest has taken back and not touched yet. */
unsigned long linux_absent_pages(void)
{
	return absent_pages() - inflated;
}

/* Pages of the balloon: their numbers stand in the buffer. */
static void named(unsigned int queue, const u32 *pfns, unsigned int n)
{
	static struct page *pages[NAMED_PAGES];

	BUG_ON(n > NAMED_PAGES);
	for (unsigned int i = 0; i < n; i++)
		pages[i] = pfn_to_page(pfns[i]);
	if (queue == INFLATE) {
		drop(pages, n);
		inflated += n;
		return;
	}
	inflated -= n;
	if (xen_pv_domain())
		back(pages, n); /* it wanted to be told before */
}

/* Free pages of the allocator's: the buffer is what they hold. */
static void reported(struct scatterlist *piece)
{
	static struct page *pages[NAMED_PAGES];
	unsigned int n = 0;

	for (; piece; piece = sg_next(piece))
		for (unsigned int i = 0; i < PFN_DOWN(piece->length); i++) {
			if (!absent_is(sg_page(piece) + i))
				pages[n++] = sg_page(piece) + i;
			if (n == NAMED_PAGES) {
				drop(pages, n);
				n = 0;
			}
		}
	drop(pages, n);
}

static u32 answer(unsigned int queue, struct scatterlist **pieces, unsigned int count)
{
	BUG_ON(count != 1);
	if (queue == INFLATE || queue == DEFLATE)
		named(queue, sg_virt(pieces[0]), pieces[0]->length / sizeof(u32));
	else
		reported(pieces[0]);
	return 0;
}

static void written(unsigned int offset)
{
	if (offset == offsetof(struct virtio_balloon_config, actual) &&
	    config.actual == config.num_pages)
		pr_info("host: %lu pages are Uz, %lu of them in the balloon\n", absent_pages(),
			inflated);
}

struct virtio_model virtio_model __ro_after_init = {
	.id = VIRTIO_ID_BALLOON,
	.config = &config,
	.config_bytes = sizeof(config),
	.answer = answer,
	.written = written,
};

/* The host's request: so many pages of those that the guest has are to be in the balloon. */
void balloon_set_new_target(unsigned long target)
{
	const unsigned long most = balloon_stats.total_pages;

	if (target > most)
		pr_info("host: the guest has %lu pages and gets no more by hints: target %lu\n",
			most, target);
	balloon_stats.target_pages = target;
	config.num_pages = most - min(most, target);
	pr_info("host: asks for %u pages to go from Up to Uz; %lu went back when they were "
		"touched\n",
		config.num_pages, touched);
	touched = 0;
	virtio_changed();
}

/* What a PV guest's memory map has beyond its pages is nobody's to name. */
static void __init leave_extra(void)
{
	for (unsigned long pfn = xen_pv_domain() ? xen_start_info->nr_pages : max_pfn;
	     pfn < max_pfn; pfn++)
		__SetPageOffline(pfn_to_page(pfn));
}

static int __init host_init(void)
{
	virtio_model.features = balloon_host_features();
	balloon_stats.total_pages =
		xen_pv_domain() ? min(xen_start_info->nr_pages, max_pfn) : get_num_physpages();
	balloon_stats.current_pages = balloon_stats.target_pages = balloon_stats.total_pages;
	for (unsigned long pfn = 0; pfn < max_pfn; pfn += PAGES_PER_SECTION)
		BUG_ON(!absent_knows(pfn));
	leave_extra();
	xen_balloon_init();
	return 0;
}
subsys_initcall(host_init);

/* A guest that began with promises only has to name its unused pages before others use them. */
static int __init host_wait(void)
{
	while (!xen_pv_domain() && config.actual != config.num_pages)
		schedule_timeout_interruptible(HZ / 10);
	return 0;
}
late_initcall_sync(host_wait);
