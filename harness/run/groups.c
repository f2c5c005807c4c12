/* SPDX-License-Identifier: BSD-2-Clause */
/* Which domains belong to a group, and the random choice of one. */
#include "harness/run/groups.h"
#include "harness/run/remarks.h"
#include "harness/run/run.h"
#include "sim/random.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define RANDOM_SUFFIX "[rand]"
#define ALL_SUFFIX    "[*]"

bool groups_has(const char *name, const char *group, size_t group_bytes)
{
    if (strncmp(name, group, group_bytes) != 0 || !isdigit((unsigned char)name[group_bytes]))
        return false;
    return name[group_bytes + strspn(name + group_bytes, "0123456789")] == 0;
}

/* A random domain of the group, of those that are there now; NULL: there is none. */
static const char *choose_member(struct runner *r, const char *group, size_t group_bytes)
{
    const struct domain *domain = NULL;
    uint64_t count = 0, k;

    while ((domain = machine_next_domain(r->machine, domain)) != NULL)
        count += groups_has(domain_name(domain), group, group_bytes);
    if (count == 0)
        return NULL;
    k = random_next(&r->run.random) % count;
    while ((domain = machine_next_domain(r->machine, domain)) != NULL)
        if (groups_has(domain_name(domain), group, group_bytes) && k-- == 0)
            return domain_name(domain);
    assert(false); /* the group has as many members as were counted */
    return NULL;
}

bool groups_all(const char *text)
{
    return strstr(text, ALL_SUFFIX) != NULL;
}

/* Where the word begins that ends right before end. */
static const char *word_start(const char *text, const char *end)
{
    while (end > text && !isspace((unsigned char)end[-1]))
        end--;
    return end;
}

/* The domain of the group that has the next number behind domid; NULL: there is none. */
static struct domain *next_member(
    const struct runner *r, const char *group, size_t group_bytes, unsigned domid)
{
    struct domain *domain = NULL, *next = NULL;

    while ((domain = machine_next_domain(r->machine, domain)) != NULL)
        if (groups_has(domain_name(domain), group, group_bytes) && domain_id(domain) > domid &&
            (next == NULL || domain_id(domain) < domain_id(next)))
            next = domain;
    return next;
}

/* There is no domain for the statement. */
static void none_there(struct runner *r, const struct statement *statement, const char *sentence)
{
    char text[NAME_BYTES_MAX + 128];

    if (r->run.failures == 0) {
        run_complain(r, statement->where, "%s", sentence);
        return;
    }
    snprintf(text, sizeof text, "this was not done: %s, after what failed above it", sentence);
    remarks_pass_over(r, statement, text);
}

struct domain *groups_domain(struct runner *r, const struct statement *statement)
{
    struct domain *domain = machine_domain(r->machine, statement->domain);
    char sentence[NAME_BYTES_MAX + 64];

    if (domain == NULL) {
        snprintf(sentence, sizeof sentence, "there is no domain %s now", statement->domain);
        none_there(r, statement, sentence);
    }
    return domain;
}

void groups_each(struct runner *r, const struct statement *statement,
    void (*act)(struct runner *, const struct statement *, struct domain *))
{
    const size_t group_bytes = strcspn(statement->domain, "[");
    unsigned domid = 0;

    if (statement->domain[group_bytes] == 0) {
        struct domain *domain = groups_domain(r, statement);
        if (domain != NULL)
            act(r, statement, domain);
        return;
    }
    for (struct domain *next;
         !run_is_over(r) && (next = next_member(r, statement->domain, group_bytes, domid)) != NULL;) {
        domid = domain_id(next);
        act(r, statement, next);
    }
    if (domid == 0)
        none_there(r, statement, "no domain of this group is there now");
}

bool groups_next(struct runner *r, const char *text, unsigned *domid, char *out, size_t out_bytes)
{
    const char *bracket = strstr(text, ALL_SUFFIX);

    assert(bracket != NULL && domid != NULL);
    const char *group = word_start(text, bracket);
    const size_t group_bytes = (size_t)(bracket - group);
    const struct domain *next = next_member(r, group, group_bytes, *domid);
    if (next == NULL)
        return false;
    *domid = domain_id(next);
    const int used = snprintf(out, out_bytes, "%.*s%s%s", (int)(group - text), text, domain_name(next),
        bracket + strlen(ALL_SUFFIX));
    return used > 0 && (size_t)used < out_bytes;
}

const char *groups_choose(struct runner *r, const char *text, char *out, size_t out_bytes)
{
    static const char too_long[] = "this command is too long";
    size_t used = 0;
    const char *bracket;

    assert(out_bytes > 0);
    while ((bracket = strstr(text, RANDOM_SUFFIX)) != NULL) {
        const char *start = word_start(text, bracket);
        const char *name = choose_member(r, start, (size_t)(bracket - start));
        if (name == NULL)
            return "no domain of this group is there now";
        used += (size_t)snprintf(out + used, out_bytes - used, "%.*s%s", (int)(start - text), text, name);
        if (used >= out_bytes)
            return too_long;
        text = bracket + strlen(RANDOM_SUFFIX);
    }
    used += (size_t)snprintf(out + used, out_bytes - used, "%s", text);
    return used < out_bytes ? NULL : too_long;
}
