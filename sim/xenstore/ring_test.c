/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * xenstore's ring: messages in pieces, wrap-around, a full ring, and guests that break the protocol.
 */
#include "sim/xenstore/xenstore_test.h"

static struct test_store *t;
static struct test_guest *g;

static void setup(void)
{
    t = test_store_new();
    g = test_guest_new(t, 1);
}

static void teardown(void)
{
    test_store_free(t);
    free(g);
}

START_TEST(test_introduction_fills_the_page)
{
    ck_assert_uint_eq(g->page.server_features, 0);
    ck_assert_uint_eq(g->page.connection, XENSTORE_CONNECTED);
    ck_assert_uint_eq(g->page.error, XENSTORE_ERROR_NONE);
    g->page.error = XENSTORE_ERROR_PROTO;
    ck_assert(xenstore_introduce(t->xs, 1, &g->page)); /* whatever was in the page */
    ck_assert_uint_eq(g->page.error, XENSTORE_ERROR_NONE);
    ck_assert(xenstore_quiet(t->xs, 1));
    ck_assert(xenstore_quiet(t->xs, 9));
    xenstore_work(t->xs, 9);
}
END_TEST

START_TEST(test_byte_by_byte)
{
    const char body[] = "/\0";
    struct xsd_sockmsg head = {.type = XS_DIRECTORY, .req_id = 7, .len = 2};

    xenstore_permit(t->xs, "/", 0, 1, 'r');
    for (size_t i = 0; i < sizeof(head); i++) {
        guest_put(g, (const char *)&head + i, 1);
        xenstore_work(t->xs, 1);
        ck_assert(xenstore_quiet(t->xs, 1));
    }
    guest_put(g, body, 1);
    xenstore_work(t->xs, 1);
    ck_assert(xenstore_quiet(t->xs, 1));
    guest_put(g, body + 1, 1);
    t->raised[1] = 0;
    xenstore_work(t->xs, 1);
    ck_assert_uint_eq(t->raised[1], 1);
    ck_assert(!xenstore_quiet(t->xs, 1));
    ck_assert(guest_read_message(g));
    ck_assert_uint_eq(g->head.req_id, 7);
    ck_assert_str_eq(g->body, "local");
    ck_assert(xenstore_quiet(t->xs, 1));
}
END_TEST

START_TEST(test_wrap_around)
{
    char value[200];

    g->page.req_prod = g->page.req_cons = UINT32_MAX - 5;
    g->page.rsp_prod = g->page.rsp_cons = UINT32_MAX - 700;
    for (unsigned i = 0; i < 100; i++) {
        memset(value, 'a' + (int)(i % 26), sizeof(value));
        value[i + 50] = '\0';
        ck_assert_int_eq(guest_write(g, 0, "x", value), 0);
        ck_assert_int_eq(ASK(g, XS_READ, 0, "x"), 0);
        ck_assert_uint_eq(g->head.len, i + 50);
        ck_assert_mem_eq(g->body, value, i + 50);
    }
}
END_TEST

START_TEST(test_values_are_binary)
{
    static const char body[] = "bin\0a\0b\xff\0"; /* and one more NUL of the literal */

    ck_assert_int_eq(guest_ask(g, XS_WRITE, 0, body, sizeof(body)), 0);
    ck_assert_int_eq(ASK(g, XS_READ, 0, "bin"), 0);
    ck_assert_uint_eq(g->head.len, sizeof(body) - 4);
    ck_assert_mem_eq(g->body, body + 4, sizeof(body) - 4);
    ck_assert_int_eq(guest_ask(g, XS_WRITE, 0, "bin\0", 4), 0);
    ck_assert_int_eq(ASK(g, XS_READ, 0, "bin"), 0);
    ck_assert_uint_eq(g->head.len, 0);
}
END_TEST

START_TEST(test_longest_message)
{
    char body[XENSTORE_PAYLOAD_MAX];
    char value[XENSTORE_PAYLOAD_MAX - 30];

    memset(value, 'v', sizeof(value));
    value[sizeof(value) - 1] = '\0';
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/local/domain/1/big", value), 0);
    ck_assert_int_eq(ASK(g, XS_READ, 0, "big"), 0); /* four rings' worth */
    ck_assert_str_eq(g->body, value);
    memset(body, 'p', sizeof(body));
    ck_assert_int_eq(guest_ask(g, XS_READ, 0, body, sizeof(body)), EINVAL);
    body[sizeof(body) - 1] = '\0';
    ck_assert_int_eq(guest_ask(g, XS_READ, 0, body, sizeof(body)), EINVAL);
    body[2048] = '\0';
    ck_assert_int_eq(guest_ask(g, XS_READ, 0, body, 2049), ENOENT);
    ck_assert_uint_eq(t->breaks, 0);
}
END_TEST

START_TEST(test_full_response_ring_queues)
{
    char value[401] = "", path[64];

    memset(value, 'v', 400);
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/local/domain/1/v", value), 0);
    ck_assert_int_eq(ASK(g, XS_WATCH, 0, "d\0tok"), 0);
    expect_event(g, "d", "tok");
    for (int i = 0; i < 8; i++)
        guest_send(g, XS_READ, 0, "v", 2);
    ck_assert_uint_eq(g->page.rsp_prod - g->page.rsp_cons, XENSTORE_RING_SIZE);
    for (int i = 0; i < 50; i++) {
        snprintf(path, sizeof(path), "/local/domain/1/d/%d", i);
        ck_assert_int_eq(xenstore_write(t->xs, 0, path, ""), 0);
    }
    ck_assert(!xenstore_quiet(t->xs, 1));
    for (int i = 0; i < 8; i++) {
        ck_assert(guest_read_message(g));
        ck_assert_uint_eq(g->head.type, XS_READ);
        ck_assert_str_eq(g->body, value);
    }
    for (int i = 0; i < 50; i++) {
        snprintf(path, sizeof(path), "d/%d", i);
        expect_event(g, path, "tok");
    }
    expect_nothing(g);
    ck_assert(xenstore_quiet(t->xs, 1));
}
END_TEST

/* How many of ten equal events come, when all of them wait behind an answer of so many bytes. */
static int events_behind(size_t bytes)
{
    char value[1025] = "";
    int events = 0;

    memset(value, 'v', bytes);
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/local/domain/1/v", value), 0);
    ck_assert_int_eq(ASK(g, XS_WATCH, 0, "w\0t"), 0);
    expect_event(g, "w", "t");
    guest_send(g, XS_READ, 0, "v", 2);
    for (int i = 0; i < 10; i++)
        ck_assert_int_eq(xenstore_write(t->xs, 0, "/local/domain/1/w", "1"), 0);
    ck_assert(guest_read_message(g));
    ck_assert_uint_eq(g->head.type, XS_READ);
    while (guest_read_message(g))
        events++;
    return events;
}

START_TEST(test_equal_waiting_events_are_one)
{
    ck_assert_int_eq(events_behind(1024), 1); /* more than the ring holds */
}
END_TEST

/* Also if a part of the first is in the ring already. */
START_TEST(test_an_event_that_is_half_sent_still_waits)
{
    const size_t bytes =
        XENSTORE_RING_SIZE - 2 * sizeof(struct xsd_sockmsg); /* a head fits behind its answer */

    ck_assert_int_eq(events_behind(bytes), 1);
}
END_TEST

START_TEST(test_no_more_is_read_while_answers_pile_up)
{
    char value[1025] = "";
    int answers = 0;

    memset(value, 'v', 1024);
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/local/domain/1/v", value), 0);
    for (int i = 0; i < 60; i++) {
        struct xsd_sockmsg head = {.type = XS_READ, .len = 2};

        if (XENSTORE_RING_SIZE - (g->page.req_prod - g->page.req_cons) < sizeof(head) + 2)
            break;
        guest_put(g, &head, sizeof(head));
        guest_put(g, "v", 2);
        answers++;
        xenstore_work(t->xs, 1);
    }
    ck_assert_int_gt(answers, 60 / 2);
    ck_assert_uint_gt(g->page.req_prod - g->page.req_cons, 0); /* some still lie in the request ring */
    for (int i = 0; i < answers; i++) {
        ck_assert(guest_read_message(g));
        ck_assert_str_eq(g->body, value);
    }
    expect_nothing(g);
}
END_TEST

START_TEST(test_a_listing_longer_than_a_message)
{
    char path[64], name[32], names[8192] = "";
    size_t used = 0;
    int made = 0;

    for (; made < 600; made++) {
        snprintf(path, sizeof(path), "/local/domain/1/many/child-%d", made);
        ck_assert_int_eq(xenstore_write(t->xs, 0, path, ""), 0);
    }
    ck_assert_int_eq(ASK(g, XS_DIRECTORY, 0, "many"), E2BIG);
    do { /* as libxenstore does: the same generation, until an empty name */
        int bytes = snprintf(path, sizeof(path), "many%c%zu", 0, used);
        size_t head;

        ck_assert_int_eq(guest_ask(g, XS_DIRECTORY_PART, 0, path, (size_t)bytes + 1), 0);
        head = strlen(g->body) + 1;
        memcpy(names + used, g->body + head, g->head.len - head);
        used += g->head.len - head;
    } while (used < 2 || names[used - 1] != '\0' || names[used - 2] != '\0');
    used = 0;
    for (int i = 0; i < made; i++) {
        snprintf(name, sizeof(name), "child-%d", i);
        ck_assert_str_eq(names + used, name);
        used += strlen(name) + 1;
    }
    snprintf(names, sizeof names, "1 %d /local/domain/1/many  0", XS_DIRECTORY_PART);
    ck_assert_str_eq(t->last_note, names);
    ck_assert_str_eq(names + used, "");
}
END_TEST

/* Names that just fill a message are listed in it. */
START_TEST(test_a_listing_as_long_as_a_message)
{
    char path[64];

    for (int made = 0; made < XENSTORE_PAYLOAD_MAX / 8; made++) {
        snprintf(path, sizeof path, "/local/domain/1/full/c%06d", made);
        ck_assert_int_eq(xenstore_write(t->xs, 0, path, ""), 0);
    }
    ck_assert_int_eq(ASK(g, XS_DIRECTORY, 0, "full"), 0);
    ck_assert_uint_eq(g->head.len, XENSTORE_PAYLOAD_MAX);
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/local/domain/1/full/x", ""), 0);
    ck_assert_int_eq(ASK(g, XS_DIRECTORY, 0, "full"), E2BIG);
}
END_TEST

START_TEST(test_events_past_the_queue_are_lost)
{
    char path[64], token[1001], body[1008] = "d", note[1100];
    unsigned lost = 0, got = 0;

    memset(token, 't', sizeof(token) - 1); /* long, so that few fill the queue */
    token[sizeof(token) - 1] = '\0';
    memcpy(body + 2, token, sizeof(token));
    ck_assert_int_eq(guest_ask(g, XS_WATCH, 0, body, 2 + sizeof(token)), 0);
    expect_event(g, "d", token);
    for (int i = 0; i < 400; i++) {
        snprintf(path, sizeof(path), "/local/domain/1/d/x%d", i);
        ck_assert_int_eq(xenstore_write(t->xs, 0, path, ""), 0);
        snprintf(note, sizeof(note), "1 %d d/x%d %s %d", XS_WATCH_EVENT, i, token, ENOMEM);
        lost += strcmp(t->last_note, note) == 0;
    }
    while (guest_read_message(g))
        got += strncmp(g->body, "d/x", 3) == 0;
    ck_assert_uint_gt(lost, 100);
    ck_assert_uint_gt(got, 200);
    ck_assert_uint_eq(got + lost, 400);
    ck_assert_int_eq(guest_write(g, 0, "x", "1"), 0); /* and it is served on */
}
END_TEST

START_TEST(test_edges_of_transactions)
{
    uint32_t first = guest_begin(g), second = guest_begin(g);
    char path[32];
    int error = 0, looked = 0;

    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, 0, "T"), ENOENT);
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, first, "F"), 0);
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, second, "T"), 0);
    first = guest_begin(g);
    while (looked < 3000 && error != ENOSPC) {
        snprintf(path, sizeof(path), "n%d", looked++);
        error = guest_ask(g, XS_READ, first, path, strlen(path) + 1);
    }
    ck_assert_int_eq(looked, 1024); /* its own directory is one of the 1024 */
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, first, "T"), ENOMEM);
}
END_TEST

/* The 1024 are used up in the middle of a request: by the nodes above one that is not there, or below one that goes. */
START_TEST(test_the_last_nodes_of_a_transaction)
{
    const bool removes = _i == 1;
    uint32_t transaction;
    char path[32];

    ck_assert_int_eq(guest_write(g, 0, "top/a", "1"), 0);
    ck_assert_int_eq(guest_write(g, 0, "top/b", "1"), 0);
    transaction = guest_begin(g);
    for (int looked = 0; looked < 1022; looked++) {
        snprintf(path, sizeof(path), "n%d", looked);
        ck_assert_int_eq(guest_ask(g, XS_READ, transaction, path, strlen(path) + 1), ENOENT);
    }
    if (removes)
        ck_assert_int_eq(ASK(g, XS_RM, transaction, "top"), EIO); /* a node below that can't be looked at */
    else
        ck_assert_int_eq(ASK(g, XS_READ, transaction, "p/q/r"), ENOSPC);
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, transaction, "F"), 0);
}
END_TEST

START_TEST(test_a_directory_has_room_for_so_many_names)
{
    char path[256];
    int made = 0, error = 0;

    memset(path, 'n', sizeof(path));
    memcpy(path, "d/", 2);
    while (error == 0 && made < 100) {
        snprintf(path + 200, sizeof(path) - 200, "%d", made);
        error = guest_write(g, 0, path, "");
        made += error == 0;
    }
    ck_assert_int_eq(error, ENOSPC);
    ck_assert_int_eq(made, 10); /* 32 bytes, and 200 to 201 a name, in 2048 */
}
END_TEST

START_TEST(test_unknown_requests)
{
    ck_assert_int_eq(ASK(g, 9999, 0, "x"), ENOSYS);
    ck_assert_int_eq(ASK(g, XS_WATCH_EVENT, 0, "x"), ENOSYS);
    ck_assert_int_eq(ASK(g, XS_ERROR, 0, "x"), ENOSYS);
    ck_assert_int_eq(ASK(g, XS_INVALID, 0, "x"), ENOSYS);
    ck_assert_int_eq(ASK(g, 20, 0, "x"), ENOSYS); /* once XS_RESTRICT */
    ck_assert_int_eq(ASK(g, XS_INTRODUCE, 0,
                         "1\0"
                         "2\0"
                         "3"),
        EACCES);
    ck_assert_int_eq(ASK(g, XS_CONTROL, 0, "check"), EACCES);
    ck_assert_int_eq(ASK(g, XS_IS_DOMAIN_INTRODUCED, 0, "1"), EACCES);
    ck_assert_int_eq(ASK(g, XS_READ, 77, "x"), ENOENT); /* no such transaction */
    ck_assert_uint_eq(t->breaks, 0);
}
END_TEST

START_TEST(test_malformed_bodies)
{
    static const uint32_t types[] = {XS_READ, XS_WRITE, XS_MKDIR, XS_RM, XS_DIRECTORY, XS_GET_PERMS,
        XS_SET_PERMS, XS_WATCH, XS_UNWATCH, XS_GET_DOMAIN_PATH, XS_TRANSACTION_END, XS_DIRECTORY_PART};

    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        ck_assert_int_eq(guest_ask(g, types[i], 0, "", 0), EINVAL);
        ck_assert_int_eq(guest_ask(g, types[i], 0, "/x", 2), EINVAL); /* no NUL */
    }
    ck_assert_int_eq(ASK(g, XS_READ, 0, "a\0b"), EINVAL);
    static const char *const domids[][2] = {{"5", "5"}, {"40000", "40000"}, {"-1", "4294967295"}, {"x", "0"},
        {"7x", "7"}, {"99999999999", "1215752191"}, {"", "0"}};
    for (size_t i = 0; i < sizeof domids / sizeof domids[0]; i++) {
        ck_assert_int_eq(guest_ask(g, XS_GET_DOMAIN_PATH, 0, domids[i][0], strlen(domids[i][0]) + 1), 0);
        ck_assert_mem_eq(g->body, "/local/domain/", 14);
        ck_assert_str_eq(g->body + 14, domids[i][1]);
    }
    ck_assert_int_eq(ASK(g, XS_GET_DOMAIN_PATH, 0, "5\0"), EINVAL);
}
END_TEST

START_TEST(test_faults_are_answered)
{
    uint32_t tx;

    t->fault_op = XS_READ;
    t->fault_error = ENOMEM;
    ck_assert_int_eq(ASK(g, XS_READ, 0, "x"), ENOMEM);
    ck_assert_int_eq(guest_write(g, 0, "x", "1"), 0);
    t->fault_error = ETXTBSY; /* not of the protocol's: EINVAL, as in xenstored */
    ck_assert_int_eq(ASK(g, XS_READ, 0, "x"), EINVAL);
    t->fault_error = 0;
    ck_assert_int_eq(ASK(g, XS_READ, 0, "x"), 0);
    tx = guest_begin(g);
    ck_assert_int_eq(guest_write(g, tx, "x", "2"), 0);
    t->fault_op = XS_TRANSACTION_END;
    t->fault_error = EAGAIN;
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, tx, "T"), EAGAIN);
    t->fault_error = 0;
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, tx, "T"), ENOENT); /* it is over all the same */
    ck_assert_str_eq(xenstore_read(t->xs, 1, "x"), "1");
}
END_TEST

/* Once broken, nothing is served any more, and nothing is kept. */
static void expect_broken(uint32_t code)
{
    uint32_t producer = g->page.rsp_prod;

    ck_assert_uint_eq(t->breaks, 1);
    ck_assert_uint_eq(g->page.error, code);
    ck_assert(xenstore_quiet(t->xs, 1));
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/local/domain/1/w", "9"), 0);
    xenstore_work(t->xs, 1);
    xenstore_work(t->xs, 1);
    ck_assert_uint_eq(g->page.rsp_prod, producer);
    ck_assert_uint_eq(t->breaks, 1);
    memset(&g->page, 0, sizeof(g->page));
    ck_assert(xenstore_introduce(t->xs, 1, &g->page)); /* a domain built anew is served */
    ck_assert_int_eq(ASK(g, XS_READ, 0, "w"), 0);
}

START_TEST(test_request_indices_too_far_apart)
{
    ck_assert_int_eq(ASK(g, XS_WATCH, 0, "w\0t"), 0);
    g->page.req_prod = g->page.req_cons + XENSTORE_RING_SIZE + 1;
    xenstore_work(t->xs, 1);
    expect_broken(XENSTORE_ERROR_RINGIDX);
}
END_TEST

START_TEST(test_response_indices_too_far_apart)
{
    g->page.rsp_cons = g->page.rsp_prod + 1; /* it claims to have read what was never sent */
    xenstore_work(t->xs, 1);
    expect_broken(XENSTORE_ERROR_RINGIDX);
}
END_TEST

START_TEST(test_message_too_long)
{
    struct xsd_sockmsg head = {.type = XS_WRITE, .len = XENSTORE_PAYLOAD_MAX + 1};

    guest_begin(g);
    guest_put(g, &head, sizeof(head));
    xenstore_work(t->xs, 1);
    ck_assert_str_eq(t->last_note, "1 16  a message of more than 4096 bytes 5");
    expect_broken(XENSTORE_ERROR_PROTO);
}
END_TEST

START_TEST(test_indices_broken_between_works)
{
    ck_assert_int_eq(ASK(g, XS_WATCH, 0, "w\0t"), 0);
    g->page.rsp_cons = g->page.rsp_prod - 5000;
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/local/domain/1/w", "1"), 0); /* its event meets the break */
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/local/domain/1/w", "2"), 0);
    expect_broken(XENSTORE_ERROR_RINGIDX);
}
END_TEST

START_TEST(test_garbage_never_harms)
{
    uint32_t seed = 1;

    for (int round = 0; round < 2000; round++) {
        for (int i = 0; i < 200; i++) {
            seed = seed * 1664525u + 1013904223u;
            g->page.req[MASK_XENSTORE_IDX(g->page.req_prod + (uint32_t)i)] =
                (char)((seed >> 24) % 3 == 0 ? 0 : (seed >> 16) & 0x1f);
        }
        g->page.req_prod += 200;
        xenstore_work(t->xs, 1);
        g->page.rsp_cons = g->page.rsp_prod;
        if (g->page.error != 0) {
            memset(&g->page, 0, sizeof(g->page));
            ck_assert(xenstore_introduce(t->xs, 1, &g->page));
        }
    }
    ck_assert_uint_gt(t->breaks, 0);
}
END_TEST

Suite *ring_suite(void);

Suite *ring_suite(void)
{
    Suite *s = suite_create("xenstore_ring");
    TCase *c = tcase_create("ring");

    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, test_introduction_fills_the_page);
    tcase_add_test(c, test_byte_by_byte);
    tcase_add_test(c, test_wrap_around);
    tcase_add_test(c, test_values_are_binary);
    tcase_add_test(c, test_longest_message);
    tcase_add_test(c, test_full_response_ring_queues);
    tcase_add_test(c, test_equal_waiting_events_are_one);
    tcase_add_test(c, test_an_event_that_is_half_sent_still_waits);
    tcase_add_test(c, test_no_more_is_read_while_answers_pile_up);
    tcase_add_test(c, test_a_listing_longer_than_a_message);
    tcase_add_test(c, test_a_listing_as_long_as_a_message);
    tcase_add_test(c, test_events_past_the_queue_are_lost);
    tcase_add_test(c, test_edges_of_transactions);
    tcase_add_loop_test(c, test_the_last_nodes_of_a_transaction, 0, 2);
    tcase_add_test(c, test_a_directory_has_room_for_so_many_names);
    tcase_add_test(c, test_unknown_requests);
    tcase_add_test(c, test_malformed_bodies);
    tcase_add_test(c, test_faults_are_answered);
    tcase_add_test(c, test_request_indices_too_far_apart);
    tcase_add_test(c, test_response_indices_too_far_apart);
    tcase_add_test(c, test_message_too_long);
    tcase_add_test(c, test_indices_broken_between_works);
    tcase_add_test(c, test_garbage_never_harms);
    suite_add_tcase(s, c);
    return s;
}
