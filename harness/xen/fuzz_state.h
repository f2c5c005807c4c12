/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the random statements of one scenario share: the stream of random numbers, and which frames the statements so far
 * have mapped. A mapping must not fail, so this has to be known.
 */
#ifndef HARNESS_XEN_FUZZ_STATE_H
#define HARNESS_XEN_FUZZ_STATE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "harness/xen/fuzz.h"

#define FUZZ_NAMES   48u /* frames that a domain talks about: $f[0..47] */
#define FUZZ_FOREIGN 16u /* frames of a domain that dom0 maps: $g[0..15] */
#define FUZZ_MAPPED  24u /* frames that a domain maps: $m[0..23] */

struct fuzz_domain {
    unsigned mapped;                 /* $m[0 .. mapped) were mapped */
    bool gone[FUZZ_MAPPED];          /* those of them that were unmapped again */
    unsigned foreign;                /* $g[0 .. foreign) were mapped by dom0 */
    bool foreign_gone[FUZZ_FOREIGN]; /* those of them that were unmapped again */
};

struct fuzz_state {
    uint64_t random;
    unsigned domains;
    unsigned step; /* how many statements of the scenario's kind were written */
    struct fuzz_domain domain[FUZZ_DOMAINS_MAX];
    unsigned waits_domain, waits_port; /* who is to wait next for what (fuzz_waits.h) */
    FILE *out;                         /* the scenario's text */
};

unsigned fuzz_state_below(struct fuzz_state *, unsigned limit); /* a random number, 0 to limit - 1 */
bool fuzz_state_one_in(struct fuzz_state *, unsigned n);        /* true once in n times */
char fuzz_state_name(unsigned domain);          /* the domain's name in the scenario: a, b and so on */
char fuzz_state_some_name(struct fuzz_state *); /* the name of a random one */
void fuzz_state_flags(struct fuzz_state *);     /* perhaps writes flags of a reservation call */

#endif
