/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What designs share that put a gate behind the page allocator (gate.c): pages may lie on its free lists without a frame, and the
 * host is asked for one when a page is handed out. A page that gets none goes into the balloon, and the next one is tried.
 */
#ifndef LINUX_DESIGNS_GATE_H
#define LINUX_DESIGNS_GATE_H

#include <linux/types.h>

struct page;

/* A design's: may the host be asked for so many frames? */
bool gate_may_ask(unsigned long pages);

/* A page of the allocator that the gate lets pass, with its frame, for giving it up. Those without one go into the balloon. */
struct page *gate_page_to_give(void);

#endif
