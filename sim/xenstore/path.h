/* SPDX-License-Identifier: BSD-2-Clause */
/* xenstore's paths: which are allowed, and what a relative one stands for. Functions give 0 or an errno. */
#ifndef SIM_XENSTORE_PATH_H
#define SIM_XENSTORE_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <xen/io/xs_wire.h>

#define DOMIDS    0x7ff0u /* DOMID_FIRST_RESERVED */
#define PATH_ROOM (XENSTORE_ABS_PATH_MAX + 1)

/* Absolute and checked, into out; a relative one stands below the domain's own path. 0 or EINVAL. */
int path_resolve(char out[PATH_ROOM], unsigned domid, const char *path);
bool path_is_special(const char *path); /* as @introduceDomain is */
/* The next component at *at, moved on past it; 0 bytes: there is none. */
size_t path_component(const char **at, const char **name);
size_t path_parent_bytes(const char *path); /* "/a/b" -> 2, "/a" -> 1; not for "/" */

#endif
