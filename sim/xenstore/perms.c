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

unsigned perms_access(const struct perms *perms, unsigned domid)
{
    assert(perms->count >= 1);
    if (domid == 0 || domid == perms->list[0].domid)
        return ACCESS_READ | ACCESS_WRITE | ACCESS_OWNER;
    for (uint32_t i = 1; i < perms->count; i++)
        if (perms->list[i].domid == domid)
            return perms->list[i].access;
    return perms->list[0].access;
}

unsigned perms_letter_access(char letter, bool *ok)
{
    const char *found = letter == '\0' ? NULL : strchr(letters, letter);

    *ok = found != NULL;
    return found == NULL ? 0 : (unsigned)(found - letters);
}

/* Reads a letter and a domid in decimal, with nothing behind. */
static bool parse_one(const char *text, struct perm *perm)
{
    bool ok;
    uint64_t domid = 0;

    perm->access = perms_letter_access(text[0], &ok);
    if (!ok || text[1] == '\0')
        return false;
    for (const char *p = text + 1; *p != '\0'; p++) {
        if (*p < '0' || *p > '9')
            return false;
        domid = domid * 10 + (uint64_t)(*p - '0');
        if (domid >= DOMIDS)
            return false;
    }
    perm->domid = (unsigned)domid;
    return true;
}

struct perms *perms_parse(const char *strings, size_t bytes, int *error)
{
    uint32_t count = 0;
    struct perms *perms;

    *error = EINVAL;
    if (bytes == 0 || strings[bytes - 1] != '\0')
        return NULL;
    for (size_t i = 0; i < bytes; i++)
        count += strings[i] == '\0';
    perms = perms_new(count);
    if (perms == NULL) {
        *error = ENOMEM;
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++, strings += strlen(strings) + 1) {
        if (!parse_one(strings, &perms->list[i])) {
            perms_release(perms);
            return NULL;
        }
    }
    *error = 0;
    return perms;
}

size_t perms_print(const struct perms *perms, char *out, size_t room)
{
    size_t used = 0;

    for (uint32_t i = 0; i < perms->count; i++) {
        const struct perm *perm = &perms->list[i];
        char domid[DECIMAL_ROOM];
        const size_t digits = decimal_write(domid, perm->domid);

        if (1 + digits + 1 > room - used)
            return 0;
        out[used] = letters[perm->access & 3];
        memcpy(out + used + 1, domid, digits + 1);
        used += 1 + digits + 1;
    }
    return used;
}
