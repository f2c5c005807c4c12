/* SPDX-License-Identifier: BSD-2-Clause */
/* What fuzz.c and fuzz_dom0.c share, and nobody else needs. */
#ifndef HARNESS_XEN_FUZZ_INTERNAL_H
#define HARNESS_XEN_FUZZ_INTERNAL_H

#include <stdbool.h>
#include <stdio.h>

#include "harness/xen/fuzz.h"

#define FUZZ_NAMES   48u /* frames a domain talks about: $f[0..47] */
#define FUZZ_FOREIGN 16u /* frames that dom0 maps of a domain: $g[0..15] */
#define FUZZ_MAPPED  24u /* frames it maps: $m[0..23] */

struct fuzz_domain {
    unsigned mapped;        /* $m[0 .. mapped) were mapped … */
    bool gone[FUZZ_MAPPED]; /* … and these unmapped again */
    unsigned foreign;       /* the same of $g and dom0 */
    bool foreign_gone[FUZZ_FOREIGN];
};

struct fuzz {
    uint64_t random;
    unsigned domains;
    struct fuzz_domain domain[FUZZ_DOMAINS_MAX];
    FILE *out;
};

unsigned fuzz_below(struct fuzz *, unsigned limit);
bool fuzz_one_in(struct fuzz *, unsigned n);
char fuzz_name(unsigned domain);

/* One statement of dom0's, without its time: about the domains that run, or about ones that it makes. */
void fuzz_dom0(struct fuzz *);

#endif
