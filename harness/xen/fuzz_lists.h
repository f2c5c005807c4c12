/* SPDX-License-Identifier: BSD-2-Clause */
/* Random calls whose lists lie, or end, in odd places. */
#ifndef HARNESS_XEN_FUZZ_LISTS_H
#define HARNESS_XEN_FUZZ_LISTS_H

#include "harness/xen/fuzz_state.h"

void fuzz_lists_statement(struct fuzz_state *);
/* Perhaps writes where the list of a call lies; key: list or out_list. one_in: how seldom it is elsewhere than in memory. */
void fuzz_lists_place(struct fuzz_state *, const char *key, unsigned one_in);

#endif
