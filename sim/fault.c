/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counts calls and pages at fault sites and decides which call is refused. It refuses nothing itself,
 * and knows a site by its name only.
 */
#include "sim/fault.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/array.h"
#include "sim/random.h"
#include "sim/ranges.h"

#define REFUSALS_WITHOUT_END UINT64_MAX

struct fault {
    struct fault_spec spec;
    uint64_t calls; /* how many came to its site since it was armed */
    uint64_t refusals_left;
    uint64_t random;       /* FAULT_CHANCE: the stream that decides */
    bool marked;           /* FAULT_PAGE: all pages that are to be marked were offered */
    struct ranges offered; /* FAULT_PAGE: the pfns offered until then */
    struct ranges refused; /* FAULT_PAGE: those of them that are marked */
};

struct fault_set {
    struct fault *faults; /* in the order of the statements */
    size_t count, room;
    const struct kernel *kernel; /* whose sites there are beside Xen's */
    uint32_t armed_at[FAULT_SITES_MAX];
    uint64_t fired;
    bool memory_out;
};

/* ---- arming and healing ----------------------------------------------------------------------- */

struct fault_set *fault_set_new(void)
{
    return calloc(1, sizeof(struct fault_set));
}

static void drop(struct fault_set *set, size_t i)
{
    assert(i < set->count);
    assert(set->armed_at[set->faults[i].spec.site] != 0);
    set->armed_at[set->faults[i].spec.site]--;
    ranges_free(&set->faults[i].offered);
    ranges_free(&set->faults[i].refused);
    memmove(&set->faults[i], &set->faults[i + 1], (set->count - i - 1) * sizeof *set->faults);
    set->count--;
}

void fault_set_clear(struct fault_set *set, const struct kernel *kernel)
{
    while (set->count != 0)
        drop(set, set->count - 1);
    set->fired = 0;
    set->memory_out = false;
    set->kernel = kernel;
}

void fault_set_free(struct fault_set *set)
{
    if (set == NULL)
        return;
    fault_set_clear(set, NULL);
    free(set->faults);
    free(set);
}

/* The last of the calls or pages that are meant. */
static uint64_t last_of(const struct fault_spec *spec)
{
    return spec->last != 0 ? spec->last : spec->n;
}

static uint64_t refusals(const struct fault_spec *spec)
{
    switch (spec->keep) {
    case FAULT_ONCE:
        return 1;
    case FAULT_TIMES:
        return spec->times;
    case FAULT_STICKY:
        return REFUSALS_WITHOUT_END;
    case FAULT_DEFAULT:
        break;
    }
    return spec->when == FAULT_CALL ? last_of(spec) - spec->n + 1 : REFUSALS_WITHOUT_END;
}

bool fault_arm(struct fault_set *set, const struct fault_spec *spec)
{
    assert(kernel_site(set->kernel, spec->site) != NULL);
    assert(spec->n >= 1 && last_of(spec) >= spec->n && refusals(spec) >= 1);
    if (!ARRAY_ONE_MORE(set->faults, set->room, set->count))
        return false;
    set->faults[set->count++] =
        (struct fault){.spec = *spec, .refusals_left = refusals(spec), .random = spec->seed};
    set->armed_at[spec->site]++;
    return true;
}

unsigned fault_heal(struct fault_set *set, bool all, enum fault_site site)
{
    unsigned healed = 0;
    size_t i;

    for (i = set->count; i-- > 0;)
        if (!set->faults[i].spec.counts_only && (all || set->faults[i].spec.site == site)) {
            drop(set, i);
            healed++;
        }
    assert(!all || !fault_armed(set));
    assert(healed <= set->room);
    return healed;
}

uint64_t fault_fired(const struct fault_set *set)
{
    return set->fired;
}

bool fault_armed(const struct fault_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        if (!set->faults[i].spec.counts_only)
            return true;
    return false;
}

bool fault_armed_at(const struct fault_set *set, enum fault_site site)
{
    assert((unsigned)site < FAULT_SITES_MAX);
    return set->armed_at[site] != 0;
}

uint64_t fault_sites(const struct fault_set *set)
{
    uint64_t sites_armed = 0;
    size_t i;

    static_assert(FAULT_SITES_MAX <= 64, "one bit a site");
    for (i = 0; i < set->count; i++)
        sites_armed |= 1ull << set->faults[i].spec.site;
    return sites_armed;
}

bool fault_memory_out(const struct fault_set *set)
{
    return set->memory_out;
}

/* ---- one call --------------------------------------------------------------------------------- */

/* Marks those of the N-th to the M-th page that are among these pages for the first time. False: no memory. */
static bool mark(struct fault *fault, uint64_t start, uint64_t end)
{
    const uint64_t before = ranges_pages(&fault->offered), last = last_of(&fault->spec);
    uint64_t pfn;

    assert(before < last);
    for (uint64_t nth = fault->spec.n > before ? fault->spec.n - before : 1;
         before + nth <= last && ranges_nth_new(&fault->offered, start, end, nth, &pfn); nth++)
        if (!ranges_add(&fault->refused, pfn, pfn + 1))
            return false;
    if (!ranges_add(&fault->offered, start, end))
        return false;
    fault->marked = ranges_pages(&fault->offered) >= last;
    if (fault->marked)
        ranges_free(&fault->offered);
    return true;
}

/* Is one of the pages marked? */
static bool page_is_marked(struct fault_set *set, struct fault *fault, uint64_t start, uint64_t end)
{
    assert(fault->spec.when == FAULT_PAGE);
    if (!fault->marked && start < end && !mark(fault, start, end))
        set->memory_out = true;
    return ranges_overlap(&fault->refused, start, end);
}

static bool wants_refusal(struct fault_set *set, struct fault *fault, pfn_t pfn, uint64_t pages)
{
    uint64_t end = pages <= UINT64_MAX - pfn.pfn ? pfn.pfn + pages : UINT64_MAX;

    assert(fault->refusals_left != 0);
    fault->calls++;
    if (fault->spec.seen != NULL)
        fault->spec.seen->calls++;
    if (fault->spec.counts_only)
        return false;
    switch (fault->spec.when) {
    case FAULT_CALL:
        return fault->calls >= fault->spec.n && (fault->spec.last == 0 || fault->calls <= fault->spec.last);
    case FAULT_EVERY:
        return fault->calls % fault->spec.n == 0;
    case FAULT_PAGE:
        return page_is_marked(set, fault, pfn.pfn, end);
    case FAULT_CHANCE:
        return random_next(&fault->random) % 100 < fault->spec.n;
    }
    return false;
}

static struct fault_answer refusal(const struct fault_set *set, const struct fault *fault)
{
    const struct fault_spec *spec = &fault->spec;
    const struct fault_site_info *site = kernel_site(set->kernel, spec->site);

    assert(spec->by_ns == 0 || site->takes_by);
    return (struct fault_answer){
        .refused = true,
        .error = spec->error != 0 ? spec->error : site->error,
        .by_ns = spec->by_ns != 0 ? spec->by_ns : site->by_ns,
        .has_short = spec->has_short,
        .shortened_to = spec->shortened_to,
        .nth = spec->when == FAULT_CALL && spec->last != 0 ? fault->calls : spec->n,
        .when = spec->when,
    };
}

/*
 * Each fault counts each call at its site, refused or not. When several want to refuse the same call, the one that was
 * armed first says how, and it counts as a refusal for each of them.
 */
struct fault_answer fault_ask(struct fault_set *set, enum fault_site site, pfn_t pfn, uint64_t pages)
{
    struct fault_answer answer = {0};
    struct fault *fault;
    size_t i = 0;

    assert((unsigned)site < FAULT_SITES_MAX);
    if (set->armed_at[site] == 0)
        return answer;
    while (i < set->count) {
        fault = &set->faults[i];
        if (fault->spec.site != site || !wants_refusal(set, fault, pfn, pages)) {
            i++;
            continue;
        }
        if (!answer.refused)
            answer = refusal(set, fault);
        assert(fault->refusals_left != 0);
        if (fault->spec.seen != NULL)
            fault->spec.seen->refused++;
        if (fault->refusals_left != REFUSALS_WITHOUT_END && --fault->refusals_left == 0)
            drop(set, i);
        else
            i++;
    }
    set->fired += answer.refused;
    return answer;
}
