/* SPDX-License-Identifier: BSD-2-Clause */
/* xenstore's transactions: what they see, what they change, and when they fail. */
#include "sim/xenstore/xenstore_test.h"

static struct test_store *t;
static struct test_guest *g, *h;

static void setup(void)
{
    t = test_store_new();
    g = test_guest_new(t, 1);
    h = test_guest_new(t, 2);
}

static void teardown(void)
{
    test_store_free(t);
    free(g);
    free(h);
}

START_TEST(test_transaction_is_a_view_of_its_own)
{
    uint32_t tx;

    ck_assert_int_eq(guest_write(g, 0, "a", "1"), 0);
    ck_assert_int_eq(ASK(h, XS_WATCH, 0, "b\0t"), 0);
    expect_event(h, "b", "t");
    tx = guest_begin(g);
    ck_assert_int_eq(guest_write(g, tx, "a", "2"), 0);
    ck_assert_int_eq(guest_write(g, tx, "n/m", "3"), 0);
    ck_assert_str_eq(xenstore_read(t->xs, 0, "/local/domain/1/a"), "1");
    ck_assert_ptr_null(xenstore_read(t->xs, 0, "/local/domain/1/n"));
    ck_assert_int_eq(ASK(g, XS_READ, tx, "a"), 0);
    ck_assert_str_eq(g->body, "2");
    ck_assert_int_eq(ASK(g, XS_READ, 0, "a"), 0);
    ck_assert_str_eq(g->body, "1");
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, tx, "T"), 0);
    ck_assert_str_eq(xenstore_read(t->xs, 0, "/local/domain/1/a"), "2");
    ck_assert_str_eq(xenstore_read(t->xs, 0, "/local/domain/1/n/m"), "3");
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, tx, "T"), ENOENT);
    ck_assert_int_eq(ASK(g, XS_READ, tx, "a"), ENOENT);
    expect_nothing(h);
}
END_TEST

/* A node is as it was when the transaction first looked at it, not as when it began. */
START_TEST(test_transaction_is_no_snapshot)
{
    uint32_t tx;

    ck_assert_int_eq(guest_write(g, 0, "a", "1"), 0);
    ck_assert_int_eq(guest_write(g, 0, "b", "1"), 0);
    tx = guest_begin(g);
    ck_assert_int_eq(ASK(g, XS_READ, tx, "b"), 0);
    ck_assert_int_eq(guest_write(g, 0, "a", "2"), 0);
    ck_assert_int_eq(ASK(g, XS_READ, tx, "a"), 0);
    ck_assert_str_eq(g->body, "2");
    ck_assert_int_eq(guest_write(g, tx, "c", "3"), 0);
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, tx, "T"), 0);
    ck_assert_str_eq(xenstore_read(t->xs, 1, "c"), "3");

    tx = guest_begin(g);
    ck_assert_int_eq(ASK(g, XS_DIRECTORY, tx, ""), EINVAL);
    ck_assert_int_eq(ASK(g, XS_READ, tx, "a"), 0);
    ck_assert_int_eq(guest_write(g, 0, "a", "4"), 0);
    ck_assert_int_eq(ASK(g, XS_READ, tx, "a"), 0);
    ck_assert_str_eq(g->body, "2");
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, tx, "T"), EAGAIN);
}
END_TEST

/* A node fires once, and nodes in the order in which they were first looked at. */
START_TEST(test_order_of_a_transactions_events)
{
    uint32_t tx;

    ck_assert_int_eq(guest_write(g, 0, "d/x", "1"), 0);
    ck_assert_int_eq(ASK(g, XS_WATCH, 0, "d\0t"), 0);
    expect_event(g, "d", "t");
    tx = guest_begin(g);
    ck_assert_int_eq(ASK(g, XS_READ, tx, "d/x"), 0);
    ck_assert_int_eq(guest_write(g, tx, "d/y", "1"), 0);
    ck_assert_int_eq(guest_write(g, tx, "d/x", "2"), 0);
    ck_assert_int_eq(guest_write(g, tx, "d/y", "2"), 0);
    guest_send(g, XS_TRANSACTION_END, tx, "T", 2);
    expect_event(g, "d/x", "t");
    expect_event(g, "d/y", "t");
    ck_assert(guest_read_message(g));
    ck_assert_uint_eq(g->head.type, XS_TRANSACTION_END);
    expect_nothing(g);
}
END_TEST

START_TEST(test_reset_ends_transactions)
{
    const uint32_t tx = guest_begin(g);

    ck_assert_int_eq(guest_write(g, tx, "a", "1"), 0);
    ck_assert_int_eq(ASK(g, XS_RESET_WATCHES, 0, ""), 0);
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, tx, "T"), ENOENT);
    ck_assert_int_eq(ASK(g, XS_RESET_WATCHES, tx, ""), ENOENT);
    ck_assert_int_eq(ASK(g, XS_GET_DOMAIN_PATH, tx, "1"), ENOENT);
    ck_assert_ptr_null(xenstore_read(t->xs, 1, "a"));
}
END_TEST

/* Where there was no room in a transaction, it fails at its end, with ENOMEM. */
START_TEST(test_no_room_fails_a_transaction)
{
    char value[2100] = "";
    uint32_t tx = guest_begin(g);

    memset(value, 'v', sizeof(value) - 1);
    ck_assert_int_eq(guest_write(g, 0, "there", "1"), 0);
    ck_assert_int_eq(guest_write(g, tx, _i == 0 ? "there" : "new", value), ENOSPC);
    ck_assert_int_eq(guest_write(g, tx, "other", "1"), 0);
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, tx, "T"), ENOMEM);
    ck_assert_ptr_null(xenstore_read(t->xs, 1, "other"));
}
END_TEST

/* A node above was copied before one below it came or went: the transaction meets it, and can't end well. */
START_TEST(test_names_that_are_not_nodes)
{
    uint32_t tx;

    ck_assert_int_eq(guest_write(g, 0, "d/x", "1"), 0);
    tx = guest_begin(g);
    ck_assert_int_eq(ASK(g, XS_READ, tx, "d"), 0);
    ck_assert_int_eq(ASK(g, XS_RM, 0, "d/x"), 0);
    ck_assert_int_eq(guest_write(g, 0, "d/y", "1"), 0);
    ck_assert_int_eq(ASK(g, XS_RM, tx, "d/y"), EIO);
    ck_assert_int_eq(ASK(g, XS_READ, tx, "d/y"), ENOENT); /* it is gone all the same */
    ck_assert_int_eq(guest_write(g, tx, "d/z", "2"), 0);
    ck_assert_int_eq(guest_write(g, tx, "d/x", "2"), 0);
    ck_assert_int_eq(ASK(g, XS_DIRECTORY, tx, "d"), 0); /* d/x was there all the time, and comes again */
    ck_assert_uint_eq(g->head.len, sizeof "x\0z\0x");
    ck_assert_mem_eq(g->body, "x\0z\0x", g->head.len);
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, tx, "T"), EAGAIN);
    tx = guest_begin(g);
    ck_assert_int_eq(ASK(g, XS_READ, tx, "d"), 0);
    ck_assert_int_eq(ASK(g, XS_RM, 0, "d/y"), 0);
    ck_assert_int_eq(ASK(g, XS_RM, tx, "d"), EIO);
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, tx, "T"), EAGAIN);
}
END_TEST

/* What was made and removed in it fires nothing; of a removal hear those that could read the node, not its parent. */
START_TEST(test_removals_in_a_transaction)
{
    uint32_t tx;

    ck_assert_int_eq(guest_write(g, 0, "d/x", "1"), 0);
    ck_assert_int_eq(guest_write(g, 0, "d/y", "1"), 0);
    ck_assert_int_eq(ASK(g, XS_SET_PERMS, 0, "d\0n1\0r2"), 0);
    ck_assert_int_eq(ASK(g, XS_SET_PERMS, 0, "d/y\0n1\0r2"), 0);
    ck_assert_int_eq(ASK(g, XS_WATCH, 0, "d\0t"), 0);
    expect_event(g, "d", "t");
    ck_assert_int_eq(ASK(h, XS_WATCH, 0, "/local/domain/1/d\0t"), 0);
    expect_event(h, "/local/domain/1/d", "t");
    tx = guest_begin(g);
    ck_assert_int_eq(guest_write(g, tx, "d/new", "1"), 0);
    ck_assert_int_eq(ASK(g, XS_RM, tx, "d/new"), 0);
    ck_assert_int_eq(ASK(g, XS_RM, tx, "d/x"), 0);
    ck_assert_int_eq(ASK(g, XS_RM, tx, "d/y"), 0);
    guest_send(g, XS_TRANSACTION_END, tx, "T", 2);
    expect_event(g, "d/x", "t");
    expect_event(g, "d/y", "t");
    ck_assert(guest_read_message(g));
    ck_assert_uint_eq(g->head.type, XS_TRANSACTION_END);
    expect_event(h, "/local/domain/1/d/y", "t");
    expect_nothing(h);
}
END_TEST

/* What a transaction has written before it goes with the node above it is told to watches above it, too. */
START_TEST(test_written_then_removed_with_the_node_above)
{
    uint32_t tx;

    ck_assert_int_eq(guest_write(g, 0, "d/x", "1"), 0);
    ck_assert_int_eq(guest_write(g, 0, "d/y", "1"), 0);
    ck_assert_int_eq(ASK(g, XS_WATCH, 0, "d\0t"), 0);
    expect_event(g, "d", "t");
    tx = guest_begin(g);
    ck_assert_int_eq(guest_write(g, tx, "d/x", "2"), 0);
    ck_assert_int_eq(ASK(g, XS_RM, tx, "d"), 0);
    guest_send(g, XS_TRANSACTION_END, tx, "T", 2);
    expect_event(g, "d/x", "t");
    expect_event(g, "d", "t");
    ck_assert(guest_read_message(g));
    ck_assert_uint_eq(g->head.type, XS_TRANSACTION_END);
}
END_TEST

/* Of a removal hear those that could read the node when the transaction first changed it, whatever it let them read since. */
START_TEST(test_shown_then_removed)
{
    uint32_t tx;

    ck_assert_int_eq(guest_write(g, 0, "d/x", "1"), 0);
    ck_assert_int_eq(ASK(h, XS_WATCH, 0, "/local/domain/1/d\0t"), 0);
    expect_event(h, "/local/domain/1/d", "t");
    tx = guest_begin(g);
    ck_assert_int_eq(ASK(g, XS_SET_PERMS, tx, "d/x\0r1"), 0);
    ck_assert_int_eq(ASK(g, XS_RM, tx, "d/x"), 0);
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, tx, "T"), 0);
    expect_nothing(h);
}
END_TEST

/* A name that stands twice in a transaction's node: the first of the two goes with the node above, the second is no node. */
START_TEST(test_a_name_twice_below_what_is_removed)
{
    uint32_t tx;

    ck_assert_int_eq(guest_write(g, 0, "d/x", "1"), 0);
    ck_assert_int_eq(guest_write(g, 0, "d/a", "1"), 0);
    tx = guest_begin(g);
    ck_assert_int_eq(ASK(g, XS_READ, tx, "d"), 0);
    ck_assert_int_eq(ASK(g, XS_RM, 0, "d/x"), 0);
    ck_assert_int_eq(guest_write(g, tx, "d/x", "2"), 0);
    ck_assert_int_eq(ASK(g, XS_RM, tx, "d"), EIO);
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, tx, "T"), EAGAIN);
}
END_TEST

/* A domain that has more nodes than it may, because dom0 made some, can end a transaction that has made none. */
START_TEST(test_too_many_nodes_outside)
{
    char path[64];
    uint32_t tx;

    ck_assert_int_eq(guest_write(g, 0, "a", "1"), 0);
    for (int i = 0; i < 1200; i++) {
        snprintf(path, sizeof path, "/local/domain/1/many/%d/%d", i / 100, i);
        ck_assert_int_eq(xenstore_write(t->xs, 0, path, ""), 0);
    }
    tx = guest_begin(g);
    ck_assert_int_eq(guest_write(g, tx, "a", "2"), 0);
    ck_assert_int_eq(ASK(g, XS_SET_PERMS, tx, "a\0n1\0r2"), 0);
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, tx, "T"), 0);
    tx = guest_begin(g);
    ck_assert_int_eq(ASK(g, XS_RM, tx, "a"), 0);
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, tx, "T"), 0);
    for (int refused = 0; refused < 2; refused++) {
        tx = guest_begin(g);
        ck_assert_int_eq(guest_write(g, tx, "new", "2"), ENOSPC);
        ck_assert_int_eq(ASK(g, XS_SET_PERMS, refused == 0 ? 0 : tx, "many/1\0n1\0r2"), 0);
        ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, tx, "T"), refused == 0 ? 0 : ENOSPC);
    }
    ck_assert_int_eq(xenstore_remove(t->xs, 0, "/local/domain/1/many"), 0);
    tx = guest_begin(g);
    ck_assert_int_eq(guest_write(g, tx, "a", "2"), 0);
    ck_assert_int_eq(ASK(g, XS_RM, tx, "a"), 0);
    for (int i = 0; i < 1200; i++) {
        snprintf(path, sizeof path, "/local/domain/1/b/%d/%d", i / 100, i);
        ck_assert_int_eq(xenstore_write(t->xs, 0, path, ""), 0);
    }
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, tx, "T"), ENOSPC); /* though it made and removed */
}
END_TEST

/* Nodes go into the store one after the other, each with its events: a node looked at later is still as it was. */
START_TEST(test_events_between_a_transactions_nodes)
{
    uint32_t tx;

    ck_assert_int_eq(guest_write(g, 0, "d", "1"), 0);
    ck_assert_int_eq(ASK(h, XS_WATCH, 0, "/local/domain/1/d\0t"), 0);
    expect_event(h, "/local/domain/1/d", "t");
    tx = guest_begin(g);
    ck_assert_int_eq(guest_write(g, tx, "d/x", "1"), 0); /* d/x is looked at first */
    ck_assert_int_eq(ASK(g, XS_SET_PERMS, tx, "d\0r1"), 0);
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, tx, "T"), 0);
    expect_event(h, "/local/domain/1/d", "t");
    expect_nothing(h);
    ck_assert_int_eq(ASK(g, XS_SET_PERMS, 0, "d\0n1"), 0);
    expect_event(h, "/local/domain/1/d", "t");
    tx = guest_begin(g);
    ck_assert_int_eq(ASK(g, XS_SET_PERMS, tx, "d\0r1"), 0);
    ck_assert_int_eq(ASK(g, XS_SET_PERMS, tx, "d/x\0n1"), 0);
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, tx, "T"), 0);
    expect_event(h, "/local/domain/1/d", "t");
    expect_event(h, "/local/domain/1/d/x", "t");
}
END_TEST

START_TEST(test_transaction_can_be_dropped)
{
    uint32_t tx = guest_begin(g);

    ck_assert_int_eq(guest_write(g, tx, "a", "2"), 0);
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_START, tx, ""), EBUSY);
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, tx, "X"), EINVAL);
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, tx, "F"), 0);
    ck_assert_ptr_null(xenstore_read(t->xs, 0, "/local/domain/1/a"));
}
END_TEST

START_TEST(test_transaction_that_does_nothing)
{
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, guest_begin(g), "T"), 0);
}
END_TEST

START_TEST(test_watches_of_a_transaction_fire_at_its_end)
{
    uint32_t tx;

    ck_assert_int_eq(guest_write(g, 0, "d/x", "1"), 0);
    ck_assert_int_eq(ASK(g, XS_WATCH, 0, "d\0t"), 0);
    expect_event(g, "d", "t");
    tx = guest_begin(g);
    ck_assert_int_eq(guest_write(g, tx, "d/a", "1"), 0);
    ck_assert_int_eq(ASK(g, XS_MKDIR, tx, "d/b"), 0);
    ck_assert_int_eq(ASK(g, XS_RM, tx, "d/x"), 0);
    ck_assert_int_eq(ASK(g, XS_SET_PERMS, tx, "d/a\0n1\0r2"), 0);
    expect_nothing(g);
    guest_send(g, XS_TRANSACTION_END, tx, "T", 2);
    expect_event(g, "d/a", "t");
    expect_event(g, "d/b", "t");
    expect_event(g, "d/x", "t");
    ck_assert(guest_read_message(g));
    ck_assert_uint_eq(g->head.type, XS_TRANSACTION_END);
    ck_assert_ptr_null(xenstore_read(t->xs, 0, "/local/domain/1/d/x"));
    ck_assert_int_eq(ASK(h, XS_READ, 0, "/local/domain/1/d/a"), 0);
}
END_TEST

/* What somebody else did between beginning and end, and whether it is in the way. */
START_TEST(test_conflicts)
{
    static const struct {
        const char *seen, *other;
        int error;
    } cases[] = {{"a", "a", EAGAIN}, {"a", "b", 0}, {"absent", "absent", EAGAIN}, {"a", "a/below", EAGAIN},
        {"a", "z", 0}, {"absent/x", "absent", EAGAIN}};

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char path[64];
        uint32_t tx;

        ck_assert_int_eq(xenstore_remove(t->xs, 1, "absent"), 0);
        ck_assert_int_eq(guest_write(g, 0, "a", "1"), 0);
        ck_assert_int_eq(guest_write(g, 0, "b", "1"), 0);
        tx = guest_begin(g);
        guest_ask(g, XS_READ, tx, cases[i].seen, strlen(cases[i].seen) + 1);
        ck_assert_int_eq(guest_write(g, tx, "a", "mine"), 0);
        snprintf(path, sizeof(path), "/local/domain/1/%s", cases[i].other);
        ck_assert_int_eq(xenstore_write(t->xs, 0, path, "theirs"), 0);
        ck_assert_msg(
            ASK(g, XS_TRANSACTION_END, tx, "T") == cases[i].error, "%s, %s", cases[i].seen, cases[i].other);
        ck_assert_int_eq(strcmp(xenstore_read(t->xs, 1, "a"), "mine") == 0, cases[i].error == 0);
    }
}
END_TEST

START_TEST(test_two_new_children_of_one_node_conflict)
{
    uint32_t tx;

    ck_assert_int_eq(guest_write(g, 0, "d/x", "1"), 0);
    tx = guest_begin(g);
    ck_assert_int_eq(guest_write(g, tx, "d/mine", "1"), 0);
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/local/domain/1/d/theirs", "1"), 0);
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, tx, "T"), EAGAIN);
    ck_assert_ptr_null(xenstore_read(t->xs, 1, "d/mine"));
}
END_TEST

START_TEST(test_two_transactions_race)
{
    uint32_t first = guest_begin(g), second = guest_begin(g);

    ck_assert_uint_ne(first, second);
    ck_assert_int_eq(guest_write(g, first, "a", "1"), 0);
    ck_assert_int_eq(guest_write(g, second, "a", "2"), 0);
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, second, "T"), 0);
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, first, "T"), EAGAIN);
    ck_assert_str_eq(xenstore_read(t->xs, 1, "a"), "2");
}
END_TEST

Suite *transaction_suite(void);

Suite *transaction_suite(void)
{
    Suite *s = suite_create("xenstore transactions");
    TCase *c = tcase_create("transactions");

    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, test_transaction_is_a_view_of_its_own);
    tcase_add_test(c, test_transaction_is_no_snapshot);
    tcase_add_test(c, test_order_of_a_transactions_events);
    tcase_add_test(c, test_reset_ends_transactions);
    tcase_add_loop_test(c, test_no_room_fails_a_transaction, 0, 2);
    tcase_add_test(c, test_names_that_are_not_nodes);
    tcase_add_test(c, test_removals_in_a_transaction);
    tcase_add_test(c, test_written_then_removed_with_the_node_above);
    tcase_add_test(c, test_shown_then_removed);
    tcase_add_test(c, test_a_name_twice_below_what_is_removed);
    tcase_add_test(c, test_too_many_nodes_outside);
    tcase_add_test(c, test_events_between_a_transactions_nodes);
    tcase_add_test(c, test_transaction_can_be_dropped);
    tcase_add_test(c, test_transaction_that_does_nothing);
    tcase_add_test(c, test_watches_of_a_transaction_fire_at_its_end);
    tcase_add_test(c, test_conflicts);
    tcase_add_test(c, test_two_new_children_of_one_node_conflict);
    tcase_add_test(c, test_two_transactions_race);
    suite_add_tcase(s, c);
    return s;
}
