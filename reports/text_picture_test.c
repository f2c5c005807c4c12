/* SPDX-License-Identifier: BSD-2-Clause */
/* The picture, whole, and the time axis under it by its own. */
#include "reports/recording_for_tests.h"
#include "reports/text_picture.h"

#include "guest/abi/agent.h"
#include "reports/axis.h"

Suite *text_picture_suite(void);

static void ck_fits(unsigned columns, unsigned rows)
{
    unsigned column = 0, row = 0;
    size_t i;

    fflush(out);
    for (i = 0; i < printed_bytes; i++) {
        if (printed[i] == '\n') {
            row++;
            column = 0;
        } else if (((unsigned char)printed[i] & 0xc0) != 0x80) {
            ck_assert_uint_lt(column++, columns);
        }
    }
    ck_assert_uint_le(row, rows);
}

static void grow(unsigned domid, uint64_t start_ns, uint64_t from_pages, uint64_t to_pages)
{
    uint64_t pages = from_pages, time_ns = start_ns;

    add_target(domid, start_ns, to_pages * KIB_PER_PAGE);
    while (pages != to_pages) {
        pages = to_pages > pages ? pages + 512 : pages - 512;
        time_ns += MS / 4;
        add_reservation(domid, time_ns,
            to_pages > from_pages ? XENMEM_increase_reservation : XENMEM_decrease_reservation, 512, pages,
            to_pages + 256);
    }
}

START_TEST(grow_and_shrink)
{
    add_domain(1, "nb", 16384, 32768);
    grow(1, 1000 * MS, 16384, 32768);
    grow(1, 31000 * MS, 32768, 16384);
    add_plain(REC_REST, 51000 * MS);
    finish_recording();
    text_picture(out, reading, &(struct picture_paper){.columns = 70, .rows = 13});
    ck_fits(70, 13);
    ck_printed("nb, MiB   ── reservation   ·· target   ╌╌ maximum\n"
               "  128 ┤         ···················╭─────╮\n"
               "      │                          ╭─╯     ╰─╮\n"
               "  112 ┤                       ╭──╯         ╰──╮\n"
               "      │                    ╭──╯               ╰──╮\n"
               "   96 ┤                  ╭─╯                     ╰──╮\n"
               "      │               ╭──╯                          ╰─╮\n"
               "   80 ┤            ╭──╯                               ╰──╮\n"
               "      │          ╭─╯                                     ╰──╮\n"
               "   64 ┤──────────╯                     ·····················╰─────────\n"
               "      └┬──────//┬────────────────────//┬─────────────────────//┬──────\n"
               "       0.000s   1.000s                 31.0s                   51.0s\n");
}
END_TEST

START_TEST(two_domains)
{
    add_domain(1, "d1", 16384, 32768);
    add_domain(2, "d2", 8192, 32768);
    grow(1, 1000 * MS, 16384, 12288);
    grow(2, 1100 * MS, 8192, 12288);
    add_value(REC_DOMAIN_END, 2, 20000 * MS, DOMAIN_END_DESTROY);
    add_plain(REC_REST, 21000 * MS);
    finish_recording();
    text_picture(out, reading, &(struct picture_paper){.columns = 60, .rows = 20});
    ck_fits(60, 20);
    ck_printed("d1, MiB   ── reservation   ·· target   ╌╌ maximum\n"
               "   64 ┤──────────╮\n"
               "   60 ┤          ╰──╮\n"
               "   56 ┤             ╰──╮\n"
               "   52 ┤                ╰──╮\n"
               "   48 ┤        ···········╰─────────────────────────────────\n"
               "      └┬─────//┬───────────//┬───────────//┬────────//┬─────\n"
               "       0.000s  1.000s        1.100s        20.0s      21.0s\n"
               "d2, MiB   ── reservation   ·· target   ╌╌ maximum\n"
               "   48 ┤                      ········╭─────╮\n"
               "      │                        ╭─────╯     │\n"
               "   32 ┤────────────────────────╯           │\n"
               "      │                                    │\n"
               "   16 ┤                                    │\n"
               "      │                                    │\n"
               "    0 ┤                                    ╰────────────────\n"
               "      └┬─────//┬───────────//┬───────────//┬────────//┬─────\n"
               "       0.000s  1.000s        1.100s        20.0s      21.0s\n");
}
END_TEST

START_TEST(nothing_moves)
{
    add_domain(1, "nb", 16384, 16384);
    add_plain(REC_REST, 10000 * MS);
    finish_recording();
    text_picture(out, reading, &(struct picture_paper){.columns = 40, .rows = 12});
    ck_printed("nb, MiB   ── reservation\n"
               " 65.0 ┤\n"
               " 64.5 ┤\n"
               " 64.0 ┤─────────────────────────────────\n"
               " 63.5 ┤\n"
               "      └┬───────────────//┬──────────────\n"
               "       0.000s            10.0s\n");
}
END_TEST

START_TEST(no_domain)
{
    finish_recording();
    text_picture(out, reading, &(struct picture_paper){.columns = 70, .rows = 20});
    ck_printed("");
}
END_TEST

START_TEST(more_domains_than_rows)
{
    char name[8];
    unsigned i;

    for (i = 1; i <= 50; i++) {
        snprintf(name, sizeof name, "d%u", i);
        add_domain(i, name, 4096, 8192);
        grow(i, i * 1000 * MS, 4096, 8192);
    }
    finish_recording();
    text_picture(out, reading, &(struct picture_paper){.columns = 80, .rows = 24});
    ck_fits(80, 24);
    ck_assert_ptr_nonnull(strstr(printed, "and 47 domains more\n"));
}
END_TEST

/* A hundred swaps between two sizes are more than the columns: they are a band, and no slow waves. */
START_TEST(many_swaps_are_a_band)
{
    add_domain(1, "nb", 2048, 4096);
    for (unsigned swap = 0; swap < 100; swap++)
        add_reservation(
            1, (1000 + swap) * MS, XENMEM_increase_reservation, 0, swap % 2 == 0 ? 4096 : 2048, 4096);
    add_plain(REC_REST, 1200 * MS);
    finish_recording();
    text_picture(out, reading, &(struct picture_paper){.columns = 40, .rows = 8});
    ck_printed("nb, MiB   ── reservation   ┃ to and fro   ╌╌ maximum\n"
               "   16 ┤       ┃┃┃┃┃┃┃┃┃┃┃┃┃┃┃┃┃┃┃╌╌╌╌╌╌╌\n"
               "   14 ┤       ┃┃┃┃┃┃┃┃┃┃┃┃┃┃┃┃┃┃┃\n"
               "   12 ┤       ┃┃┃┃┃┃┃┃┃┃┃┃┃┃┃┃┃┃┃\n"
               "   10 ┤       ┃┃┃┃┃┃┃┃┃┃┃┃┃┃┃┃┃┃┃\n"
               "    8 ┤───────┃┃┃┃┃┃┃┃┃┃┃┃┃┃┃┃┃┃┃───────\n"
               "      └┬────//┬──────────────────//┬────\n"
               "       0.000s 1.000s              1.200s\n");
}
END_TEST

START_TEST(marks_and_ascii)
{
    const struct record_command typed = {.tool = COMMAND_OF_XL, .domid = 1};
    const struct record_command audit = {.tool = COMMAND_IN_GUEST, .domid = DOMID_HOST};
    const struct record_command other = {.tool = COMMAND_OF_XL, .domid = 2};
    const struct record_violation violation = {.invariant = 1};
    const struct record_fault hidden = {
        .site = 1}; /* what broke stands in the same column, and it is not in the legend */

    add_domain(1, "nb", 4096, 8192);
    add_texts(REC_COMMAND, DOMID_HOST, 100 * MS, &typed, sizeof typed, "xl mem-set nb 32m", "");
    add_texts(REC_COMMAND, DOMID_HOST, 150 * MS, &other, sizeof other, "xl mem-set other 32m", "");
    grow(1, 1000 * MS, 4096, 8192);
    add_texts(REC_COMMAND, 1, 1001 * MS, &audit, sizeof audit, AGENT_AUDIT, "");
    recorder_append(rec, REC_FAULT, 1, 1003 * MS, &hidden, sizeof hidden, NULL, 0, 0);
    recorder_append(rec, REC_VIOLATION, 1, 1003 * MS, &violation, sizeof violation, "lost", 1, 5);
    add_text(REC_PANIC, 1, 1005 * MS, "no memory");
    finish_recording();
    text_picture(out, reading, &(struct picture_paper){.columns = 50, .rows = 8, .ascii = true});
    ck_printed("nb, MiB   -- reservation   .. target   ~~ maximum\n"
               "   32 +           ................../-------------\n"
               "   28 +                        /----/\n"
               "   24 +                  /-----/\n"
               "   20 +             /----/\n"
               "   16 +-------------/\n"
               "      ++--------//+--------------------//+--------\n"
               "       0.000s     1.000s                 1.005s\n"
               "                $                      ! X\n"
               "       $ command   ! broken   X death\n");
}
END_TEST

/* Whatever a recording says and however small the paper, it ends, and fits when that is possible. */
START_TEST(absurd_numbers)
{
    static const uint64_t sizes[] = {0, 1, 3, 255, 257, 1u << 20, UINT64_MAX / 2, UINT64_MAX};
    unsigned i, columns, rows;

    add_domain(1, "nb", UINT64_MAX, 1);
    for (i = 0; i < 8; i++) {
        add_reservation(
            1, i % 3 == 0 ? UINT64_MAX : i, XENMEM_increase_reservation, -12, sizes[_i], sizes[i]);
        add_target(1, i, sizes[7 - i]);
    }
    finish_recording();
    for (columns = 0; columns < 60; columns += 13)
        for (rows = 0; rows < 40; rows += 7)
            text_picture(out, reading, &(struct picture_paper){.columns = columns, .rows = rows});
    rewind(out);
    text_picture(out, reading, &(struct picture_paper){.columns = 50, .rows = 10});
    ck_fits(50, 10);
}
END_TEST

/* ---- the axis --------------------------------------------------------------------------------- */

START_TEST(axis_without_gaps)
{
    uint64_t times[] = {0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100};
    struct axis axis;
    unsigned column;

    ck_assert(axis_make(&axis, times, 11, 20));
    ck_assert_uint_eq(axis.nr_pieces, 1);
    for (column = 0; column < 20; column++)
        ck_assert_uint_eq(axis_time(&axis, column), column == 0 ? 0 : 5 * (column + 1));
}
END_TEST

START_TEST(axis_with_gaps)
{
    uint64_t times[] = {0, 1, 2, 3, 1000000, 1000001, 1000002, 5000000};
    struct axis axis;
    uint64_t last = 0;
    unsigned column;

    ck_assert(axis_make(&axis, times, 8, 60));
    ck_assert_uint_eq(axis.nr_pieces, 5);
    ck_assert(axis.pieces[1].gap && axis.pieces[3].gap);
    ck_assert_uint_eq(axis.pieces[0].end_ns, 3);
    ck_assert_uint_eq(axis.pieces[1].columns, AXIS_GAP_COLUMNS);
    ck_assert_uint_eq(axis.pieces[2].start_ns, 1000000);
    ck_assert_uint_eq(axis.pieces[4].start_ns, 5000000);
    for (column = 0; column < 60; column++) {
        ck_assert_uint_le(last, axis_time(&axis, column));
        last = axis_time(&axis, column);
    }
    ck_assert_uint_eq(last, 5000000);
}
END_TEST

/* However many gaps there are, the columns do for what lies between. */
START_TEST(axis_of_doubling_pauses)
{
    uint64_t times[63], sum = 0;
    unsigned i, columns, filled;
    struct axis axis;

    for (i = 0; i < 63; i++) {
        times[i] = sum;
        sum += UINT64_C(1) << i;
    }
    for (columns = 16; columns < 600; columns += 7) {
        ck_assert(axis_make(&axis, times, 63, columns));
        for (i = 0, filled = 0; i < axis.nr_pieces; i++) {
            ck_assert_uint_eq(axis.pieces[i].column, filled);
            filled += axis.pieces[i].columns;
        }
        ck_assert_uint_eq(filled, columns);
        ck_assert_uint_eq(axis_time(&axis, columns - 1), times[62]);
    }
    ck_assert(axis_make(&axis, times, 1, 16));
    ck_assert_uint_eq(axis_time(&axis, 15), 0);
}
END_TEST

Suite *text_picture_suite(void)
{
    Suite *suite = suite_create("text_picture");
    TCase *tcase = tcase_create("text_picture");

    tcase_add_checked_fixture(tcase, begin_recording, drop_recording);
    tcase_add_test(tcase, grow_and_shrink);
    tcase_add_test(tcase, two_domains);
    tcase_add_test(tcase, many_swaps_are_a_band);
    tcase_add_test(tcase, marks_and_ascii);
    tcase_add_test(tcase, nothing_moves);
    tcase_add_test(tcase, no_domain);
    tcase_add_test(tcase, more_domains_than_rows);
    tcase_add_loop_test(tcase, absurd_numbers, 0, 8);
    tcase_add_test(tcase, axis_without_gaps);
    tcase_add_test(tcase, axis_with_gaps);
    tcase_add_test(tcase, axis_of_doubling_pauses);
    suite_add_tcase(suite, tcase);
    return suite;
}
