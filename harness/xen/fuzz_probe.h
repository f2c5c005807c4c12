/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random calls by a domain's probe, weighted toward the edges that were measured once: lists that end too early; frames
 * that are mapped, given up, foreign or no frames at all; orders. docs/scenario.md, "Below the driver", has the words.
 */
#ifndef HARNESS_XEN_FUZZ_PROBE_H
#define HARNESS_XEN_FUZZ_PROBE_H

#include "harness/xen/fuzz_state.h"

/* Writes one statement of that domain's probe, without its time. Its kind is below FUZZ_PROBE_KINDS, by weight. */
#define FUZZ_PROBE_KINDS 35u
void fuzz_probe_statement(struct fuzz_state *, unsigned domain, unsigned kind);

#endif
