/* SPDX-License-Identifier: BSD-2-Clause */
/* The invariants by name and by number, from the one table in list.h. */
#ifndef SIM_INVARIANTS_NAMES_H
#define SIM_INVARIANTS_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/invariants/list.h"

const char *invariant_name(enum invariant);  /* "no-leak" */
const char *invariant_holds(enum invariant); /* what must hold, in one sentence */
bool invariant_by_name(
    const char *name, size_t bytes, enum invariant *); /* false: none has exactly that name */

#endif
