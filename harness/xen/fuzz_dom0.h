/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random calls by dom0: claims, frames taken and given on another's behalf, foreign mappings, and two domains that it
 * makes, fills and destroys without ever running them, of which Xen translates one.
 */
#ifndef HARNESS_XEN_FUZZ_DOM0_H
#define HARNESS_XEN_FUZZ_DOM0_H

#include "harness/xen/fuzz_state.h"

/* Writes one statement of dom0's, without its time. All can be issued in any state of the domains. */
void fuzz_dom0_statement(struct fuzz_state *);

#endif
