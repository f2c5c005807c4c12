/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes random probe scenarios. What it picks is weighted toward the edges that were measured once: lists
 * that end too early, frames that are mapped, given up, foreign or no frames at all, orders, a maximum
 * that moves, a host that runs dry. docs/scenario.md, "Below the driver", has the words.
 */
#include "harness/xen/fuzz_internal.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define BLOCKS    8u    /* extents of a higher order: $b[0..7] */
#define STATEMENT "+0 " /* what every statement begins with, and no declaration */

/* splitmix64 */
static uint64_t next(struct fuzz *fuzz)
{
    uint64_t z = fuzz->random += 0x9e3779b97f4a7c15ull;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ z >> 27) * 0x94d049bb133111ebull;
    return z ^ z >> 31;
}

unsigned fuzz_below(struct fuzz *fuzz, unsigned limit)
{
    assert(limit > 0);
    return (unsigned)(next(fuzz) % limit);
}

bool fuzz_one_in(struct fuzz *fuzz, unsigned n)
{
    return fuzz_below(fuzz, n) == 0;
}

char fuzz_name(unsigned domain)
{
    return (char)('a' + domain);
}

/* A frame to give up, to move or to name: mostly one of its own, known or new. */
static void frame(struct fuzz *fuzz, unsigned domain)
{
    static const char *const odd[] = {"0", "1", "5", "~0", "0xfffffffffff", "image", "tables", "shared_info"};

    switch (fuzz_below(fuzz, 24)) {
    case 0:
        fprintf(fuzz->out, " %s", odd[fuzz_below(fuzz, sizeof odd / sizeof odd[0])]);
        break;
    case 1:
        fprintf(fuzz->out, " %c.$f[%u]", fuzz_name(fuzz_below(fuzz, fuzz->domains)),
            fuzz_below(fuzz, FUZZ_NAMES));
        break;
    case 2:
    case 3:
        /* Not one that is still to be mapped: the mapping must not fail. */
        if (fuzz->domain[domain].mapped > 0)
            fprintf(fuzz->out, " $m[%u]", fuzz_below(fuzz, fuzz->domain[domain].mapped));
        else
            fputs(" $f[0]", fuzz->out);
        break;
    case 4:
        /* Nor one that dom0 is still to map. */
        if (fuzz->domain[domain].foreign > 0)
            fprintf(fuzz->out, " $g[%u]", fuzz_below(fuzz, fuzz->domain[domain].foreign));
        else
            fputs(" $f[1]", fuzz->out);
        break;
    default:
        fprintf(fuzz->out, " $f[%u]", fuzz_below(fuzz, FUZZ_NAMES));
    }
}

static void frames(struct fuzz *fuzz, unsigned domain, unsigned most)
{
    unsigned count = fuzz_below(fuzz, most + 1);

    fputs(" [", fuzz->out);
    for (unsigned i = 0; i < count; i++)
        frame(fuzz, domain);
    fputs(" ]", fuzz->out);
}

/* Names that an increase or populate will set. */
static void fresh(struct fuzz *fuzz)
{
    unsigned first = fuzz_below(fuzz, FUZZ_NAMES),
             count = 1 + fuzz_below(fuzz, fuzz_one_in(fuzz, 8) ? FUZZ_NAMES : 6);
    unsigned last = first + count - 1 < FUZZ_NAMES ? first + count - 1 : FUZZ_NAMES - 1;

    fprintf(fuzz->out, " [$f[%u..%u]]", first, last);
}

static void common_options(struct fuzz *fuzz)
{
    static const char *const lists[] = {"null", "bad", "readonly", "edge:1", "edge:3"};

    if (fuzz_one_in(fuzz, 16))
        fprintf(fuzz->out, " list=%s", lists[fuzz_below(fuzz, sizeof lists / sizeof lists[0])]);
    if (fuzz_one_in(fuzz, 24))
        fprintf(fuzz->out, " start=%u", fuzz_below(fuzz, 6));
    if (fuzz_one_in(fuzz, 40))
        fputs(" arg=bad", fuzz->out);
    if (fuzz_one_in(fuzz, 24))
        fprintf(fuzz->out, fuzz_one_in(fuzz, 3) ? " domid=77" : " domid=%c",
            fuzz_name(fuzz_below(fuzz, fuzz->domains)));
}

static void increase(struct fuzz *fuzz, unsigned domain)
{
    static const char *const flags[] = {
        "bits=32", "bits=13", "bits=1", "node=0", "node=1", "node=0 exact", "node=1 exact", "pod"};

    (void)domain;
    fputs("hypercall increase_reservation", fuzz->out);
    common_options(fuzz);
    if (fuzz_one_in(fuzz, 12))
        fprintf(fuzz->out, " %s", flags[fuzz_below(fuzz, sizeof flags / sizeof flags[0])]);
    if (fuzz_one_in(fuzz, 10)) {
        static const unsigned orders[] = {1, 2, 3, 9, 10, 19};

        fprintf(fuzz->out, " order=%u [$b[%u]]", orders[fuzz_below(fuzz, 6)], fuzz_below(fuzz, BLOCKS));
        return;
    }
    if (fuzz_one_in(fuzz, 30)) {
        static const char *const many[] = {"0", "1000", "5000", "67108863", "67108864"};

        fprintf(fuzz->out, " list=null nr=%s", many[fuzz_below(fuzz, 5)]);
        return;
    }
    fresh(fuzz);
}

static void decrease(struct fuzz *fuzz, unsigned domain)
{
    fputs("hypercall decrease_reservation", fuzz->out);
    common_options(fuzz);
    if (fuzz_one_in(fuzz, 12)) {
        fprintf(fuzz->out, " order=%u [$b[%u]]", fuzz_one_in(fuzz, 4) ? 9 : fuzz_below(fuzz, 4),
            fuzz_below(fuzz, BLOCKS));
        return;
    }
    frames(fuzz, domain, fuzz_one_in(fuzz, 6) ? 24 : 5);
}

static void populate(struct fuzz *fuzz, unsigned domain)
{
    (void)domain;
    fputs("hypercall populate_physmap", fuzz->out);
    common_options(fuzz);
    fprintf(fuzz->out, " pfn=%u", 600 + fuzz_below(fuzz, 8000));
    fresh(fuzz);
}

static void exchange(struct fuzz *fuzz, unsigned domain)
{
    fprintf(fuzz->out, "hypercall exchange pfn=%u", 600 + fuzz_below(fuzz, 8000));
    fputs(" [", fuzz->out);
    unsigned count = 1 + fuzz_below(fuzz, 3);
    for (unsigned i = 0; i < count; i++)
        frame(fuzz, domain);
    fprintf(fuzz->out, " ] out [$f[%u]", fuzz_below(fuzz, FUZZ_NAMES));
    for (unsigned i = 1; i < count + (fuzz_one_in(fuzz, 8) ? 1 : 0); i++)
        fprintf(fuzz->out, " $f[%u]", fuzz_below(fuzz, FUZZ_NAMES));
    fputs("]", fuzz->out);
}

static void machphys(struct fuzz *fuzz, unsigned domain)
{
    unsigned count = 1 + fuzz_below(fuzz, 4);

    fputs("hypercall machphys_update [", fuzz->out);
    for (unsigned i = 0; i < count; i++) {
        frame(fuzz, domain);
        fprintf(fuzz->out, " %u", fuzz_below(fuzz, 10000));
    }
    fputs(" ]", fuzz->out);
}

static void ask(struct fuzz *fuzz, unsigned domain)
{
    static const char *const questions[] = {"current_reservation", "maximum_reservation", "memory_map",
        "machine_memory_map", "claim_pages value=5000", "memory_op value=60", "number value=55"};

    (void)domain;
    fprintf(fuzz->out, "hypercall %s", questions[fuzz_below(fuzz, fuzz_one_in(fuzz, 4) ? 7 : 2)]);
    if (fuzz_one_in(fuzz, 4))
        fprintf(fuzz->out, " domid=%u", fuzz_below(fuzz, 4) == 0 ? 0u : 77u);
}

/* A frame that is mapped stays what it is when it is given up, until the mapping goes. */
static void mapping(struct fuzz *fuzz, unsigned domain)
{
    struct fuzz_domain *state = &fuzz->domain[domain];
    unsigned which = state->mapped > 0 ? fuzz_below(fuzz, state->mapped) : 0;

    if (state->mapped < FUZZ_MAPPED && (state->mapped == 0 || fuzz_one_in(fuzz, 2)))
        fprintf(fuzz->out, "map $m[%u]", state->mapped++);
    else if (!state->gone[which] && fuzz_one_in(fuzz, 3)) {
        fprintf(fuzz->out, "unmap $m[%u]", which);
        state->gone[which] = true;
    } else if (!state->gone[which])
        fprintf(fuzz->out, fuzz_one_in(fuzz, 2) ? "write $m[%u] 77" : "read $m[%u]", which);
    else
        fprintf(fuzz->out, "m2p $m[%u]", which);
}

static void statement(struct fuzz *fuzz)
{
    static const struct {
        unsigned weight;
        void (*write)(struct fuzz *, unsigned domain);
    } kinds[] = {
        {8, increase}, {10, decrease}, {3, populate}, {3, exchange}, {3, machphys}, {2, ask}, {6, mapping}};
    unsigned domain = fuzz_below(fuzz, fuzz->domains), pick = fuzz_below(fuzz, 35);

    if (fuzz_one_in(fuzz, 60)) { /* the toolstack moves its maximum, also under the reservation */
        fprintf(fuzz->out, STATEMENT "xl mem-set %c %u\n", fuzz_name(domain), 14 + fuzz_below(fuzz, 11));
        return;
    }
    if (fuzz_one_in(fuzz, 6)) {
        fputs(STATEMENT, fuzz->out);
        fuzz_dom0(fuzz);
        fputc('\n', fuzz->out);
        return;
    }
    fprintf(fuzz->out, STATEMENT "%c ", fuzz_name(domain));
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (pick < kinds[i].weight) {
            kinds[i].write(fuzz, domain);
            break;
        }
        pick -= kinds[i].weight;
    }
    fputc('\n', fuzz->out);
}

char *fuzz_scenario(const struct fuzz_part *part, size_t *bytes)
{
    struct fuzz fuzz = {.random = part->seed, .domains = part->domains};
    char *text = NULL;

    assert(part->domains >= 1 && part->domains <= FUZZ_DOMAINS_MAX);
    fuzz.out = open_memstream(&text, bytes);
    if (fuzz.out == NULL)
        return NULL;
    /* Sometimes the host has hardly more than the domains boot with, and is soon dry. */
    unsigned spare = fuzz_one_in(&fuzz, 3) ? 1 : 16;
    fprintf(fuzz.out,
        "language 1\n# Random hypercalls (seed %" PRIu64 "): the model answers each as the real Xen does.\n"
        "# Made by ballast xen-fuzz.\nhost mem=%um\n",
        part->seed, part->domains * 17 + spare);
    for (unsigned d = 0; d < part->domains; d++)
        fprintf(fuzz.out, "domain %c kernel=probe memory=16m maxmem=24m\n", fuzz_name(d));
    for (unsigned d = 0; d < part->domains; d++)
        fprintf(fuzz.out, STATEMENT "xl mem-set %c %u\n", fuzz_name(d), 16 + fuzz_below(&fuzz, 9));
    for (unsigned i = 0; i < part->statements; i++)
        statement(&fuzz);
    return fclose(fuzz.out) == 0 ? text : NULL;
}

char *fuzz_without(
    const char *text, size_t bytes, const unsigned char *keep, size_t statements, size_t *kept_bytes)
{
    char *kept = malloc(bytes + 1);
    size_t at = 0, which = 0;

    *kept_bytes = 0;
    while (kept != NULL && at < bytes) {
        const char *end = memchr(text + at, '\n', bytes - at);
        size_t line_bytes = end != NULL ? (size_t)(end - text) + 1 - at : bytes - at;
        bool is_statement =
            line_bytes >= sizeof STATEMENT - 1 && memcmp(text + at, STATEMENT, sizeof STATEMENT - 1) == 0;

        if (!is_statement || (which < statements && keep[which])) {
            memcpy(kept + *kept_bytes, text + at, line_bytes);
            *kept_bytes += line_bytes;
        }
        which += is_statement;
        at += line_bytes;
    }
    if (kept != NULL)
        kept[*kept_bytes] = '\0';
    return kept;
}

long fuzz_statement_of_line(const char *text, size_t bytes, unsigned line)
{
    long which = -1;
    size_t at = 0;

    for (unsigned number = 1; at < bytes; number++) {
        const char *end = memchr(text + at, '\n', bytes - at);
        bool is_statement =
            bytes - at >= sizeof STATEMENT - 1 && memcmp(text + at, STATEMENT, sizeof STATEMENT - 1) == 0;

        which += is_statement;
        if (number == line)
            return is_statement ? which : -1;
        at = end != NULL ? (size_t)(end - text) + 1 : bytes;
    }
    return -1;
}
