/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pages that go to the kernel's allocator and come from it one by one are told to the harness in runs of
 * neighbours. A run waits until anything else leaves the guest (debug_port.h) or a page comes that isn't its
 * neighbour.
 */
#ifndef GUEST_LIB_PAGE_NOTES_H
#define GUEST_LIB_PAGE_NOTES_H

#include <stdbool.h>
#include <stdint.h>

#include "guest/abi/port.h"

extern struct page_run {
    enum port_note kind; /* NOTE_PAGE_FREE or NOTE_PAGE_ALLOC; 0: nothing waits */
    uint64_t first, end; /* pfns [first, end) */
} page_run;

void page_note_begin(enum port_note, uint64_t pfn); /* tells the run that waits, and begins another */
void page_notes_flush(void);

/* True: the page is a neighbour of the run that waits, and belongs to it now. */
static inline bool page_note_joins(enum port_note kind, uint64_t pfn)
{
    if (page_run.kind != kind)
        return false;
    if (pfn == page_run.end)
        page_run.end++;
    else if (pfn + 1 == page_run.first)
        page_run.first = pfn;
    else
        return false;
    return true;
}

#endif
