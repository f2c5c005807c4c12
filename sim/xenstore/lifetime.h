/* SPDX-License-Identifier: BSD-2-Clause */
/* What xenstore does when domains come and go, and the two paths that are watched for it. */
#ifndef SIM_XENSTORE_LIFETIME_H
#define SIM_XENSTORE_LIFETIME_H

#include <stdbool.h>

struct perms;
struct xenstore;

/* Is it @introduceDomain or @releaseDomain? They are no nodes, but have permissions: dom0 says who hears of them. */
bool lifetime_is_path(const char *path);
void lifetime_permit(struct xenstore *, const char *path, const struct perms *);
bool lifetime_begin(struct xenstore *); /* only dom0 hears of them; false: no memory */
void lifetime_reset(struct xenstore *);
void lifetime_end(struct xenstore *);

#endif
