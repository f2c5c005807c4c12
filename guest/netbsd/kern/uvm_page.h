/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the page allocator remembers of the segments.
 */
#ifndef KERN_UVM_PAGE_H
#define KERN_UVM_PAGE_H

#include <sys/types.h>

/* A plug or unplug begins (its frames) or has ended (0 pages). */
void page_segments_changed(paddr_t start, psize_t pages);

#endif /* !KERN_UVM_PAGE_H */
