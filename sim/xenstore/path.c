/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * xenstore's paths: checks and completes them as text, without a look at the tree.
 */
#include "sim/xenstore/path.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "sim/decimal.h"
#include "sim/xenstore/xenstore.h"

/* - / 0-9 @ A-Z _ a-z, a bit for each: every request asks it of each byte of its path. */
static bool is_path_character(char c)
{
    static const uint64_t allowed[4] = {0x03ffa00000000000, 0x07fffffe87ffffff};
    const unsigned char byte = (unsigned char)c;

    return (allowed[byte >> 6] >> (byte & 63) & 1) != 0;
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

size_t xenstore_home(char out[XENSTORE_HOME_ROOM], unsigned domid)
{
    static const char prefix[] = "/local/domain/";
    size_t bytes = sizeof prefix - 1;

    assert(out != NULL);
    memcpy(out, prefix, bytes);
    bytes += decimal_write(out + bytes, domid);
    out[bytes++] = '/';
    out[bytes] = '\0';
    assert(bytes < XENSTORE_HOME_ROOM);
    return bytes;
}

const char *xenstore_node_path(char out[XENSTORE_NODE_ROOM], unsigned domid, const char *node)
{
    size_t bytes = xenstore_home(out, domid), more = strlen(node);

    assert(bytes + more < XENSTORE_NODE_ROOM);
    if (more == 0)
        bytes--; /* without the slash that ends a home */
    memcpy(out + bytes, node, more);
    out[bytes + more] = '\0';
    return out;
}

/* How many bytes of an absolute path are a domain's home, as sscanf(path, "/local/domain/%5u/") would see it; 0: none. */
static size_t home_bytes(const char *path)
{
    static const char prefix[] = "/local/domain/";
    const size_t first = sizeof prefix - 1;
    size_t end = first;

    if (strncmp(path, prefix, first) != 0)
        return 0;
    end += path[end] == '-';
    const size_t digits = end;
    while (end < first + 5 && path[end] >= '0' && path[end] <= '9')
        end++;
    return end > digits && path[end] == '/' ? end + 1 : 0;
}

int path_resolve(char out[PATH_ROOM], unsigned domid, const char *path)
{
    const size_t bytes = strlen(path);
    size_t own = 0;

    assert(out != NULL);
    assert(path != NULL);
    if (path_is_special(path) || bytes >= XENSTORE_ABS_PATH_MAX)
        return EINVAL;
    if (path[0] != '/')
        own = xenstore_home(out, domid);
    if (own + bytes >= PATH_ROOM)
        return EINVAL;
    memcpy(out + own, path, bytes + 1);
    if (own + bytes > home_bytes(out) + XENSTORE_REL_PATH_MAX)
        return EINVAL;
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

size_t path_components(const char *path)
{
    const char *name;
    size_t count = 0;

    while (path_component(&path, &name) > 0)
        count++;
    return count;
}

size_t path_parent_bytes(const char *path)
{
    const char *slash = strrchr(path, '/');

    assert(slash != NULL);
    assert(slash[1] != '\0');
    return slash == path ? 1 : (size_t)(slash - path);
}
