/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What kmem(9) remembers of an allocation.
 */
#ifndef KERN_KMEM_H
#define KERN_KMEM_H

#include <sys/types.h>

size_t kmem_size(const void *); /* 0: that is no living allocation's start */

void kmem_sites_attached(
    void); /* what the driver has now is not counted as lost */
/* Where it allocated most of what it has not freed since; 0: it has no more. */
uintptr_t kmem_site_grown(void);
/* Reports what was written behind an allocation of the driver's that lives. */
void kmem_check_red_zones(void);

#endif /* !KERN_KMEM_H */
