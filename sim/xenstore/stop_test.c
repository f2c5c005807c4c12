/* SPDX-License-Identifier: BSD-2-Clause */
/* xenstored stops and comes back, the same or a new one: what a guest sees of it through its ring. Events that are lost. */
#include "sim/xenstore/xenstore_test.h"

Suite *stop_suite(void);

static struct test_store *t;
static struct test_guest *g;

static struct { /* what the store is to do at the next messages */
    unsigned messages, stop_at;
    bool dies;
    unsigned events, lose_from, lose_to;
} plan;

static void plan_message(void *context, unsigned domid)
{
    struct test_store *store = context;

    (void)domid;
    if (++plan.messages == plan.stop_at)
        xenstore_stop(store->xs, plan.dies);
}

static bool plan_event(void *context, unsigned domid, const char *path, const char *token)
{
    (void)context;
    (void)domid;
    ck_assert(path[0] != '\0' && token[0] != '\0');
    plan.events++;
    return plan.events < plan.lose_from || plan.events > plan.lose_to;
}

static void begin(void)
{
    memset(&plan, 0, sizeof(plan));
    t = calloc(1, sizeof(*t));
    ck_assert_ptr_nonnull(t);
    t->xs = xenstore_new(&(struct xenstore_ops){.context = t,
        .record = test_record,
        .raise = test_raise,
        .event = plan_event,
        .message = plan_message});
    ck_assert_ptr_nonnull(t->xs);
    g = test_guest_new(t, 1);
}

static void end(void)
{
    free(g);
    test_store_free(t);
}

static void stop_at_next(bool dies)
{
    plan.stop_at = plan.messages + 1;
    plan.dies = dies;
}

static void watch_w(void)
{
    ck_assert_int_eq(ASK(g, XS_WATCH, 0, "w\0token"), 0);
    expect_event(g, "w", "token");
}

/* A request that is there when xenstored stops is answered when it is back; so are those that came meanwhile. */
START_TEST(test_an_update_answers_later)
{
    unsigned raised;

    ck_assert_int_eq(guest_write(g, 0, "w", "1"), 0);
    watch_w();
    stop_at_next(false);
    guest_send(g, XS_READ, 0, "w", 2);
    ck_assert(xenstore_stopped(t->xs));
    expect_nothing(g);
    guest_send(g, XS_DIRECTORY, 0, "/local/domain/1", 16);
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/local/domain/1/w", "2"), 0);
    expect_nothing(g);
    raised = t->raised[1];
    xenstore_start(t->xs);
    ck_assert_uint_gt(t->raised[1], raised);
    expect_event(g, "w", "token");
    ck_assert(guest_read_message(g));
    ck_assert_uint_eq(g->head.type, XS_READ);
    ck_assert_str_eq(g->body, "2");
    ck_assert(guest_read_message(g));
    ck_assert_uint_eq(g->head.type, XS_DIRECTORY);
    expect_nothing(g);
    ck_assert_uint_eq(plan.messages, 5); /* each once: write, watch, its event, read, directory */
}
END_TEST

/* A message of which only a part is in the ring goes on where it was. */
START_TEST(test_an_update_in_the_middle_of_a_message)
{
    struct xsd_sockmsg head = {.type = XS_READ, .req_id = 1, .len = 2};

    ck_assert_int_eq(guest_write(g, 0, "w", "1"), 0);
    guest_put(g, &head, 10);
    xenstore_work(t->xs, 1);
    xenstore_stop(t->xs, false);
    guest_put(g, (const char *)&head + 10, sizeof(head) - 10);
    guest_put(g, "w", 2);
    xenstore_work(t->xs, 1);
    expect_nothing(g);
    xenstore_start(t->xs);
    ck_assert(guest_read_message(g));
    ck_assert_str_eq(g->body, "1");
}
END_TEST

/* A transaction lives through an update, and dies with xenstored. */
START_TEST(test_transactions)
{
    uint32_t tx = guest_begin(g);

    stop_at_next(false);
    guest_send(g, XS_WRITE, tx, "w\0001", 3);
    xenstore_start(t->xs);
    ck_assert(guest_read_message(g));
    ck_assert_uint_eq(g->head.type, XS_WRITE);
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, tx, "T"), 0);
    ck_assert_str_eq(xenstore_read(t->xs, 1, "w"), "1");
    tx = guest_begin(g);
    xenstore_stop(t->xs, true);
    xenstore_write(t->xs, 0, "/other", ""); /* a change is over: now it dies */
    xenstore_start(t->xs);
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, tx, "T"), ENOENT);
}
END_TEST

/* What xenstored had taken out of the ring when it died is never answered; what it had not, the new one answers. */
START_TEST(test_a_restart_forgets)
{
    unsigned raised;

    ck_assert_int_eq(guest_write(g, 0, "w", "1"), 0);
    watch_w();
    stop_at_next(true);
    guest_send(g, XS_READ, 0, "w", 2);
    guest_send(g, XS_DIRECTORY, 0, "/local/domain/1", 16);
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/local/domain/1/w", "2"), 0);
    g->page.connection = 7;
    raised = t->raised[1];
    xenstore_start(t->xs);
    ck_assert_uint_eq(g->page.connection, XENSTORE_CONNECTED);
    ck_assert_uint_gt(t->raised[1], raised);
    ck_assert(guest_read_message(g));
    ck_assert_uint_eq(g->head.type, XS_DIRECTORY);
    expect_nothing(g);
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/local/domain/1/w", "3"), 0);
    expect_nothing(g); /* there is no watch */
    ck_assert_int_eq(ASK(g, XS_UNWATCH, 0, "w\0token"), ENOENT);
    watch_w();
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/local/domain/1/w", "4"), 0);
    expect_event(g, "w", "token");
}
END_TEST

/* It dies at an event of one domain's: the others lose theirs, too, and one that broke the protocol is served again. */
START_TEST(test_a_restart_is_everybodys)
{
    struct test_guest *other = test_guest_new(t, 2), *broken = test_guest_new(t, 3);

    watch_w();
    ck_assert_int_eq(ASK(other, XS_WATCH, 0, "@releaseDomain\0x"), 0);
    expect_event(other, "@releaseDomain", "x");
    broken->page.req_prod = broken->page.req_cons + XENSTORE_RING_SIZE + 1;
    xenstore_work(t->xs, 3);
    ck_assert_uint_eq(t->breaks, 1);
    broken->page.req_prod = broken->page.req_cons;
    stop_at_next(true);
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/local/domain/1/w", "2"), 0);
    ck_assert(xenstore_quiet(t->xs, 1));
    xenstore_start(t->xs);
    expect_nothing(g);
    ck_assert_int_eq(ASK(other, XS_UNWATCH, 0, "@releaseDomain\0x"), ENOENT);
    ck_assert_int_eq(ASK(broken, XS_DIRECTORY, 0, "/local/domain/3"), 0);
    free(other);
    free(broken);
}
END_TEST

START_TEST(test_events_that_are_lost)
{
    watch_w();
    plan.lose_from = plan.events + 1;
    plan.lose_to = plan.events + 2;
    for (unsigned i = 0; i < 3; i++)
        ck_assert_int_eq(xenstore_write(t->xs, 0, "/local/domain/1/w", i == 2 ? "last" : "x"), 0);
    expect_event(g, "w", "token");
    expect_nothing(g);
    xenstore_send_event(t->xs, 1, "w", "token"); /* one that was held back */
    expect_event(g, "w", "token");
    xenstore_send_event(t->xs, 9, "w", "token");
    ck_assert_uint_eq(plan.events, 4);
}
END_TEST

Suite *stop_suite(void)
{
    Suite *suite = suite_create("stop");
    TCase *tests = tcase_create("stop");

    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, test_an_update_answers_later);
    tcase_add_test(tests, test_an_update_in_the_middle_of_a_message);
    tcase_add_test(tests, test_transactions);
    tcase_add_test(tests, test_a_restart_forgets);
    tcase_add_test(tests, test_a_restart_is_everybodys);
    tcase_add_test(tests, test_events_that_are_lost);
    suite_add_tcase(suite, tests);
    return suite;
}
