/* SPDX-License-Identifier: BSD-2-Clause */
/* The run of pages that waits to be sent as a note. */
#include "guest/lib/page_notes.h"
#include "guest/lib/assert.h"

struct page_run page_run;

void page_notes_flush(void)
{
    enum port_note kind = page_run.kind;

    if (kind == 0)
        return;
    ASSERT(page_run.first < page_run.end);
    page_run.kind = 0;
    kernel_update_counters();
    (void)debug_port(PORT_NOTE, kind, page_run.first, page_run.end - page_run.first, 0);
}

void page_note_begin(enum port_note kind, uint64_t pfn)
{
    page_notes_flush();
    ASSERT(page_run.kind == 0);
    page_run.kind = kind;
    page_run.first = pfn;
    page_run.end = pfn + 1;
}
