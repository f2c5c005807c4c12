/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The pages that the kernel's own memory takes. What kmem and pools give out
 * lies in the boot image's heap; here it is paid for, page by page, with pages
 * of UVM's, which are in use meanwhile.
 */
#ifndef KERN_KERNEL_MEMORY_H
#define KERN_KERNEL_MEMORY_H

#include <sys/types.h>

/* Whole pages. False, and nothing is taken: so many aren't free, and the caller
 * doesn't wait. */
bool kernel_pages_take(size_t pages, bool wait);
void kernel_pages_give(size_t pages);

/* Any number of bytes: a page and more is rounded up to pages, what is smaller
 * shares pages. */
bool kernel_bytes_take(size_t bytes, bool wait);
void kernel_bytes_give(size_t bytes);

size_t kernel_pages_taken(void); /* how many pages are the kernel's own now */
extern size_t workload_pages;	 /* and how many a workload has */

/* An allocation failed, and no fault was injected. */
void kernel_memory_failed(void);

/*
 * Around an unplug of [start, end): its pages are set aside, and come back if
 * it fails. If it succeeds they are lost, and the caller is told.
 */
void kernel_pages_unplug(paddr_t start, paddr_t end);
void kernel_pages_unplugged(bool ok);

#endif /* !KERN_KERNEL_MEMORY_H */
