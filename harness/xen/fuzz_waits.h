/* SPDX-License-Identifier: BSD-2-Clause */
/* Random statements about domains that wait for one another's events: the kind `waits`. */
#ifndef HARNESS_XEN_FUZZ_WAITS_H
#define HARNESS_XEN_FUZZ_WAITS_H

#include "harness/xen/fuzz_state.h"

void fuzz_waits_statement(struct fuzz_state *);

#endif
