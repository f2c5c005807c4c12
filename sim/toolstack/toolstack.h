/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The toolstack in dom0: what xl and xm do to a domain's maximum and to xenstore, with their texts.
 * machine_toolstack (sim/machine.h) calls it with the commands that a scenario has.
 * Source: Xen 4.17's tools/libs/light/libxl_mem.c and tools/xl, see docs/xen-semantics.md.
 */
#ifndef SIM_TOOLSTACK_TOOLSTACK_H
#define SIM_TOOLSTACK_TOOLSTACK_H

#include "sim/machine.h"
#include "sim/xenstore/xenstore.h"

/*
 * Runs a command line as machine_toolstack takes it. facts: what it was about, for its record; output: what it printed,
 * cut to output_bytes. Returns its exit status, or -1.
 */
int toolstack_run(
    struct machine *, const char *line, struct record_command *facts, char *output, size_t output_bytes);

/* For a domain that is being built: its maximum in pages; and making its nodes below /local/domain/N. */
uint64_t toolstack_maximum_pages(const struct machine *, const struct domain_config *);
bool toolstack_introduce(struct machine *, struct domain *, const struct domain_config *);
/* Removes the nodes of a domain that is gone, as xl destroy does. */
void toolstack_withdraw(struct machine *, unsigned domid);

#endif
