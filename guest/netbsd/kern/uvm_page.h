/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the page allocator remembers of the segments, and what the kernel's own
 * memory needs of it.
 */
#ifndef KERN_UVM_PAGE_H
#define KERN_UVM_PAGE_H

#include <sys/types.h>

struct vm_page;

extern size_t uvm_page_slab_bytes; /* of the struct vm_pages of boot memory */
/* By the driver, when none was to be had; since boot. */
extern uint64_t pages_asked_in_vain;

/* A plug or unplug begins (its frames) or has ended (0 pages). */
void page_segments_changed(paddr_t start, psize_t pages);

/* Pages for the kernel's own memory, in front of a list; one of them back. */
void page_take_many(size_t pages, struct vm_page **first);
void page_give_back(struct vm_page *);

/* Sleeps until a page was freed, or page_wake() was called. */
void page_wait(const char *wmsg);
void page_wake(void);

#endif /* !KERN_UVM_PAGE_H */
