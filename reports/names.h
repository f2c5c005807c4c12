/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The names of what a recording holds as numbers: hypercalls, fault sites, invariants, verdicts and others. Each
 * has its one table, here or in the header that defines it; a number without a name is shown as itself.
 */
#ifndef REPORTS_NAMES_H
#define REPORTS_NAMES_H

#include <stdint.h>

#include "sim/kernel/kernel.h"

/* Room for any of these names, those made of a number included. */
#define NAME_ROOM 48

const char *name_of_record(uint16_t type);  /* "HYPERCALL"; NULL: unknown */
const char *name_of_verdict(int exit_code); /* "PASS", "NO VERDICT" for what is none */
const char *name_of_invariant(uint32_t invariant, char room[NAME_ROOM]);
/* A kernel's own site needs its description, which may be NULL. */
const char *name_of_site(const struct kernel *, uint32_t site, char room[NAME_ROOM]);
/* "XENMEM_increase_reservation", "mmu_update": the name of the call as its caller would write it. */
const char *name_of_hypercall(uint32_t op, uint32_t subop, char room[NAME_ROOM]);
const char *name_of_xenstore_op(uint32_t op, char room[NAME_ROOM]); /* "write", "watch event" */
const char *name_of_node(uint64_t node, char room[NAME_ROOM]);      /* of the driver: "min", "current" */
const char *name_of_errno(int64_t error, char room[NAME_ROOM]);     /* "EINVAL", of a positive number */
const char *name_of_end(uint64_t domain_end);

#endif
