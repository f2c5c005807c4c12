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

/* When a domain is built: its maximum in pages, and its nodes below /local/domain/N with permissions. */
uint64_t toolstack_maximum_pages(const struct machine *, const struct domain_config *);
bool toolstack_introduce(struct machine *, struct domain *, const struct domain_config *);
/* When it is gone for good: its nodes go, as xl destroy has them go. */
void toolstack_withdraw(struct machine *, unsigned domid);

/* What the machine gives the toolstack beyond sim/inspect.h; defined in machine.c and domain.c. */
const struct machine_lifecycle *machine_lifecycle(const struct machine *); /* NULL: nobody set one */
struct xenstore *machine_xenstore_tree(struct machine *);
enum toolstack machine_toolstack_kind(const struct machine *);
void machine_record_command(struct machine *, int status, const char *line, const char *output);
/* XEN_DOMCTL_max_mem as measured: 0, or -errno. */
int domain_set_maximum_kib(struct domain *, uint64_t kib);
/* Room that machine_toolstack keeps its output in; bytes is its size. */
char *machine_output(struct machine *, size_t *bytes);
const struct domain_config *domain_configuration(const struct domain *);

#endif
