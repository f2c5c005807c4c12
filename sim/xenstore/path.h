/* SPDX-License-Identifier: BSD-2-Clause */
/* xenstore's paths: which are allowed, and what a relative one stands for. */
#ifndef SIM_XENSTORE_PATH_H
#define SIM_XENSTORE_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <xen/io/xs_wire.h>

#define DOMIDS    0x7ff0u /* DOMID_FIRST_RESERVED */
#define PATH_ROOM (XENSTORE_ABS_PATH_MAX + 1)

/* Checks the path and writes it to out as an absolute one; a relative one is below the domain's own. 0 or EINVAL. */
int path_resolve(char out[PATH_ROOM], unsigned domid, const char *path);
bool path_is_special(const char *path); /* such as @introduceDomain */
/* Finds the next component at *at, and moves *at behind it. Returns its length; 0: there is none. */
size_t path_component(const char **at, const char **name);
size_t path_components(const char *path);   /* how many there are */
size_t path_parent_bytes(const char *path); /* "/a/b" -> 2, "/a" -> 1; not for "/" */

#endif
