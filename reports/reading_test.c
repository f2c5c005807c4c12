/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading: a whole recording gives back what was written, and each way to be damaged is told. */
#include "reports/recording_for_tests.h"

#include <xxhash.h>

#include "reports/names.h"

Suite *reading_suite(void);

START_TEST(written_and_read)
{
    size_t bytes;

    add_text(REC_SCENARIO, DOMID_HOST, 0, "language 1\n");
    add_domain(3, "nb", 16384, 32768);
    add_reservation(3, 5 * MS, XENMEM_increase_reservation, 17, 16401, 33024);
    recorder_page_free(rec, 3, 6 * MS, PFN(7), 9);
    add_text(REC_LOG, 9, 7 * MS, "hello");
    add_value(REC_VERDICT, DOMID_HOST, 8 * MS, 5);
    finish_recording();

    ck_assert_uint_eq(reading_events(reading), 7);
    ck_assert_uint_eq(reading_head(reading)->seed, 1);
    ck_assert_str_eq(reading_scenario(reading, &bytes), "language 1\n");
    ck_assert_uint_eq(bytes, 11);
    ck_assert_str_eq(reading_domain_name(reading, 3), "nb");
    ck_assert_str_eq(reading_domain_name(reading, 9), "dom9");
    ck_assert_str_eq(reading_domain_name(reading, 0), "dom0");
    ck_assert_str_eq(reading_domain_name(reading, 10), "dom?");
    ck_assert_str_eq(reading_domain_name(reading, DOMID_HOST), "host");
    ck_assert_int_eq(reading_verdict(reading), 5);
    ck_assert_ptr_null(reading_event(reading, 0));
    ck_assert_ptr_null(reading_event(reading, 8));
    ck_assert_str_eq(record_text(reading_event(reading, 2)), "nb");
    ck_assert_uint_eq(reading_event(reading, 3)->count, 17);
    ck_assert_ptr_eq(record_list(reading_event(reading, 3)),
        (const char *)record_payload(reading_event(reading, 3)) + sizeof(struct record_hypercall));
    ck_assert_uint_eq(((const struct record_run *)record_list(reading_event(reading, 4)))->pages, 9);
    ck_assert_uint_eq(reading_event(reading, 7)->type, REC_END);
}
END_TEST

static void add_domain_of(unsigned domid, const char *kernel, const char *rows)
{
    struct record_domain domain = {.memory_pages = 1024};

    strcpy(domain.kernel, kernel);
    add_texts(REC_DOMAIN, domid, 0, &domain, sizeof domain, "d", rows);
}

/* Told with the first domain of a kernel, for all of them; what is not understood is as good as nothing. */
START_TEST(kernels_as_they_are_described)
{
    add_domain(3, "nb", 16384, 32768);
    add_domain_of(4, "testix", "");
    add_domain_of(5, "other", "");
    add_domain_of(6, "later", "family later\nmood good\n");
    add_domain_of(7, "other", "family o\nversion 1\nabout o\nimage 1 1\nfunction plug online\n");
    finish_recording();

    ck_assert_str_eq(kernel_plug_name(reading_kernel(reading, 3)), "section_add");
    ck_assert_ptr_eq(reading_kernel(reading, 4), reading_kernel(reading, 3));
    ck_assert_str_eq(kernel_plug_name(reading_kernel(reading, 5)), "online");
    ck_assert_ptr_null(reading_kernel(reading, 6));
    ck_assert_ptr_null(reading_kernel(reading, 2));
    ck_assert_ptr_null(reading_kernel(reading, 99));
    ck_assert_ptr_null(reading_kernel(reading, DOMID_HOST));
}
END_TEST

START_TEST(nothing_but_an_end)
{
    size_t bytes = 1;

    finish_recording();
    ck_assert_uint_eq(reading_events(reading), 1);
    ck_assert_str_eq(reading_scenario(reading, &bytes), "");
    ck_assert_uint_eq(bytes, 0);
    ck_assert_int_eq(reading_verdict(reading), -1);
}
END_TEST

/* ---- damage ----------------------------------------------------------------------------------- */

/* A recording in memory of its own, to be damaged. Events: 1 scenario, 2 domain, 3 hypercall, 4 log, 5 end. */
static struct {
    _Alignas(8) char bytes[2048];
    size_t count;
} copy;

static struct record *event_of_copy(unsigned event)
{
    char *at = copy.bytes + sizeof(struct recording_head);

    while (--event > 0)
        at += ((struct record *)(void *)at)->bytes;
    return (struct record *)(void *)at;
}

static void *payload_of_copy(unsigned event)
{
    return event_of_copy(event) + 1;
}

static void make_copy(void)
{
    const void *bytes;

    add_text(REC_SCENARIO, DOMID_HOST, 0, "language 1\n");
    add_domain(3, "nb", 16384, 32768);
    add_reservation(3, 5 * MS, XENMEM_increase_reservation, 17, 16401, 33024);
    add_text(REC_LOG, 3, 7 * MS, "hello");
    bytes = recorder_finish(rec, &copy.count);
    ck_assert_uint_le(copy.count, sizeof copy.bytes);
    memcpy(copy.bytes, bytes, copy.count);
}

/* Makes the checksum right again, so that the reader comes to what is wrong inside. */
static void sum_again(void)
{
    struct record_value sum = {XXH64(copy.bytes, copy.count - sizeof(struct record) - sizeof sum, 0)};

    memcpy(copy.bytes + copy.count - sizeof sum, &sum, sizeof sum);
}

static void ck_refused(const char *wanted)
{
    char error[200] = "";

    ck_assert_ptr_null(reading_open(copy.bytes, copy.count, error, sizeof error));
    ck_assert_str_eq(error, wanted);
}

START_TEST(refused_head)
{
    struct recording_head *head = (struct recording_head *)(void *)copy.bytes;

    make_copy();
    head->version = 7;
    ck_refused("written by version 7 of the format; this ballast reads 1 to 3");
    head->version = RECORDING_VERSION;
    head->head_bytes = 136;
    ck_refused("damaged recording: its head says that it is 136 bytes long, not 128");
    head->head_bytes = 128;
    memset(head->name, 'x', sizeof head->name);
    ck_refused("damaged recording: its name has no end");
    head->name[sizeof head->name - 1] = '\0';
    memset(head->backend, 'x', sizeof head->backend);
    ck_refused("damaged recording: no backend has the name in its head");
    memcpy(head->backend, "si\033\0\0\0\0", 8);
    ck_refused("damaged recording: no backend has the name in its head");
    memset(head->backend, 0, sizeof head->backend);
    ck_refused("damaged recording: no backend has the name in its head");
    head->magic[0] = 'b';
    ck_refused("not a recording: it does not begin with BALLREC");
}
END_TEST

START_TEST(refused_wherever_it_is_cut)
{
    char error[200];
    size_t whole;

    make_copy();
    whole = copy.count;
    for (copy.count = 0; copy.count < whole; copy.count++) {
        ck_assert_ptr_null(reading_open(copy.bytes, copy.count, error, sizeof error));
        ck_assert_msg(strncmp(error, copy.count < 8 ? "not a recording" : "cut short", 9) == 0, "%zu: %s",
            copy.count, error);
    }
    reading = reading_open(copy.bytes, whole, error, sizeof error);
    ck_assert_ptr_nonnull(reading);
}
END_TEST

/* Any single bit: the checksum at the latest sees it. */
START_TEST(refused_with_any_bit_wrong)
{
    char error[200];
    size_t i;

    make_copy();
    for (i = 0; i < copy.count * 8; i++) {
        copy.bytes[i / 8] = (char)(copy.bytes[i / 8] ^ 1 << i % 8);
        error[0] = '\0';
        ck_assert_ptr_null(reading_open(copy.bytes, copy.count, error, sizeof error));
        ck_assert_uint_gt(strlen(error), 10);
        copy.bytes[i / 8] = (char)(copy.bytes[i / 8] ^ 1 << i % 8);
    }
}
END_TEST

START_TEST(refused_sizes)
{
    make_copy();
    event_of_copy(4)->bytes = 25;
    ck_refused("damaged recording: event 4 has an impossible size");
    event_of_copy(4)->bytes = 0;
    ck_refused("damaged recording: event 4 has an impossible size");
    event_of_copy(4)->bytes = 16;
    ck_refused("damaged recording: event 4 has an impossible size");
    event_of_copy(4)->bytes = UINT32_MAX - 7;
    ck_refused("cut short: the recording ends in the middle of event 4");
    event_of_copy(4)->bytes = 32;
    event_of_copy(3)->count = 19;
    ck_refused("damaged recording: event 3 has not the size of its list");
    event_of_copy(3)->count = 1;
    ck_refused("damaged recording: event 3 has not the size of its list");
    event_of_copy(3)->count = UINT32_MAX;
    ck_refused("damaged recording: event 3 has not the size of its list");
    event_of_copy(3)->count = 17;
    event_of_copy(2)->count = 1;
    ck_refused("damaged recording: event 2 counts a list that its type does not have");
}
END_TEST

START_TEST(refused_types)
{
    char wanted[100];

    make_copy();
    event_of_copy(4)->type = NR_RECORD_TYPES;
    snprintf(wanted, sizeof wanted, "damaged recording: event 4 is of type %d, which version 3 does not have",
        NR_RECORD_TYPES);
    ck_refused(wanted);
    event_of_copy(4)->type = 0;
    ck_refused("damaged recording: event 4 is of type 0, which version 3 does not have");
    event_of_copy(4)->type = REC_END;
    ck_refused("damaged recording: 32 bytes behind its end");
    event_of_copy(4)->type = REC_NOTE;
    ck_refused("damaged recording: event 4 is too short for its type");
    event_of_copy(4)->type = REC_SCENARIO;
    ck_refused("damaged recording: event 4 is a second scenario");
    event_of_copy(4)->type = REC_LOG;
    event_of_copy(5)->type = REC_VERDICT;
    ck_refused("cut short: the recording stops behind event 5, without its end");
}
END_TEST

START_TEST(refused_contents)
{
    make_copy();
    memcpy(payload_of_copy(4), "hello123", 8);
    ck_refused("damaged recording: event 4 holds a text that does not end well");
    memcpy(payload_of_copy(4), "he\0lo\0\0\0", 8);
    ck_refused("damaged recording: event 4 holds a text that does not end well");
    memcpy(payload_of_copy(4), "hello\0\0\0", 8);
    memset((char *)payload_of_copy(3) + sizeof(struct record_hypercall) + 17 * 4, 1, 1);
    ck_refused("damaged recording: event 3 is not padded with zeros");
    memset((char *)payload_of_copy(3) + sizeof(struct record_hypercall) + 17 * 4, 0, 1);
    event_of_copy(3)->domid = 0x7ff0;
    ck_refused("damaged recording: event 3 names a domid that no domain can have");
    event_of_copy(3)->domid = 3;
    event_of_copy(2)->domid = DOMID_HOST;
    ck_refused("damaged recording: event 2 builds a domain without a domid");
    event_of_copy(2)->domid = 3;
    memset(((struct record_domain *)payload_of_copy(2))->kernel, 'k', 24);
    ck_refused("damaged recording: event 2 names a kernel without an end");
    memset(((struct record_domain *)payload_of_copy(2))->kernel, 0, 24);
    ck_refused("damaged recording: its checksum does not fit its bytes");
    event_of_copy(5)->line = 1;
    ck_refused("damaged recording: its end is not as it was written");
    event_of_copy(5)->line = 0;
    sum_again();
    reading = reading_open(copy.bytes, copy.count, (char[200]){0}, 200);
    ck_assert_ptr_nonnull(reading);
}
END_TEST

START_TEST(refused_blame_of_the_future)
{
    char error[200];
    const void *bytes;
    size_t count;

    add_violation(1, 0, INVARIANT_NO_LEAK, 2, "a frame is lost");
    bytes = recorder_finish(rec, &count);
    ck_assert_ptr_null(reading_open(bytes, count, error, sizeof error));
    ck_assert_str_eq(error, "damaged recording: event 1 blames an event of its future");
}
END_TEST

/* docs/recording.md lists every type, in the order of the enum. Tests run in the project's root. */
START_TEST(documented)
{
    FILE *file = fopen("docs/recording.md", "r");
    char text[20000], row[64];
    const char *at;
    unsigned type;

    ck_assert_ptr_nonnull(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    at = strstr(text, "\n## Types\n");
    for (type = 1; type < NR_RECORD_TYPES; type++) {
        ck_assert_ptr_nonnull(at);
        snprintf(row, sizeof row, "\n| `%s` |", name_of_record((uint16_t)type));
        at = strstr(at, row);
        ck_assert_msg(
            at != NULL, "docs/recording.md lacks %s, or has it elsewhere", name_of_record((uint16_t)type));
    }
}
END_TEST

START_TEST(small_error_buffer)
{
    char error[8];

    ck_assert_ptr_null(reading_open("", 0, error, sizeof error));
    ck_assert_str_eq(error, "not a r");
}
END_TEST

Suite *reading_suite(void)
{
    Suite *suite = suite_create("reading");
    TCase *tcase = tcase_create("reading");

    tcase_add_checked_fixture(tcase, begin_recording, drop_recording);
    tcase_add_test(tcase, written_and_read);
    tcase_add_test(tcase, kernels_as_they_are_described);
    tcase_add_test(tcase, nothing_but_an_end);
    tcase_add_test(tcase, refused_head);
    tcase_add_test(tcase, refused_wherever_it_is_cut);
    tcase_add_test(tcase, refused_with_any_bit_wrong);
    tcase_add_test(tcase, refused_sizes);
    tcase_add_test(tcase, refused_types);
    tcase_add_test(tcase, refused_contents);
    tcase_add_test(tcase, refused_blame_of_the_future);
    tcase_add_test(tcase, documented);
    tcase_add_test(tcase, small_error_buffer);
    suite_add_tcase(suite, tcase);
    return suite;
}
