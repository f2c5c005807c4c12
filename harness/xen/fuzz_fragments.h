/* SPDX-License-Identifier: BSD-2-Clause */
/* Random calls for extents of many orders, out of a heap that was fragmented on purpose. */
#ifndef HARNESS_XEN_FUZZ_FRAGMENTS_H
#define HARNESS_XEN_FUZZ_FRAGMENTS_H

#include "harness/xen/fuzz_state.h"

void fuzz_fragments_statement(struct fuzz_state *);

#endif
