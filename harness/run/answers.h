/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Answers to what a scenario asks in expect and always (the table is harness/language/queries.h). They are looked up in
 * the machine and in what the run has seen; nothing is changed there.
 */
#ifndef HARNESS_RUN_ANSWERS_H
#define HARNESS_RUN_ANSWERS_H

#include "harness/language/scenario.h"

struct runner;

/* False: the answer is not known, because there is no such domain, or it has said nothing yet. */
bool answers_number(const struct runner *, const struct query *, uint64_t *number);
bool answers_hold(const struct runner *, const struct condition *);
/* Can it be said whether the condition holds? Text always can. */
bool answers_known(const struct runner *, const struct condition *);
/* The domain that is asked; DOMID_HOST: the host, a group, or one that is not there now. */
unsigned answers_domid(const struct runner *, const struct condition *);
/* Writes what there is instead of what was wanted: "16896p, 413p over"; "nothing yet"; "48m, 1m under; wanted 49m". */
void answers_seen(const struct runner *, const struct condition *, char *out, size_t out_bytes);

#endif
