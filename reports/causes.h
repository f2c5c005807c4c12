/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Why a result is what it is: each cause once, be it a broken invariant with the driver's line, a failed statement, or what
 * kept the run from being made. The same fault of a driver has the same name and place in each scenario that shows it.
 */
#ifndef REPORTS_CAUSES_H
#define REPORTS_CAUSES_H

#include "reports/results.h"

/* From what counts most to what counts least. */
enum cause_class { CAUSE_FAILURE, CAUSE_REMARK, CAUSE_NOT_RUN };

struct cause {
    enum cause_class class;
    char *what;      /* "backed-before-use", "expect reservation", "rest", "ERROR" */
    char *place;     /* "balloon.c:305 (balloon_refill)"; "": none is known */
    bool is_after;   /* the place is only that of the driver's last step before it */
    bool is_hostile; /* the run had a refusal before it that no real machine was seen to give */
    char *words;     /* one line about it, clean; "" for none */
    uint64_t event;  /* 0: it is no event's */
    uint64_t times;  /* that it was seen in this run */
};

struct causes {
    struct cause *list;
    size_t count, room;
};

/* In the order of a recording's events. False: no memory. The caller frees them in either case. */
bool causes_collect(struct causes *, const struct result *);
void causes_free(struct causes *);

/* Is it the same fault? */
bool cause_is(const struct cause *, const struct cause *other);
/* Its name for another day, when lines have moved: "backed-before-use in balloon_refill". */
void cause_print_name(FILE *, const struct cause *);

#endif
