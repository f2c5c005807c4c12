/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Groups of domains: `domain d[1..50]` declares d1 to d50. In statements d[rand] is a random one of them; in expect,
 * sum(d[*].reservation) asks all of them.
 */
#ifndef HARNESS_RUN_GROUPS_H
#define HARNESS_RUN_GROUPS_H

#include <stdbool.h>
#include <stddef.h>

struct runner;

/* Is the domain's name the group's with a number behind it? "d17" is in the group "d". */
bool groups_has(const char *name, const char *group, size_t group_bytes);
/*
 * Writes a command's text with each NAME[rand] replaced by a random domain of that group which is there now. NULL, or why
 * that can't be done.
 */
const char *groups_choose(struct runner *, const char *text, char *out, size_t out_bytes);

#endif
