/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a design over Linux's memory management brings to the balloon that all of them share (design.c): where memory comes
 * from when no page is ballooned, and in which order a page is given its frame and handed to the allocator. A design's file
 * takes the place of drivers/xen/balloon.c; xen-balloon.c, mem-reservation.c and all of mm are Linux's own.
 */
#ifndef LINUX_DESIGNS_DESIGN_H
#define LINUX_DESIGNS_DESIGN_H

#include <linux/memory_hotplug.h>
#include <linux/types.h>
#include <xen/interface/xen.h>

struct page;
struct resource;

/* --- a design's --- */

/* Called once, before the thread and before any target. */
void design_start(void);
/*
 * More memory is wanted than there are ballooned pages for. Gives how many pages the reservation has grown by, or how many
 * pages were put on the list for later. 0: nothing came of it, and it is asked again after a pause.
 */
unsigned long design_grow(unsigned long pages);
/* Pages of the list have got frames: each is to be mapped and freed. */
void design_use(struct page *page, xen_pfn_t frame);

/*
 * These may be left out: design.c has them as most designs want them. Steps give how many pages they moved; after 0 there is a
 * pause. A page to give up comes from the allocator. A design is done when its target is reached.
 */
struct page *design_page_to_give(void);
long design_shrink(unsigned long pages);
long design_refill(unsigned long pages); /* there are ballooned pages */
bool design_done(void);

/* --- for designs --- */

long design_credit(void); /* pages to the target; below 0: the guest has more */

/* Takes a page off the list of ballooned ones; NULL: there is none. */
struct page *design_take_first(void);
/* Puts a page there that has lost its frame, or did not get one; the thread looks after a pause whether it can be had again. */
void design_toss(struct page *page);

/* A free range of addresses for that many pages, a multiple of a section; NULL: there is none. */
struct resource *design_region(unsigned long pages);
/* Adds the range as memory, which goes online at once. False: it was refused, and the range is dropped. */
bool design_add(struct resource *region);
/* The same of a range without frames, as the P2M says then, and of whole sections for so many pages. Gives the pages, or 0. */
bool design_add_unbacked(struct resource *region);
unsigned long design_plug_unbacked(unsigned long pages);
/* All frames of a range, bound in the P2M, or none of them; and gives them back, of pages that nothing maps. */
bool design_populate(unsigned long pfn, unsigned long pages);
void design_give_back(unsigned long pfn, unsigned long pages);
/* Gives back the frames of memory that went offline: its pages are mapped, and a workload's contents may be in them. */
void design_empty(unsigned long pfn, unsigned long pages);
/*
 * Whole sections with all of their frames: a range is found, Xen is asked for its frames, and it is added. Gives the pages, or
 * 0: when Xen has too few, all of them go back. Their pages go online by design_online_backed, a callback of memory hot-plug.
 */
unsigned long design_plug_backed(unsigned long pages);
/* The same of memory that has to go online: where somebody refuses that, it is removed, and its frames go back. */
unsigned long design_plug_online(unsigned long pages, mhp_t flags);
void design_online_backed(struct page *page, unsigned int order);
/* The order that Xen wants: the frame is in the P2M and mapped before the allocator has the page. */
void design_map_and_free(struct page *page, xen_pfn_t frame);
/* A page of memory that has just gone online, without a frame: it is ballooned from now on. */
void design_append(struct page *page);

#endif
