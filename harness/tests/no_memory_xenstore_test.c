/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Xenstore when memory runs out: guests ask over their rings, inside of transactions and outside, with each request
 * for memory refused once. Either the asker gets an error, or every answer and every event is the same.
 */
#include "harness/tests/scarce.h"

#include <assert.h>
#include <check.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <xen/io/xs_wire.h>

#include "sim/xenstore/store.h"
#include "sim/xenstore/tree.h"
#include "sim/xenstore/xenstore.h"

struct guest {
    struct xenstore *xs;
    struct xenstore_domain_interface page;
    bool no_memory;
    FILE *out;
};

static void no_memory(void *context)
{
    struct guest *guest = context;

    guest->no_memory = true;
}

static void note(void *context, unsigned by, uint32_t op, const char *path, const char *value, int error)
{
    const struct guest *guest = context;

    fprintf(guest->out, "by %u: %" PRIu32 " %s %s %d\n", by, op, path, value, error);
}

static void put(struct guest *guest, const void *bytes, size_t count)
{
    const char *from = bytes;

    assert(count <= XENSTORE_RING_SIZE - (guest->page.req_prod - guest->page.req_cons));
    while (count-- > 0)
        /* NOLINTNEXTLINE(clang-analyzer-core.uninitialized.Assign): the caller says how many bytes there are */
        guest->page.req[MASK_XENSTORE_IDX(guest->page.req_prod++)] = *from++;
}

/* Takes the answers and events that xenstore has sent since the last time. */
static void take_all(struct guest *guest)
{
    while (guest->page.rsp_cons != guest->page.rsp_prod) {
        const unsigned char byte = (unsigned char)guest->page.rsp[MASK_XENSTORE_IDX(guest->page.rsp_cons++)];
        fprintf(guest->out, byte >= ' ' && byte < 127 ? "%c" : "\\%d", byte);
        if (guest->page.rsp_cons == guest->page.rsp_prod)
            xenstore_work(guest->xs, 1);
    }
    fputc('\n', guest->out);
}

static void ask(struct guest *guest, uint32_t type, uint32_t transaction, const char *body, size_t bytes)
{
    const struct xsd_sockmsg head = {.type = type, .tx_id = transaction, .len = (uint32_t)bytes};

    put(guest, &head, sizeof head);
    put(guest, body, bytes);
    xenstore_work(guest->xs, 1);
    take_all(guest);
}
#define ASK(guest, type, transaction, literal) ask(guest, type, transaction, literal, sizeof(literal))

/* Makes so many requests that a table grows beyond its first size. */
static void ask_for_many(
    struct guest *guest, uint32_t type, uint32_t transaction, const char *behind, unsigned count)
{
    char body[64];

    for (unsigned i = 0; i < count; i++) {
        const int bytes = snprintf(body, sizeof body, "many/%u%c%s", i, 0, behind);
        ask(guest, type, transaction, body, (size_t)bytes + (type == XS_WRITE ? 0u : 1u));
    }
}

static void plainly(struct guest *guest)
{
    ASK(guest, XS_WATCH, 0, "a\0first");
    ASK(guest, XS_WRITE, 0, "a/b/c\0value");
    ASK(guest, XS_MKDIR, 0, "a/empty");
    ASK(guest, XS_READ, 0, "a/b/c");
    ASK(guest, XS_DIRECTORY, 0, "a");
    ASK(guest, XS_DIRECTORY_PART, 0,
        "a\0"
        "0");
    ASK(guest, XS_SET_PERMS, 0, "a/b\0n1\0r2");
    ASK(guest, XS_GET_PERMS, 0, "a/b");
    ask_for_many(guest, XS_WRITE, 0, "7", 9);
    ask_for_many(guest, XS_WATCH, 0, "token", 17);
    ASK(guest, XS_UNWATCH, 0, "many/3\0token");
    ASK(guest, XS_RM, 0, "a");
    ASK(guest, XS_RESET_WATCHES, 0, "");
}

static void in_transactions(struct guest *guest)
{
    ASK(guest, XS_TRANSACTION_START, 0, "");
    ask_for_many(guest, XS_WRITE, 1, "in one", 20);
    ASK(guest, XS_WRITE, 1, "x/y/z\0new");
    ASK(guest, XS_MKDIR, 1, "x/w");
    ASK(guest, XS_SET_PERMS, 1, "x\0n1\0b2");
    ASK(guest, XS_DIRECTORY, 1, "x");
    ASK(guest, XS_RM, 1, "many/4");
    ASK(guest, XS_READ, 0, "many/4");
    ASK(guest, XS_TRANSACTION_END, 1, "T");
    ASK(guest, XS_READ, 0, "x/y/z");
    /* A transaction that is aborted, and one that fails because another guest committed first. */
    ASK(guest, XS_TRANSACTION_START, 0, "");
    ASK(guest, XS_WRITE, 2, "x\0lost");
    ASK(guest, XS_TRANSACTION_END, 2, "F");
    ASK(guest, XS_TRANSACTION_START, 0, "");
    ASK(guest, XS_READ, 3, "x/y/z");
    fprintf(guest->out, "%d\n", xenstore_write(guest->xs, 0, "/local/domain/1/x/y/z", "newer"));
    ASK(guest, XS_TRANSACTION_END, 3, "T");
}

static bool speak(void *context, FILE *out)
{
    struct guest guest = {.out = out};
    const struct xenstore_ops ops = {.context = &guest, .record = note, .no_memory = no_memory};
    void (*const *subject)(struct guest *) = context;
    char names[256];

    guest.xs = xenstore_new(&ops);
    if (guest.xs == NULL)
        return false;
    if (xenstore_introduce(guest.xs, 1, &guest.page)) {
        fprintf(out, "%d ", xenstore_make(guest.xs, 0, "/local/domain/1"));
        fprintf(out, "%d\n", xenstore_permit(guest.xs, "/local/domain/1", 1, 1, 'n'));
        (*subject)(&guest);
        fprintf(out, "%d ", xenstore_permit(guest.xs, "/local/domain/1", 0, 1, 'r'));
        fprintf(out, "%zu\n", xenstore_directory(guest.xs, 0, "/local/domain/1", names, sizeof names));
        fprintf(out, "%d\n", xenstore_remove(guest.xs, 0, "/local"));
    }
    xenstore_free(guest.xs);
    return !guest.no_memory;
}

static void (*const subjects[])(struct guest *) = {plainly, in_transactions};

START_TEST(an_answer_is_given_or_there_is_no_memory)
{
    void (*subject)(struct guest *) = subjects[_i];

    ck_assert_uint_gt(scarce_try("xenstore", speak, &subject, 1000, 1), 50);
}
END_TEST

/* How many nodes the domain owns, by walking over the tree. */
static unsigned owned(const struct node *node, unsigned domid)
{
    unsigned nodes = node->perms->list[0].domid == domid;

    for (uint32_t i = 0; i < node->children_count; i++)
        nodes += owned(node->children[i], domid);
    return nodes;
}

/* Commits a transaction that makes and removes nodes while the nth request for memory is refused. Returns how many
 * requests it made. */
static uint64_t commit_without_memory(struct guest *guest, uint64_t nth)
{
    unsigned before;

    xenstore_introduce(guest->xs, 1, &guest->page);
    xenstore_make(guest->xs, 0, "/local/domain/1");
    xenstore_permit(guest->xs, "/local/domain/1", 1, 1, 'n');
    ASK(guest, XS_WRITE, 0, "a/b/c\0value");
    ASK(guest, XS_TRANSACTION_START, 0, "");
    ASK(guest, XS_WRITE, 1, "x/y/z\0new");
    ASK(guest, XS_RM, 1, "a/b");
    ASK(guest, XS_MKDIR, 1, "a/d");
    before = owned(guest->xs->tree.root, 1);
    scarce_begin(nth, false);
    ASK(guest, XS_TRANSACTION_END, 1, "T");
    nth = scarce_end();
    ck_assert_uint_eq(before, 4);
    return nth;
}

START_TEST(a_commit_that_fails_leaves_the_counts)
{
    unsigned refused = 0;
    bool whole = false;

    for (uint64_t nth = 1; !whole; nth++) {
        struct guest guest = {.out = fopen("/dev/null", "w")};
        const struct xenstore_ops ops = {.context = &guest, .no_memory = no_memory};

        guest.xs = xenstore_new(&ops);
        whole = commit_without_memory(&guest, nth) < nth;
        const unsigned nodes = owned(guest.xs->tree.root, 1);
        ck_assert_uint_eq(store_domain(guest.xs, 1)->nodes, nodes);
        ck_assert(nodes == 4 || nodes == 6); /* all or nothing */
        refused += nodes == 4;
        xenstore_free(guest.xs);
        fclose(guest.out);
    }
    ck_assert_uint_ge(refused, 5);
}
END_TEST

Suite *no_memory_xenstore_suite(void);

Suite *no_memory_xenstore_suite(void)
{
    Suite *suite = suite_create("no memory in xenstore");
    TCase *tests = tcase_create("each request refused");

    tcase_add_loop_test(tests, an_answer_is_given_or_there_is_no_memory, 0, 2);
    tcase_add_test(tests, a_commit_that_fails_leaves_the_counts);
    suite_add_tcase(suite, tests);
    return suite;
}
