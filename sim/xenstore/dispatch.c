/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Takes a domain's message apart, calls the function for its request, and answers. An answer carries the request's
 * type and number; a refusal is XS_ERROR with the name of its errno.
 */
#include "sim/xenstore/dispatch.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/xenstore/commit.h"
#include "sim/xenstore/path.h"
#include "sim/xenstore/perms.h"
#include "sim/xenstore/queue.h"
#include "sim/xenstore/quota.h"
#include "sim/xenstore/request.h"
#include "sim/xenstore/store.h"
#include "sim/xenstore/transaction.h"
#include "sim/xenstore/tree.h"
#include "sim/xenstore/watch.h"

/* A message that is being served. The caller has put a NUL behind its body. */
struct request {
    struct xenstore *xs;
    struct xenstore_domain *domain;
    const struct xsd_sockmsg *head;
    char *body;
    struct asker asker;
    char *path; /* the first string, as an absolute path */
};

static const char *error_name(int error)
{
    for (size_t i = 0; i < sizeof(xsd_errors) / sizeof(xsd_errors[0]); i++)
        if (xsd_errors[i].errnum == error)
            return xsd_errors[i].errstring;
    return "EINVAL";
}

static void send(const struct request *r, uint32_t type, const void *data, size_t bytes)
{
    struct xsd_sockmsg head = *r->head;

    assert(bytes <= XENSTORE_PAYLOAD_MAX);
    if (r->domain->broken)
        return;
    head.type = type;
    head.len = (uint32_t)bytes;
    /* Without memory for an answer the guest would wait for ever. */
    if (!queue_message(r->xs, r->domain, &head, data))
        store_lacks_memory(r->xs);
}

static void send_error(const struct request *r, int error)
{
    const char *name = error_name(error);

    send(r, XS_ERROR, name, strlen(name) + 1);
}

static int answer(const struct request *r, const void *data, size_t bytes)
{
    if (bytes > XENSTORE_PAYLOAD_MAX)
        return E2BIG;
    send(r, r->head->type, data, bytes);
    return 0;
}

static int acknowledge(const struct request *r)
{
    return answer(r, "OK", sizeof("OK"));
}

static int note(const struct request *r, const char *path, const char *value, int error)
{
    store_note(r->xs, r->domain->domid, r->head->type, path, value, error);
    return error;
}

/* Is the body exactly `count` strings, each with its NUL, and nothing behind them? */
static bool has_strings(const struct request *r, unsigned count)
{
    unsigned nuls = 0;

    for (uint32_t i = 0; i < r->head->len; i++)
        nuls += r->body[i] == '\0';
    return nuls == count && r->body[r->head->len - 1] == '\0';
}

/* The string behind the first; "" when there is none. */
static char *second(const struct request *r)
{
    size_t at = strlen(r->body) + 1;

    return r->body + (at < r->head->len ? at : r->head->len);
}

/* The node that the first string names, if it may be read. */
static int find_readable(struct request *r, const struct node **node)
{
    int error = path_resolve(r->path, r->domain->domid, r->body);

    if (error == 0)
        error = request_find(&r->asker, r->path, ACCESS_READ, node);
    return error;
}

static int do_read(struct request *r)
{
    const struct node *node;
    int error = has_strings(r, 1) ? find_readable(r, &node) : EINVAL;

    if (error != 0)
        return note(r, r->body, "", error);
    note(r, r->path, node_value(node), 0);
    return answer(r, node_value(node), node->value_bytes);
}

static int do_directory(struct request *r)
{
    char names[XENSTORE_PAYLOAD_MAX];
    const struct node *node;
    size_t bytes;
    int error = has_strings(r, 1) ? find_readable(r, &node) : EINVAL;

    if (error != 0)
        return note(r, r->body, "", error);
    bytes = node_directory(node, names, sizeof(names));
    if (bytes == SIZE_MAX)
        return ENOMEM;
    note(r, r->path, "", bytes > sizeof(names) ? E2BIG : 0);
    return answer(r, names, bytes);
}

/* XS_DIRECTORY_PART: as much of a long listing, from an offset on, as one message holds: the node's generation, then
 * names, and an empty name behind the last. */
static int part_of(const struct node *node, size_t offset, char *out, size_t room, size_t *used)
{
    char *names = malloc(node->children_bytes + 1u);
    size_t end = offset;

    if (names == NULL)
        return ENOMEM;
    if (node_directory(node, names, node->children_bytes) == SIZE_MAX) {
        free(names);
        return ENOMEM;
    }
    names[node->children_bytes] = '\0';
    *used = (size_t)snprintf(out, room, "%llu", (unsigned long long)node->generation) + 1;
    while (end < node->children_bytes && *used + (end - offset) + strlen(names + end) + 2 <= room)
        end += strlen(names + end) + 1;
    if (end > offset)
        memcpy(out + *used, names + offset, end - offset);
    if (offset < node->children_bytes)
        *used += end - offset;
    if (end >= node->children_bytes)
        out[(*used)++] = '\0';
    free(names);
    return 0;
}

static int do_directory_part(struct request *r)
{
    char part[XENSTORE_PAYLOAD_MAX];
    const struct node *node;
    size_t used;
    int error = has_strings(r, 2) ? find_readable(r, &node) : EINVAL;

    if (error == 0) {
        unsigned long long offset = strtoull(second(r), NULL, 10);

        error = part_of(node, offset > node->children_bytes ? node->children_bytes : (size_t)offset, part,
            sizeof(part), &used);
    }
    if (error != 0)
        return note(r, r->body, "", error);
    note(r, r->path, "", 0);
    return answer(r, part, used);
}

static int do_get_perms(struct request *r)
{
    char text[XENSTORE_PAYLOAD_MAX];
    const struct node *node;
    size_t bytes;
    int error = has_strings(r, 1) ? find_readable(r, &node) : EINVAL;

    if (error != 0)
        return note(r, r->body, "", error);
    bytes = perms_print(node->perms, text, sizeof(text));
    note(r, r->path, "", bytes == 0 ? E2BIG : 0);
    return bytes == 0 ? E2BIG : answer(r, text, bytes);
}

/* For requests that change a node: the first string must end inside the body. */
static int resolve_first(struct request *r)
{
    int error = EINVAL;

    if (r->head->len > 0 && strlen(r->body) < r->head->len)
        error = path_resolve(r->path, r->domain->domid, r->body);
    return error == 0 ? 0 : note(r, r->body, "", error);
}

static int do_write(struct request *r)
{
    int error = resolve_first(r);

    if (error == 0)
        error = request_write(&r->asker, r->path, second(r), r->head->len - strlen(r->body) - 1);
    return error != 0 ? error : acknowledge(r);
}

static int do_mkdir(struct request *r)
{
    int error = has_strings(r, 1) ? resolve_first(r) : note(r, r->body, "", EINVAL);

    if (error == 0)
        error = request_mkdir(&r->asker, r->path);
    return error != 0 ? error : acknowledge(r);
}

static int do_remove(struct request *r)
{
    int error = has_strings(r, 1) ? resolve_first(r) : note(r, r->body, "", EINVAL);

    if (error == 0)
        error = request_remove(&r->asker, r->path);
    return error != 0 ? error : acknowledge(r);
}

static int do_set_perms(struct request *r)
{
    const size_t path_bytes = strnlen(r->body, r->head->len) + 1;
    struct perms *perms = NULL;
    int error = EINVAL;

    if (path_bytes <= r->head->len)
        perms = perms_parse(r->body + path_bytes, r->head->len - path_bytes,
            r->asker.privileged ? XENSTORE_PAYLOAD_MAX : QUOTA_PERMS, &error);
    if (perms != NULL && !store_has_domain(r->xs, perms->list[0].domid))
        error = ENOENT;
    if (error == 0)
        error = path_resolve(r->path, r->domain->domid, r->body);
    if (perms != NULL)
        store_mark_unknown(r->xs, perms);
    error = error == 0 ? request_set_perms(&r->asker, r->path, perms) : note(r, r->body, "", error);
    perms_release(perms);
    return error != 0 ? error : acknowledge(r);
}

static int do_watch(struct request *r)
{
    int error = has_strings(r, 2) ? watch_add(r->xs, r->domain, r->body, second(r)) : EINVAL;

    note(r, r->body, second(r), error);
    if (error != 0)
        return error;
    acknowledge(r);
    watch_fire_first(r->xs, r->domain, r->body, second(r));
    return 0;
}

static int do_unwatch(struct request *r)
{
    int error = has_strings(r, 2) ? watch_remove(r->xs, r->domain, r->body, second(r)) : EINVAL;

    note(r, r->body, second(r), error);
    return error != 0 ? error : acknowledge(r);
}

static int do_reset_watches(struct request *r)
{
    watch_remove_all(r->xs, r->domain);
    transaction_drop_all(r->domain);
    note(r, "", "", 0);
    return acknowledge(r);
}

static int do_transaction_start(struct request *r)
{
    uint32_t id = 0;
    char text[16];
    int error, bytes;

    error = r->asker.transaction != NULL ? EBUSY : transaction_start(r->domain, &id);
    bytes = snprintf(text, sizeof(text), "%u", id);
    note(r, "", text, error);
    return error != 0 ? error : answer(r, text, (size_t)bytes + 1);
}

static int do_transaction_end(struct request *r)
{
    bool is_answer = has_strings(r, 1) && (strcmp(r->body, "T") == 0 || strcmp(r->body, "F") == 0);
    int error;

    if (!is_answer)
        error = EINVAL;
    else if (r->asker.transaction == NULL)
        error = ENOENT;
    else
        error = commit_transaction(r->xs, r->domain, r->head->tx_id, r->body[0] == 'T');
    note(r, "", is_answer ? r->body : "", error < 0 ? -error : error);
    return error != 0 ? error : acknowledge(r);
}

/* The number at the front of the text, as atoi() has it: what is no digit ends it, and 32 bits of it count. */
static uint32_t number_of(const char *text)
{
    uint32_t value = 0;
    const bool negative = *text == '-';

    for (const char *p = text + negative; *p >= '0' && *p <= '9'; p++)
        value = value * 10 + (uint32_t)(*p - '0');
    return negative ? -value : value;
}

static int do_domain_path(struct request *r)
{
    char path[XENSTORE_NODE_ROOM];

    if (!has_strings(r, 1))
        return note(r, "", "", EINVAL);
    xenstore_node_path(path, number_of(r->body), "");
    note(r, path, "", 0);
    return answer(r, path, strlen(path) + 1);
}

static int do_privileged(struct request *r)
{
    return note(r, "", "", EACCES); /* only dom0 may do this, and requests from a ring are never dom0's */
}

static const struct {
    int (*run)(struct request *);
    bool in_transaction; /* the request looks at the transaction's number in the head */
} requests[XS_TYPE_COUNT] = {
    [XS_CONTROL] = {do_privileged, false},
    [XS_DIRECTORY] = {do_directory, true},
    [XS_READ] = {do_read, true},
    [XS_GET_PERMS] = {do_get_perms, true},
    [XS_WATCH] = {do_watch, false},
    [XS_UNWATCH] = {do_unwatch, false},
    [XS_TRANSACTION_START] = {do_transaction_start, true},
    [XS_TRANSACTION_END] = {do_transaction_end, true},
    [XS_INTRODUCE] = {do_privileged, false},
    [XS_RELEASE] = {do_privileged, false},
    [XS_GET_DOMAIN_PATH] = {do_domain_path, true},
    [XS_WRITE] = {do_write, true},
    [XS_MKDIR] = {do_mkdir, true},
    [XS_RM] = {do_remove, true},
    [XS_SET_PERMS] = {do_set_perms, true},
    [XS_IS_DOMAIN_INTRODUCED] = {do_privileged, false},
    [XS_RESUME] = {do_privileged, false},
    [XS_SET_TARGET] = {do_privileged, false},
    [XS_RESET_WATCHES] = {do_reset_watches, true},
    [XS_DIRECTORY_PART] = {do_directory_part, true},
};

void dispatch(struct xenstore *xs, struct xenstore_domain *domain, const struct xsd_sockmsg *head, char *body)
{
    char path[PATH_ROOM];
    struct request r = {.xs = xs,
        .path = path,
        .domain = domain,
        .head = head,
        .body = body,
        .asker = {.xs = xs, .domain = domain, .privileged = domain->domid == 0}};
    int error = 0;

    assert(head->len <= XENSTORE_PAYLOAD_MAX);
    assert(body[head->len] == '\0');
    if (head->type >= XS_TYPE_COUNT || requests[head->type].run == NULL) {
        store_note(xs, domain->domid, head->type, "", "", ENOSYS);
        send_error(&r, ENOSYS);
        return;
    }
    if (xs->ops.fault != NULL)
        error = xs->ops.fault(xs->ops.context, domain->domid, head->type);
    if (requests[head->type].in_transaction && head->tx_id != 0) {
        r.asker.transaction = transaction_find(domain, head->tx_id);
        if (r.asker.transaction == NULL && error == 0)
            error = ENOENT;
    }
    /* A refused XS_TRANSACTION_END still ends the transaction, which the guest will not name again. */
    if (error != 0 && r.asker.transaction != NULL && head->type == XS_TRANSACTION_END)
        commit_transaction(xs, domain, head->tx_id, false);
    if (error != 0)
        note(&r, body, "", error);
    else if ((error = requests[head->type].run(&r)) == ENOMEM)
        store_lacks_memory(xs);
    if (error != 0)
        send_error(&r, error < 0 ? -error : error);
}
