/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two real Xens that get the same random calls, `ballast xen-fuzz --xen A --xen B`: what a change of Xen does to the answers
 * of each kind of call. Where they part, the statement is noted and left out, for behind it their states differ, and
 * the rest is run again.
 */
#ifndef HARNESS_BALLAST_XEN_PAIR_H
#define HARNESS_BALLAST_XEN_PAIR_H

#include <stdio.h>

#include "harness/run/runner.h"
#include "harness/xen/fuzz.h"

struct xen_pair;

/* named: as they were typed; the caller's, until it is freed. NULL: no memory. */
struct xen_pair *xen_pair_new(const struct xen_choice two[2], const char *const named[2]);
void xen_pair_free(struct xen_pair *);
/* PASS, or FAIL when answers differ. For anything else, a sentence about it was printed. */
enum verdict xen_pair_part(struct xen_pair *, const struct fuzz_part *);
/* What was seen in all parts, by kinds of calls (pair_table.h). */
void xen_pair_print(const struct xen_pair *, FILE *);

#endif
