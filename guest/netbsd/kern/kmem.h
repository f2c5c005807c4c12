/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What kmem(9) remembers of an allocation.
 */
#ifndef KERN_KMEM_H
#define KERN_KMEM_H

#include <sys/types.h>

size_t kmem_size(const void *); /* 0: that is no living allocation's start */

#endif /* !KERN_KMEM_H */
