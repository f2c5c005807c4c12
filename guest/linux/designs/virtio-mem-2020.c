/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtio-mem-2020: a device that has memory to plug in blocks of a few MiB, David Hildenbrand's virtio-mem, in Linux since 5.8 of 2020.
 *
 * The driver is Linux's own drivers/virtio/virtio_mem.c: it adds whole memory blocks, puts the device's blocks that it plugged into
 * use, and keeps the others as if they were ballooned. This file is the device: a region behind boot memory as large as maxmem
 * allows. The target in xenstore is what the host requests, above boot memory; below it nothing goes. A block that is plugged is
 * populated and mapped in one piece of work, and one that the host can't fill is BUSY: the driver tries again by its own timer.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/virtio_ids.h>
#include <linux/virtio_mem.h>
#include <asm/tlbflush.h>
#include <asm/xen/page.h>
#include <xen/balloon.h>
#include <xen/features.h>
#include <xen/mem-reservation.h>
#include <xen/xen.h>
#include "internal.h" /* of mm */

#include "guest/abi/design.h"
#include "guest/linux/designs/virtio.h"
#include "guest/linux/kern/bridge.h"

DESIGN("virtio-mem-2020", "2020-06",
       "a device plugs blocks of 4 MiB into memory blocks, by Linux's own driver");
WAIVER("last-target-wins", "memory comes and goes in blocks of 4 MiB, and boot memory stays");

#define BLOCK_BYTES SZ_4M
#define BLOCK_PAGES (BLOCK_BYTES / PAGE_SIZE)
#define BLOCKS	    16384 /* 64 GiB */

struct balloon_stats balloon_stats;

static struct virtio_mem_config config = {.block_size = BLOCK_BYTES};
static DECLARE_BITMAP(plugged, BLOCKS);
static xen_pfn_t frames[BLOCK_PAGES];
static struct page *pages[BLOCK_PAGES];
static unsigned long rest_pfn, max_boot_pfn; /* of the memory map, and not filled yet */

static unsigned long first_block(u64 address)
{
	return (address - config.addr) / BLOCK_BYTES;
}

static unsigned long pfn_of(unsigned long block)
{
	return PFN_DOWN(config.addr) + block * BLOCK_PAGES;
}

static void list_pages(unsigned long pfn)
{
	for (unsigned long i = 0; i < BLOCK_PAGES; i++) {
		pages[i] = pfn_to_page(pfn + i);
		frames[i] = pfn + i;
	}
}

static void give_back(unsigned long n)
{
	BUG_ON(n != 0 && xenmem_reservation_decrease(n, frames) != n);
}

static bool populate(unsigned long pfn)
{
	int given;

	list_pages(pfn);
	given = xenmem_reservation_increase(BLOCK_PAGES, frames);
	if (given != BLOCK_PAGES) {
		give_back(max(given, 0));
		return false;
	}
	xenmem_reservation_va_mapping_update(BLOCK_PAGES, pages, frames);
	balloon_stats.current_pages += BLOCK_PAGES;
	return true;
}

static bool plug(unsigned long block)
{
	if (!populate(pfn_of(block)))
		return false;
	config.plugged_size += BLOCK_BYTES;
	__set_bit(block, plugged);
	return true;
}

static void unplug(unsigned long block)
{
	list_pages(pfn_of(block));
	for (unsigned long i = 0; i < BLOCK_PAGES; i++) {
		xenmem_reservation_scrub_page(pages[i]);
		frames[i] = xen_page_to_gfn(pages[i]);
	}
	xenmem_reservation_va_mapping_reset(BLOCK_PAGES, pages);
	flush_tlb_all();
	give_back(BLOCK_PAGES);
	balloon_stats.current_pages -= BLOCK_PAGES;
	config.plugged_size -= BLOCK_BYTES;
	__clear_bit(block, plugged);
}

/* All of the blocks or none. */
static u16 plug_all(unsigned long first, unsigned int n)
{
	unsigned long block = first;

	if (config.plugged_size + (u64)n * BLOCK_BYTES > config.requested_size)
		return VIRTIO_MEM_RESP_NACK;
	while (block < first + n && plug(block))
		block++;
	if (block == first + n)
		return VIRTIO_MEM_RESP_ACK;
	pr_info("virtio-mem: the host has no memory for a block of 4 MiB\n");
	while (block > first)
		unplug(--block);
	return VIRTIO_MEM_RESP_BUSY;
}

static u16 unplug_all(unsigned long first, unsigned long end)
{
	for (unsigned long block = first; block < end; block++)
		if (test_bit(block, plugged))
			unplug(block);
	return VIRTIO_MEM_RESP_ACK;
}

/* Takes a range that is free off its lists, as single pages. 0: a page of it is in use. */
unsigned long isolate_freepages_range(struct compact_control *control, unsigned long first,
				      unsigned long end)
{
	unsigned long pfn = first;

	while (pfn < end) {
		struct page *page = pfn_to_page(pfn);
		unsigned int order;

		if (!PageBuddy(page))
			return 0;
		order = buddy_order(page);
		if (!__isolate_free_page(page, order))
			return 0;
		post_alloc_hook(page, order, __GFP_MOVABLE);
		if (order)
			split_page(page, order);
		pfn += 1ul << order;
	}
	return pfn;
}

static u32 answer(unsigned int queue, struct scatterlist **pieces, unsigned int count)
{
	const struct virtio_mem_req *ask = sg_virt(pieces[0]);
	struct virtio_mem_resp *say = sg_virt(pieces[1]);
	const unsigned long first = first_block(ask->u.plug.addr);

	BUG_ON(count != 2);
	if (ask->type == VIRTIO_MEM_REQ_PLUG)
		say->type = plug_all(first, ask->u.plug.nb_blocks);
	else if (ask->type == VIRTIO_MEM_REQ_UNPLUG)
		say->type = unplug_all(first, first + ask->u.unplug.nb_blocks);
	else if (ask->type == VIRTIO_MEM_REQ_UNPLUG_ALL)
		say->type = unplug_all(0, config.region_size / BLOCK_BYTES);
	else
		say->type = VIRTIO_MEM_RESP_ERROR;
	return sizeof(*say);
}

static void written(unsigned int offset)
{
	BUG(); /* the driver only reads */
}

struct virtio_model virtio_model = {
	.id = VIRTIO_ID_MEM,
	.config = &config,
	.config_bytes = sizeof(config),
	.answer = answer,
	.written = written,
};

/* What a PV guest's memory map has beyond its memory is filled first, and stays. */
static void fill_map(unsigned long target)
{
	while (rest_pfn + BLOCK_PAGES <= max_boot_pfn &&
	       balloon_stats.current_pages + BLOCK_PAGES <= target && populate(rest_pfn)) {
		for (unsigned long i = 0; i < BLOCK_PAGES; i++) {
			__ClearPageOffline(pages[i]);
			free_reserved_page(pages[i]);
		}
		rest_pfn += BLOCK_PAGES;
		balloon_stats.total_pages += BLOCK_PAGES;
	}
}

void balloon_set_new_target(unsigned long target)
{
	unsigned long more;

	fill_map(target);
	more = target - min(target, balloon_stats.total_pages);
	balloon_stats.target_pages = target;
	config.requested_size =
		min(config.region_size, (u64)PFN_PHYS(round_down(more, BLOCK_PAGES)));
	if (target < balloon_stats.total_pages)
		pr_info("virtio-mem: boot memory of %lu pages stays: target %lu\n",
			balloon_stats.total_pages, target);
	virtio_changed();
}

/* The region begins with a memory block, and ends where maxmem does. */
static int __init device_init(void)
{
	const unsigned long first = SECTION_ALIGN_UP(max_pfn);
	const unsigned long end = min(bridge.direct_pages, first + BLOCKS * BLOCK_PAGES);

	config.addr = PFN_PHYS(first);
	config.region_size = PFN_PHYS(round_down(end - min(first, end), PAGES_PER_SECTION));
	config.usable_region_size = config.region_size;
	balloon_stats.total_pages =
		xen_pv_domain() ? min(xen_start_info->nr_pages, max_pfn) : get_num_physpages();
	balloon_stats.current_pages = balloon_stats.target_pages = balloon_stats.total_pages;
	max_boot_pfn = max_pfn;
	rest_pfn = xen_pv_domain() ? xen_start_info->nr_pages : max_pfn;
	for (unsigned long pfn = rest_pfn; pfn < max_pfn; pfn++)
		__SetPageOffline(pfn_to_page(pfn));
	xen_balloon_init();
	return 0;
}
subsys_initcall(device_init);

static int __init device_said(void)
{
	pr_info("virtio-mem: %llu MiB may be plugged\n", config.region_size / SZ_1M);
	return 0;
}
late_initcall_sync(device_said);
