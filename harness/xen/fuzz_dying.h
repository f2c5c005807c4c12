/* SPDX-License-Identifier: BSD-2-Clause */
/* Random calls about domains that are destroyed while dom0 maps frames of theirs. */
#ifndef HARNESS_XEN_FUZZ_DYING_H
#define HARNESS_XEN_FUZZ_DYING_H

#include "harness/xen/fuzz_state.h"

void fuzz_dying_statement(struct fuzz_state *);

#endif
