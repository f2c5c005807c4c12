/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What two Xens answered, `ballast xen-fuzz --xen A --xen B`, counted by kinds of calls: how often their answers differ, in
 * what, a statement that shows it, and the command that has them answer it again.
 */
#ifndef HARNESS_BALLAST_PAIR_TABLE_H
#define HARNESS_BALLAST_PAIR_TABLE_H

#include <stdio.h>

#include "harness/xen/fuzz.h"
#include "harness/xen/xen_answers.h"

struct pair_table;

/* Where a difference was seen: which statement of which part. */
struct pair_place {
    const struct fuzz_part *part;
    const char *statement;
};

struct pair_table *pair_table_new(void); /* NULL: no memory */
void pair_table_free(struct pair_table *);

/* Both have answered a call of this kind. */
void pair_table_answered(struct pair_table *, const struct xen_answer *);
/* They have, and their answers differ in a value, which A and B say so. */
void pair_table_differ(struct pair_table *, const struct xen_answer *, const struct xen_answer_value *a,
    const struct xen_answer_value *b, const struct pair_place *);

/* named: the two Xens as they were typed behind --xen. */
void pair_table_print(const struct pair_table *, const char *const named[2], uint64_t statements, FILE *);

#endif
