/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory from the boot block's heap, for a kernel's own allocators. Nothing here is counted or checked. */
#ifndef GUEST_LIB_HEAP_H
#define GUEST_LIB_HEAP_H

#include <stdbool.h>
#include <stddef.h>

void heap_init(void);

/* At least 16-byte aligned; NULL: there is no room. *zeroed: it was never used before, so that all its bytes are 0. */
void *heap_get(size_t bytes, bool *zeroed);
void heap_put(void *, size_t bytes); /* bytes as in heap_get */

#endif
