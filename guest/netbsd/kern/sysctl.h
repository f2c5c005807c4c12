/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sysctl tree, as a user of the guest sees it.
 */
#ifndef KERN_SYSCTL_H
#define KERN_SYSCTL_H

#include <sys/types.h>

struct sysctlnode;

void sysctl_tree_init(void);
extern u_int sysctl_nodes; /* how many there are */

/* A dotted name's node. NULL: *bad points at the part that there is not, and
 * *level counts the parts before it. */
const struct sysctlnode *sysctl_by_name(
    const char *name, const char **bad, u_int *level);

/* Through the node's own function. 0 or an error number. */
int sysctl_read_node(const struct sysctlnode *, void *old, size_t *old_bytes);
int sysctl_write_node(const struct sysctlnode *, const void *new, size_t bytes);

#endif /* !KERN_SYSCTL_H */
