/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Notes of pages that go to the kernel's allocator or come from it: the harness is told of runs of neighbours instead of
 * single pages. A run waits until any other call leaves the guest (debug_port.h), or until a page comes that is no
 * neighbour of it.
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

void page_note_begin(enum port_note, uint64_t pfn); /* sends the run that waits, and begins another */
void page_notes_flush(void);

/* Adds the page to the run that waits. False: it is no neighbour of it. */
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
