/* SPDX-License-Identifier: BSD-2-Clause */
/* What is known of a domain, from its building to its end: who is found, what is kept, and what is forgotten. */
#include "sim/invariants/testing.h"

#include "sim/invariants/floor.h"
#include "sim/invariants/leak.h"
#include "sim/invariants/rollback.h"
#include "sim/invariants/segments.h"
#include "sim/invariants/target.h"
#include "sim/invariants/watched.h"
#include "sim/invariants/watched_lifecycle.h"

Suite *watched_suite(void);

static void ck_new(const struct watched *w, unsigned domid)
{
    ck_assert_uint_eq(w->domid, domid);
    ck_assert_uint_eq(w->begin_event, 0);
    ck_assert_uint_eq(w->failures.count, 0);
    ck_assert_uint_eq(w->target->kib, NO_TARGET);
    ck_assert_uint_eq(w->target->clear_since_ns, NEVER_NS);
    ck_assert_uint_eq(w->floor->lowest_pages, UINT64_MAX);
    ck_assert_uint_eq(w->segments->noted.count, 0);
    ck_assert_uint_eq(w->rollback->failed.count, 0);
    ck_assert_uint_eq(w->leak->owed_pages, 0);
}

START_TEST(only_who_was_built_is_found)
{
    show_open();
    ck_assert_ptr_null(watched_find(show.inv, HOST_SLOT));
    ck_assert_ptr_null(watched_find(show.inv, 77));
    ck_assert_ptr_nonnull(watched_make(show.inv, 700)); /* room is made, and nobody was built */
    ck_new(show.inv->watched[700], 700);
    ck_assert_ptr_null(show.inv->watched[699]);
    ck_assert_ptr_null(watched_find(show.inv, 700));
    ck_assert_ptr_null(watched_find(show.inv, DOMID_HOST));
    ck_assert_ptr_eq(watched_find(show.inv, show.p->domain->domid)->domain, show.p->domain);
    show_close();
}
END_TEST

/* Nothing of the domain before goes over to the next one with its number, but the lists' memory is used again. */
START_TEST(cleared_is_as_new)
{
    struct watched *w;
    const void *memory;
    unsigned domid;

    show_open();
    domid = show.p->domain->domid;
    w = watched_find(show.inv, domid);
    watched_refused(show.inv, w, 100);
    ck_assert(ranges_add(&w->rollback->failed, 5, 9));
    w->target->kib = 4;
    w->leak->owed_pages = 3;
    memory = w->failures.at;
    ck_assert_ptr_nonnull(memory);
    ck_assert_uint_gt(w->segments->noted.count, 0);
    watched_end(show.inv, domid);
    ck_new(w, domid);
    ck_assert_ptr_eq(w->failures.at, memory);
    ck_assert_ptr_null(watched_find(show.inv, domid));
    show_close();
}
END_TEST

/* Restored under another number it is the same guest: its frames are others, its refusals and segments are not. */
START_TEST(a_saved_guest_goes_on)
{
    struct test_guest *restored;
    struct record record = {.type = REC_DOMAIN};
    struct watched *w;
    unsigned before, after;

    show_open();
    before = show.p->domain->domid;
    w = watched_find(show.inv, before);
    watched_refused(show.inv, w, 100);
    w->unused_pages = 4;
    w->leak->owed_pages = 3;
    w->rollback->failed_any = true;
    watched_suspended(show.inv, before);
    ck_assert_ptr_null(w->domain);
    ck_assert_uint_eq(w->unused_pages + w->leak->owed_pages + w->rollback->failed_any, 0);
    ck_assert_uint_eq(w->failures.count, 1);

    restored = test_guest_new("again", 512, 512);
    after = restored->domain->domid;
    restored->domain->restored_from = before;
    record.domid = (uint16_t)after;
    watched_begin(show.inv, &(struct event){.record = &record, .number = 2000});
    ck_assert_ptr_eq(show.inv->watched[after], w);
    ck_assert_uint_eq(w->domid, after);
    ck_assert(w->restored);
    ck_assert_uint_eq(w->failures.count, 1);
    ck_new(show.inv->watched[before], before);
    ck_assert_ptr_eq(watched_find(show.inv, after), w);
    ck_assert_uint_eq(w->reservation_pages, 512);
    show_close();
}
END_TEST

Suite *watched_suite(void)
{
    Suite *suite = suite_create("invariants/watched");
    TCase *tests = tcase_create("watched");

    tcase_add_test(tests, only_who_was_built_is_found);
    tcase_add_test(tests, cleared_is_as_new);
    tcase_add_test(tests, a_saved_guest_goes_on);
    suite_add_tcase(suite, tests);
    return suite;
}
