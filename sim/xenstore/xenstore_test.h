/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For xenstore's tests: a store whose notes are kept as text, and guests that speak to it over a real
 * page, byte by byte, as a kernel's xenbus driver does. No test itself.
 */
#ifndef SIM_XENSTORE_XENSTORE_TEST_H
#define SIM_XENSTORE_XENSTORE_TEST_H

#include "sim/xenstore/xenstore.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xen/io/xs_wire.h>

struct test_store {
    struct xenstore *xs;
    unsigned raised[16];
    unsigned notes;
    char last_note[8192]; /* "by op path value error" */
    unsigned breaks;      /* notes of EIO */
    uint32_t fault_op;
    int fault_error;
};

struct test_guest {
    struct test_store *store;
    unsigned domid;
    struct xenstore_domain_interface page;
    struct xsd_sockmsg head; /* of the last message read */
    char body[XENSTORE_PAYLOAD_MAX + 1];
};

static inline void test_record(
    void *context, unsigned by, uint32_t op, const char *path, const char *value, int error)
{
    struct test_store *t = context;

    t->notes++;
    t->breaks += error == EIO;
    snprintf(t->last_note, sizeof(t->last_note), "%u %u %s %s %d", by, op, path, value, error);
}

static inline void test_raise(void *context, unsigned domid)
{
    struct test_store *t = context;

    t->raised[domid]++;
}

static inline int test_fault(void *context, unsigned domid, uint32_t op)
{
    struct test_store *t = context;

    (void)domid;
    return t->fault_error != 0 && t->fault_op == op ? t->fault_error : 0;
}

static inline struct test_store *test_store_new(void)
{
    struct test_store *t = calloc(1, sizeof(*t));

    ck_assert_ptr_nonnull(t);
    t->xs = xenstore_new(&(struct xenstore_ops){
        .context = t, .record = test_record, .raise = test_raise, .fault = test_fault});
    ck_assert_ptr_nonnull(t->xs);
    return t;
}

static inline void test_store_free(struct test_store *t)
{
    xenstore_free(t->xs);
    free(t);
}

static inline struct test_guest *test_guest_new(struct test_store *t, unsigned domid)
{
    struct test_guest *g = calloc(1, sizeof(*g));
    char path[64];

    ck_assert_ptr_nonnull(g);
    g->store = t;
    g->domid = domid;
    ck_assert(xenstore_introduce(t->xs, domid, &g->page));
    snprintf(path, sizeof(path), "/local/domain/%u", domid);
    if (xenstore_read(t->xs, 0, path) == NULL) {
        ck_assert_int_eq(xenstore_make(t->xs, 0, path), 0);
        ck_assert_int_eq(xenstore_permit(t->xs, path, domid, domid, 'n'), 0);
    }
    return g;
}

static inline void guest_put(struct test_guest *g, const void *bytes, size_t count)
{
    const char *from = bytes;

    for (size_t i = 0; i < count; i++) {
        if (g->page.req_prod - g->page.req_cons == XENSTORE_RING_SIZE)
            xenstore_work(g->store->xs, g->domid);
        ck_assert_uint_lt(g->page.req_prod - g->page.req_cons, XENSTORE_RING_SIZE);
        /* NOLINTNEXTLINE(clang-analyzer-core.uninitialized.Assign): a test says how many bytes it gives */
        g->page.req[MASK_XENSTORE_IDX(g->page.req_prod)] = from[i];
        g->page.req_prod++;
    }
}

/* Takes count bytes; false when there are none at all. */
static inline bool guest_get(struct test_guest *g, void *bytes, size_t count)
{
    char *to = bytes;

    for (size_t i = 0; i < count; i++) {
        if (g->page.rsp_cons == g->page.rsp_prod)
            xenstore_work(g->store->xs, g->domid);
        if (g->page.rsp_cons == g->page.rsp_prod) {
            ck_assert_uint_eq(i, 0);
            return false;
        }
        to[i] = g->page.rsp[MASK_XENSTORE_IDX(g->page.rsp_cons)];
        g->page.rsp_cons++;
    }
    return true;
}

static inline bool guest_read_message(struct test_guest *g)
{
    if (!guest_get(g, &g->head, sizeof(g->head)))
        return false;
    ck_assert_uint_le(g->head.len, XENSTORE_PAYLOAD_MAX);
    if (g->head.len > 0)
        ck_assert(guest_get(g, g->body, g->head.len));
    g->body[g->head.len] = '\0';
    return true;
}

static inline void guest_send(
    struct test_guest *g, uint32_t type, uint32_t tx, const void *body, size_t bytes)
{
    struct xsd_sockmsg head = {.type = type, .req_id = type + 100, .tx_id = tx, .len = (uint32_t)bytes};

    guest_put(g, &head, sizeof(head));
    guest_put(g, body, bytes);
    xenstore_work(g->store->xs, g->domid);
}

/* Asks and reads the answer, which must be the next message. 0 or the errno that XS_ERROR names. */
static inline int guest_ask(struct test_guest *g, uint32_t type, uint32_t tx, const void *body, size_t bytes)
{
    guest_send(g, type, tx, body, bytes);
    ck_assert(guest_read_message(g));
    ck_assert_uint_eq(g->head.req_id, type + 100);
    ck_assert_uint_eq(g->head.tx_id, tx);
    if (g->head.type == XS_ERROR) {
        for (size_t i = 0; i < sizeof(xsd_errors) / sizeof(xsd_errors[0]); i++)
            if (strcmp(g->body, xsd_errors[i].errstring) == 0)
                return xsd_errors[i].errnum;
        ck_abort_msg("an error without a name: %s", g->body);
    }
    ck_assert_uint_eq(g->head.type, type);
    return 0;
}

#define ASK(g, type, tx, literal) guest_ask(g, type, tx, literal, sizeof(literal)) /* with its last NUL */

static inline int guest_write(struct test_guest *g, uint32_t tx, const char *path, const char *value)
{
    char body[XENSTORE_PAYLOAD_MAX];
    size_t path_bytes = strlen(path) + 1, bytes = path_bytes + strlen(value);

    ck_assert_uint_le(bytes, sizeof(body));
    memcpy(body, path, path_bytes);
    memcpy(body + path_bytes, value, strlen(value));
    return guest_ask(g, XS_WRITE, tx, body, bytes);
}

static inline uint32_t guest_begin(struct test_guest *g)
{
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_START, 0, ""), 0);
    return (uint32_t)strtoul(g->body, NULL, 10);
}

/* The next message is a watch event for this path and token. */
static inline void expect_event(struct test_guest *g, const char *path, const char *token)
{
    ck_assert_msg(guest_read_message(g), "no event, wanted one for %s", path);
    ck_assert_uint_eq(g->head.type, XS_WATCH_EVENT);
    ck_assert_str_eq(g->body, path);
    ck_assert_str_eq(g->body + strlen(path) + 1, token);
    ck_assert_uint_eq(g->head.len, strlen(path) + strlen(token) + 2);
}

static inline void expect_nothing(struct test_guest *g)
{
    ck_assert_msg(!guest_read_message(g), "a message too many: type %u, %s", g->head.type, g->body);
}

#endif
