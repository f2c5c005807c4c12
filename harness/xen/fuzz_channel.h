/* SPDX-License-Identifier: BSD-2-Clause */
/* Random calls about event channels, by a probe and by dom0. */
#ifndef HARNESS_XEN_FUZZ_CHANNEL_H
#define HARNESS_XEN_FUZZ_CHANNEL_H

#include "harness/xen/fuzz_state.h"

void fuzz_channel_statement(struct fuzz_state *); /* of a probe: the words behind the domain's name */
void fuzz_channel_dom0_statement(struct fuzz_state *);

#endif
