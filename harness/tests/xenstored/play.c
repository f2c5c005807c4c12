/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two sides with the same domains: ours, whose rings are in this program's memory, and the real one, whose rings are in pages
 * that it shares. A request is put into both; then both come to rest, and what each guest finds in its ring is compared message by
 * message. A guest that leaves answers unread is compared when it reads on.
 */
#include "harness/tests/xenstored/play.h"
#include "harness/tests/xenstored/pages.h"
#include "harness/tests/xenstored/real.h"

#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <xen/io/xs_wire.h>

#include "sim/xenstore/xenstore.h"

#define HEARD_ROOM (1u << 20)
#define UNKNOWN_ID 77777u

enum { OURS, REAL, SIDES };

struct heard {
    size_t bytes;
    char *text; /* HEARD_ROOM */
};

struct play {
    struct real real;
    struct xenstore *ours;
    struct xenstore_domain_interface *rings[SIDES][GUESTS + 1];
    struct heard heard[SIDES][GUESTS + 1];
    uint32_t *ids[SIDES]; /* by the number of the request that began a transaction */
    uint32_t requests_most;
    unsigned differs_for;
    bool deaf[GUESTS + 1]; /* it reads nothing until it asks again */
    bool alive[GUESTS + 1], shut[GUESTS + 1];
};

static void *allocate(size_t count, size_t bytes)
{
    void *memory = calloc(count, bytes);

    if (memory == NULL)
        err(9, "memory");
    return memory;
}

/* ---- a side's rings ------------------------------------------------------------------------------- */

/* Tells a side that a ring has changed, and lets it come to rest. */
static void kick(struct play *p, unsigned side, unsigned domid)
{
    if (side == OURS) {
        xenstore_work(p->ours, domid);
        return;
    }
    real_event(&p->real, PORT_OF(domid));
    real_settle(&p->real);
}

static void drain(struct play *p, unsigned side, unsigned domid)
{
    volatile struct xenstore_domain_interface *ring = p->rings[side][domid];
    struct heard *heard = &p->heard[side][domid];

    while (ring->rsp_cons != ring->rsp_prod) {
        while (ring->rsp_cons != ring->rsp_prod) {
            if (heard->bytes >= HEARD_ROOM)
                errx(9, "dom%u hears more than there is room for", domid);
            heard->text[heard->bytes++] = ring->rsp[MASK_XENSTORE_IDX(ring->rsp_cons)];
            ring->rsp_cons++;
        }
        kick(p, side, domid);
    }
}

/* A request may be longer than the ring; one that is not taken waits for the guest to read its answers. */
static void put(struct play *p, unsigned side, unsigned domid, const char *bytes, size_t count)
{
    volatile struct xenstore_domain_interface *ring = p->rings[side][domid];

    for (size_t done = 0; done < count;) {
        for (; done < count && ring->req_prod - ring->req_cons < XENSTORE_RING_SIZE; done++) {
            ring->req[MASK_XENSTORE_IDX(ring->req_prod)] = bytes[done];
            ring->req_prod++;
        }
        kick(p, side, domid);
        if (done < count && ring->req_prod - ring->req_cons >= XENSTORE_RING_SIZE) {
            if (ring->rsp_cons == ring->rsp_prod)
                return; /* it is not served any more */
            drain(p, side, domid);
        }
    }
}

/* ---- what was heard ------------------------------------------------------------------------------- */

/* The head of the message at an offset, which may lie at any address. False: no whole message is there. */
static bool message_at(const struct heard *h, size_t at, struct xsd_sockmsg *head)
{
    if (at + sizeof *head > h->bytes)
        return false;
    memcpy(head, h->text + at, sizeof *head);
    return at + sizeof *head + head->len <= h->bytes;
}

/* A part of a directory begins with a generation, which is a number of xenstored's own. */
static size_t incomparable(const struct xsd_sockmsg *head)
{
    return head->type == XS_DIRECTORY_PART ? strnlen((const char *)(head + 1), head->len) : 0;
}

static bool same_message(const struct xsd_sockmsg *a, const struct xsd_sockmsg *b)
{
    const size_t skip_a = incomparable(a), skip_b = incomparable(b);

    return a->type == b->type && a->req_id == b->req_id && a->tx_id == b->tx_id &&
           a->len - skip_a == b->len - skip_b &&
           memcmp((const char *)(a + 1) + skip_a, (const char *)(b + 1) + skip_b, a->len - skip_a) == 0;
}

/* The next message of either side, as copies that the caller frees; NULL where there is none. False: neither has one. */
static bool next_pair(struct play *p, unsigned domid, size_t at[SIDES], struct xsd_sockmsg *pair[SIDES])
{
    bool any = false;

    for (unsigned side = 0; side < SIDES; side++) {
        struct xsd_sockmsg head;
        pair[side] = NULL;
        if (!message_at(&p->heard[side][domid], at[side], &head))
            continue;
        const size_t bytes = sizeof head + head.len;
        pair[side] = allocate(1, bytes + 1);
        memcpy(pair[side], p->heard[side][domid].text + at[side], bytes);
        at[side] += bytes;
        any = true;
    }
    return any;
}

/* Looks for the answer to the last request; remembers the numbers of transactions. */
static void look_at(
    struct play *p, unsigned side, const struct xsd_sockmsg *head, uint32_t number, bool *good)
{
    if (head == NULL || head->type == XS_WATCH_EVENT)
        return;
    if (head->type == XS_TRANSACTION_START && head->req_id < p->requests_most)
        p->ids[side][head->req_id] = (uint32_t)strtoul((const char *)(head + 1), NULL, 10);
    if (head->req_id == number && side == REAL)
        *good = head->type != XS_ERROR;
}

static bool same_ring(const struct play *p, unsigned domid)
{
    const volatile struct xenstore_domain_interface *a = p->rings[OURS][domid], *b = p->rings[REAL][domid];

    return a->server_features == b->server_features && a->connection == b->connection && a->error == b->error;
}

static bool compare(struct play *p, unsigned domid, uint32_t number, bool *good)
{
    size_t at[SIDES] = {0};
    struct xsd_sockmsg *pair[SIDES];
    bool same = same_ring(p, domid);

    while (same && next_pair(p, domid, at, pair)) {
        look_at(p, OURS, pair[OURS], number, good);
        look_at(p, REAL, pair[REAL], number, good);
        same = pair[OURS] != NULL && pair[REAL] != NULL && same_message(pair[OURS], pair[REAL]);
        free(pair[OURS]), free(pair[REAL]);
    }
    same = same && p->heard[OURS][domid].bytes - at[OURS] == p->heard[REAL][domid].bytes - at[REAL];
    if (same)
        p->heard[OURS][domid].bytes = p->heard[REAL][domid].bytes = 0;
    else
        p->differs_for = domid;
    return same;
}

static void print_message(FILE *out, const struct xsd_sockmsg *head)
{
    if (head == NULL) {
        fputs("nothing\n", out);
        return;
    }
    fprintf(out, "%s ", request_name(head->type));
    bytes_print(out, (const char *)(head + 1), head->len);
    fprintf(out, head->type == XS_WATCH_EVENT ? "\n" : " to request %u\n", head->req_id);
}

static void print_ring(FILE *out, const char *whose, const volatile struct xenstore_domain_interface *ring)
{
    fprintf(out, "    %s ring: features %#x, connection %u, error %u\n", whose, ring->server_features,
        ring->connection, ring->error);
}

void play_print_difference(FILE *out, const struct play *play)
{
    struct play *p = (struct play *)(uintptr_t)play;
    size_t at[SIDES] = {0};
    struct xsd_sockmsg *pair[SIDES];

    fprintf(out, "  dom%u hears:\n", p->differs_for);
    while (next_pair(p, p->differs_for, at, pair)) {
        const bool same = pair[OURS] != NULL && pair[REAL] != NULL && same_message(pair[OURS], pair[REAL]);
        fputs(same ? "    both:      " : "    ours:      ", out);
        print_message(out, pair[OURS]);
        if (!same) {
            fputs("    xenstored: ", out);
            print_message(out, pair[REAL]);
        }
        free(pair[OURS]), free(pair[REAL]);
    }
    if (p->differs_for != 0 && !same_ring(p, p->differs_for)) {
        print_ring(out, "our", p->rings[OURS][p->differs_for]);
        print_ring(out, "xenstored's", p->rings[REAL][p->differs_for]);
    }
}

/* ---- dom0, which has no ring on our side ---------------------------------------------------------- */

static const char *error_text(int error)
{
    for (size_t i = 0; i < sizeof xsd_errors / sizeof xsd_errors[0]; i++)
        if (xsd_errors[i].errnum == error)
            return xsd_errors[i].errstring;
    return "EINVAL";
}

/* The permissions that our dom0 can give are an owner and one more. False: it can't say it. */
static bool permit(struct play *p, const char *path, const char *perms, const char *end, int *error)
{
    const char *second = perms + strlen(perms) + 1;
    char *rest;

    if (perms >= end || perms[0] != 'n' || second >= end || second + strlen(second) + 1 != end)
        return false;
    const unsigned long owner = strtoul(perms + 1, &rest, 10);
    if (*rest != '\0' || rest == perms + 1)
        return false;
    const unsigned long other = strtoul(second + 1, &rest, 10);
    if (*rest != '\0' || rest == second + 1 || owner == other)
        return false;
    *error = xenstore_permit(p->ours, path, (unsigned)owner, (unsigned)other, second[0]);
    return true;
}

/* Our dom0's answer, as a message. False: our dom0 can't ask it. */
static bool ask_ours(struct play *p, const struct request *r, struct xsd_sockmsg *head, char *answer)
{
    const char *path = r->body, *value = r->body + strlen(r->body) + 1, *found = NULL;
    int error = 0;
    size_t bytes = sizeof "OK";

    strcpy(answer, "OK");
    switch (r->type) {
    case XS_READ:
        found = xenstore_read(p->ours, 0, path);
        bytes = found == NULL ? 0 : strlen(found);
        if (found != NULL)
            memcpy(answer, found, bytes);
        error = found == NULL ? ENOENT : 0;
        break;
    case XS_DIRECTORY:
        bytes = xenstore_directory(p->ours, 0, path, answer, XENSTORE_PAYLOAD_MAX);
        error = bytes == SIZE_MAX ? ENOENT : bytes > XENSTORE_PAYLOAD_MAX ? E2BIG : 0;
        break;
    case XS_WRITE:
        if (strlen(value) != r->bytes - strlen(path) - 1)
            return false;
        error = xenstore_write(p->ours, 0, path, value);
        break;
    case XS_MKDIR:
        error = xenstore_make(p->ours, 0, path);
        break;
    case XS_RM:
        error = xenstore_remove(p->ours, 0, path);
        break;
    case XS_SET_PERMS:
        if (!permit(p, path, value, r->body + r->bytes, &error))
            return false;
        break;
    default:
        return false;
    }
    head->type = error != 0 ? XS_ERROR : r->type;
    if (error != 0) {
        strcpy(answer, error_text(error));
        bytes = strlen(answer) + 1;
    }
    head->len = (uint32_t)bytes;
    return true;
}

static void hear(struct play *p, unsigned side, const struct xsd_sockmsg *head, const char *body)
{
    struct heard *h = &p->heard[side][0];

    memcpy(h->text + h->bytes, head, sizeof *head);
    memcpy(h->text + h->bytes + sizeof *head, body, head->len);
    h->bytes += sizeof *head + head->len;
}

static void ask_as_dom0(struct play *p, const struct request *r, uint32_t number)
{
    struct xsd_sockmsg head = {.type = r->type, .req_id = number, .len = r->bytes};
    char answer[XENSTORE_PAYLOAD_MAX + 1];

    if (!ask_ours(p, r, &head, answer))
        return;
    hear(p, OURS, &head, answer);
    head = (struct xsd_sockmsg){.type = r->type, .req_id = number, .len = r->bytes};
    real_ask(&p->real, &head, r->body, answer);
    /* Of a read our dom0 hears only that it failed. */
    if (head.type == XS_ERROR && (r->type == XS_READ || r->type == XS_DIRECTORY) &&
        strcmp(answer, "E2BIG") != 0) {
        strcpy(answer, "ENOENT");
        head.len = sizeof "ENOENT";
    }
    /* And of a value what is in front of its first NUL. */
    if (head.type == XS_READ)
        head.len = (uint32_t)strnlen(answer, head.len);
    hear(p, REAL, &head, answer);
}

/* ---- a run ---------------------------------------------------------------------------------------- */

static uint32_t transaction_id(const struct play *p, unsigned side, uint32_t started)
{
    if (started == NO_TRANSACTION)
        return 0;
    return started < p->requests_most && p->ids[side][started] != 0 ? p->ids[side][started] : UNKNOWN_ID;
}

static void ask_as_guest(struct play *p, unsigned side, const struct request *r, uint32_t number)
{
    const struct xsd_sockmsg head = {
        .type = r->type, .req_id = number, .tx_id = transaction_id(p, side, r->started), .len = r->bytes};
    const size_t bytes = sizeof head + r->bytes;
    char *message = allocate(1, bytes);

    memcpy(message, &head, sizeof head);
    memcpy(message + sizeof head, r->body, r->bytes);
    put(p, side, r->by, message, bytes);
    free(message);
}

static bool hear_all(struct play *p, unsigned but, uint32_t number, bool *good)
{
    bool same = compare(p, 0, number, good);

    for (unsigned domid = 1; domid <= GUESTS && same; domid++) {
        if (domid == but || p->deaf[domid] || !p->alive[domid])
            continue;
        drain(p, OURS, domid);
        drain(p, REAL, domid);
        same = compare(p, domid, number, good);
    }
    return same;
}

static void must(struct play *p, uint32_t type, const void *body, size_t bytes)
{
    struct xsd_sockmsg head = {.type = type, .len = (uint32_t)bytes};
    char answer[XENSTORE_PAYLOAD_MAX + 1];

    real_ask(&p->real, &head, body, answer);
    if (head.type == XS_ERROR)
        errx(9, "xenstored refuses dom0's %s: %s", request_name(type), answer);
}

/* A domain as the toolstack makes it: its home, which it owns, and its ring. */
static void introduce(struct play *p, unsigned domid)
{
    char home[64], body[128];
    int bytes;

    snprintf(home, sizeof home, "/local/domain/%u", domid);
    p->rings[REAL][domid] = (void *)(p->real.pages + (size_t)domid * RING_PAGE_BYTES);
    for (unsigned side = 0; side < SIDES; side++) {
        memset(p->rings[side][domid], 0, RING_PAGE_BYTES);
        p->heard[side][domid].bytes = 0;
    }
    p->alive[domid] = true;
    p->shut[domid] = p->deaf[domid] = false;
    if (!xenstore_introduce(p->ours, domid, p->rings[OURS][domid]) || xenstore_make(p->ours, 0, home) != 0 ||
        xenstore_permit(p->ours, home, domid, domid, 'n') != 0)
        errx(9, "our xenstore takes no domain");
    real_set_state(&p->real, domid, DOMAIN_ALIVE);
    bytes = snprintf(body, sizeof body, "%u%c%u%c%u%c", domid, 0, 1, 0, 1, 0);
    must(p, XS_INTRODUCE, body, (size_t)bytes);
    must(p, XS_MKDIR, home, strlen(home) + 1);
    bytes = snprintf(body, sizeof body, "%s%cn%u%c", home, 0, domid, 0);
    must(p, XS_SET_PERMS, body, (size_t)bytes);
}

/* What Xen, or the toolstack, tells xenstored of a domain. False: it had heard something else before. */
static bool live(struct play *p, const struct request *r)
{
    const unsigned domid = (unsigned)strtoul(r->body, NULL, 10);
    bool good;

    if ((r->type == LIFE_COMES) == p->alive[domid] || (r->type == LIFE_SHUTS_DOWN && p->shut[domid]))
        return true;
    if (r->type == LIFE_COMES) {
        introduce(p, domid);
        return true;
    }
    drain(p, OURS, domid);
    drain(p, REAL, domid);
    if (!compare(p, domid, UINT32_MAX, &good))
        return false;
    p->shut[domid] = true;
    real_set_state(&p->real, domid, r->type == LIFE_SHUTS_DOWN ? DOMAIN_SHUT : DOMAIN_NONE);
    if (r->type == LIFE_SHUTS_DOWN) {
        xenstore_shut_down(p->ours, domid);
    } else {
        p->alive[domid] = false;
        xenstore_release(p->ours, domid);
        xenstore_bury(p->ours, domid);
    }
    if (r->type == LIFE_IS_RELEASED) {
        must(p, XS_RELEASE, r->body, r->bytes);
    } else {
        real_event(&p->real, PORT_VIRQ);
        real_settle(&p->real);
    }
    return true;
}

bool play_request(struct play *p, const struct request *r, uint32_t number, bool *good)
{
    *good = r->unread || r->type >= LIFE_SHUTS_DOWN;
    if (r->type >= LIFE_SHUTS_DOWN)
        return live(p, r) && hear_all(p, 0, number, good);
    if (!p->alive[r->by])
        return true;
    if (r->by == 0) {
        ask_as_dom0(p, r, number);
    } else {
        ask_as_guest(p, OURS, r, number);
        ask_as_guest(p, REAL, r, number);
    }
    p->deaf[r->by] = r->deaf;
    return hear_all(p, r->unread ? r->by : 0, number, good);
}

bool play_read_all(struct play *p)
{
    bool good;

    memset(p->deaf, 0, sizeof p->deaf);
    return hear_all(p, 0, UINT32_MAX, &good);
}

struct play *play_begin(const char *xenstored, const char *shim, uint32_t requests_most)
{
    struct play *p = allocate(1, sizeof *p);

    p->requests_most = requests_most;
    p->ours = xenstore_new(NULL);
    if (p->ours == NULL)
        errx(9, "no memory for our xenstore");
    real_start(&p->real, xenstored, shim);
    for (unsigned side = 0; side < SIDES; side++) {
        p->ids[side] = allocate(requests_most, sizeof p->ids[side][0]);
        for (unsigned domid = 0; domid <= GUESTS; domid++)
            p->heard[side][domid].text = allocate(1, HEARD_ROOM);
    }
    /* xenstored makes a node of its own at its start. */
    if (xenstore_make(p->ours, 0, "/tool/xenstored") != 0)
        errx(9, "our xenstore makes no node");
    p->alive[0] = true;
    for (unsigned domid = 1; domid <= GUESTS; domid++) {
        p->rings[OURS][domid] = allocate(1, RING_PAGE_BYTES);
        introduce(p, domid);
    }
    p->rings[OURS][0] = p->rings[REAL][0] = allocate(1, RING_PAGE_BYTES);
    return p;
}

void play_end(struct play *p)
{
    real_stop(&p->real);
    xenstore_free(p->ours);
    for (unsigned side = 0; side < SIDES; side++) {
        free(p->ids[side]);
        for (unsigned domid = 0; domid <= GUESTS; domid++)
            free(p->heard[side][domid].text);
    }
    for (unsigned domid = 0; domid <= GUESTS; domid++)
        free(p->rings[OURS][domid]);
    free(p);
}
