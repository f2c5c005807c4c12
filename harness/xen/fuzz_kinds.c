/* SPDX-License-Identifier: BSD-2-Clause */
/* Which kinds of random scenarios there are, and which one a part is of. */
#include "harness/xen/fuzz_kinds.h"

#include "harness/xen/fuzz_demand.h"
#include "harness/xen/fuzz_dying.h"
#include "harness/xen/fuzz_fragments.h"
#include "harness/xen/fuzz_lists.h"
#include "harness/xen/fuzz_waits.h"

#include <string.h>

#define SEED_SHIFT 7 /* the low bits decide on the first statements */

const struct fuzz_kind fuzz_kinds[] = {
    {"mixed", "all calls of guests and of dom0", 16, 24, 16, 0, NULL},
    {"fragments", "extents of orders 0 to 9 out of a heap that is in pieces", 16, 64, 24, 14,
        fuzz_fragments_statement},
    {"lists", "lists that end in odd places, or lie in some", 16, 24, 16, 12, fuzz_lists_statement},
    {"demand", "populate-on-demand of a domain that dom0 made", 16, 32, 12, 13, fuzz_demand_statement},
    {"dying", "domains that are destroyed while dom0 maps frames of theirs", 16, 24, 16, 13,
        fuzz_dying_statement},
    {"waits", "domains that wait for one another's events", 16, 24, 16, 16, fuzz_waits_statement},
};
const unsigned nr_fuzz_kinds = sizeof fuzz_kinds / sizeof fuzz_kinds[0];

const struct fuzz_kind *fuzz_kind_named(const char *name)
{
    for (unsigned i = 0; i < nr_fuzz_kinds; i++)
        if (strcmp(fuzz_kinds[i].name, name) == 0)
            return &fuzz_kinds[i];
    return NULL;
}

const struct fuzz_kind *fuzz_kind_of(uint64_t seed)
{
    return &fuzz_kinds[(seed >> SEED_SHIFT) % nr_fuzz_kinds];
}
