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

/* What came to a fault until now; it is the caller's, and outlives the fault. */
struct fault_seen {
    uint64_t calls, refused;
};

#define FAULT_RANGE_MAX (1u << 20) /* pages or calls of a range */

struct fault_spec {
    enum fault_site site;
    enum fault_when when;
    uint64_t n;           /* of call=N, page=N or every=N: from 1, since the statement; or chance=N% */
    uint64_t last;        /* the M of call=N..M and page=N..M; 0: it is N alone */
    uint64_t seed;        /* with FAULT_CHANCE: it decides whether a call is refused */
    enum fault_keep keep; /* DEFAULT: once for call=, for each call of call=N..M, else sticky */
    uint64_t times;       /* refusals, with FAULT_TIMES */
    bool has_short;
    uint64_t shortened_to;   /* with has_short: how many extents are done */
    bool counts_only;        /* it never refuses, and no heal disarms it: it counts calls for `seen` */
    int error;               /* errno, 0: the site's own */
    uint64_t by_ns;          /* how much later something comes; 0: as the site says */
    struct fault_seen *seen; /* NULL: nobody wants to know */
};

struct fault_set; /* of one domain */
struct fault_set *fault_set_new(void);
void fault_set_free(struct fault_set *);
/* Empties it: nothing is armed, nothing has fired. Its sites are Xen's and this kernel's from now on; NULL: Xen's only. */
void fault_set_clear(struct fault_set *, const struct kernel *);
bool fault_arm(struct fault_set *, const struct fault_spec *);      /* false when memory is out */
unsigned fault_heal(struct fault_set *, bool all, enum fault_site); /* how many were armed */
uint64_t fault_fired(const struct fault_set *);                     /* refusals so far */
bool fault_armed(const struct fault_set *);                         /* could any still refuse? */
uint64_t fault_sites(const struct fault_set *);                     /* where: bit 1 << enum fault_site */
bool fault_armed_at(const struct fault_set *, enum fault_site);
/* A page= fault lost count for want of memory: no verdict can rest on this run. */
bool fault_memory_out(const struct fault_set *);

struct fault_answer {
    bool refused;
    int error;      /* the fault's own, else the site's; 0 at a site without error numbers */
    uint64_t by_ns; /* the same */
    bool has_short;
    uint64_t shortened_to;
    uint64_t nth; /* as in struct fault_spec; of call=N..M which call it is */
    enum fault_when when;
};
/* One call at a site, over pages [pfn, pfn + pages); pfn counts only with FAULT_PAGE. */
struct fault_answer fault_ask(struct fault_set *, enum fault_site, pfn_t, uint64_t pages);

#endif
