/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory for a saved domain's pages. */
#include "sim/domain/saved.h"

#include <stdlib.h>

struct saved *saved_new(uint64_t room_pages)
{
    struct saved *saved = calloc(1, sizeof *saved);
    if (saved == NULL)
        return NULL;
    saved->page = malloc((room_pages + 1u) * sizeof *saved->page);
    if (saved->page != NULL)
        return saved;
    free(saved);
    return NULL;
}

void saved_free(struct saved *saved)
{
    if (saved != NULL)
        free(saved->page);
    free(saved);
}
