/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host's pool of free frames: a buddy heap whose frames come out in the order a real host would
 * give them: neither sorted nor scattered over all of memory.
 *
 * Most of a big host is never touched, so untouched frames are in no list: they lie in windows of 16,384, and the order
 * in which a window is handed out is computed, not stored. A block that comes back goes on the list of its order and is
 * handed out first, last in first out. Single frames are merged into blocks only when a block is wanted and none is
 * there.
 */
#include "sim/host/pool.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/host/frame_table.h"
#include "sim/os_memory.h"
#include "sim/random.h"

/* A window of the pool. */
struct window {
    bool blocks;       /* all of it is in lists or owned: nothing of it is handed out by the permutation */
    uint32_t returned; /* single frames that came back since its buddies were last merged */
    uint32_t touched;  /* a bit for each of its blocks whose entries have memory; kept from run to run */
};

static uint64_t window_mfn(uint64_t window)
{
    return HOST_FIRST_MFN + (window << WINDOW_BITS);
}

static uint64_t window_frames(const struct host *host, uint64_t window)
{
    uint64_t left = host->end_mfn - window_mfn(window);
    return left < WINDOW_FRAMES ? left : WINDOW_FRAMES;
}

static struct window *window_of(struct host *host, uint64_t mfn)
{
    return &host->window[(mfn - HOST_FIRST_MFN) >> WINDOW_BITS];
}

static void pool_begin(struct host *host, uint64_t seed)
{
    host->seed = seed;
    host->free_pages = host->pages;
    host->overhead_pages = 0;
    memset(host->zombies, 0, sizeof host->zombies);
    host->claimed_pages = 0;
    host->extents_left = UINT64_MAX;
    host->window_low = 0;
    host->window_high = host->windows;
    host->window_open = false;
    memset(host->heads, 0, sizeof host->heads);
}

bool pool_init(struct host *host, uint64_t pages, uint64_t seed)
{
    assert(pages > 0);
    memset(host, 0, sizeof *host);
    host->pages = pages;
    host->windows = (pages + WINDOW_FRAMES - 1u) >> WINDOW_BITS;
    host->window = calloc(host->windows, sizeof *host->window);
    if (host->window == NULL || !frame_table_init(host, pages)) {
        free(host->window);
        host->window = NULL;
        return false;
    }
    pool_begin(host, seed);
    return true;
}

uint64_t pool_window_bytes(const struct host *host)
{
    return host->windows * sizeof *host->window;
}

void pool_fini(struct host *host)
{
    frame_table_free(host);
    free(host->window);
    host->window = NULL;
}

/* --- the order inside a window --- */

#define LOW_FRAMES   256u /* a host's first 1 MiB */
#define GROUP_BITS   4u
#define GROUP_MASK   ((1u << GROUP_BITS) - 1u)
#define BLOCK_BITS   9u /* a superpage, which is used up before the next one is broken up */
#define BLOCK_FRAMES (1u << BLOCK_BITS)
#define BLOCK_MASK   (BLOCK_FRAMES - 1u)
_Static_assert(WINDOW_FRAMES / BLOCK_FRAMES <= 32, "a bit for each block of a window");
#define GROUPS_IN_BLOCK (1u << (BLOCK_BITS - GROUP_BITS))

static uint32_t block_start(const struct host *host, uint32_t index);

/* The frames from index on will be taken one after the other: gets memory for their entries in the tables. */
static void touch_block(struct host *host, uint64_t window, uint32_t index)
{
    const uint32_t start = block_start(host, index), bit = 1u << (start >> BLOCK_BITS);
    const uint64_t mfn = window_mfn(window) + start;
    if ((host->window[window].touched & bit) != 0 || mfn + BLOCK_FRAMES > host->end_mfn)
        return;
    host->window[window].touched |= bit;
    os_memory_touch(&host->frames[mfn], BLOCK_FRAMES * sizeof *host->frames);
}

static void window_begin(struct host *host, uint64_t window)
{
    uint64_t frames = window_frames(host, window);
    uint32_t mask = 0;
    assert(window < host->windows && !host->window_open);
    while (mask + 1u < frames)
        mask = mask << 1 | 1u;
    uint64_t key = random_mixed(host->seed ^ random_mixed(window));
    host->window_mask = mask;
    host->window_key[0] = (uint32_t)key | 1u;
    host->window_key[1] = (uint32_t)(key >> 20);
    host->window_key[2] = (uint32_t)(key >> 40) | 1u;
    host->window_next = 0;
    host->window_open = true;
}

/*
 * A bijection of [0, mask]. Blocks of 512 frames come in a mixed order, one after the other, so that what is
 * left of a window still has extents of order 9, as a buddy heap would; in a block, groups of 16 come mixed,
 * and so do the frames of a group: neighbours in the tables of frames are used at about the same time. Odd
 * multiplications and shifted exclusive ors are bijections each.
 */
static uint32_t group_at(const struct host *host, uint32_t index)
{
    uint32_t blocks = host->window_mask >> BLOCK_BITS, block = index >> BLOCK_BITS;
    uint32_t groups = host->window_mask >> GROUP_BITS & (GROUPS_IN_BLOCK - 1u);
    uint32_t group = index >> GROUP_BITS & groups;
    block = (block * host->window_key[0] + host->window_key[1]) & blocks;
    block ^= block >> 2;
    block = (block * host->window_key[2]) & blocks;
    group = (group * host->window_key[2] + host->window_key[1] + block) & groups;
    group ^= group >> 2;
    group = (group * host->window_key[0]) & groups;
    return block << (BLOCK_BITS - GROUP_BITS) | group;
}

/* The factor for an index into a group: 3, 5, 11 or 13, so that frames come neither in ascending nor descending order. */
static inline uint32_t group_step(uint32_t group)
{
    return 0xdb53u >> (group & 3u) * 4u & 0xfu;
}

static uint32_t in_group(const struct host *host, uint32_t group, uint32_t index)
{
    uint32_t place = (index * group_step(group) + group) & GROUP_MASK;
    return (group << GROUP_BITS | place) & host->window_mask;
}

/* The first frame of the block that this index is in; the frames of a block come one after the other. */
static uint32_t block_start(const struct host *host, uint32_t index)
{
    return group_at(host, index) << GROUP_BITS & ~(BLOCK_FRAMES - 1u);
}

/* The next frame of the open window. The permutation is of a power of two, and numbers past the window's end are left
 * out. False: the window has no more. */
static bool window_draw(struct host *host, uint64_t *mfn)
{
    assert(host->window_open && host->window_low > 0);
    uint64_t window = host->window_low - 1u, frames = window_frames(host, window);
    while (host->window_next <= host->window_mask) {
        uint32_t index = host->window_next++;
        if ((index & BLOCK_MASK) == 0)
            touch_block(host, window, index);
        if ((index & GROUP_MASK) == 0)
            host->window_group = group_at(host, index);
        uint32_t offset = in_group(host, host->window_group, index);
        if (offset < frames) {
            *mfn = window_mfn(window) + offset;
            return true;
        }
    }
    host->window_open = false;
    return false;
}

/* Up to count frames of the open window, a group at a time: in the order of window_draw. */
static size_t window_draw_many(struct host *host, uint32_t *mfns, size_t count)
{
    assert(host->window_open && host->window_low > 0);
    const uint64_t window = host->window_low - 1u, frames = window_frames(host, window);
    const uint32_t mask = host->window_mask, first = (uint32_t)window_mfn(window);
    const bool whole = frames > mask;
    size_t drawn = 0;
    uint32_t index = host->window_next;
    while (drawn < count && index <= mask) {
        if ((index & BLOCK_MASK) == 0)
            touch_block(host, window, index);
        if ((index & GROUP_MASK) == 0)
            host->window_group = group_at(host, index);
        const uint32_t group = host->window_group, step = group_step(group);
        const uint32_t base = group << GROUP_BITS;
        if (whole && (index & GROUP_MASK) == 0 && count - drawn > GROUP_MASK && mask > GROUP_MASK) {
            for (uint32_t k = 0, place = group; k <= GROUP_MASK; k++, place += step)
                mfns[drawn + k] = first + (base | (place & GROUP_MASK));
            drawn += GROUP_MASK + 1u;
            index += GROUP_MASK + 1u;
            continue;
        }
        do {
            uint32_t offset = (base | ((index * step + group) & GROUP_MASK)) & mask;
            mfns[drawn] = first + offset;
            drawn += offset < frames;
            index++;
        } while (drawn < count && index <= mask && (index & GROUP_MASK) != 0);
    }
    host->window_next = index;
    if (index > mask && drawn < count)
        host->window_open = false; /* as window_draw does when it finds nothing more */
    return drawn;
}

/* --- free lists --- */

static void list_block(struct host *host, uint64_t mfn, unsigned order)
{
    assert(order <= ORDER_LIMIT);
    struct frame *frame = frame_of(host, mfn);
    uint32_t next = host->heads[order];
    assert(!(frame->flags & FRAME_LISTED));
    frame->flags = FRAME_LISTED;
    frame->order = (uint8_t)order;
    frame->next = next;
    frame->previous = 0;
    if (next != 0)
        host->frames[next].previous = (uint32_t)mfn;
    host->heads[order] = (uint32_t)mfn;
}

static void unlist_block(struct host *host, uint64_t mfn)
{
    struct frame *frame = frame_of(host, mfn);
    assert(frame->flags & FRAME_LISTED);
    if (frame->previous != 0)
        host->frames[frame->previous].next = frame->next;
    else
        host->heads[frame->order] = frame->next;
    if (frame->next != 0)
        host->frames[frame->next].previous = frame->previous;
    frame->previous = 0;
    frame->flags = 0;
}

/* Puts a block on its list, or a bigger one in its place when its buddy is free, too. */
static void list_merged(struct host *host, uint64_t mfn, unsigned order)
{
    while (order < ORDER_LIMIT) {
        uint64_t buddy = mfn ^ (1ull << order);
        if (buddy < HOST_FIRST_MFN || buddy >= host->end_mfn)
            break;
        struct frame *other = frame_of(host, buddy);
        if (!(other->flags & FRAME_LISTED) || other->order != order)
            break;
        unlist_block(host, buddy);
        mfn &= ~(1ull << order);
        order++;
    }
    list_block(host, mfn, order);
}

/* --- blocks --- */

/* The highest untouched window goes on the lists, as the biggest blocks that fit. */
static void carve_window(struct host *host)
{
    assert(host->window_low < host->window_high);
    uint64_t window = --host->window_high;
    uint64_t mfn = window_mfn(window), end = mfn + window_frames(host, window);
    host->window[window].blocks = true;
    while (mfn < end) {
        unsigned order = WINDOW_BITS;
        while ((mfn & ((1ull << order) - 1u)) != 0 || mfn + (1ull << order) > end)
            order--;
        list_merged(host, mfn, order);
        mfn += 1ull << order;
    }
}

/* What is left of the open window goes on the list of single frames, to be merged. */
static void close_window(struct host *host)
{
    struct window *window = &host->window[host->window_low - 1u];
    uint64_t mfn;
    while (window_draw(host, &mfn)) {
        list_block(host, mfn, 0);
        window->returned++;
    }
    window->blocks = true;
}

/* Merges the window's free buddies, from the smallest blocks up. */
static void merge_window(struct host *host, uint64_t window)
{
    uint64_t start = window_mfn(window), end = start + window_frames(host, window);
    for (unsigned order = 0; order < WINDOW_BITS; order++) {
        uint64_t half = 1ull << order;
        for (uint64_t mfn = start; mfn + 2 * half <= end; mfn += 2 * half) {
            const struct frame *low = frame_of(host, mfn), *high = frame_of(host, mfn + half);
            if (!(low->flags & high->flags & FRAME_LISTED) || low->order != order || high->order != order)
                continue;
            unlist_block(host, mfn);
            unlist_block(host, mfn + half);
            list_block(host, mfn, order + 1u);
        }
    }
    const struct frame *first = frame_of(host, start);
    if ((first->flags & FRAME_LISTED) && first->order == WINDOW_BITS) {
        unlist_block(host, start);
        list_merged(host, start, WINDOW_BITS);
    }
    host->window[window].returned = 0;
}

/* Takes a block off the lists, splitting a bigger one; 0 when there is none. */
static uint64_t take_listed(struct host *host, unsigned order)
{
    unsigned from = order;
    while (from <= ORDER_LIMIT && host->heads[from] == 0)
        from++;
    if (from > ORDER_LIMIT)
        return 0;
    uint64_t mfn = host->heads[from];
    unlist_block(host, mfn);
    while (from > order) {
        from--;
        list_block(host, mfn + (1ull << from), from);
    }
    return mfn;
}

static uint64_t take_block(struct host *host, unsigned order)
{
    uint64_t mfn = take_listed(host, order);
    while (mfn == 0 && host->window_low < host->window_high) {
        carve_window(host);
        mfn = take_listed(host, order);
    }
    if (mfn != 0)
        return mfn;
    /* All that is free is scattered: put it together, one window after the other. */
    if (host->window_open)
        close_window(host);
    for (uint64_t window = 0; mfn == 0 && window < host->windows; window++) {
        if (host->window[window].returned == 0)
            continue;
        merge_window(host, window);
        mfn = take_listed(host, order);
    }
    return mfn;
}

static uint64_t take_single(struct host *host)
{
    uint64_t mfn = host->heads[0];
    if (mfn != 0) {
        unlist_block(host, mfn);
        return mfn;
    }
    for (;;) {
        if (host->window_open && window_draw(host, &mfn))
            return mfn;
        if (host->window_low == host->window_high)
            return take_listed(host, 0);
        window_begin(host, host->window_low++);
    }
}

uint64_t pool_take(struct host *host, unsigned order)
{
    assert(order <= ORDER_LIMIT);
    if (host->free_pages < 1ull << order)
        return 0;
    if (order > 0 && host->extents_left == 0)
        return 0;
    uint64_t mfn = order == 0 ? take_single(host) : take_block(host, order);
    if (mfn == 0)
        return 0;
    assert((mfn & ((1ull << order) - 1u)) == 0);
    if (order > 0)
        host->extents_left--;
    host->free_pages -= 1ull << order;
    return mfn;
}

struct range {
    uint64_t first_mfn, end_mfn;
};

/*
 * The frames that so many address bits can name. A real host's memory begins at 1 MiB (measured: with 21 bits there are 256
 * frames) and is given away from its upper end down. The model's begins at HOST_FIRST_MFN and is given away from there
 * up; to a limit below that, its uppermost frames count as if they were a real host's lowest ones.
 */
static struct range addressable(const struct host *host, unsigned address_bits)
{
    const uint64_t end =
        address_bits == 0 || address_bits >= 63u ? UINT64_MAX : (1ull << address_bits) >> PAGE_SHIFT_BITS;
    if (end > HOST_FIRST_MFN)
        return (struct range){0, end};
    const uint64_t count = end > LOW_FRAMES ? end - LOW_FRAMES : 0;
    return (struct range){host->end_mfn - (count < host->pages ? count : host->pages), host->end_mfn};
}

/* Puts all frames that nobody has on the lists. */
static void list_everything(struct host *host)
{
    while (host->window_low < host->window_high)
        carve_window(host);
    if (host->window_open)
        close_window(host);
    for (uint64_t window = 0; window < host->windows; window++) {
        if (host->window[window].returned != 0)
            merge_window(host, window);
    }
}

/* A place for so large a block in a listed one; 0: it has none in the range. */
static uint64_t place_in(
    const struct host *host, uint64_t listed_mfn, unsigned order, const struct range *range)
{
    const uint64_t pages = 1ull << order, end = listed_mfn + (1ull << host->frames[listed_mfn].order);
    const uint64_t lowest = round_up(range->first_mfn, pages);
    const uint64_t mfn = listed_mfn > lowest ? listed_mfn : lowest;
    return mfn + pages <= end && mfn + pages <= range->end_mfn ? mfn : 0;
}

/* Takes a block at this place out of the listed one around it. */
static void take_out(struct host *host, uint64_t listed_mfn, uint64_t mfn, unsigned order)
{
    unsigned from = frame_of(host, listed_mfn)->order;
    assert(from >= order && mfn >= listed_mfn);
    unlist_block(host, listed_mfn);
    while (from > order) {
        const uint64_t upper_mfn = listed_mfn + (1ull << --from);
        list_block(host, mfn >= upper_mfn ? listed_mfn : upper_mfn, from);
        listed_mfn = mfn >= upper_mfn ? upper_mfn : listed_mfn;
    }
    assert(listed_mfn == mfn);
}

static uint64_t take_listed_in(struct host *host, unsigned order, const struct range *range)
{
    for (unsigned from = order; from <= ORDER_LIMIT; from++) {
        for (uint64_t listed = host->heads[from]; listed != 0; listed = host->frames[listed].next) {
            const uint64_t mfn = place_in(host, listed, order, range);
            if (mfn == 0)
                continue;
            take_out(host, listed, mfn, order);
            return mfn;
        }
    }
    return 0;
}

uint64_t pool_take_below(struct host *host, unsigned order, unsigned address_bits)
{
    const struct range range = addressable(host, address_bits);
    if (range.first_mfn == 0 && range.end_mfn >= host->end_mfn)
        return pool_take(host, order);
    if (host->free_pages < 1ull << order || host->extents_left == 0)
        return 0;
    uint64_t mfn = take_listed_in(host, order, &range);
    if (mfn == 0) {
        list_everything(host);
        mfn = take_listed_in(host, order, &range);
    }
    if (mfn == 0)
        return 0;
    if (host->extents_left != UINT64_MAX)
        host->extents_left--;
    host->free_pages -= 1ull << order;
    assert(mfn >= range.first_mfn && mfn + (1ull << order) <= range.end_mfn);
    return mfn;
}

size_t pool_take_singles(struct host *host, uint32_t *mfns, size_t count)
{
    size_t taken = 0;
    if (count > host->free_pages)
        count = (size_t)host->free_pages;
    while (taken < count) {
        if (host->heads[0] == 0 && host->window_open) {
            taken += window_draw_many(host, mfns + taken, count - taken);
        } else {
            uint64_t mfn = take_single(host);
            assert(mfn != 0);
            mfns[taken++] = (uint32_t)mfn;
        }
    }
    host->free_pages -= taken;
    return taken;
}

void pool_put(struct host *host, uint64_t mfn)
{
    assert(mfn >= HOST_FIRST_MFN);
    assert(frame_of(host, mfn)->owner != 0);
    host->frames[mfn].owner = 0;
    host->frames[mfn].flags = 0;
    list_block(host, mfn, 0);
    window_of(host, mfn)->returned++;
    host->free_pages++;
}

/* Neighbours in the list mostly lie in one window, as when they were given. */
void pool_put_many(struct host *host, uint32_t *window_pages, const uint32_t *mfns, size_t count)
{
    struct frame *frames = host->frames;
    uint64_t *m2p = host->m2p;
    uint32_t head = host->heads[0];
    size_t i = 0;
    while (i < count) {
        uint32_t mfn = mfns[i];
        const uint64_t window = window_number(mfn);
        const size_t begin = i;
        do {
            struct frame *frame = &frames[mfn];
            assert(frame->state == 0);
            m2p[mfn] = PFN_NONE.pfn;
            frame->state = FRAME_STATE(0, 0, FRAME_LISTED);
            frame->next = head;
            frame->previous = 0;
            frames[head].previous = mfn; /* head 0 is no frame of the pool: no harm done */
            head = mfn;
        } while (++i < count && window_number(mfn = mfns[i]) == window);
        assert(window_pages[window] >= i - begin);
        window_pages[window] -= (uint32_t)(i - begin);
        host->window[window].returned += (uint32_t)(i - begin);
    }
    frames[0].previous = 0;
    host->heads[0] = head;
    host->free_pages += count;
}

void pool_return(struct host *host, uint64_t mfn, unsigned order)
{
    for (uint64_t i = 0; i < 1ull << order; i++) {
        assert(frame_of(host, mfn + i)->owner == 0);
        list_block(host, mfn + i, 0);
        window_of(host, mfn + i)->returned++;
        host->free_pages++;
    }
}

/* --- over all that was touched --- */

/* Has so little of the open window been used that going over those frames is cheaper than over all of it? */
static bool little_used(const struct host *host, uint64_t window)
{
    return host->window_open && window == host->window_low - 1u &&
           host->window_next <= host->window_mask / 4u;
}

static void forget_frames(struct host *host, uint64_t mfn, uint64_t frames)
{
    memset(&host->frames[mfn], 0, frames * sizeof(struct frame));
    memset(&host->m2p[mfn], 0, frames * sizeof(uint64_t));
}

/* Makes the frames at that offset untouched again, as far as the window reaches. */
static void forget_row(struct host *host, uint64_t start, uint64_t offset, uint64_t frames)
{
    if (offset < frames)
        forget_frames(host, start + offset, frames - offset < BLOCK_FRAMES ? frames - offset : BLOCK_FRAMES);
}

static void forget_window(struct host *host, uint64_t window)
{
    uint64_t start = window_mfn(window), frames = window_frames(host, window);
    if (little_used(host, window)) {
        for (uint32_t i = 0; i < host->window_next; i += BLOCK_FRAMES)
            forget_row(host, start, block_start(host, i), frames);
    } else {
        forget_frames(host, start, frames);
    }
    host->window[window] = (struct window){.touched = host->window[window].touched};
}

bool pool_reset(struct host *host, uint64_t pages, uint64_t seed)
{
    if (pages != host->pages) {
        pool_fini(host);
        return pool_init(host, pages, seed);
    }
    for (uint64_t window = 0; window < host->window_low; window++)
        forget_window(host, window);
    for (uint64_t window = host->window_high; window < host->windows; window++)
        forget_window(host, window);
    pool_begin(host, seed);
    return true;
}

/* A function of its own, so that the compiler unrolls the loop. */
static uint64_t count_owned(const struct frame *frames, uint64_t count)
{
    uint64_t owned = 0, i = 0;
    for (; i + 4u <= count; i += 4u)
        owned += (uint64_t)(frames[i].owner != 0) + (frames[i + 1u].owner != 0) +
                 (frames[i + 2u].owner != 0) + (frames[i + 3u].owner != 0);
    for (; i < count; i++)
        owned += frames[i].owner != 0;
    return owned;
}

static uint64_t count_free_in(const struct host *host, uint64_t window)
{
    uint64_t start = window_mfn(window), frames = window_frames(host, window), taken = 0;
    if (little_used(host, window)) {
        for (uint32_t i = 0; i < host->window_next; i += BLOCK_FRAMES) {
            uint64_t from = block_start(host, i),
                     end = from + BLOCK_FRAMES < frames ? from + BLOCK_FRAMES : frames;
            taken += from < end ? count_owned(&host->frames[start + from], end - from) : 0;
        }
    } else {
        taken = count_owned(&host->frames[start], frames);
    }
    return frames - taken;
}

uint64_t pool_count_free(const struct host *host)
{
    uint64_t free_pages = 0;
    for (uint64_t window = 0; window < host->windows; window++) {
        bool untouched = window >= host->window_low && window < host->window_high;
        free_pages += untouched ? window_frames(host, window) : count_free_in(host, window);
    }
    return free_pages;
}
