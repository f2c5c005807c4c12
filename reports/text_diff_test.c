/* SPDX-License-Identifier: BSD-2-Clause */
/* The first difference of two recordings, as a whole text. */
#include "reports/recording_for_tests.h"
#include "reports/text_diff.h"
#include "sim/test_kernel.h"

Suite *text_diff_suite(void);

static const char scenario[] = "language 1\n+0 xl mem-set nb 128m\n+1s settle\n";

/* The recording A: copied out of the recorder, so that B can be written into it. */
static void *copy_a;
static struct reading *reading_a;

static void finish_a(void)
{
    char error[200];
    size_t bytes;
    const void *recording = recorder_finish(rec, &bytes);

    copy_a = malloc(bytes);
    memcpy(copy_a, recording, bytes);
    reading_a = reading_open(copy_a, bytes, error, sizeof error);
    ck_assert_msg(reading_a != NULL, "%s", error);
    recorder_begin(rec, "grow.scn", "sim", 1);
}

static bool diff(void)
{
    bool same;

    finish_recording();
    same = text_diff(out, reading_a, reading, NULL, NULL);
    reading_close(reading_a);
    free(copy_a);
    return same;
}

static void lead(unsigned events)
{
    unsigned i;

    recorder_set_line(rec, 0);
    add_text(REC_SCENARIO, DOMID_HOST, 0, scenario);
    recorder_set_line(rec, 2);
    for (i = 2; i <= events; i++)
        add_value(REC_EVTCHN, 1, i * MS, i);
}

START_TEST(the_same)
{
    lead(5);
    finish_a();
    lead(5);
    ck_assert(diff());
    ck_printed("the recordings are the same: 6 events\n");
}
END_TEST

START_TEST(another_answer)
{
    lead(15);
    add_reservation(1, 20 * MS, XENMEM_increase_reservation, 5, 16389, 33024);
    finish_a();
    lead(15);
    add_reservation(1, 20 * MS, XENMEM_increase_reservation, 6, 16390, 33024);
    add_text(REC_LOG, 1, 21 * MS, "and more");
    ck_assert(!diff());
    ck_printed("the first difference is event 16\n"
               "  line 2: +0 xl mem-set nb 128m\n"
               "       6  0.006000 s  dom1  event channel port 6 raised\n"
               "       7  0.007000 s  dom1  event channel port 7 raised\n"
               "       8  0.008000 s  dom1  event channel port 8 raised\n"
               "       9  0.009000 s  dom1  event channel port 9 raised\n"
               "      10  0.010000 s  dom1  event channel port 10 raised\n"
               "      11  0.011000 s  dom1  event channel port 11 raised\n"
               "      12  0.012000 s  dom1  event channel port 12 raised\n"
               "      13  0.013000 s  dom1  event channel port 13 raised\n"
               "      14  0.014000 s  dom1  event channel port 14 raised\n"
               "      15  0.015000 s  dom1  event channel port 15 raised\n"
               "A     16  0.020000 s  dom1  XENMEM_increase_reservation 512 of order 0 -> 5"
               "  (reservation 16389, maximum 33024, host free 98304)\n"
               "B     16  0.020000 s  dom1  XENMEM_increase_reservation 512 of order 0 -> 6"
               "  (reservation 16390, maximum 33024, host free 98304)\n");
}
END_TEST

START_TEST(one_stops_early)
{
    lead(3);
    finish_a();
    lead(2);
    ck_assert(!diff());
    ck_printed("the first difference is event 3\n"
               "  line 2: +0 xl mem-set nb 128m\n"
               "       1  0.000000 s  host  scenario grow.scn, seed 1\n"
               "       2  0.002000 s  dom1  event channel port 2 raised\n"
               "A      3  0.003000 s  dom1  event channel port 3 raised\n"
               "B      3  0.002000 s  host  end of the recording\n");
}
END_TEST

static void build_with(const char *rows)
{
    const struct record_domain built = {.memory_pages = 1024, .maxmem_pages = 2048, .kernel = "testix"};
    char text[4096];
    const size_t bytes = (size_t)snprintf(text, sizeof text, "nb%c%s%s", 0, TEST_KERNEL_ROWS, rows) + 1;

    recorder_append(rec, REC_DOMAIN, 1, 0, &built, sizeof built, text, 1, bytes);
}

/* Two drivers differ in what their kernel says of itself from the beginning; where they behave otherwise is asked for. */
START_TEST(two_drivers)
{
    build_with("file driver xxh64:0123456789abcdef one.c\n");
    add_reservation(1, 20 * MS, XENMEM_increase_reservation, 5, 16389, 33024);
    finish_a();
    build_with("file driver ours\n");
    add_reservation(1, 20 * MS, XENMEM_increase_reservation, 6, 16390, 33024);
    ck_assert(!diff());
    fflush(out);
    ck_assert_msg(strncmp(printed,
                      "nb runs driver one.c xxh64:0123456789abcdef in A, and ours in B\n"
                      "the first difference is event 2\n",
                      strlen("nb runs driver one.c xxh64:0123456789abcdef in A, and ours in B\n"
                             "the first difference is event 2\n")) == 0,
        "%s", printed);
}
END_TEST

START_TEST(heads)
{
    recorder_begin(rec, "other.scn", "xen", 2);
    finish_a();
    ck_assert(!diff());
    ck_printed("seed 2 in A, 1 in B\n"
               "backend xen in A, sim in B\n"
               "scenario other.scn in A, grow.scn in B\n"
               "all 0 events are the same\n");
}
END_TEST

/* ---- what one line does not show -------------------------------------------------------------- */

static void add_frames(uint64_t time_ns, uint32_t last_frame, uint64_t flags)
{
    struct record_hypercall call = {.op = __HYPERVISOR_mmu_update, .asked = 1, .flags = flags};
    uint32_t frames[3] = {1, 2, last_frame};

    recorder_append(rec, REC_HYPERCALL, 1, time_ns, &call, sizeof call, frames, sizeof frames[0], 3);
}

START_TEST(hidden_in_the_list)
{
    add_frames(0, 3, 0);
    finish_a();
    add_frames(0, 0x33, 0);
    ck_assert(!diff());
    ck_printed("the first difference is event 1\n"
               "A      1  0.000000 s  dom1  mmu_update of 1 entry -> 0\n"
               "B      1  0.000000 s  dom1  mmu_update of 1 entry -> 0\n"
               "    they differ in their lists, from entry 3 on: 0x3 and 0x33\n");
}
END_TEST

START_TEST(hidden_in_the_time)
{
    add_frames(1, 3, 0);
    finish_a();
    add_frames(2, 3, 0);
    ck_assert(!diff());
    ck_printed("the first difference is event 1\n"
               "A      1  0.000000 s  dom1  mmu_update of 1 entry -> 0\n"
               "B      1  0.000000 s  dom1  mmu_update of 1 entry -> 0\n"
               "    they differ in time: 1 and 2 ns\n");
}
END_TEST

START_TEST(hidden_in_the_payload)
{
    add_frames(1, 3, 0);
    finish_a();
    add_frames(1, 3, 4);
    ck_assert(!diff());
    ck_printed("the first difference is event 1\n"
               "A      1  0.000000 s  dom1  mmu_update of 1 entry -> 0\n"
               "B      1  0.000000 s  dom1  mmu_update of 1 entry -> 0\n"
               "    they differ in what the line does not show, from byte 48 of the record on\n");
}
END_TEST

Suite *text_diff_suite(void)
{
    Suite *suite = suite_create("text_diff");
    TCase *tcase = tcase_create("text_diff");

    tcase_add_checked_fixture(tcase, begin_recording, drop_recording);
    tcase_add_test(tcase, the_same);
    tcase_add_test(tcase, another_answer);
    tcase_add_test(tcase, one_stops_early);
    tcase_add_test(tcase, heads);
    tcase_add_test(tcase, two_drivers);
    tcase_add_test(tcase, hidden_in_the_list);
    tcase_add_test(tcase, hidden_in_the_time);
    tcase_add_test(tcase, hidden_in_the_payload);
    suite_add_tcase(suite, tcase);
    return suite;
}
