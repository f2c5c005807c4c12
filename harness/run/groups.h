/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Groups of domains: `domain d[1..50]` declares d1 to d50. Statements name one of them by chance, as d[rand], and
 * questions ask all of them, as sum(d[*].reservation).
 */
#ifndef HARNESS_RUN_GROUPS_H
#define HARNESS_RUN_GROUPS_H

#include <stdbool.h>
#include <stddef.h>

struct runner;

/* Whether a domain's name is the group's followed by a number: group "d" has "d17". */
bool groups_has(const char *name, const char *group, size_t group_bytes);
/*
 * A command's text with each NAME[rand] replaced by a domain of the group that is there now. False: there is none,
 * or the result does not fit.
 */
bool groups_choose(struct runner *, const char *text, char *out, size_t out_bytes);

#endif
