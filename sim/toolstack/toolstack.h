/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The toolstack in dom0: what xl and xm do to a domain's maximum and to xenstore, with their texts.
 * Between the machine and the commands a scenario pastes (machine_toolstack in sim/machine.h).
 * Source: Xen 4.17's tools/libs/light/libxl_mem.c and tools/xl, see docs/xen-semantics.md.
 */
#ifndef SIM_TOOLSTACK_TOOLSTACK_H
#define SIM_TOOLSTACK_TOOLSTACK_H

#include "sim/machine.h"
#include "sim/xenstore/xenstore.h"

/*
 * A command line as machine_toolstack takes it. facts: what it was about, for its record; output: what it printed,
 * cut to its room. Its exit status, or -1.
 */
int toolstack_run(
    struct machine *, const char *line, struct record_command *facts, char *output, size_t output_bytes);

/* When a domain is built: its maximum in pages, and its nodes below /local/domain/N with permissions. */
uint64_t toolstack_maximum_pages(const struct machine *, const struct domain_config *);
bool toolstack_introduce(struct machine *, struct domain *, const struct domain_config *);
/* When it is gone for good: its nodes go, as xl destroy has them go. */
void toolstack_withdraw(struct machine *, unsigned domid);

#endif
