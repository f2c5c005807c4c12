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
