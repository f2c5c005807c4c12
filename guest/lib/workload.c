/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A workload: it takes pages from the kernel's allocator, writes into each a pattern that no other page ever had,
 * and reads it back. Pages stay taken until `release`.
 */
#include "guest/lib/workload.h"
#include "guest/abi/paging.h"
#include "guest/lib/assert.h"
#include "guest/lib/debug_port.h"
#include "guest/lib/string.h"
#include "guest/lib/window.h"

static struct kernel_page *held; /* a list, the page taken last first; a page's word keeps its generation */
static uint64_t held_pages;
static uint64_t generation; /* how many pages were ever taken */

/* The pattern for a page: unique to page and generation, and never 0, which a zeroed page holds. */
static uint64_t stamp_of(struct kernel_page *page)
{
    uint64_t x = *kernel_page_word(page) << 40 ^ kernel_page_pfn(page);

    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
    x = (x ^ x >> 27) * 0x94d049bb133111ebull;
    return x == 0 ? 1 : x;
}

static bool take_page(void)
{
    struct kernel_page *page = kernel_page_take();

    if (page == NULL)
        return false;
    ASSERT((held == NULL) == (held_pages == 0));
    *kernel_page_word(page) = ++generation;
    *kernel_page_link(page) = held;
    held = page;
    held_pages++;
    window_write(kernel_page_pfn(page), stamp_of(page));
    kernel_schedule_point();
    return true;
}

static bool page_intact(struct kernel_page *page)
{
    uint64_t wanted = stamp_of(page), seen = window_read(kernel_page_pfn(page));

    if (seen == wanted)
        return true;
    port_note(NOTE_DATA_LOST, kernel_page_pfn(page), wanted, seen);
    return false;
}

static void give_page(void)
{
    struct kernel_page *page = held;

    ASSERT(page != NULL);
    ASSERT(held_pages > 0);
    held = *kernel_page_link(page);
    held_pages--;
    kernel_page_give(page);
    kernel_schedule_point();
}

bool workload_amount(const char *text, uint64_t *pages)
{
    char *end;
    uint64_t n = strtoull(text, &end, 10);

    if (end == text)
        return false;
    switch (*end++) {
    case '%':
        *pages = kernel_free_pages() * (n < 100 ? n : 100) / 100;
        break;
    case 'p':
        *pages = n;
        break;
    case 'k':
        *pages = n >> (PAGE_SHIFT_BITS - 10);
        break;
    case 'm':
        *pages = n << (20 - PAGE_SHIFT_BITS);
        break;
    case 'g':
        *pages = n << (30 - PAGE_SHIFT_BITS);
        break;
    default:
        return false;
    }
    return *end == '\0';
}

static uint64_t take_pages(uint64_t pages)
{
    uint64_t taken = 0;

    while (taken < pages && take_page())
        taken++;
    return taken;
}

int workload_hold(struct output *out, const char *args)
{
    char word[24];
    uint64_t pages, taken;

    (void)text_word(args, word, sizeof word);
    if (!workload_amount(word, &pages)) {
        output_printf(out, "hold: how much? 80%% of what is free, or 20m, or 100p\n");
        return 1;
    }
    taken = take_pages(pages);
    if (taken < pages)
        output_printf(
            out, "hold: %lu pages were asked for, %lu could be had; %lu held\n", pages, taken, held_pages);
    else
        output_printf(out, "hold: %lu pages, %lu held\n", taken, held_pages);
    return taken == pages ? 0 : 1;
}

/* Reads back the pages that were taken last; returns how many lost what was written into them. */
static uint64_t verify_last(uint64_t pages)
{
    uint64_t lost = 0;

    for (struct kernel_page *page = held; page != NULL && pages != 0; pages--) {
        if (!page_intact(page))
            lost++;
        kernel_schedule_point();
        page = *kernel_page_link(page);
    }
    return lost;
}

/* Takes pages, reads them back and gives them up, once or as many times as the second word says. */
int workload_churn(struct output *out, const char *args)
{
    char word[24];
    uint64_t pages, lost = 0, total = 0, rounds = 1;

    args = text_word(args, word, sizeof word);
    if (!workload_amount(word, &pages)) {
        output_printf(out, "churn: how much? 20m, or 100p\n");
        return 1;
    }
    (void)text_word(args, word, sizeof word);
    if (word[0] != '\0')
        rounds = strtoull(word, NULL, 10);
    for (uint64_t k = 0; k < rounds; k++) {
        uint64_t taken = take_pages(pages);

        lost += verify_last(taken);
        total += taken;
        while (taken-- > 0)
            give_page();
        kernel_yield();
    }
    output_printf(out, "churn: %lu pages, %lu lost\n", total, lost);
    return lost == 0 ? 0 : 1;
}

int workload_verify(struct output *out, const char *args)
{
    uint64_t lost = verify_last(held_pages);

    (void)args;
    output_printf(out, "verify: %lu pages, %lu lost\n", held_pages, lost);
    return lost == 0 ? 0 : 1;
}

int workload_release(struct output *out, const char *args)
{
    uint64_t pages = held_pages;

    (void)args;
    while (held != NULL)
        give_page();
    ASSERT(held_pages == 0);
    output_printf(out, "release: %lu pages\n", pages);
    return 0;
}
