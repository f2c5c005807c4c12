/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A heap in pieces, and calls for extents out of it. In each round the domains take superpages and all else that is free;
 * then each gives up frames of its superpages at even distances, so that what is free lies in pieces of known sizes, with
 * or without buddies; then extents of all orders are taken out of them, exchanged and given up. $x[0..3] are a domain's
 * superpages, $y[0..11] the extents that it takes, and dom0 has as many for others.
 */
#include "harness/xen/fuzz_fragments.h"

#include <assert.h>

#define SUPERPAGES       4u
#define EXTENTS          12u
#define ROUND_STATEMENTS 60u
#define SUPERPAGE_PAGES  512u
#define ORDER_SUPERPAGE  9u

/* An order: small ones more often. */
static unsigned order(struct fuzz_state *fuzz)
{
    return fuzz_state_one_in(fuzz, 3) ? fuzz_state_below(fuzz, 11) : fuzz_state_below(fuzz, 5);
}

/* The frames of a round before are given back, and the superpages are taken anew. */
static void begin(struct fuzz_state *fuzz, unsigned step)
{
    const char name = fuzz_state_name(step / 3 % fuzz->domains);

    switch (step % 3) {
    case 0:
        fprintf(fuzz->out, "%c hypercall increase_reservation order=9 [$x[0..%u]]", name, SUPERPAGES - 1);
        break;
    case 1:
        fprintf(fuzz->out, "%c hypercall decrease_reservation order=%u [$y[0..%u]]", name, order(fuzz),
            EXTENTS - 1);
        break;
    default:
        fprintf(fuzz->out, "xl mem-max %c %u", name, 40 + fuzz_state_below(fuzz, 24));
    }
}

/* Extents of one order, at an even distance, from one superpage: nothing of it is free before, or some of it. */
static void release_evenly(struct fuzz_state *fuzz)
{
    const unsigned size = fuzz_state_below(fuzz, fuzz_state_one_in(fuzz, 3) ? ORDER_SUPERPAGE : 3),
                   apart = (1u << size) * (1 + fuzz_state_below(fuzz, 3));
    const unsigned from = fuzz_state_one_in(fuzz, 2) ? 0 : fuzz_state_below(fuzz, 1u << size) * 2;
    const unsigned fit = (SUPERPAGE_PAGES - from % SUPERPAGE_PAGES) / (apart + (1u << size));
    const unsigned count = fuzz_state_one_in(fuzz, 2) ? fit : 1 + fuzz_state_below(fuzz, fit + 1);
    const unsigned superpage = fuzz_state_below(fuzz, SUPERPAGES);

    fprintf(fuzz->out, "%c hypercall decrease_reservation order=%u step=%u nr=%u [$x[%u]+%u]",
        fuzz_state_some_name(fuzz), size, apart + (1u << size), count > 0 ? count : 1, superpage, from);
}

/* All that is left, so that only what is given up from now on is free. */
static void take_all(struct fuzz_state *fuzz)
{
    const unsigned pages = fuzz_state_one_in(fuzz, 2) ? 100000 : fuzz_state_below(fuzz, 3000);

    fprintf(
        fuzz->out, "%c hypercall increase_reservation nr=%u list=null", fuzz_state_some_name(fuzz), pages);
}

static void take(struct fuzz_state *fuzz)
{
    const unsigned first = fuzz_state_below(fuzz, EXTENTS), last = first + fuzz_state_below(fuzz, 4);
    const bool populates = fuzz_state_one_in(fuzz, 2), by_dom0 = fuzz_state_one_in(fuzz, 5);
    const char name = fuzz_state_some_name(fuzz);

    if (by_dom0)
        fprintf(fuzz->out, "dom0 hypercall %s domid=%c",
            populates ? "populate_physmap" : "increase_reservation", name);
    else
        fprintf(fuzz->out, "%c hypercall %s", name, populates ? "populate_physmap" : "increase_reservation");
    fprintf(fuzz->out, " order=%u", order(fuzz));
    if (populates)
        fprintf(fuzz->out, " pfn=%u", fuzz_state_below(fuzz, 16000));
    fuzz_state_flags(fuzz);
    fprintf(fuzz->out, " [$y[%u..%u]]", first, last < EXTENTS ? last : EXTENTS - 1);
}

/* Some frames of a superpage or of an extent, at a place that fits the order or doesn't. */
static void extent(struct fuzz_state *fuzz, unsigned size)
{
    const unsigned at = fuzz_state_one_in(fuzz, 6)
                            ? fuzz_state_below(fuzz, SUPERPAGE_PAGES)
                            : (fuzz_state_below(fuzz, SUPERPAGE_PAGES) >> size) << size;

    if (fuzz_state_one_in(fuzz, 2))
        fprintf(fuzz->out, " $x[%u]+%u", fuzz_state_below(fuzz, SUPERPAGES), at);
    else
        fprintf(fuzz->out, " $y[%u]", fuzz_state_below(fuzz, EXTENTS));
}

static void give_up(struct fuzz_state *fuzz)
{
    const char name = fuzz_state_some_name(fuzz);
    const unsigned size = order(fuzz);

    fprintf(fuzz->out, "%c hypercall decrease_reservation order=%u [", name, size);
    for (unsigned count = 1 + fuzz_state_below(fuzz, 4); count > 0; count--)
        extent(fuzz, size);
    fputs(" ]", fuzz->out);
}

static void exchange(struct fuzz_state *fuzz)
{
    const unsigned in = order(fuzz), out = fuzz_state_one_in(fuzz, 2) ? in : order(fuzz);
    const unsigned larger = in > out ? in : out;
    const unsigned nr_in = 1u << (larger - in), nr_out = 1u << (larger - out);
    const unsigned superpage = fuzz_state_below(fuzz, SUPERPAGES);
    const unsigned pfn = fuzz_state_below(fuzz, 16000);

    fprintf(fuzz->out, "%c hypercall exchange pfn=%u order=%u order_out=%u", fuzz_state_some_name(fuzz), pfn,
        in, out);
    if (nr_in == 1) {
        fputs(" [", fuzz->out);
        extent(fuzz, in);
        fputs(" ]", fuzz->out);
    } else if (in == 0 && larger <= 5) {
        fprintf(fuzz->out, " [");
        for (unsigned i = 0; i < nr_in; i++)
            fprintf(fuzz->out, " $x[%u]+%u", superpage, 2 * i);
        fputs(" ]", fuzz->out);
    } else {
        fprintf(fuzz->out, " [$y[0..%u]]", nr_in - 1);
    }
    if (nr_out <= EXTENTS)
        fprintf(fuzz->out, " out [$y[0..%u]]", nr_out - 1);
    else
        fprintf(fuzz->out, " out [$z[0..%u]]", nr_out - 1);
}

void fuzz_fragments_statement(struct fuzz_state *fuzz)
{
    static void (*const kinds[])(struct fuzz_state *) = {release_evenly, release_evenly, release_evenly,
        take_all, take, take, take, take, give_up, give_up, exchange, exchange};
    const unsigned step = fuzz->step++ % (ROUND_STATEMENTS * fuzz->domains);

    assert(fuzz->domains > 0);
    if (step < 3 * fuzz->domains)
        begin(fuzz, step);
    else if (step == 3 * fuzz->domains)
        take_all(fuzz);
    else
        kinds[fuzz_state_below(fuzz, sizeof kinds / sizeof kinds[0])](fuzz);
}
