/* SPDX-License-Identifier: BSD-2-Clause */
/* What a scenario needs of the real Xen, or why it can't run on it. Only the scenario is looked at. */
#ifndef HARNESS_XEN_XEN_NEEDS_H
#define HARNESS_XEN_XEN_NEEDS_H

#include "harness/language/scenario.h"

#define XEN_NEEDS_DOM0_MIB 32u /* the conductor's memory */

/* Why the scenario can't run on the real Xen, as a constant sentence; NULL: it can. */
const char *xen_needs_refusal(const struct scenario *);
/* How much memory the machine must have for the host's free pages, Xen and the conductor. */
unsigned xen_needs_memory_mib(const struct scenario *);
/*
 * A NetBSD guest that may grow past so many times its boot memory has an image apart from that memory, with as much heap as the model's.
 * Those are frames that the model's guest does not have, which dom0 would be told of: where it asks, only guests that would not fit
 * otherwise have one.
 */
unsigned xen_needs_growth_in_image(const struct scenario *);
/* Does it make a domain that Xen translates? Then the processor must have nested paging. */
bool xen_needs_nested_paging(const struct scenario *);

#endif
