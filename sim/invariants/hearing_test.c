/* SPDX-License-Identifier: BSD-2-Clause */
/* last-target-wins where a fault kept the driver from hearing of its target: who is blamed, and from when on again. */
#include "sim/invariants/testing.h"
#include "sim/machine_state.h"
#include "sim/xenstore/xenstore.h"

Suite *hearing_suite(void);

static uint64_t told_fault(enum fault_site site, unsigned port)
{
    struct record_fault fault = {.site = (uint32_t)site, .port = port};

    return recorder_append(
        stage.recorder, REC_FAULT, show.p->domain->domid, 0, &fault, sizeof fault, NULL, 0, 0);
}

static void store_record(uint32_t op, unsigned by, const char *path, const char *value)
{
    struct record_xenstore record = {.op = op, .by = by};
    char texts[100];
    const int bytes = snprintf(texts, sizeof texts, "%s%c%s", path, '\0', value) + 1;

    recorder_append(stage.recorder, REC_XENSTORE, show.p->domain->domid, 0, &record, sizeof record, texts, 1,
        (uint32_t)bytes);
}

/* dom0 writes another target, and the driver does not read it. Returns its domain's number. */
static unsigned write_target(void)
{
    const unsigned domid = show.p->domain->domid;
    char path[XENSTORE_NODE_ROOM];

    xenstore_node_path(path, domid, "memory/target");
    ck_assert_int_eq(xenstore_write(machine_xenstore_tree(stage.machine), 0, path, "2048"), 0);
    return domid;
}

/* A driver whose watch event was lost, or is still to come, is not blamed for a target that it was not told of. */
START_TEST(a_target_that_it_was_not_told_of)
{
    unsigned domid;

    show_open();
    domid = write_target();
    told_fault(FAULT_SITE_XENSTORE_EVENT_LOST, 0);
    rest();
    held(INVARIANT_LAST_TARGET_WINS);
    store_record(XS_WATCH_EVENT, domid, "memory/target", "token"); /* another one comes */
    rest();
    broken(INVARIANT_LAST_TARGET_WINS, "has not been read since", NULL);
    show_close();
}
END_TEST

/* The same of a notification: that of its port makes up for it, and no other. */
START_TEST(a_notification_that_it_did_not_get)
{
    struct record_value other = {5}, port = {3};
    unsigned domid;

    show_open();
    domid = write_target();
    told_fault(FAULT_SITE_EVTCHN_LATE, 3);
    store_record(XS_WATCH_EVENT, domid, "memory/target", "token");
    recorder_append(stage.recorder, REC_EVTCHN, domid, 0, &other, sizeof other, NULL, 0, 0);
    rest();
    held(INVARIANT_LAST_TARGET_WINS);
    recorder_append(stage.recorder, REC_EVTCHN, domid, 0, &port, sizeof port, NULL, 0, 0);
    rest();
    broken(INVARIANT_LAST_TARGET_WINS, "has not been read since", NULL);
    show_close();
}
END_TEST

/* The answer to its reading is there, and the notification is not: it goes on to the target before. */
START_TEST(an_answer_that_it_did_not_get)
{
    show_open();
    new_target(400);
    shrink(1000, 24);
    new_target(1000);
    told_fault(FAULT_SITE_EVTCHN_LATE, 3);
    shrink(700, 300);
    shrink(400, 300);
    held(INVARIANT_NO_OVERSHOOT);
    show_close();
}
END_TEST

/* Without its watches it hears of no target, until it sets one. */
START_TEST(watches_that_xenstored_forgot)
{
    unsigned domid;

    show_open();
    told_fault(FAULT_SITE_XENSTORED_RESTART, 0);
    domid = write_target();
    rest();
    held(INVARIANT_LAST_TARGET_WINS);
    store_record(XS_WATCH, domid, "memory/target", "token");
    rest();
    broken(INVARIANT_LAST_TARGET_WINS, "has not been read since", NULL);
    show_close();
}
END_TEST

Suite *hearing_suite(void)
{
    Suite *suite = suite_create("invariants/hearing");
    TCase *tests = tcase_create("hearing");

    tcase_add_test(tests, a_target_that_it_was_not_told_of);
    tcase_add_test(tests, a_notification_that_it_did_not_get);
    tcase_add_test(tests, an_answer_that_it_did_not_get);
    tcase_add_test(tests, watches_that_xenstored_forgot);
    suite_add_tcase(suite, tests);
    return suite;
}
