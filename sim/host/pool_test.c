/* SPDX-License-Identifier: BSD-2-Clause */
/* The pool of free frames, by itself: order, blocks, exhaustion, reset. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sim/host/frame_table.h"
#include "sim/host/pool.h"

static struct host host;

/* As a domain would: the pool only sees who owns a frame. */
static uint64_t take(unsigned order)
{
    uint64_t mfn = pool_take(&host, order);
    for (uint64_t i = 0; mfn != 0 && i < 1ull << order; i++) {
        ck_assert_uint_eq(host.frames[mfn + i].owner, 0);
        host.frames[mfn + i].owner = 7;
    }
    return mfn;
}

START_TEST(every_frame_comes_out_once)
{
    const uint64_t pages = 3 * WINDOW_FRAMES + 77;
    ck_assert(pool_init(&host, pages, 5));
    for (uint64_t i = 0; i < pages; i++) {
        uint64_t mfn = take(0);
        ck_assert_uint_ge(mfn, HOST_FIRST_MFN);
        ck_assert_uint_lt(mfn, host.end_mfn);
    }
    ck_assert_uint_eq(host.free_pages, 0);
    ck_assert_uint_eq(pool_count_free(&host), 0);
    ck_assert_uint_eq(take(0), 0);
    ck_assert_uint_eq(take(9), 0);
    pool_fini(&host);
}
END_TEST

START_TEST(order_is_neither_sorted_nor_scattered)
{
    ck_assert(pool_init(&host, 1u << 20, 1));
    uint64_t previous = take(0), up = 0;
    for (unsigned i = 1; i < 4096; i++) {
        uint64_t mfn = take(0);
        up += mfn == previous + 1;
        ck_assert_uint_lt(mfn - HOST_FIRST_MFN, WINDOW_FRAMES);
        previous = mfn;
    }
    ck_assert_uint_lt(up, 40);
    pool_fini(&host);
}
END_TEST

static uint64_t take_below(unsigned order, unsigned address_bits)
{
    uint64_t mfn = pool_take_below(&host, order, address_bits);
    for (uint64_t i = 0; mfn != 0 && i < 1ull << order; i++) {
        ck_assert_uint_eq(host.frames[mfn + i].owner, 0);
        host.frames[mfn + i].owner = 7;
    }
    return mfn;
}

START_TEST(address_bits_limit_the_frames)
{
    const unsigned bits = 12 + 15; /* frames below 32768, of which the model has 16384 */
    ck_assert(pool_init(&host, 3 * WINDOW_FRAMES, 5));
    const uint64_t last = take(0); /* part of a window is handed out already */
    ck_assert_uint_ne(last, 0);
    const uint64_t block = take_below(9, bits);
    ck_assert_uint_ne(block, 0);
    ck_assert_uint_le(block + 512, 32768);
    uint64_t got = 512 + (last < 32768);
    for (uint64_t mfn; (mfn = take_below(0, bits)) != 0; got++)
        ck_assert_uint_lt(mfn, 32768);
    ck_assert_uint_eq(got, 16384);
    ck_assert_uint_eq(take_below(0, 32) != 0, true);
    ck_assert_uint_eq(host.free_pages, pool_count_free(&host));
    pool_fini(&host);
}
END_TEST

/* Below the model's first frame a limit counts frames, as a real host has them from 1 MiB on. */
START_TEST(low_limits_count_frames)
{
    static const struct {
        unsigned bits;
        uint64_t frames;
    } rows[] = {{13, 0}, {14, 0}, {20, 0}, {21, 256}, {22, 768}, {24, 3840}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint64_t got = 0;
        ck_assert(pool_init(&host, 2 * WINDOW_FRAMES, 5));
        while (take_below(0, rows[i].bits) != 0)
            got++;
        ck_assert_uint_eq(got, rows[i].frames);
        ck_assert_uint_eq(host.free_pages, pool_count_free(&host));
        pool_fini(&host);
    }
}
END_TEST

START_TEST(seed_decides_the_order)
{
    uint64_t first[64], same = 0;
    ck_assert(pool_init(&host, 1u << 16, 1));
    for (unsigned i = 0; i < 64; i++)
        first[i] = take(0);
    ck_assert(pool_reset(&host, 1u << 16, 1));
    for (unsigned i = 0; i < 64; i++)
        ck_assert_uint_eq(take(0), first[i]);
    ck_assert(pool_reset(&host, 1u << 16, 2));
    for (unsigned i = 0; i < 64; i++)
        same += take(0) == first[i];
    ck_assert_uint_lt(same, 4);
    pool_fini(&host);
}
END_TEST

START_TEST(freed_frames_come_back_last_in_first_out)
{
    ck_assert(pool_init(&host, 1u << 15, 1));
    uint64_t mfn[8];
    for (unsigned i = 0; i < 8; i++)
        mfn[i] = take(0);
    for (unsigned i = 0; i < 8; i++)
        pool_put(&host, mfn[i]);
    for (unsigned i = 8; i > 0; i--)
        ck_assert_uint_eq(take(0), mfn[i - 1]);
    pool_fini(&host);
}
END_TEST

START_TEST(blocks_are_aligned_and_disjoint)
{
    ck_assert(pool_init(&host, 1u << 21, 3));
    uint64_t before = host.free_pages;
    for (unsigned order = 0; order <= ORDER_LIMIT; order++) {
        uint64_t mfn = take(order);
        ck_assert_uint_ne(mfn, 0);
        ck_assert_uint_eq(mfn & ((1ull << order) - 1), 0);
        before -= 1ull << order;
    }
    ck_assert_uint_eq(host.free_pages, before);
    ck_assert_uint_eq(pool_count_free(&host), before);
    pool_fini(&host);
}
END_TEST

/* Measured: with 1,024 free frames, none beside another, order 1 and 9 give nothing, order 0 all. */
START_TEST(scattered_frames_make_no_block)
{
    const uint64_t pages = 2048;
    ck_assert(pool_init(&host, pages, 1));
    for (uint64_t i = 0; i < pages; i++)
        take(0);
    for (uint64_t i = 0; i < pages; i += 2)
        pool_put(&host, HOST_FIRST_MFN + i);
    ck_assert_uint_eq(take(1), 0);
    ck_assert_uint_eq(take(9), 0);
    for (uint64_t i = 0; i < pages / 2; i++)
        ck_assert_uint_ne(take(0), 0);
    ck_assert_uint_eq(take(0), 0);
    pool_fini(&host);
}
END_TEST

START_TEST(what_comes_back_is_merged_when_a_block_is_wanted)
{
    const uint64_t pages = WINDOW_FRAMES;
    ck_assert(pool_init(&host, pages, 9));
    for (uint64_t i = 0; i < pages; i++)
        take(0);
    for (uint64_t i = 0; i < 512; i++)
        pool_put(&host, HOST_FIRST_MFN + 1024 + (i * 37) % 512);
    ck_assert_uint_eq(take(10), 0);
    ck_assert_uint_eq(take(9), HOST_FIRST_MFN + 1024);
    ck_assert_uint_eq(take(0), 0);
    pool_fini(&host);
}
END_TEST

/* Part of the open window is used: the rest of it can still be had as blocks, and all of it as frames. */
START_TEST(open_window_gives_blocks_too)
{
    ck_assert(pool_init(&host, 4096, 2));
    take(0);
    unsigned blocks = 0;
    while (take(9) != 0)
        blocks++;
    ck_assert_uint_eq(blocks, 7);
    uint64_t singles = 0;
    while (take(0) != 0)
        singles++;
    ck_assert_uint_eq(singles, 511);
    ck_assert_uint_eq(pool_count_free(&host), 0);
    pool_fini(&host);
}
END_TEST

START_TEST(reset_forgets_everything)
{
    ck_assert(pool_init(&host, 5 * WINDOW_FRAMES, 1));
    for (unsigned round = 0; round < 3; round++) {
        uint64_t some = take(0);
        host.frames[some].stamp = 42;
        host.m2p[some] = 7;
        uint64_t block = take(9);
        host.frames[block + 3].stamp = 43;
        for (unsigned i = 0; i < (round == 1 ? 30000u : 100u); i++)
            take(0);
        pool_put(&host, some);
        ck_assert(pool_reset(&host, 5 * WINDOW_FRAMES, round));
        ck_assert_uint_eq(host.free_pages, 5 * WINDOW_FRAMES);
        ck_assert_uint_eq(pool_count_free(&host), 5 * WINDOW_FRAMES);
        for (uint64_t mfn = 0; mfn < host.end_mfn; mfn++) {
            static const struct frame blank;
            ck_assert(memcmp(&host.frames[mfn], &blank, sizeof blank) == 0);
            ck_assert_uint_eq(host.m2p[mfn], 0);
        }
    }
    ck_assert(pool_reset(&host, 100, 1));
    ck_assert_uint_eq(host.free_pages, 100);
    for (unsigned i = 0; i < 100; i++)
        ck_assert_uint_ne(take(0), 0);
    ck_assert_uint_eq(take(0), 0);
    pool_fini(&host);
}
END_TEST

START_TEST(a_frame_costs_32_bytes)
{
    ck_assert_uint_le(sizeof(struct frame) + sizeof(uint64_t), 32);
}
END_TEST

/* As of a buddy heap: single frames use up one superpage after the other, and the rest stays whole. */
START_TEST(single_frames_leave_superpages_whole)
{
    ck_assert(pool_init(&host, WINDOW_FRAMES, (uint64_t)_i));
    for (unsigned i = 0; i < 4100; i++)
        ck_assert_uint_ne(take(0), 0);
    for (unsigned i = 0; i < (WINDOW_FRAMES - 4608) / 512; i++)
        ck_assert_uint_ne(take(9), 0);
    ck_assert_uint_eq(take(9), 0);
    ck_assert_uint_eq(host.free_pages, 508);
    pool_fini(&host);
}
END_TEST

/* Random use against a plain model of who has what. */
START_TEST(random_use_keeps_the_books)
{
    enum { PAGES = 40000 };
    static uint64_t held[PAGES];
    size_t nr_held = 0;
    uint64_t chance = 88172645463325252ull;
    ck_assert(pool_init(&host, PAGES, 11));
    for (unsigned i = 0; i < 60000; i++) {
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        unsigned order = chance % 16 == 0 ? (unsigned)(chance >> 8) % 7 : 0;
        if ((chance >> 20) % 5 < 3) {
            uint64_t mfn = take(order);
            for (uint64_t k = 0; mfn != 0 && k < 1ull << order; k++)
                held[nr_held++] = mfn + k;
        } else if (nr_held > 0) {
            size_t at = (size_t)(chance >> 30) % nr_held;
            pool_put(&host, held[at]);
            held[at] = held[--nr_held];
        }
        ck_assert_uint_eq(host.free_pages + nr_held, PAGES);
    }
    ck_assert_uint_eq(pool_count_free(&host), host.free_pages);
    while (take(0) != 0)
        nr_held++;
    ck_assert_uint_eq(nr_held, PAGES);
    pool_fini(&host);
}
END_TEST

/* Many at once are the same frames, in the same order, as one by one. */
START_TEST(many_are_as_one_by_one)
{
    enum { PAGES = 3 * WINDOW_FRAMES / 2 };
    static uint32_t many[PAGES];
    static const size_t steps[] = {1, 15, 16, 17, 512, 100};
    size_t got = 0;

    ck_assert(pool_init(&host, PAGES, 3));
    for (size_t i = 0; got < PAGES; i++) {
        const size_t step = steps[i % 6] < PAGES - got ? steps[i % 6] : PAGES - got;
        ck_assert_uint_eq(pool_take_singles(&host, many + got, step), step);
        got += step;
    }
    ck_assert(pool_reset(&host, PAGES, 3));
    for (size_t i = 0; i < PAGES; i++)
        ck_assert_uint_eq(take(0), many[i]);
    pool_fini(&host);
}
END_TEST

/* Frames come back one by one: two windows that are buddies are one block then. */
START_TEST(windows_that_come_back_whole_are_merged)
{
    enum { PAGES = 3 * WINDOW_FRAMES };

    ck_assert(pool_init(&host, PAGES, 9));
    for (uint64_t i = 0; i < PAGES; i++)
        take(0);
    for (uint64_t mfn = HOST_FIRST_MFN; mfn < host.end_mfn; mfn++)
        pool_put(&host, mfn);
    ck_assert_uint_eq(take(WINDOW_BITS + 1), HOST_FIRST_MFN + WINDOW_FRAMES);
    ck_assert_uint_eq(take(WINDOW_BITS), HOST_FIRST_MFN);
    ck_assert_uint_eq(host.free_pages, 0);
    pool_fini(&host);
}
END_TEST

START_TEST(no_claim_outlives_a_reset)
{
    ck_assert(pool_init(&host, 100, 1));
    host.claimed_pages = 7;
    ck_assert(pool_reset(&host, 100, 1));
    ck_assert_uint_eq(host.claimed_pages, 0);
    pool_fini(&host);
}
END_TEST

Suite *pool_suite(void);
Suite *pool_suite(void)
{
    Suite *suite = suite_create("host");
    TCase *tests = tcase_create("pool");
    tcase_add_test(tests, every_frame_comes_out_once);
    tcase_add_test(tests, order_is_neither_sorted_nor_scattered);
    tcase_add_test(tests, seed_decides_the_order);
    tcase_add_test(tests, address_bits_limit_the_frames);
    tcase_add_test(tests, low_limits_count_frames);
    tcase_add_test(tests, freed_frames_come_back_last_in_first_out);
    tcase_add_test(tests, blocks_are_aligned_and_disjoint);
    tcase_add_test(tests, scattered_frames_make_no_block);
    tcase_add_test(tests, what_comes_back_is_merged_when_a_block_is_wanted);
    tcase_add_test(tests, open_window_gives_blocks_too);
    tcase_add_test(tests, reset_forgets_everything);
    tcase_add_test(tests, a_frame_costs_32_bytes);
    tcase_add_loop_test(tests, single_frames_leave_superpages_whole, 0, 10);
    tcase_add_test(tests, random_use_keeps_the_books);
    tcase_add_test(tests, many_are_as_one_by_one);
    tcase_add_test(tests, windows_that_come_back_whole_are_merged);
    tcase_add_test(tests, no_claim_outlives_a_reset);
    suite_add_tcase(suite, tests);
    return suite;
}
