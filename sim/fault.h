/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Faults that a scenario armed: which, how often, whether the present call is refused. It decides; the
 * place that asked does the refusing.
 */
#ifndef SIM_FAULT_H
#define SIM_FAULT_H

#include "sim/kernel/kernel.h"
#include "sim/record/record.h"
#include "sim/types.h"

enum fault_keep { FAULT_DEFAULT, FAULT_ONCE, FAULT_TIMES, FAULT_STICKY };

struct fault_spec {
    enum fault_site site;
    enum fault_when when;
    uint64_t n;           /* call=N, page=N, every=N; from 1, counted from the statement on */
    enum fault_keep keep; /* DEFAULT: sticky for page=, once for call=, for every= sticky */
    uint64_t times;       /* refusals, with FAULT_TIMES */
    bool has_short;
    uint64_t shortened_to; /* extents done, with has_short */
    int error;             /* errno, 0: the site's own */
};

struct fault_set; /* of one domain */
struct fault_set *fault_set_new(void);
void fault_set_free(struct fault_set *);
/* Nothing is armed, nothing has fired; from here on the sites are Xen's and that kernel's, which may be NULL. */
void fault_set_clear(struct fault_set *, const struct kernel *);
bool fault_arm(struct fault_set *, const struct fault_spec *);      /* false when memory is out */
unsigned fault_heal(struct fault_set *, bool all, enum fault_site); /* how many were armed */
uint64_t fault_fired(const struct fault_set *);                     /* refusals so far */
bool fault_armed(const struct fault_set *);                         /* could any still refuse? */
uint64_t fault_sites(const struct fault_set *);                     /* where: bit 1 << enum fault_site */
/* A page= fault lost count for want of memory: no verdict can rest on this run. */
bool fault_memory_out(const struct fault_set *);

/* error: the fault's, else the site's own; 0 at a site that answers short.
 * nth: the N of call=N, page=N, every=N. */
struct fault_answer {
    bool refused;
    int error;
    bool has_short;
    uint64_t shortened_to;
    uint64_t nth;
    enum fault_when when;
};
/* One call at a site, over pages [pfn, pfn + pages); pfn counts only with FAULT_PAGE. */
struct fault_answer fault_ask(struct fault_set *, enum fault_site, pfn_t, uint64_t pages);

#endif
