/* SPDX-License-Identifier: BSD-2-Clause */
/* Looks queries up in the table of queries.h. The answers are in harness/run/answers.c. */
#include "harness/language/queries.h"

#include <assert.h>
#include <string.h>

static const struct query_info table[NR_QUERIES] = {
#define X(id, name, unit, scope, meaning) [QUERY_ID_##id] = {name, UNIT_##unit, QUERY_##scope, meaning},
    QUERIES(X)
#undef X
};

const struct query_info *query_info(enum query_id id)
{
    assert((unsigned)id < NR_QUERIES);
    return &table[id];
}

bool query_by_name(enum query_scope scope, const char *name, size_t bytes, enum query_id *id)
{
    assert(name != NULL && id != NULL);
    for (unsigned i = 0; i < NR_QUERIES; i++) {
        if (table[i].scope == scope && strlen(table[i].name) == bytes &&
            memcmp(table[i].name, name, bytes) == 0) {
            *id = (enum query_id)i;
            return true;
        }
    }
    return false;
}
