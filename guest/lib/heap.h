/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory from the boot block's heap, on which a kernel's own allocators stand. Nothing here is counted or checked. */
#ifndef GUEST_LIB_HEAP_H
#define GUEST_LIB_HEAP_H

#include <stdbool.h>
#include <stddef.h>

void heap_init(void);

/* At least 16-byte aligned; NULL when there is no room. *zeroed: nobody ever used it, all its bytes are 0. */
void *heap_get(size_t bytes, bool *zeroed);
void heap_put(void *, size_t bytes); /* as many as were asked for */

#endif
