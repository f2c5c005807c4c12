/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A node's permissions: who may do what, and their form on the wire (`n0`, `r5`). It holds no node and
 * decides no request.
 */
#include "sim/xenstore/perms.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/decimal.h"
#include "sim/xenstore/path.h"
#include "sim/xenstore/quota.h"

/* A letter for each set of rights, indexed by ACCESS_READ and ACCESS_WRITE: none, read, write, both. */
static const char letters[] = "nrwb";

struct perms *perms_new(uint32_t count)
{
    struct perms *perms;

    assert(count >= 1);
    assert(count <= XENSTORE_PAYLOAD_MAX);
    perms = calloc(1, sizeof(*perms) + count * sizeof(perms->list[0]));
    if (perms != NULL) {
        perms->refs = 1;
        perms->count = count;
    }
    return perms;
}

struct perms *perms_share(const struct perms *perms)
{
    struct perms *shared = (struct perms *)(uintptr_t)perms; /* only its count of users changes */

    assert(shared->refs > 0 && shared->refs < UINT32_MAX);
    shared->refs++;
    return shared;
}

void perms_release(struct perms *perms)
{
    if (perms == NULL)
        return;
    assert(perms->refs > 0);
    if (--perms->refs == 0)
        free(perms);
}

struct perms *perms_owned_by(const struct perms *perms, unsigned domid)
{
    struct perms *copy;

    if (perms->list[0].domid == domid)
        return perms_share(perms);
    copy = perms_new(perms->count);
    if (copy == NULL)
        return NULL;
    memcpy(copy->list, perms->list, perms->count * sizeof(perms->list[0]));
    copy->list[0].domid = domid;
    return copy;
}

void perms_disown(struct perms *perms, unsigned domid)
{
    assert(domid != 0);
    if (perms->list[0].domid == domid)
        perms->list[0].domid = 0;
    for (uint32_t i = 1; i < perms->count; i++)
        perms->list[i].is_nobodys = perms->list[i].is_nobodys || perms->list[i].domid == domid;
}

unsigned perms_access(const struct perms *perms, unsigned domid)
{
    assert(perms->count >= 1);
    if (domid == 0 || domid == perms->list[0].domid)
        return ACCESS_READ | ACCESS_WRITE | ACCESS_OWNER;
    for (uint32_t i = 1; i < perms->count; i++)
        if (perms->list[i].domid == domid && !perms->list[i].is_nobodys)
            return perms->list[i].access;
    return perms->list[0].access;
}

unsigned perms_letter_access(char letter, bool *ok)
{
    const char *found = letter == '\0' ? NULL : strchr(letters, letter);

    *ok = found != NULL;
    return found == NULL ? 0 : (unsigned)(found - letters);
}

/* Reads a letter and a number as strtol() reads it, with nothing behind. The number need not be a domain's. */
static bool parse_one(const char *text, struct perm *perm)
{
    bool ok;
    char *end;

    perm->access = perms_letter_access(text[0], &ok);
    if (!ok || text[1] == '\0')
        return false;
    perm->domid = (unsigned)strtol(text + 1, &end, 0);
    return *end == '\0';
}

struct perms *perms_parse(const char *strings, size_t bytes, uint32_t most, int *error)
{
    uint32_t count = 0;
    struct perms *perms;

    for (size_t i = 0; i < bytes; i++)
        count += strings[i] == '\0';
    *error = count == 0 ? EINVAL : ENOSPC;
    if (count == 0 || count > most)
        return NULL;
    perms = perms_new(count);
    *error = perms == NULL ? ENOMEM : 0;
    for (uint32_t i = 0; i < count && *error == 0; i++, strings += strlen(strings) + 1) {
        if (!parse_one(strings, &perms->list[i]))
            *error = EINVAL;
    }
    if (*error == 0)
        return perms;
    perms_release(perms);
    return NULL;
}

size_t perms_print(const struct perms *perms, char *out, size_t room)
{
    size_t used = 0;

    for (uint32_t i = 0; i < perms->count; i++) {
        const struct perm *perm = &perms->list[i];
        const bool negative = perm->domid > INT32_MAX; /* xenstored prints them with a sign */
        char domid[DECIMAL_ROOM + 1] = "-";
        const uint32_t shown = negative ? 0u - perm->domid : perm->domid;
        const size_t digits = (negative ? 1u : 0u) + decimal_write(domid + negative, shown);

        if (1 + digits + 1 > room - used)
            return 0;
        out[used] = letters[perm->access & 3];
        memcpy(out + used + 1, domid, digits + 1);
        used += 1 + digits + 1;
    }
    return used;
}
