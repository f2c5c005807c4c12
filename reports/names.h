/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names for what a recording holds as numbers: hypercalls, fault sites, invariants, verdicts and others. Each kind has
 * one table, in names.c or in the header that defines the numbers; a number without a name is shown as a number.
 */
#ifndef REPORTS_NAMES_H
#define REPORTS_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include "sim/kernel/kernel.h"

/* Room for any of these names, including those made from a number. */
#define NAME_ROOM 48

const char *name_of_record(uint16_t type); /* "HYPERCALL"; NULL: unknown */
/* Words under which some of the many notes can be asked for, with bits 1 << enum port_note. */
struct note_kind {
    const char *name;
    uint64_t notes;
};
extern const struct note_kind note_kinds[];
extern const size_t nr_note_kinds;
/* A recording's verdict is one of these, the exit codes in docs/ballast.1. With BUILD there is none: a guest's files don't compile. */
enum {
    EXIT_CODE_PASS = 0,
    EXIT_CODE_SKIP = 3,
    EXIT_CODE_ERROR = 4,
    EXIT_CODE_FAIL = 5,
    EXIT_CODE_CRASH = 6,
    EXIT_CODE_TIMEOUT = 7,
    EXIT_CODE_BUILD = 8,
    EXIT_CODE_CUT = 9,
    EXIT_CODES_END
};
const char *name_of_verdict(int exit_code); /* "PASS"; "NO VERDICT" for a number that is no verdict */
const char *name_of_invariant(uint32_t invariant, char room[NAME_ROOM]);
/* A kernel's own site needs its description, which may be NULL. */
const char *name_of_site(const struct kernel *, uint32_t site, char room[NAME_ROOM]);
/* "XENMEM_increase_reservation", "mmu_update": the name of the call as its caller would write it. */
const char *name_of_hypercall(uint32_t op, uint32_t subop, char room[NAME_ROOM]);
const char *name_of_xenstore_op(uint32_t op, char room[NAME_ROOM]); /* "write", "watch event" */
const char *name_of_node(uint64_t node, char room[NAME_ROOM]);      /* a driver's node: "min" */
const char *name_of_errno(int64_t error, char room[NAME_ROOM]);     /* "EINVAL", of a positive number */
const char *name_of_end(uint64_t domain_end);

#endif
