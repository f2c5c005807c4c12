/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * xenstore's paths: checks and completes them as text, without a look at the tree.
 */
#include "sim/xenstore/path.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "sim/xenstore/xenstore.h"

static bool is_path_character(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '/' || c == '_' || c == '@';
}

/* Does it begin with / and not end with one, without an empty component, and with only the characters xenstored allows? */
static bool is_valid(const char *path, size_t bytes)
{
    assert(path[bytes] == '\0');
    assert(bytes <= XENSTORE_ABS_PATH_MAX);
    if (path[0] != '/')
        return false;
    if (bytes > 1 && path[bytes - 1] == '/')
        return false;
    for (size_t i = 0; i < bytes; i++)
        if (!is_path_character(path[i]) || (path[i] == '/' && path[i + 1] == '/'))
            return false;
    return true;
}

bool path_is_special(const char *path)
{
    return path[0] == '@';
}

/* It is called for each request of a guest, so it does without snprintf. */
size_t xenstore_home(char out[XENSTORE_HOME_ROOM], unsigned domid)
{
    static const char prefix[] = "/local/domain/";
    char digits[10];
    size_t bytes = sizeof prefix - 1, count = 0;

    assert(out != NULL);
    memcpy(out, prefix, bytes);
    do {
        digits[count++] = (char)('0' + domid % 10);
        domid /= 10;
    } while (domid != 0);
    while (count > 0)
        out[bytes++] = digits[--count];
    out[bytes++] = '/';
    out[bytes] = '\0';
    assert(bytes < XENSTORE_HOME_ROOM);
    return bytes;
}

int path_resolve(char out[PATH_ROOM], unsigned domid, const char *path)
{
    size_t bytes = strlen(path), own = 0;

    assert(out != NULL);
    assert(path != NULL);
    if (path[0] != '/') {
        if (bytes > XENSTORE_REL_PATH_MAX)
            return EINVAL;
        own = xenstore_home(out, domid);
    }
    if (own + bytes >= PATH_ROOM)
        return EINVAL;
    memcpy(out + own, path, bytes + 1);
    return is_valid(out, own + bytes) ? 0 : EINVAL;
}

size_t path_component(const char **at, const char **name)
{
    const char *p = *at;

    while (*p == '/')
        p++;
    *name = p;
    while (*p != '\0' && *p != '/')
        p++;
    *at = p;
    return (size_t)(p - *name);
}

size_t path_parent_bytes(const char *path)
{
    const char *slash = strrchr(path, '/');

    assert(slash != NULL);
    assert(slash[1] != '\0');
    return slash == path ? 1 : (size_t)(slash - path);
}
