/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzzes xenstore: two guests and dom0 do what the input's bytes say, from well-formed requests to wrong indices of
 * a ring. After each step the store must be consistent: the nodes of each owner are counted right, watches are
 * sorted, and no node is marked as shared with a transaction that does not share it.
 */
#include "sim/xenstore/path.h"
#include "sim/xenstore/quota.h"
#include "sim/xenstore/store.h"

#include <stdlib.h>
#include <string.h>

#define GUESTS 2u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

struct input {
    const uint8_t *at, *end;
};

static struct xenstore_domain_interface pages[GUESTS + 1];

static uint8_t take(struct input *in)
{
    return in->at < in->end ? *in->at++ : 0;
}

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void count(const struct node *node, uint32_t owned[GUESTS + 1], bool is_shared)
{
    unsigned owner = node->perms->list[0].domid;
    uint32_t names = 0;

    must(node->refs >= 1 && (is_shared || node->refs == 1));
    if (owner <= GUESTS)
        owned[owner]++;
    for (uint32_t i = 0; i < node->children_count; i++) {
        names += node->children[i]->name_bytes + 1;
        must(i == 0 || strcmp(node->children[i - 1]->name, node->children[i]->name) < 0);
        count(node->children[i], owned, is_shared);
    }
    must(names == node->children_bytes);
    must(node->value_bytes == 0 || node->value[node->value_bytes] == '\0');
}

static void add_up(const struct xenstore *xs)
{
    uint32_t owned[GUESTS + 1] = {0}, watches = 0, transactions = 0;

    for (unsigned domid = 1; domid <= GUESTS; domid++) {
        const struct xenstore_domain *d = store_domain(xs, domid);

        watches += d == NULL ? 0 : d->watches;
        transactions += d == NULL ? 0 : d->transactions_count;
    }
    count(xs->tree.root, owned, transactions > 0);
    for (unsigned domid = 1; domid <= GUESTS; domid++)
        must(store_domain(xs, domid) == NULL || store_domain(xs, domid)->nodes == owned[domid]);
    must(xs->watches.count == watches);
    for (size_t i = 1; i < xs->watches.count; i++)
        must(strcmp(xs->watches.list[i - 1]->path, xs->watches.list[i]->path) <= 0);
}

/* Writes bytes into the request ring and raises the event whenever it is full. Bytes without room are lost. */
static void put(struct xenstore *xs, unsigned domid, const void *from, size_t bytes)
{
    volatile struct xenstore_domain_interface *page = &pages[domid];

    for (size_t i = 0; i < bytes; i++) {
        if (page->req_prod - page->req_cons >= XENSTORE_RING_SIZE)
            xenstore_work(xs, domid);
        if (page->req_prod - page->req_cons >= XENSTORE_RING_SIZE)
            return;
        /* NOLINTNEXTLINE(clang-analyzer-core.uninitialized.Assign): the caller says how many bytes there are */
        page->req[MASK_XENSTORE_IDX(page->req_prod)] = ((const char *)from)[i];
        page->req_prod++;
    }
}

/* A well-formed request: a type, a transaction, and words of a short list, so that paths often coincide. */
static void request(struct xenstore *xs, unsigned domid, struct input *in)
{
    static const char *const pieces[] = {"", "a", "b", "/", "/a", "/local/domain/1", "/local/domain/2", "n1",
        "r2", "b1", "n2", "T", "F", "@releaseDomain", "1", "2", "x/y/z", "memory/target", "token", "40000",
        "a/b", "-"};
    char body[512];
    struct xsd_sockmsg head = {.type = take(in) % (XS_TYPE_COUNT + 2), .tx_id = take(in) % 4};
    uint8_t strings = take(in) % 5;

    for (uint8_t i = 0; i < strings; i++) {
        const char *piece = pieces[take(in) % (sizeof(pieces) / sizeof(pieces[0]))];
        uint8_t joint = take(in);

        memcpy(body + head.len, piece, strlen(piece));
        head.len += (uint32_t)strlen(piece);
        if (joint % 4 != 0)
            body[head.len++] = joint % 4 == 1 ? '\0' : joint % 4 == 2 ? '/' : (char)joint;
    }
    put(xs, domid, &head, sizeof(head));
    put(xs, domid, body, head.len);
    xenstore_work(xs, domid);
}

static void consume(struct xenstore *xs, unsigned domid, uint8_t most)
{
    uint32_t waiting = pages[domid].rsp_prod - pages[domid].rsp_cons;

    pages[domid].rsp_cons += waiting < most * 8u ? waiting : most * 8u;
    xenstore_work(xs, domid);
}

static void introduce(struct xenstore *xs, unsigned domid)
{
    char path[32] = "/local/domain/1";

    path[14] = (char)('0' + domid);
    memset(&pages[domid], 0, sizeof(pages[domid]));
    xenstore_introduce(xs, domid, &pages[domid]);
    xenstore_make(xs, 0, path);
    xenstore_permit(xs, path, domid, domid, 'n');
}

static void step(struct xenstore *xs, struct input *in)
{
    static const char *const paths[] = {
        "/", "/a", "/a/b", "/local", "/local/domain/1/a", "/local/domain/2/a/b"};
    uint8_t what = take(in);
    unsigned domid = 1 + (what >> 7);
    const char *path;
    uint32_t wild;

    switch (what % 16) {
    default:
        request(xs, domid, in);
        break;
    case 8:
        consume(xs, domid, take(in));
        break;
    case 9:
        wild = take(in) * 0x01010101u;
        put(xs, domid, &wild, sizeof(wild));
        xenstore_work(xs, domid);
        break;
    case 10:
        pages[domid].rsp_cons += (uint32_t)take(in) * 97;
        xenstore_work(xs, domid);
        break;
    case 11:
        pages[domid].req_prod += (uint32_t)take(in) * 7;
        xenstore_work(xs, domid);
        break;
    case 12:
        path = paths[take(in) % 6];
        xenstore_write(xs, what & 0x10 ? domid : 0, path, "value");
        break;
    case 13:
        xenstore_remove(xs, what & 0x10 ? domid : 0, paths[take(in) % 6]);
        break;
    case 14:
        path = paths[take(in) % 6];
        xenstore_permit(xs, path, domid, 3 - domid, "nrwb"[take(in) % 4]);
        break;
    case 15:
        if (what & 0x10)
            xenstore_release(xs, domid);
        if ((what & 0x30) == 0x30)
            xenstore_bury(xs, domid);
        if (what & 0x20)
            xenstore_shut_down(xs, domid);
        if (!(what & 0x10))
            introduce(xs, domid);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    struct input in = {data, data + (bytes < 2048 ? bytes : 2048)};
    struct xenstore *xs = xenstore_new(NULL);

    must(xs != NULL);
    for (unsigned domid = 1; domid <= GUESTS; domid++)
        introduce(xs, domid);
    while (in.at < in.end) {
        step(xs, &in);
        add_up(xs);
    }
    xenstore_reset(xs);
    add_up(xs);
    xenstore_free(xs);
    return 0;
}
