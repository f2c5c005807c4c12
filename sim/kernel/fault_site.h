/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a fault site is, Xen's or a kernel's: a place where a scenario's `fault` may refuse, and what its
 * interface allows there. Xen's stand in guest/abi/sites.h, a kernel's own in its description; both are
 * looked up with sim/kernel/kernel.h.
 */
#ifndef SIM_FAULT_SITE_H
#define SIM_FAULT_SITE_H

#include <stdbool.h>

#include "guest/abi/port.h"
#include "guest/abi/sites.h"

/* What a refusal keeps a driver from: moving toward its target, reading it, hearing of it, or none of this. */
enum fault_bars { FAULT_BARS_MOVING, FAULT_BARS_READING, FAULT_BARS_HEARING, FAULT_BARS_NOTHING };

struct fault_site_info {
    const char *name;
    bool hostile;
    bool takes_short, takes_errno, has_pages; /* short=, errno= and page= mean something here */
    bool takes_by;                            /* by= means something here: something comes later */
    bool is_told;          /* nobody calls here: it is about what a domain is told, not about what it asks */
    bool has_bytes;        /* what is refused there is counted in bytes, not in pages */
    int error;             /* the errno of a refusal that names none; 0: the call answers short */
    uint64_t by_ns;        /* with takes_by: how much later, if a fault does not say it */
    enum port_note ending; /* the note by which a kernel tells that the call returned; 0: none */
    enum fault_bars bars;
    const char *refusal, *source;
};

#endif
