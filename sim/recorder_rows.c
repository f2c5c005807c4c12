/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows of single pages: touched, freed, taken. They are kept aside while they grow and become one record each
 * when anything else is to be written.
 */
#include "sim/recorder_internal.h"

#include <assert.h>

static_assert(sizeof(struct record_touch) == sizeof(struct record_run), "a batch holds either");

static struct batch *oldest_batch(struct recorder *rec)
{
    struct batch *touched = &rec->touched, *moved = &rec->moved;

    if (touched->count == 0 || moved->count == 0)
        return touched->count != 0 ? touched : moved->count != 0 ? moved : NULL;
    return touched->begun < moved->begun ? touched : moved;
}

static void write_batch(struct recorder *rec, struct batch *batch)
{
    struct heading heading = {batch->type, rec->batch_domid, rec->batch_line, batch->time_ns};
    size_t count = batch->count;
    uint64_t event;

    assert(count != 0 && count <= BATCH_ENTRIES_MAX);
    assert(batch == &rec->moved || batch->type == REC_PAGE_TOUCH);
    batch->count = 0;
    event = recorder_write(rec, &heading, NULL, 0, batch->touches, sizeof batch->touches[0], count);
    if (event != 0 && batch->has_place)
        recorder_keep_place(rec, &batch->place, event);
}

void recorder_flush(struct recorder *rec)
{
    struct batch *batch;

    while ((batch = oldest_batch(rec)) != NULL) {
        write_batch(rec, batch);
        if (oldest_batch(rec) == NULL)
            recorder_show(rec); /* both are written before a witness may leave something new behind */
    }
}

/* Must what is kept aside be written before an entry of that kind can be added? */
static bool batches_block(
    struct recorder *rec, const struct batch *batch, enum record_type type, unsigned domid)
{
    if (oldest_batch(rec) == NULL)
        return false;
    return rec->batch_domid != domid || rec->batch_line != rec->line ||
           (batch->count != 0 && (batch->type != type || batch->count == BATCH_ENTRIES_MAX));
}

/* Makes the batch one to which an entry of that kind can be added. */
static void batch_prepare(
    struct recorder *rec, struct batch *batch, enum record_type type, unsigned domid, uint64_t time_ns)
{
    while (batches_block(rec, batch, type, domid))
        recorder_flush(rec);
    if (batch->count == 0) {
        rec->batch_domid = domid;
        rec->batch_line = rec->line;
        batch->type = type;
        batch->begun = rec->batches_begun++;
        batch->time_ns = time_ns;
        batch->has_place = recorder_take_place(rec, domid, &batch->place);
    }
    assert(batch->count < BATCH_ENTRIES_MAX && batch->type == type);
}

/* Within one entry a page is touched in this order; whoever reads the entry may rely on it. */
static const uint32_t touch_order[] = {TOUCH_MAP, TOUCH_ZERO, TOUCH_WRITE, TOUCH_READ, TOUCH_UNMAP};
#define TOUCH_STEPS (sizeof touch_order / sizeof touch_order[0])

/* Could `more` be done to the page after `done`, and still be read back in that order? */
static bool touch_continues(uint32_t done, uint32_t more)
{
    size_t first_of_more = 0, behind_done = TOUCH_STEPS;

    while (first_of_more < TOUCH_STEPS && (more & touch_order[first_of_more]) == 0)
        first_of_more++;
    while (behind_done > 0 && (done & touch_order[behind_done - 1]) == 0)
        behind_done--;
    return first_of_more >= behind_done;
}

void recorder_touch(struct recorder *rec, unsigned domid, uint64_t time_ns, mfn_t mfn, uint32_t what)
{
    struct batch *batch = &rec->touched;
    struct record_touch *last;

    assert(mfn.mfn <= UINT32_MAX);
    assert(what != 0);
    batch_prepare(rec, batch, REC_PAGE_TOUCH, domid, time_ns);
    if (batch->count != 0) {
        last = &batch->touches[batch->count - 1];
        if (last->mfn == mfn.mfn && touch_continues(last->what, what)) {
            last->what |= what;
            return;
        }
    }
    batch->touches[batch->count++] = (struct record_touch){.mfn = (uint32_t)mfn.mfn, .what = what};
}

/* Joins the run to the last one when it begins where that ends, or ends where it begins. */
static bool run_joins(struct record_run *last, uint64_t pfn, uint64_t pages)
{
    if (pages > UINT32_MAX - last->pages)
        return false;
    if (pfn + pages == last->pfn)
        last->pfn = (uint32_t)pfn;
    else if ((uint64_t)last->pfn + last->pages != pfn)
        return false;
    last->pages += (uint32_t)pages;
    return true;
}

static void move_pages(
    struct recorder *rec, enum record_type type, unsigned domid, uint64_t time_ns, pfn_t pfn, uint64_t pages)
{
    struct batch *batch = &rec->moved;

    assert(pages != 0 && pages <= UINT32_MAX);
    assert(pfn.pfn <= UINT32_MAX);
    batch_prepare(rec, batch, type, domid, time_ns);
    if (batch->count != 0 && run_joins(&batch->runs[batch->count - 1], pfn.pfn, pages))
        return;
    batch->runs[batch->count++] = (struct record_run){.pfn = (uint32_t)pfn.pfn, .pages = (uint32_t)pages};
}

void recorder_page_free(struct recorder *rec, unsigned domid, uint64_t time_ns, pfn_t pfn, uint64_t pages)
{
    move_pages(rec, REC_PAGE_FREE, domid, time_ns, pfn, pages);
}

void recorder_page_alloc(struct recorder *rec, unsigned domid, uint64_t time_ns, pfn_t pfn, uint64_t pages)
{
    move_pages(rec, REC_PAGE_ALLOC, domid, time_ns, pfn, pages);
}
