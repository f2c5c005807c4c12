/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kinds of random scenarios. A scenario of a kind asks mostly for what the kind is about, and for everything else in
 * between. The one table of them: `ballast xen-fuzz --kind`, its parts and the tests read it.
 */
#ifndef HARNESS_XEN_FUZZ_KINDS_H
#define HARNESS_XEN_FUZZ_KINDS_H

#include "harness/xen/fuzz_state.h"

struct fuzz_kind {
    const char *name, *about;
    unsigned memory_mib, maxmem_mib; /* of each domain */
    unsigned spare_mib;              /* of the host beside them; sometimes there is only 1 */
    unsigned own_of_16;              /* how many statements of 16 are the kind's own */
    void (*statement)(
        struct fuzz_state *); /* writes one of them, without its time and its end; NULL: there are none */
};

extern const struct fuzz_kind fuzz_kinds[];
extern const unsigned nr_fuzz_kinds;

const struct fuzz_kind *fuzz_kind_named(const char *name); /* NULL: there is none of that name */
const struct fuzz_kind *fuzz_kind_of(uint64_t seed); /* of the part with that seed, where none is asked for */

#endif
