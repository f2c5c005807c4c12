/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a scenario can ask in expect and always: the one table of names, units, scopes and meanings that
 * the parser, the runner's answers and docs/scenario.md share. It holds no behaviour: the answers are in
 * harness/run/answers.c.
 *
 *   X(ID, "name", UNIT, SCOPE, "meaning")
 *
 * UNIT   of the answer, as in enum unit: PAGES and KIB are compared with sizes, NS with times, NONE with
 *        plain numbers, TEXT with quoted text (by ~ and !~ only).
 * SCOPE  DOMAIN: asked of a domain, `expect nb reservation == 64m`; if it is a number, sum(d.reservation)
 *        too, and max and min. HOST: `expect host free >= 16m`.
 */
#ifndef HARNESS_LANGUAGE_QUERIES_H
#define HARNESS_LANGUAGE_QUERIES_H

#include "harness/language/scenario.h"

#define QUERIES(X) \
    X(RESERVATION, "reservation", PAGES, DOMAIN, "pages that Xen counts as the domain's (tot_pages)") \
    X(MAXIMUM, "maximum", PAGES, DOMAIN, "the most that Xen lets the domain have (max_pages)") \
    X(TARGET, "target", KIB, DOMAIN, "what the guest last read from its memory/target") \
    X(STATIC_MAX, "static-max", KIB, DOMAIN, "memory/static-max as xenstore holds it") \
    X(BOOT, "boot", PAGES, DOMAIN, "pages the domain was built with (start_info.nr_pages)") \
    X(FREE, "free", PAGES, DOMAIN, "pages on the guest's free lists") \
    X(MANAGED, "managed", PAGES, DOMAIN, "pages of all segments the guest has plugged") \
    X(NPAGES, "npages", PAGES, DOMAIN, "pages that the guest's allocator says it has") \
    X(PHYSMEM, "physmem", PAGES, DOMAIN, "pages of memory that the guest's kernel says it has") \
    X(BALLOONED, "ballooned", PAGES, DOMAIN, "managed pages that have no frame behind them") \
    X(SEGMENTS, "segments", NONE, DOMAIN, "segments of memory that the guest's kernel has") \
    X(POOL_IDLE, "pool.idle", PAGES, DOMAIN, "pages named by objects that sit idle in caches") \
    X(FAULTS_FIRED, "faults.fired", NONE, DOMAIN, "refusals by armed faults so far") \
    X(SUPERPAGES_2M, "superpages.2m", NONE, DOMAIN, \
        "mappings of 2 MiB in Xen's table of its pages; a PV domain has no such table") \
    X(SUPERPAGES_1G, "superpages.1g", NONE, DOMAIN, "mappings of 1 GiB in that table") \
    X(PORT_CALLS, "port-calls", NONE, DOMAIN, "calls of the debug port so far") \
    X(CALLS, "calls", NONE, DOMAIN, \
        "calls at the site that is named behind it, since the last settle ended as with log; `calls " \
        "mmu_update`") \
    X(LOG, "log", TEXT, DOMAIN, \
        "console lines since the last settle ended, the one just finished not counted; since boot when " \
        "there is none") \
    X(HOST_FREE, "free", PAGES, HOST, "frames that nobody owns") \
    X(HOST_TOTAL, "total", PAGES, HOST, "frames for domains and their overhead") \
    X(HOST_OVERHEAD, "overhead", PAGES, HOST, "frames held for domains' structures") \
    X(HOST_CLAIMED, "claimed", PAGES, HOST, "frames promised by claims and not yet given") \
    X(HOST_NOW, "now", NS, HOST, "virtual time since time 0")

enum query_scope { QUERY_DOMAIN, QUERY_HOST };

enum query_id {
#define X(id, name, unit, scope, meaning) QUERY_ID_##id,
    QUERIES(X)
#undef X
        NR_QUERIES
};

struct query_info {
    const char *name;
    enum unit unit;
    enum query_scope scope;
    const char *meaning;
};

const struct query_info *query_info(enum query_id); /* in harness/language/queries.c */
bool query_by_name(enum query_scope, const char *name, size_t bytes, enum query_id *);

#endif
