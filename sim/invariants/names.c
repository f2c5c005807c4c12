/* SPDX-License-Identifier: BSD-2-Clause */
/* The invariants by name and by number, from the one table in list.h. */
#include "sim/invariants/names.h"

#include <assert.h>
#include <string.h>

static const struct {
    const char *name, *holds;
} table[NR_INVARIANTS] = {
#define X(id, name, holds) [INVARIANT_##id] = {name, holds},
    INVARIANTS(X)
#undef X
};

const char *invariant_name(enum invariant which)
{
    assert((unsigned)which < NR_INVARIANTS);
    return table[which].name;
}

const char *invariant_holds(enum invariant which)
{
    assert((unsigned)which < NR_INVARIANTS);
    return table[which].holds;
}

bool invariant_by_name(const char *name, size_t bytes, enum invariant *which)
{
    assert(name != NULL && which != NULL);
    for (unsigned i = 0; i < NR_INVARIANTS; i++) {
        if (strlen(table[i].name) != bytes || memcmp(table[i].name, name, bytes) != 0)
            continue;
        *which = (enum invariant)i;
        return true;
    }
    return false;
}
