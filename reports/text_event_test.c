/* SPDX-License-Identifier: BSD-2-Clause */
/* One event in one line: each type of record, as a whole text. Names come with it. */
#include "reports/recording_for_tests.h"
#include "reports/text_clean.h"
#include "reports/text_console.h"
#include "reports/text_event.h"

#include <errno.h>

#include "reports/names.h"

Suite *text_event_suite(void);

static const char *place_of_two(void *context, uint64_t event)
{
    ck_assert_ptr_eq(context, &rec);
    return event == 2 ? "balloon.c:512 (balloon_plug)" : NULL;
}

static void print_all(void)
{
    struct text_style style = {.place = place_of_two, .place_context = &rec};
    uint64_t event;

    finish_recording();
    for (event = 1; event <= reading_events(reading); event++)
        text_event(out, reading, event, &style);
    text_event(out, reading, 0, &style);
    text_event(out, reading, event, &style);
}

START_TEST(memory)
{
    struct record_hypercall call = {.op = __HYPERVISOR_memory_op,
        .subop = XENMEM_populate_physmap,
        .asked = 8,
        .flags = 9 | 32 << 8,
        .ret = -EPERM,
        .reservation_pages = 1,
        .maximum_pages = 2,
        .host_free_pages = 3};

    add_domain(1, "nb", 16384, 32768);
    add_reservation(1, 1204 * MS, XENMEM_increase_reservation, 512, 16896, 33024);
    recorder_append(rec, REC_HYPERCALL, 1, 1204 * MS, &call, sizeof call, NULL, 0, 0);
    call = (struct record_hypercall){.op = __HYPERVISOR_memory_op,
        .subop = XENMEM_current_reservation,
        .ret = 5,
        .reservation_pages = 5,
        .maximum_pages = 6,
        .host_free_pages = 7};
    recorder_append(rec, REC_HYPERCALL, 1, 1205 * MS, &call, sizeof call, NULL, 0, 0);
    call = (struct record_hypercall){.op = __HYPERVISOR_mmu_update, .asked = 512};
    recorder_append(rec, REC_HYPERCALL, 1, 1205 * MS, &call, sizeof call, NULL, 0, 0);
    call = (struct record_hypercall){.op = __HYPERVISOR_event_channel_op, .subop = 4};
    recorder_append(rec, REC_HYPERCALL, 1, 1205 * MS, &call, sizeof call, NULL, 0, 0);
    call = (struct record_hypercall){.op = 77, .ret = -ENOSYS};
    recorder_append(rec, REC_HYPERCALL, 1, 1206 * MS, &call, sizeof call, NULL, 0, 0);
    recorder_touch(rec, 1, 1207 * MS, MFN(0x500), TOUCH_MAP);
    recorder_touch(rec, 1, 1207 * MS, MFN(0x500), TOUCH_ZERO);
    recorder_touch(rec, 1, 1207 * MS, MFN(0x500), TOUCH_UNMAP);
    recorder_touch(rec, 1, 1207 * MS, MFN(0x501), TOUCH_READ);
    recorder_page_free(rec, 1, 1208 * MS, PFN(0x4000), 1);
    recorder_flush(rec);
    recorder_page_free(rec, 1, 1208 * MS, PFN(0x4000), 512);
    recorder_page_free(rec, 1, 1208 * MS, PFN(0x6000), 1);
    recorder_page_alloc(rec, 1, 1209 * MS, PFN(0x6000), 2);
    print_all();
    ck_printed(
        "     1  0.000000 s  nb  is built, kernel testix, 16384 of at most 32768 pages (P2M 32768 entries, "
        "image 1024 pages)\n"
        "     2  1.204000 s  nb  XENMEM_increase_reservation 512 of order 0 -> 512  "
        "(reservation 16896, maximum 33024, host free 98304)  balloon.c:512 (balloon_plug)\n"
        "     3  1.204000 s  nb  XENMEM_populate_physmap 8 of order 9 below 32 bits -> -EPERM  "
        "(reservation 1, maximum 2, host free 3)\n"
        "     4  1.205000 s  nb  XENMEM_current_reservation -> 5  (reservation 5, maximum 6, host free 7)\n"
        "     5  1.205000 s  nb  mmu_update of 512 entries -> 0\n"
        "     6  1.205000 s  nb  EVTCHNOP_send -> 0\n"
        "     7  1.206000 s  nb  hypercall 77 -> -ENOSYS\n"
        "     8  1.207000 s  nb  2 pages mapped, zeroed, read, unmapped (from mfn 0x500)\n"
        "     9  1.208000 s  nb  1 page to the guest's allocator (from 0x4000)\n"
        "    10  1.208000 s  nb  513 pages to the guest's allocator (from 0x4000, in several runs)\n"
        "    11  1.209000 s  nb  2 pages from the guest's allocator (from 0x6000)\n"
        "    12  1.209000 s  host  end of the recording\n");
}
END_TEST

START_TEST(notes)
{
    add_note(1, 0, NOTE_PAGE_FREE, 0x10, 2, 0);
    add_note(1, 0, NOTE_PAGE_ALLOC, 0x10, 1, 0);
    add_note(1, 0, NOTE_PHYSLOAD, 0x400, 0x4000, 0);
    add_note(1, 0, NOTE_PLUG_BEGIN, 0x4063, 413, 0);
    add_note(1, 0, NOTE_PLUG_END, 0x4063, 413, 1);
    add_note(1, 0, NOTE_UNPLUG_BEGIN, 0x4063, 1, 0);
    add_note(1, 0, NOTE_UNPLUG_END, 0x4063, 1, 0);
    add_note(1, 0, NOTE_SLEEP, 1, 0, 0);
    add_note(1, 0, NOTE_SLEEP, 0, 0, 0);
    add_note(1, 0, NOTE_ATTACHED, 1, 0, 0);
    add_note(1, 0, NOTE_ATTACHED, 0, 0, 0);
    add_note(1, 0, NOTE_AUDIT_BEGIN, 0, 0, 0);
    add_note(1, 0, NOTE_SEGMENT, 0x400, 0x4000, 15360);
    add_note(1, 0, NOTE_AUDIT_END, 0, 0, 0);
    add_note(1, 0, NOTE_NODE, NODE_TARGET, 65536, 0);
    add_note(1, 0, NOTE_NODE, 9, 0, EACCES);
    add_note(1, 0, NOTE_DATA_LOST, 0x77, 0xabc, 0);
    add_note(1, 0, NOTE_KEPT, 0x3000, 0x3002, 0);
    add_note(1, 0, NOTE_P2M, 32768, 16384, 0);
    add_note(1, 0, NOTE_TARGET, 49152, 0, 0);
    add_note(1, 0, NOTE_RECLAIMED, 32, 0, 0);
    add_note(1, 0, NOTE_HOST_MAPPINGS, 513, 2, 1);
    add_note(1, 0, NOTE_DIRECT_MAP, 1, 0, 0);
    add_note(1, 0, NOTE_IN_VAIN, 210, 0, 0);
    add_note(1, 0, NOTE_PHYSLOAD, 0x400, 0x4000, 96);
    add_note(1, 0, NOTE_AUDIT_BEGIN, 16384, 15000, 0);
    add_note(1, 0, NOTE_AUDIT_END, 0, 0, 192);
    add_note(1, 0, (enum port_note)99, 1, 2, 3);
    print_all();
    ck_printed(
        "     1  0.000000 s  dom1  2 pages to the guest's allocator (from 0x10)\n"
        "     2  0.000000 s  dom1  1 page from the guest's allocator (from 0x10)  balloon.c:512 "
        "(balloon_plug)\n"
        "     3  0.000000 s  dom1  boot segment [0x400, 0x4000)\n"
        "     4  0.000000 s  dom1  plug(0x4063, 413 pages) begins\n"
        "     5  0.000000 s  dom1  plug(0x4063, 413 pages) -> true\n"
        "     6  0.000000 s  dom1  unplug(0x4063, 1 page) begins\n"
        "     7  0.000000 s  dom1  unplug(0x4063, 1 page) -> false\n"
        "     8  0.000000 s  dom1  the driver's thread sleeps\n"
        "     9  0.000000 s  dom1  a thread sleeps\n"
        "    10  0.000000 s  dom1  the driver attached\n"
        "    11  0.000000 s  dom1  the driver did not attach\n"
        "    12  0.000000 s  dom1  audit begins\n"
        "    13  0.000000 s  dom1  segment [0x400, 0x4000), 15360 pages known\n"
        "    14  0.000000 s  dom1  audit ends\n"
        "    15  0.000000 s  dom1  the driver's node target reads 65536 KiB\n"
        "    16  0.000000 s  dom1  the driver's node node 9 reads nothing: EACCES\n"
        "    17  0.000000 s  dom1  page 0x77 lost its data: wrote 0xabc, reads 0x0\n"
        "    18  0.000000 s  dom1  kept by the boot code: [0x3000, 0x3002)\n"
        "    19  0.000000 s  dom1  another table is its P2M: 32768 entries, before 16384\n"
        "    20  0.000000 s  dom1  a user of the guest sets its target to 49152 KiB\n"
        "    21  0.000000 s  dom1  32 pages taken back from their users for want of memory, since boot\n"
        "    22  0.000000 s  dom1  Xen maps its memory with 513 times 2 MiB whole (1 of 1 GiB), 2 in pieces\n"
        "    23  0.000000 s  dom1  1 page mapped in its direct map since it was built\n"
        "    24  0.000000 s  dom1  210 pages looked at or asked for in vain, since boot\n"
        "    25  0.000000 s  dom1  boot segment [0x400, 0x4000), page structures take 96 bytes\n"
        "    26  0.000000 s  dom1  audit begins: 16384 pages present, 15000 in use or free\n"
        "    27  0.000000 s  dom1  audit ends, page structures take 192 bytes\n"
        "    28  0.000000 s  dom1  note 99 (0x1, 0x2, 0x3)\n"
        "    29  0.000000 s  host  end of the recording\n");
}
END_TEST

START_TEST(world)
{
    struct record_xenstore read = {.op = XS_READ, .error = ENOENT, .by = 1};
    struct record_command status = {.status = 1};
    struct record_statement settle = {.does = STATEMENT_DOES_SETTLE};

    add_text(REC_SCENARIO, DOMID_HOST, 0, "language 1\n");
    recorder_set_line(rec, 6);
    recorder_append(rec, REC_STATEMENT, DOMID_HOST, 0, &settle, sizeof settle, "         settle", 1,
        sizeof "         settle");
    add_target(1, 0, 131072);
    add_texts(REC_XENSTORE, 1, 0, &read, sizeof read, "memory/target", "");
    read = (struct record_xenstore){.op = 99, .by = 2};
    add_texts(REC_XENSTORE, 1, 0, &read, sizeof read, "x", "y");
    add_value(REC_EVTCHN, 1, 0, 3);
    add_texts(REC_COMMAND, DOMID_HOST, 0, &status, sizeof status, "xl mem-set nb 1t", "too much\nreally\n");
    add_texts(REC_COMMAND, 1, 0, &(struct record_command){0}, sizeof status, "hold 80%", "");
    add_value(REC_SCHEDULE, 1, 0, 1);
    add_text(REC_LOG, 1, 0, "balloon0: hello");
    add_text(REC_PANIC, 1, 0, "kernel diagnostic assertion");
    add_text(REC_MISUSE, 1, 0, "mutex entered twice");
    add_text(REC_CRASH, 1, 0, "write to the M2P");
    add_value(REC_DOMAIN_END, 1, 0, DOMAIN_END_CRASH);
    add_value(REC_DOMAIN_END, 1, 0, 9);
    print_all();
    ck_printed("     1  0.000000 s  host  scenario grow.scn, seed 1\n"
               "     2  0.000000 s  host  line 6: settle  balloon.c:512 (balloon_plug)\n"
               "     3  0.000000 s  dom1  xenstore write /local/domain/1/memory/target = 131072 by dom0\n"
               "     4  0.000000 s  dom1  xenstore read memory/target -> ENOENT\n"
               "     5  0.000000 s  dom1  xenstore request 99 x = y by dom?\n"
               "     6  0.000000 s  dom1  event channel port 3 raised\n"
               "     7  0.000000 s  host  xl mem-set nb 1t -> 1: too much…\n"
               "     8  0.000000 s  dom1  $ hold 80% -> 0\n"
               "     9  0.000000 s  dom1  schedule: choice 1\n"
               "    10  0.000000 s  dom1  says: balloon0: hello\n"
               "    11  0.000000 s  dom1  panic: kernel diagnostic assertion\n"
               "    12  0.000000 s  dom1  misuse: mutex entered twice\n"
               "    13  0.000000 s  dom1  dies: write to the M2P\n"
               "    14  0.000000 s  dom1  is crashed\n"
               "    15  0.000000 s  dom1  is gone\n"
               "    16  0.000000 s  host  end of the recording\n");
}
END_TEST

START_TEST(judgements)
{
    struct record_checked checked = {.invariant = INVARIANT_NO_LEAK, .asked = 12, .broken = 1};

    add_plain(REC_REST, 0);
    add_text(REC_NOT_AT_REST, DOMID_HOST, 0, "nb has a timer");
    add_violation(1, 0, INVARIANT_NO_ALIAS, 0, "one frame twice");
    add_violation(1, 0, (enum invariant)99, 1, "what");
    recorder_set_line(rec, 9);
    add_expect(0, EXPECT_CONDITION, true, 20, 11, "== 64m", "64m");
    add_expect(0, EXPECT_CONDITION, false, 20, 11, "== 64m", "63m, 1m under");
    recorder_append(rec, REC_CHECKED, DOMID_HOST, 0, &checked, sizeof checked, NULL, 0, 0);
    add_value(REC_VERDICT, DOMID_HOST, 0, 6);
    add_value(REC_VERDICT, DOMID_HOST, 0, UINT64_MAX);
    add_text(REC_DIFFERENCE, 1, 0, "-> 3 there");
    print_all();
    ck_printed("     1  0.000000 s  host  at rest\n"
               "     2  0.000000 s  host  not at rest: nb has a timer  balloon.c:512 (balloon_plug)\n"
               "     3  0.000000 s  dom1  no-alias broken: one frame twice\n"
               "     4  0.000000 s  dom1  invariant 99 broken: what (by event 1)\n"
               "     5  0.000000 s  host  line 9 wants == 64m, and so it is: 64m\n"
               "     6  0.000000 s  host  line 9 wants == 64m, got 63m, 1m under\n"
               "     7  0.000000 s  host  no-leak was asked 12 times, broken 1\n"
               "     8  0.000000 s  host  verdict CRASH\n"
               "     9  0.000000 s  host  verdict NO VERDICT\n"
               "    10  0.000000 s  dom1  model and real Xen differ: -> 3 there\n"
               "    11  0.000000 s  host  end of the recording\n");
}
END_TEST

/* Which refusal a fault is the reason of; other domains' events in between don't matter, nor does what is judged right then. */
START_TEST(faults)
{
    struct record_xenstore refused = {.op = XS_READ, .error = EAGAIN, .by = 1};
    const struct record_expect broken = {.about = EXPECT_ALWAYS};

    add_note(1, 0, NOTE_PLUG_BEGIN, 0x4063, 413, 0);
    add_fault(1, 0, FAULT_SITE_OF_KERNEL, FAULT_PAGE, 100, 0x4063, 413, ENOMEM);
    add_text(REC_LOG, 2, 0, "another");
    add_note(1, 0, NOTE_PLUG_END, 0x4063, 413, 0);
    add_note(1, 0, NOTE_UNPLUG_END, 0x4063, 413, 0);
    add_fault(1, 0, FAULT_SITE_INCREASE_RESERVATION, FAULT_CALL, 3, 0, 0, 0);
    add_reservation(1, 0, XENMEM_increase_reservation, 0, 16384, 33024);
    add_fault(1, 0, FAULT_SITE_XENSTORE_READ, FAULT_EVERY, 2, 0, 0, EAGAIN);
    recorder_append(rec, REC_EXPECT, 1, 0, &broken, sizeof broken, "x\0y", 1, 4);
    add_texts(REC_XENSTORE, 1, 0, &refused, sizeof refused, "memory/target", "");
    add_reservation(1, 0, XENMEM_increase_reservation, 1, 16385, 33024);
    add_fault(1, 0, (enum fault_site)99, (enum fault_when)9, 1, 5, 1, 4095);
    print_all();
    ck_printed("     1  0.000000 s  dom1  plug(0x4063, 413 pages) begins\n"
               "     2  0.000000 s  dom1  fault kernel site 0 page=100 fires, 413 pages from 0x4063: ENOMEM"
               "  balloon.c:512 (balloon_plug)\n"
               "     3  0.000000 s  dom2  says: another\n"
               "     4  0.000000 s  dom1  plug(0x4063, 413 pages) -> false (fault page=100)"
               "  balloon.c:512 (balloon_plug)\n"
               "     5  0.000000 s  dom1  unplug(0x4063, 413 pages) -> false\n"
               "     6  0.000000 s  dom1  fault increase_reservation call=3 fires: short, 0\n"
               "     7  0.000000 s  dom1  XENMEM_increase_reservation 512 of order 0 -> 0 (fault call=3)"
               "  (reservation 16384, maximum 33024, host free 98304)\n"
               "     8  0.000000 s  dom1  fault xenstore.read every=2 fires: EAGAIN\n"
               "     9  0.000000 s  dom1  line 0 wants x, got y\n"
               "    10  0.000000 s  dom1  xenstore read memory/target -> EAGAIN (fault every=2)\n"
               "    11  0.000000 s  dom1  XENMEM_increase_reservation 512 of order 0 -> 1"
               "  (reservation 16385, maximum 33024, host free 98304)\n"
               "    12  0.000000 s  dom1  fault site 99 nth=1 fires, 1 page from 0x5: error 4095\n"
               "    13  0.000000 s  host  end of the recording\n");
}
END_TEST

/* ---- what guests write ------------------------------------------------------------------------ */

static const struct {
    const char *text;
    size_t max_bytes;
    const char *clean;
} texts[] = {
    {"plain", 99, "plain"}, {"", 99, ""}, {"tab\there", 99, "tab\there"},
    {"\033[31mred\007", 99, "\\x1b[31mred\\x07"}, {"del\177", 99, "del\\x7f"},
    {"Grüße … 語 😀", 99, "Grüße … 語 😀"}, {"bad \xff\xc3", 99, "bad \\xff\\xc3"},
    {"csi \xc2\x9b", 99, "csi \\xc2\\x9b"}, {"half \xe2\x80", 99, "half \\xe2\\x80"},
    {"one\ntwo", 99, "one…"}, {"one\n", 99, "one"}, {"one\r\n", 99, "one"},
    {"longer than that", 6, "longer…"}, {"Grüße", 3, "Gr…"}, /* not in the middle of a character */
};

START_TEST(clean)
{
    text_clean(out, texts[_i].text, texts[_i].max_bytes);
    ck_printed(texts[_i].clean);
}
END_TEST

START_TEST(console)
{
    add_domain(1, "a", 1, 1);
    add_domain(2, "b", 1, 1);
    add_text(REC_LOG, 1, 1500, "first");
    add_text(REC_LOG, 2, 61000 * MS, "second \033c");
    add_text(REC_MISUSE, 1, 61000 * MS, "mutex");
    add_text(REC_PANIC, 1, 61000 * MS, "out of it");
    finish_recording();
    text_console(out, reading, NULL, NULL);
    ck_printed("   0.000001  a  first\n  61.000000  b  second \\x1bc\n"
               "  61.000000  a  misuse: mutex\n  61.000000  a  panic: out of it\n");
    text_console(out, reading, "a", NULL);
    ck_printed("   0.000001  first\n  61.000000  misuse: mutex\n  61.000000  panic: out of it\n");
    text_console(out, reading, "a", "irs");
    ck_printed("   0.000001  first\n");
    text_console(out, reading, "c", NULL);
    ck_printed("");
}
END_TEST

START_TEST(every_name)
{
    char room[NAME_ROOM];
    unsigned i;

    for (i = 1; i < NR_RECORD_TYPES; i++)
        ck_assert_ptr_nonnull(name_of_record((uint16_t)i));
    ck_assert_ptr_null(name_of_record(0));
    ck_assert_ptr_null(name_of_record(NR_RECORD_TYPES));
    for (i = 0; i < NR_INVARIANTS; i++)
        ck_assert_ptr_ne(name_of_invariant(i, room), room);
    for (i = 0; i < NR_FAULT_SITES_OF_XEN; i++)
        ck_assert_ptr_ne(name_of_site(NULL, i, room), room);
    ck_assert_str_eq(name_of_verdict(0), "PASS");
    ck_assert_str_eq(name_of_verdict(1), "NO VERDICT");
    ck_assert_str_eq(name_of_verdict(-1), "NO VERDICT");
    ck_assert_str_eq(name_of_hypercall(__HYPERVISOR_sched_op, 3, room), "SCHEDOP_poll");
    ck_assert_str_eq(name_of_hypercall(__HYPERVISOR_memory_op, 999, room), "XENMEM 999");
    ck_assert_str_eq(name_of_xenstore_op(XS_WATCH_EVENT, room), "watch event");
    ck_assert_str_eq(name_of_end(DOMAIN_END_DESTROY), "destroyed");
    ck_assert_str_eq(name_of_end(DOMAIN_END_SHUTDOWN), "shut down");
    ck_assert_str_eq(name_of_errno(0, room), "error 0");
}
END_TEST

/* A kernel's site that knows no error numbers answers what its description says. */
START_TEST(refusals_of_a_kernel)
{
    add_text(REC_SCENARIO, DOMID_HOST, 0, "language 1\n");
    add_domain(1, "nb", 16384, 32768);
    add_fault(1, 0, FAULT_SITE_OF_KERNEL, FAULT_CALL, 1, 0x4063, 413, ENOMEM);
    add_fault(1, 0, FAULT_SITE_XENSTORE_READ, FAULT_CALL, 1, 0, 0, EAGAIN);
    print_all();
    fflush(out);
    ck_assert_msg(strstr(printed, "fault section_add call=1 fires, 413 pages from 0x4063: false\n") != NULL,
        "%s", printed);
    ck_assert_msg(strstr(printed, "fault xenstore.read call=1 fires: EAGAIN\n") != NULL, "%s", printed);
}
END_TEST

/* What a domain is told does not come, late or twice: the fault says which, and no later call is taken for refused. */
START_TEST(faults_of_what_is_told)
{
    const struct record_fault late = {
        .site = FAULT_SITE_EVTCHN_LATE, .when = FAULT_CALL, .nth = 2, .port = 1, .by_ns = 2500 * MS};
    const struct record_fault twice = {
        .site = FAULT_SITE_EVTCHN_DOUBLED, .when = FAULT_CHANCE, .nth = 10, .port = 1, .by_ns = 2000};
    const struct record_fault lost = {.site = FAULT_SITE_XENSTORE_EVENT_LOST, .when = FAULT_EVERY, .nth = 1};
    const struct record_fault dies = {
        .site = FAULT_SITE_XENSTORED_RESTART, .when = FAULT_CALL, .nth = 1, .by_ns = MS};
    struct record_xenstore event = {.op = XS_WATCH_EVENT, .by = 1, .error = ENOMEM};

    add_text(REC_SCENARIO, DOMID_HOST, 0, "language 1\n");
    recorder_append(rec, REC_FAULT, 1, 0, &late, sizeof late, NULL, 0, 0);
    add_texts(REC_XENSTORE, 1, 0, &(struct record_xenstore){.op = XS_READ, .by = 1}, sizeof event, "a", "b");
    recorder_append(rec, REC_FAULT, 1, 0, &twice, sizeof twice, NULL, 0, 0);
    recorder_append(rec, REC_FAULT, 1, 0, &lost, sizeof lost, NULL, 0, 0);
    add_texts(REC_XENSTORE, 1, 0, &event, sizeof event, "memory/target", "token");
    recorder_append(rec, REC_FAULT, 1, 0, &dies, sizeof dies, NULL, 0, 0);
    add_texts(REC_XENSTORE, 1, 0, &(struct record_xenstore){.op = XS_INTRODUCE}, sizeof event, "x", "");
    print_all();
    fflush(out);
    static const char *const wanted[] = {
        "fault evtchn.late call=2 fires: a notification comes 2.500 s later (port 1)",
        "fault evtchn.doubled chance=10% fires: a notification comes, and once more 0.000002 s later (port "
        "1)\n",
        "fault xenstore.event.lost every=1 fires: a watch event does not come\n",
        "xenstore watch event memory/target = token -> lost (fault every=1)\n",
        "fault xenstored.restart call=1 fires: xenstored dies here and is back 0.001 s later; the nodes are,",
        "xenstore read a = b\n", "xenstore introduce x by dom0\n"};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        ck_assert_msg(strstr(printed, wanted[i]) != NULL, "%s is not in\n%s", wanted[i], printed);
}
END_TEST

START_TEST(whose_schedule_it_is)
{
    add_text(REC_SCENARIO, DOMID_HOST, 0, "language 1\n");
    add_value(REC_SCHEDULE, DOMID_HOST, 0, 40);
    print_all();
    fflush(out);
    ck_assert_msg(strstr(printed, "  host  a seed chooses who runs: 40") != NULL, "%s", printed);
}
END_TEST

Suite *text_event_suite(void)
{
    Suite *suite = suite_create("text_event");
    TCase *tcase = tcase_create("text_event");

    tcase_add_checked_fixture(tcase, begin_recording, drop_recording);
    tcase_add_test(tcase, memory);
    tcase_add_test(tcase, refusals_of_a_kernel);
    tcase_add_test(tcase, faults_of_what_is_told);
    tcase_add_test(tcase, whose_schedule_it_is);
    tcase_add_test(tcase, notes);
    tcase_add_test(tcase, world);
    tcase_add_test(tcase, judgements);
    tcase_add_test(tcase, faults);
    tcase_add_loop_test(tcase, clean, 0, sizeof texts / sizeof texts[0]);
    tcase_add_test(tcase, console);
    tcase_add_test(tcase, every_name);
    suite_add_tcase(suite, tcase);
    return suite;
}
