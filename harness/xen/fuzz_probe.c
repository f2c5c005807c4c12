/* SPDX-License-Identifier: BSD-2-Clause */
/* Random calls by a domain's probe. */
#include "harness/xen/fuzz_probe.h"

#include <assert.h>

#define BLOCKS 8u /* extents of a higher order that a domain talks about: $b[0..7] */

/* A frame to give up, to exchange or to update: mostly one of the domain's own, which may be given up already. */
static void frame(struct fuzz_state *fuzz, unsigned domain)
{
    static const char *const odd[] = {"0", "1", "5", "~0", "0xfffffffffff", "image", "tables", "shared_info"};
    unsigned which;

    switch (fuzz_state_below(fuzz, 24)) {
    case 0:
        fprintf(fuzz->out, " %s", odd[fuzz_state_below(fuzz, sizeof odd / sizeof odd[0])]);
        break;
    case 1:
        which = fuzz_state_below(fuzz, FUZZ_NAMES);
        fprintf(fuzz->out, " %c.$f[%u]", fuzz_state_some_name(fuzz), which);
        break;
    case 2:
    case 3:
        /* Only a frame that was mapped already: if one is given up that is still to be mapped, the mapping fails. */
        if (fuzz->domain[domain].mapped > 0)
            fprintf(fuzz->out, " $m[%u]", fuzz_state_below(fuzz, fuzz->domain[domain].mapped));
        else
            fputs(" $f[0]", fuzz->out);
        break;
    case 4:
        /* Only a frame that dom0 has mapped already, for the same reason. */
        if (fuzz->domain[domain].foreign > 0)
            fprintf(fuzz->out, " $g[%u]", fuzz_state_below(fuzz, fuzz->domain[domain].foreign));
        else
            fputs(" $f[1]", fuzz->out);
        break;
    default:
        fprintf(fuzz->out, " $f[%u]", fuzz_state_below(fuzz, FUZZ_NAMES));
    }
}

static void frames(struct fuzz_state *fuzz, unsigned domain, unsigned most)
{
    unsigned count = fuzz_state_below(fuzz, most + 1);

    fputs(" [", fuzz->out);
    for (unsigned i = 0; i < count; i++)
        frame(fuzz, domain);
    fputs(" ]", fuzz->out);
}

/* Writes a list of names that an increase or a populate will set. */
static void fresh(struct fuzz_state *fuzz)
{
    unsigned first = fuzz_state_below(fuzz, FUZZ_NAMES),
             count = 1 + fuzz_state_below(fuzz, fuzz_state_one_in(fuzz, 8) ? FUZZ_NAMES : 6);
    unsigned last = first + count - 1 < FUZZ_NAMES ? first + count - 1 : FUZZ_NAMES - 1;

    fprintf(fuzz->out, " [$f[%u..%u]]", first, last);
}

/* Whose frames they are to be: a domain's, whoever asks, Xen's own, or nobody's. */
static void owner(struct fuzz_state *fuzz)
{
    static const char *const owners[] = {"0", "77", "0x7ff2", "0x7ff4"};
    char name = fuzz_state_some_name(fuzz);

    if (fuzz_state_one_in(fuzz, 2))
        fprintf(fuzz->out, " domid=%c", name);
    else
        fprintf(fuzz->out, " domid=%s", owners[fuzz_state_below(fuzz, sizeof owners / sizeof owners[0])]);
}

static void common_options(struct fuzz_state *fuzz)
{
    static const char *const lists[] = {"null", "bad", "readonly", "edge:1", "edge:3"};

    if (fuzz_state_one_in(fuzz, 16))
        fprintf(fuzz->out, " list=%s", lists[fuzz_state_below(fuzz, sizeof lists / sizeof lists[0])]);
    if (fuzz_state_one_in(fuzz, 24))
        fprintf(fuzz->out, " start=%u", fuzz_state_below(fuzz, 6));
    if (fuzz_state_one_in(fuzz, 40))
        fputs(" arg=bad", fuzz->out);
    if (fuzz_state_one_in(fuzz, 24)) {
        char name = fuzz_state_some_name(fuzz);

        if (fuzz_state_one_in(fuzz, 3))
            fputs(" domid=77", fuzz->out); /* there is no such domain */
        else
            fprintf(fuzz->out, " domid=%c", name);
    }
}

static void increase(struct fuzz_state *fuzz, unsigned domain)
{
    (void)domain;
    fputs("hypercall increase_reservation", fuzz->out);
    common_options(fuzz);
    fuzz_state_flags(fuzz);
    if (fuzz_state_one_in(fuzz, 10)) {
        static const unsigned orders[] = {1, 2, 3, 9, 10, 19};
        unsigned block = fuzz_state_below(fuzz, BLOCKS);
        unsigned order = orders[fuzz_state_below(fuzz, sizeof orders / sizeof orders[0])];

        fprintf(fuzz->out, " order=%u [$b[%u]]", order, block);
        return;
    }
    if (fuzz_state_one_in(fuzz, 30)) {
        static const char *const many[] = {"0", "1000", "5000", "67108863", "67108864"};

        fprintf(fuzz->out, " list=null nr=%s", many[fuzz_state_below(fuzz, 5)]);
        return;
    }
    fresh(fuzz);
}

static void decrease(struct fuzz_state *fuzz, unsigned domain)
{
    fputs("hypercall decrease_reservation", fuzz->out);
    common_options(fuzz);
    fuzz_state_flags(fuzz);
    if (fuzz_state_one_in(fuzz, 12)) {
        unsigned block = fuzz_state_below(fuzz, BLOCKS);
        unsigned order = fuzz_state_one_in(fuzz, 4) ? 9 : fuzz_state_below(fuzz, 4);

        fprintf(fuzz->out, " order=%u [$b[%u]]", order, block);
        return;
    }
    frames(fuzz, domain, fuzz_state_one_in(fuzz, 6) ? 24 : 5);
}

static void populate(struct fuzz_state *fuzz, unsigned domain)
{
    (void)domain;
    fputs("hypercall populate_physmap", fuzz->out);
    common_options(fuzz);
    fuzz_state_flags(fuzz);
    fprintf(fuzz->out, " pfn=%u", 600 + fuzz_state_below(fuzz, 8000));
    if (fuzz_state_one_in(fuzz, 6)) {
        unsigned order = 1 + fuzz_state_below(fuzz, 3), block = fuzz_state_below(fuzz, BLOCKS);

        fprintf(fuzz->out, " order=%u [$b[%u]]", order, block);
        return;
    }
    fresh(fuzz);
}

/* One extent for two of the next lower order, or two for one, or one for one: a single step in any case. */
static void exchange_blocks(struct fuzz_state *fuzz)
{
    unsigned order = fuzz_state_below(fuzz, 3), kind = fuzz_state_below(fuzz, 3);
    unsigned first = fuzz_state_below(fuzz, BLOCKS - 1), second = fuzz_state_below(fuzz, BLOCKS - 1);

    if (kind == 0)
        fprintf(fuzz->out, " order=%u order_out=%u [$b[%u]] out [$b[%u]]", order, order, first, second);
    else if (kind == 1)
        fprintf(fuzz->out, " order=%u order_out=%u [$b[%u] $b[%u]] out [$b[%u]]", order, order + 1, first,
            first + 1, second);
    else
        fprintf(fuzz->out, " order=%u order_out=%u [$b[%u]] out [$b[%u] $b[%u]]", order + 1, order, first,
            second, second + 1);
}

static void exchange(struct fuzz_state *fuzz, unsigned domain)
{
    fprintf(fuzz->out, "hypercall exchange pfn=%u", 600 + fuzz_state_below(fuzz, 8000));
    if (fuzz_state_one_in(fuzz, 12))
        owner(fuzz);
    if (fuzz_state_one_in(fuzz, 4)) {
        exchange_blocks(fuzz);
        return;
    }
    fputs(" [", fuzz->out);
    unsigned count = 1 + fuzz_state_below(fuzz, 3);
    for (unsigned i = 0; i < count; i++)
        frame(fuzz, domain);
    fprintf(fuzz->out, " ] out [$f[%u]", fuzz_state_below(fuzz, FUZZ_NAMES));
    for (unsigned i = 1; i < count + (fuzz_state_one_in(fuzz, 8) ? 1 : 0); i++)
        fprintf(fuzz->out, " $f[%u]", fuzz_state_below(fuzz, FUZZ_NAMES));
    fputs("]", fuzz->out);
}

static void machphys(struct fuzz_state *fuzz, unsigned domain)
{
    unsigned count = fuzz_state_one_in(fuzz, 16) ? 0 : 1 + fuzz_state_below(fuzz, 4);

    fputs("hypercall machphys_update", fuzz->out);
    if (fuzz_state_one_in(fuzz, 5))
        owner(fuzz);
    if (fuzz_state_one_in(fuzz, 24))
        fputs(" arg=bad", fuzz->out);
    fputs(" [", fuzz->out);
    for (unsigned i = 0; i < count; i++) {
        frame(fuzz, domain);
        fprintf(fuzz->out, " %u", fuzz_state_below(fuzz, 10000));
    }
    fputs(" ]", fuzz->out);
}

static void ask(struct fuzz_state *fuzz, unsigned domain)
{
    static const struct {
        const char *words;
        bool names_a_domain; /* the probe refuses an option that its call does not take */
    } questions[] = {{"current_reservation", true}, {"maximum_reservation", true}, {"maximum_gpfn", true},
        {"memory_map", false}, {"machine_memory_map", false}, {"claim_pages value=5000", true},
        {"memory_op value=60", false}, {"number value=55", false}, {"get_pod_target", true},
        {"set_pod_target value=5000", true}};
    const unsigned which = fuzz_state_below(fuzz, fuzz_state_one_in(fuzz, 4) ? 10 : 3);

    (void)domain;
    fprintf(fuzz->out, "hypercall %s", questions[which].words);
    if (fuzz_state_one_in(fuzz, 3) && questions[which].names_a_domain)
        owner(fuzz);
}

/* A frame that is given up while it is mapped stays the domain's until the mapping goes. */
static void mapping(struct fuzz_state *fuzz, unsigned domain)
{
    static const char *const nowhere[] = {
        "0", "1", "0x100000", "0xeeee00000", "0xfffffffffe", "0xffffffffff"};
    struct fuzz_domain *state = &fuzz->domain[domain];

    if (fuzz_state_one_in(fuzz, 8)) {
        fprintf(fuzz->out, "map %s", nowhere[fuzz_state_below(fuzz, sizeof nowhere / sizeof nowhere[0])]);
        return;
    }
    unsigned which = state->mapped > 0 ? fuzz_state_below(fuzz, state->mapped) : 0;

    if (state->mapped < FUZZ_MAPPED && (state->mapped == 0 || fuzz_state_one_in(fuzz, 2)))
        fprintf(fuzz->out, "map $m[%u]", state->mapped++);
    else if (!state->gone[which] && fuzz_state_one_in(fuzz, 3)) {
        fprintf(fuzz->out, "unmap $m[%u]", which);
        state->gone[which] = true;
    } else if (!state->gone[which])
        fprintf(fuzz->out, fuzz_state_one_in(fuzz, 2) ? "write $m[%u] 77" : "read $m[%u]", which);
    else
        fprintf(fuzz->out, "m2p $m[%u]", which);
}

void fuzz_probe_statement(struct fuzz_state *fuzz, unsigned domain, unsigned kind)
{
    static const struct {
        unsigned weight;
        void (*write)(struct fuzz_state *, unsigned domain);
    } kinds[] = {
        {8, increase}, {10, decrease}, {3, populate}, {3, exchange}, {3, machphys}, {2, ask}, {6, mapping}};
    size_t i = 0;

    assert(kind < FUZZ_PROBE_KINDS && domain < fuzz->domains);
    while (kind >= kinds[i].weight)
        kind -= kinds[i++].weight;
    kinds[i].write(fuzz, domain);
}
