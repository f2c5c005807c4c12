/* SPDX-License-Identifier: BSD-2-Clause */
/* Which events of a recording are chosen, and their lists of frames. */
#include "reports/events.h"
#include "reports/names.h"
#include "reports/recording_for_tests.h"

Suite *events_suite(void);

/* Events 1 to 6: a domain, a channel of it, a row that is freed, updates of the M2P, and one channel each of it and of the host. */
static void record(void)
{
    const struct record_run runs[] = {{0x100, 4}, {0x104, 1}, {0x200, 2}};
    const uint32_t pairs[] = {0x900, 0x10, 0x901, 0x11, 0x905, 0x12};
    struct record_hypercall call = {
        .op = __HYPERVISOR_mmu_update, .ret = 0, .asked = 3, .reservation_pages = 16};

    add_domain(1, "nb", 16, 32);
    recorder_set_line(rec, 2);
    add_value(REC_EVTCHN, 1, MS, 3);
    recorder_append(rec, REC_PAGE_FREE, 1, 2 * MS, NULL, 0, runs, sizeof runs[0], 3);
    recorder_append(rec, REC_HYPERCALL, 1, 3 * MS, &call, sizeof call, pairs, sizeof pairs[0], 6);
    recorder_set_line(rec, 3);
    add_value(REC_EVTCHN, 1, 4 * MS, 4);
    add_value(REC_EVTCHN, DOMID_HOST, 5 * MS, 5);
    finish_recording();
}

static uint64_t show(struct event_choice choice)
{
    return events_print_text(out, reading, &choice, NULL);
}

START_TEST(chosen)
{
    record();
    ck_assert_uint_eq(show((struct event_choice){.kinds = UINT32_C(1) << REC_EVTCHN, .domain = "nb"}), 2);
    ck_printed("     2  0.001000 s  nb  event channel port 3 raised\n"
               "     5  0.004000 s  nb  event channel port 4 raised\n");
    ck_assert_uint_eq(show((struct event_choice){.from = 5, .to = 6}), 2);
    ck_printed("     5  0.004000 s  nb  event channel port 4 raised\n"
               "     6  0.005000 s  host  event channel port 5 raised\n");
    ck_assert_uint_eq(show((struct event_choice){.line = 3, .domain = "host"}), 1);
    ck_printed("     6  0.005000 s  host  event channel port 5 raised\n");
    ck_assert_uint_eq(show((struct event_choice){.from = 8}), 0);
    ck_assert_uint_eq(show((struct event_choice){0}), 7); /* with the end */
    ck_assert(events_domain_is_there(reading, "nb") && events_domain_is_there(reading, "host"));
    ck_assert(!events_domain_is_there(reading, "dom2"));
}
END_TEST

/* Some of the notes by their own names, beside whole kinds. */
START_TEST(kinds_of_notes)
{
    uint64_t plugs = 0;

    for (size_t k = 0; k < nr_note_kinds; k++)
        plugs |= strcmp(note_kinds[k].name, "PLUG") == 0 ? note_kinds[k].notes : 0;
    add_text(REC_SCENARIO, DOMID_HOST, 0, "language 1\n");
    add_note(1, 0, NOTE_PLUG_BEGIN, 0x400, 5, 0);
    add_note(1, 0, NOTE_SLEEP, 1, 0, 0);
    add_note(1, 0, (enum port_note)99, 1, 0, 0);
    add_note(1, 0, NOTE_PLUG_END, 0x400, 5, 1);
    add_value(REC_EVTCHN, 1, 0, 4);
    finish_recording();
    ck_assert_uint_eq(show((struct event_choice){.notes = plugs}), 2);
    ck_assert_uint_eq(show((struct event_choice){.notes = plugs, .kinds = UINT32_C(1) << REC_EVTCHN}), 3);
    ck_assert_uint_eq(show((struct event_choice){.kinds = UINT32_C(1) << REC_NOTE}), 4);
}
END_TEST

START_TEST(frames_in_runs)
{
    record();
    show((struct event_choice){.from = 3, .to = 4, .frames = true});
    ck_printed("     3  0.002000 s  nb  7 pages to the guest's allocator (from 0x100, in several runs)\n"
               "          pfn 0x100-0x104 0x200-0x201\n"
               "     4  0.003000 s  nb  mmu_update of 3 entries -> 0\n"
               "          mfn 0x900-0x901 0x905\n"
               "          pfn 0x10-0x12\n");
}
END_TEST

START_TEST(as_json)
{
    record();
    ck_assert(events_print_json(out, reading, &(struct event_choice){.from = 4, .to = 5}, NULL));
    ck_printed(
        "{\"format\": \"ballast events\", \"version\": 1, \"ballast\": \"" BALLAST_VERSION
        "\", \"events\": [\n"
        "{\"event\": 4, \"time_ns\": 3000000, \"line\": 2, \"domain\": \"nb\", \"kind\": \"HYPERCALL\", "
        "\"text\": \"mmu_update of 3 entries -> 0\", \"call\": \"mmu_update\", \"ret\": 0, \"asked\": 3, "
        "\"reservation_pages\": 16, \"maximum_pages\": 0, \"host_free_pages\": 0, "
        "\"frames\": [2304, 16, 2305, 17, 2309, 18]},\n"
        "{\"event\": 5, \"time_ns\": 4000000, \"line\": 3, \"domain\": \"nb\", \"kind\": \"EVTCHN\", "
        "\"text\": \"event channel port 4 raised\"}\n"
        "]}\n");
}
END_TEST

Suite *events_suite(void)
{
    Suite *suite = suite_create("events");
    TCase *shown = tcase_create("shown");

    tcase_add_checked_fixture(shown, begin_recording, drop_recording);
    tcase_add_test(shown, chosen);
    tcase_add_test(shown, kinds_of_notes);
    tcase_add_test(shown, frames_in_runs);
    tcase_add_test(shown, as_json);
    suite_add_tcase(suite, shown);
    return suite;
}
