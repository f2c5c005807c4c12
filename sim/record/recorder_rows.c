/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows of single pages: touched, freed, taken. They are kept aside while they grow and become one record each
 * when anything else is to be written.
 */
#include "sim/record/recorder_internal.h"

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
            recorder_show(rec); /* only after both are written, for the witness may append to them */
    }
}

/* Has the batch an entry, and could one of this kind follow, if there is room? It is asked for each page that moves. */
static inline bool batch_is_open(
    const struct recorder *rec, const struct batch *batch, enum record_type type, unsigned domid)
{
    return batch->count != 0 && batch->type == type && rec->batch_domid == domid &&
           rec->batch_line == rec->line;
}

/* Must what is kept aside be written before an entry of that kind can be added? */
static bool batches_block(
    struct recorder *rec, const struct batch *batch, enum record_type type, unsigned domid)
{
    if (batch->count != 0)
        return !batch_is_open(rec, batch, type, domid) || batch->count == BATCH_ENTRIES_MAX;
    return oldest_batch(rec) != NULL && (rec->batch_domid != domid || rec->batch_line != rec->line);
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

/* Within one entry a page is touched in this order; readers of the entry rely on it. */
#define RANKS(what) \
    (((what)&TOUCH_MAP) != 0) | (((what)&TOUCH_ZERO) != 0) << 1 | (((what)&TOUCH_WRITE) != 0) << 2 | \
        (((what)&TOUCH_READ) != 0) << 3 | (((what)&TOUCH_UNMAP) != 0) << 4
#define RANKS_4(what) RANKS(what), RANKS((what) + 1), RANKS((what) + 2), RANKS((what) + 3)
#define TOUCH_BITS    31u
static const uint8_t touch_ranks[TOUCH_BITS + 1] = {
    RANKS_4(0), RANKS_4(4), RANKS_4(8), RANKS_4(12), RANKS_4(16), RANKS_4(20), RANKS_4(24), RANKS_4(28)};

/* Can `more`, done to the same page, join this entry, so that reading it in that order is still right? */
static inline bool touch_continues(const struct record_touch *last, uint32_t mfn, uint32_t more)
{
    unsigned ranks = touch_ranks[more & TOUCH_BITS];

    return last->mfn == mfn && touch_ranks[last->what & TOUCH_BITS] < (ranks & -ranks);
}

/*
 * The entry to which this can be added: that of the page that is due in the last row, that of the row's first page
 * when the row begins anew, or that of the page touched last. BATCH_ENTRIES_MAX: there is none.
 */
static inline size_t touch_entry(
    const struct recorder *rec, const struct batch *batch, uint32_t mfn, uint32_t what)
{
    const struct record_touch *touches = batch->touches;

    if (rec->row_next < batch->count && touch_continues(&touches[rec->row_next], mfn, what))
        return rec->row_next;
    if (rec->row_begin < batch->count && touch_continues(&touches[rec->row_begin], mfn, what))
        return rec->row_begin;
    return touch_continues(&touches[batch->count - 1], mfn, what) ? batch->count - 1 : BATCH_ENTRIES_MAX;
}

/* Adds to the entries from the first page's on, as long as they are those of this row. Returns how many. */
static size_t touch_again(
    struct recorder *rec, struct batch *batch, const uint32_t *mfns, size_t count, uint32_t what)
{
    struct record_touch *touches = batch->touches;
    size_t at = touch_entry(rec, batch, mfns[0], what), i = 0;

    if (at == BATCH_ENTRIES_MAX)
        return 0;
    while (i < count && at < batch->count && touch_continues(&touches[at], mfns[i], what)) {
        touches[at++].what |= what;
        i++;
    }
    rec->row_next = at;
    rec->row_grows = false;
    return i;
}

static void add_touches(struct batch *batch, const uint32_t *mfns, size_t count, uint32_t what)
{
    struct record_touch *touches = batch->touches + batch->count;

    assert(count <= BATCH_ENTRIES_MAX - batch->count);
    for (size_t i = 0; i < count; i++)
        touches[i] = (struct record_touch){.mfn = mfns[i], .what = what};
    batch->count += count;
}

void recorder_touch_row(
    struct recorder *rec, unsigned domid, uint64_t time_ns, const uint32_t *mfns, size_t count, uint32_t what)
{
    struct batch *batch = &rec->touched;
    size_t i = 0;

    assert(what != 0 && what <= TOUCH_BITS);
    if (count > 0 && batch_is_open(rec, batch, REC_PAGE_TOUCH, domid))
        i = touch_again(rec, batch, mfns, count, what);
    while (i < count) {
        size_t left = count - i, room;

        /* A row that fits into a record stays in one, so that what is done to it next can join it. */
        if (batch->count != 0 && left <= BATCH_ENTRIES_MAX && left > BATCH_ENTRIES_MAX - batch->count)
            recorder_flush(rec);
        if (batch->count == BATCH_ENTRIES_MAX || !batch_is_open(rec, batch, REC_PAGE_TOUCH, domid))
            batch_prepare(rec, batch, REC_PAGE_TOUCH, domid, time_ns);
        if (!rec->row_grows || batch->count == 0)
            rec->row_begin = rec->row_next = batch->count;
        rec->row_grows = true;
        room = BATCH_ENTRIES_MAX - batch->count;
        add_touches(batch, mfns + i, left < room ? left : room, what);
        i += left < room ? left : room;
        rec->row_grows = (what & TOUCH_UNMAP) == 0; /* after an unmap the next touch is another row's */
    }
}

void recorder_touch(struct recorder *rec, unsigned domid, uint64_t time_ns, mfn_t mfn, uint32_t what)
{
    const uint32_t number = (uint32_t)mfn.mfn;

    assert(mfn.mfn <= UINT32_MAX);
    recorder_touch_row(rec, domid, time_ns, &number, 1, what);
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

static bool move_pages(
    struct recorder *rec, enum record_type type, unsigned domid, uint64_t time_ns, pfn_t pfn, uint64_t pages)
{
    struct batch *batch = &rec->moved;
    bool open = batch_is_open(rec, batch, type, domid);

    assert(pages != 0 && pages <= UINT32_MAX);
    assert(pfn.pfn <= UINT32_MAX);
    if (open && run_joins(&batch->runs[batch->count - 1], pfn.pfn, pages))
        return false;
    if (!open || batch->count == BATCH_ENTRIES_MAX)
        batch_prepare(rec, batch, type, domid, time_ns);
    batch->runs[batch->count++] = (struct record_run){.pfn = (uint32_t)pfn.pfn, .pages = (uint32_t)pages};
    return batch->count == 1;
}

void recorder_place_row(struct recorder *rec, unsigned domid)
{
    struct place place;

    if (!recorder_take_place(rec, domid, &place))
        return;
    assert(rec->moved.count != 0 && rec->batch_domid == domid);
    rec->moved.place = place;
    rec->moved.has_place = true;
}

bool recorder_page_free(struct recorder *rec, unsigned domid, uint64_t time_ns, pfn_t pfn, uint64_t pages)
{
    return move_pages(rec, REC_PAGE_FREE, domid, time_ns, pfn, pages);
}

bool recorder_page_alloc(struct recorder *rec, unsigned domid, uint64_t time_ns, pfn_t pfn, uint64_t pages)
{
    return move_pages(rec, REC_PAGE_ALLOC, domid, time_ns, pfn, pages);
}
