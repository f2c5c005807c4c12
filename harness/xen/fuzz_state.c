/* SPDX-License-Identifier: BSD-2-Clause */
/* Random choices for a scenario's statements. */
#include "harness/xen/fuzz_state.h"

#include <assert.h>

#include "sim/random.h"

unsigned fuzz_state_below(struct fuzz_state *fuzz, unsigned limit)
{
    assert(limit > 0);
    return (unsigned)(random_next(&fuzz->random) % limit);
}

bool fuzz_state_one_in(struct fuzz_state *fuzz, unsigned n)
{
    return fuzz_state_below(fuzz, n) == 0;
}

char fuzz_state_name(unsigned domain)
{
    assert(domain < FUZZ_DOMAINS_MAX);
    return (char)('a' + domain);
}

char fuzz_state_some_name(struct fuzz_state *fuzz)
{
    return fuzz_state_name(fuzz_state_below(fuzz, fuzz->domains));
}

void fuzz_state_flags(struct fuzz_state *fuzz)
{
    static const char *const flags[] = {"bits=1", "bits=12", "bits=13", "bits=14", "bits=20", "bits=21",
        "bits=22", "bits=24", "bits=32", "bits=40", "node=0", "node=1", "node=63", "node=64", "node=0 exact",
        "node=1 exact", "exact", "flags=0x40000 node=5 exact", "flags=0x80000", "pod"};

    if (fuzz_state_one_in(fuzz, 10))
        fprintf(fuzz->out, " %s", flags[fuzz_state_below(fuzz, sizeof flags / sizeof flags[0])]);
}
