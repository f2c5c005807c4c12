/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which records say what about a domain's reservation, target and maximum. A reservation and a maximum
 * are known after each hypercall of the domain, a target when its node is written.
 */
#include "reports/series.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <xen/xen.h>
#include <xen/io/xs_wire.h>

#include "sim/array.h"

#define TARGET_PATH_BEFORE "/local/domain/"
#define TARGET_PATH_BEHIND "/memory/target"
#define PAGES_LIMIT        (UINT64_C(1) << 52) /* 2^64 bytes: values are cut here, so that scaling can't overflow */

/* What happens now. */
struct moment {
    uint64_t time_ns, event;
    bool every;
};

static bool add_step(struct series *series, const struct moment *now, uint64_t pages)
{
    uint64_t time_ns = now->time_ns;
    struct step *last = series->count > 0 ? &series->steps[series->count - 1] : NULL;

    pages = pages < PAGES_LIMIT ? pages : PAGES_LIMIT;
    if (last != NULL && last->pages == pages)
        return true;
    if (last != NULL && time_ns < last->time_ns)
        time_ns = last->time_ns; /* a batch has the time of its first entry */
    if (last != NULL && last->time_ns == time_ns && !now->every) {
        last->pages = pages;
        return true;
    }
    if (!ARRAY_ONE_MORE(series->steps, series->room, series->count))
        return false;
    series->steps[series->count++] = (struct step){time_ns, pages, now->event};
    return true;
}

static struct domain_series *find_domain(struct run_series *run, unsigned domid)
{
    size_t i;

    for (i = run->nr_domains; i-- > 0;)
        if (run->domains[i].domid == domid)
            return &run->domains[i];
    return NULL;
}

static struct domain_series *add_domain(struct run_series *run, unsigned domid)
{
    assert(domid != DOMID_HOST);
    if (!ARRAY_ONE_MORE(run->domains, run->room, run->nr_domains))
        return NULL;
    run->domains[run->nr_domains] = (struct domain_series){.domid = domid, .end_ns = UINT64_MAX};
    return &run->domains[run->nr_domains++];
}

/* The domain whose target is written by a write to this path; NULL: it is another path. */
static struct domain_series *target_of_path(struct run_series *run, const struct record *record)
{
    const struct record_xenstore *request = record_payload(record);
    const char *path = record_text(record);
    unsigned long domid;
    char *end;

    if (strcmp(path, &TARGET_PATH_BEHIND[1]) == 0)
        return find_domain(run, request->by);
    if (strncmp(path, TARGET_PATH_BEFORE, strlen(TARGET_PATH_BEFORE)) != 0)
        return NULL;
    domid = strtoul(path + strlen(TARGET_PATH_BEFORE), &end, 10);
    if (strcmp(end, TARGET_PATH_BEHIND) != 0 || domid >= DOMID_HOST)
        return NULL;
    return find_domain(run, (unsigned)domid);
}

static bool read_xenstore(struct run_series *run, const struct record *record, const struct moment *now)
{
    const struct record_xenstore *request = record_payload(record);
    const char *value = record_second_text(record);
    struct domain_series *domain;
    unsigned long long kib;

    if (request->op != XS_WRITE || request->error != 0)
        return true;
    domain = target_of_path(run, record);
    kib = strtoull(value, NULL, 10);
    if (domain == NULL)
        return true;
    return add_step(&domain->of[QUANTITY_TARGET], now, kib / KIB_PER_PAGE);
}

static bool read_record(struct run_series *run, const struct record *record, const struct moment *now)
{
    const struct record_hypercall *call = record_payload(record);
    const struct record_domain *built = record_payload(record);
    struct domain_series *domain;

    switch (record->type) {
    case REC_DOMAIN:
        domain = add_domain(run, record->domid);
        return domain != NULL && add_step(&domain->of[QUANTITY_RESERVATION], now, built->memory_pages);
    case REC_HYPERCALL:
        domain = find_domain(run, record->domid);
        return domain == NULL || (add_step(&domain->of[QUANTITY_RESERVATION], now, call->reservation_pages) &&
                                     add_step(&domain->of[QUANTITY_MAXIMUM], now, call->maximum_pages));
    case REC_DOMAIN_END:
        domain = find_domain(run, record->domid);
        if (domain == NULL)
            return true;
        domain->end_ns = record->time_ns;
        return add_step(&domain->of[QUANTITY_RESERVATION], now, 0);
    case REC_XENSTORE:
        return read_xenstore(run, record, now);
    default:
        return true;
    }
}

static bool read_all(struct run_series *run, const struct reading *reading)
{
    const struct record *record;
    uint64_t event;

    for (event = 1; event <= reading_events(reading); event++) {
        record = reading_event(reading, event);
        if (record->time_ns > run->end_ns)
            run->end_ns = record->time_ns;
        const struct moment now = {record->time_ns, event, run->every};
        if (!read_record(run, record, &now))
            return false;
    }
    return true;
}

bool run_series_read(struct run_series *run, const struct reading *reading)
{
    *run = (struct run_series){0};
    return read_all(run, reading);
}

bool run_series_read_every(struct run_series *run, const struct reading *reading)
{
    *run = (struct run_series){.every = true};
    return read_all(run, reading);
}

void run_series_free(struct run_series *run)
{
    size_t domain;
    int quantity;

    for (domain = 0; domain < run->nr_domains; domain++)
        for (quantity = 0; quantity < NR_QUANTITIES; quantity++)
            free(run->domains[domain].of[quantity].steps);
    free(run->domains);
    *run = (struct run_series){0};
}

/* How many steps there are up to that time. */
static size_t steps_until(const struct series *series, uint64_t time_ns)
{
    size_t low = 0, high = series->count, middle;

    while (low < high) {
        middle = low + (high - low) / 2;
        if (series->steps[middle].time_ns <= time_ns)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool series_at(const struct series *series, uint64_t time_ns, uint64_t *pages)
{
    const size_t steps = steps_until(series, time_ns);

    if (steps == 0)
        return false;
    *pages = series->steps[steps - 1].pages;
    return true;
}

bool series_between(const struct series *series, uint64_t from_ns, uint64_t to_ns, struct span *span)
{
    const size_t end = steps_until(series, to_ns), first = steps_until(series, from_ns);
    uint64_t before = first > 0     ? series->steps[first - 1].pages
                      : first < end ? series->steps[first].pages
                                    : 0;
    bool rises = false, falls = false;

    *span = (struct span){.low = before, .high = before};
    for (size_t i = first; i < end; i++) {
        const uint64_t pages = series->steps[i].pages;
        rises = rises || pages > before;
        falls = falls || pages < before;
        span->low = pages < span->low ? pages : span->low;
        span->high = pages > span->high ? pages : span->high;
        before = pages;
    }
    span->turns = rises && falls;
    assert(span->low <= span->high);
    return first < end;
}
