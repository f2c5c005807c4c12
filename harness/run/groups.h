/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Groups of domains: `domain d[1..50]` declares d1 to d50. In dom0's commands d[rand] is a random one of them; there, in front
 * of a guest's command or call, and in fault and heal, d[*] means each of them; in expect, sum(d.reservation) asks all of them.
 */
#ifndef HARNESS_RUN_GROUPS_H
#define HARNESS_RUN_GROUPS_H

#include "harness/language/scenario.h"

struct domain;
struct runner;

/* Is the domain's name the group's with a number behind it? "d17" is in the group "d". */
bool groups_has(const char *name, const char *group, size_t group_bytes);
/*
 * The domain that the statement names. NULL: there is none now. Then the run has ended with an ERROR, or, where something
 * has failed before and may have ended the domain, the statement gets a remark and is passed over.
 */
struct domain *groups_domain(struct runner *, const struct statement *);
/* Does something for the statement's domain, or for each domain of its group that is there now; one must be there. */
void groups_each(struct runner *, const struct statement *,
    void (*act)(struct runner *, const struct statement *, struct domain *));
/* Is the command for each domain of a group? */
bool groups_all(const char *text);
/*
 * Writes the command's text for the domain of its group that has the next number behind *domid, and moves *domid there. False:
 * there is no further one, or the text gets too long.
 */
bool groups_next(struct runner *, const char *text, unsigned *domid, char *out, size_t out_bytes);
/*
 * Writes a command's text with each NAME[rand] replaced by a random domain of that group which is there now. NULL, or why
 * that can't be done.
 */
const char *groups_choose(struct runner *, const char *text, char *out, size_t out_bytes);

#endif
