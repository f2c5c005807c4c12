/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Quantities of domains over virtual time, read out of a recording, as steps: each value holds until the next step. It is
 * for pictures of any kind, and draws nothing.
 */
#ifndef REPORTS_SERIES_H
#define REPORTS_SERIES_H

#include "reports/reading.h"

enum quantity { QUANTITY_RESERVATION, QUANTITY_TARGET, QUANTITY_MAXIMUM, NR_QUANTITIES };

struct step {
    uint64_t time_ns, pages;
    uint64_t event; /* that made it; of several at one moment the first */
};

struct series {
    struct step *steps; /* in the order of time; neighbours have different values */
    size_t count, room;
};

struct domain_series {
    unsigned domid;
    struct series of[NR_QUANTITIES];
    uint64_t end_ns; /* when it was destroyed; UINT64_MAX: it was not */
};

struct run_series {
    struct domain_series *domains; /* in the order in which they were built */
    size_t nr_domains, room;
    uint64_t end_ns;
    bool every; /* also steps that another one follows at the same moment */
};

/* False when memory is out. Free it in both cases. */
bool run_series_read(struct run_series *, const struct reading *);
bool run_series_read_every(struct run_series *, const struct reading *);
void run_series_free(struct run_series *);
/* The value at that time; false before the first step. */
bool series_at(const struct series *, uint64_t time_ns, uint64_t *pages);
/* What happens behind from_ns, up to to_ns. */
struct span {
    uint64_t low, high; /* with the value before it */
    bool turns;         /* it both rises and falls */
};
/* False: there is no step in between. */
bool series_between(const struct series *, uint64_t from_ns, uint64_t to_ns, struct span *);

#endif
