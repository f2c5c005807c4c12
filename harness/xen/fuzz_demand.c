/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Populate-on-demand by proxy: dom0 makes a translated domain in which nothing runs, marks gfns, populates and gives up, in
 * extents of mixed orders, and moves the target up and down, while guests take the host's memory and give it back.
 */
#include "harness/xen/fuzz_demand.h"

#define DOMID      51u   /* as that of the other statements about such a domain (fuzz_dom0.c) */
#define GFNS       4096u /* that are talked about */
#define NEAR_GFNS  96u   /* of these many, most of the time */
#define ORDER_MOST 11u

static unsigned gfn(struct fuzz_state *fuzz)
{
    return fuzz_state_one_in(fuzz, 3) ? fuzz_state_below(fuzz, GFNS) : fuzz_state_below(fuzz, NEAR_GFNS);
}

static void extents(struct fuzz_state *fuzz)
{
    const unsigned order = fuzz_state_one_in(fuzz, 4)   ? 9
                           : fuzz_state_one_in(fuzz, 3) ? fuzz_state_below(fuzz, ORDER_MOST)
                                                        : fuzz_state_below(fuzz, 4);

    if (order > 0)
        fprintf(fuzz->out, " order=%u", order);
    fputs(" [", fuzz->out);
    for (unsigned count = 1 + fuzz_state_below(fuzz, 4); count > 0; count--) {
        const unsigned at = gfn(fuzz);

        fprintf(fuzz->out, " %u", fuzz_state_one_in(fuzz, 4) ? at : (at >> order) << order);
    }
    fputs(" ]", fuzz->out);
}

static void make(struct fuzz_state *fuzz)
{
    fprintf(fuzz->out, "dom0 hypercall createdomain domid=%u pvh", DOMID);
}

static void limit(struct fuzz_state *fuzz)
{
    const unsigned pages = fuzz_state_below(fuzz, fuzz_state_one_in(fuzz, 3) ? 200 : 2 * GFNS);

    fprintf(fuzz->out, "dom0 hypercall max_mem domid=%u kib=%u", DOMID, 4 * pages);
}

static void mark(struct fuzz_state *fuzz)
{
    fprintf(fuzz->out, "dom0 hypercall populate_physmap domid=%u pod", DOMID);
    extents(fuzz);
}

static void populate(struct fuzz_state *fuzz)
{
    fprintf(fuzz->out, "dom0 hypercall populate_physmap domid=%u", DOMID);
    extents(fuzz);
}

static void give_up(struct fuzz_state *fuzz)
{
    fprintf(fuzz->out, "dom0 hypercall decrease_reservation domid=%u", DOMID);
    extents(fuzz);
}

static void target(struct fuzz_state *fuzz)
{
    const unsigned most = fuzz_state_one_in(fuzz, 2) ? NEAR_GFNS : 2 * GFNS;

    fprintf(
        fuzz->out, "dom0 hypercall set_pod_target domid=%u value=%u", DOMID, fuzz_state_below(fuzz, most));
}

static void ask(struct fuzz_state *fuzz)
{
    static const char *const calls[] = {
        "get_pod_target", "get_pod_target", "getdomaininfo", "current_reservation", "maximum_gpfn"};

    fprintf(fuzz->out, "dom0 hypercall %s domid=%u", calls[fuzz_state_below(fuzz, 5)], DOMID);
}

/* A guest takes what the host has, or gives some of it back. */
static void drain(struct fuzz_state *fuzz)
{
    const char name = fuzz_state_some_name(fuzz);

    if (fuzz_state_one_in(fuzz, 2))
        fprintf(fuzz->out, "%c hypercall increase_reservation [$d[0..%u]]", name,
            20 + fuzz_state_below(fuzz, 1500));
    else
        fprintf(
            fuzz->out, "%c hypercall decrease_reservation [$d[0..%u]]", name, fuzz_state_below(fuzz, 700));
}

void fuzz_demand_statement(struct fuzz_state *fuzz)
{
    static void (*const kinds[])(struct fuzz_state *) = {mark, mark, mark, mark, populate, populate, populate,
        give_up, give_up, give_up, give_up, target, target, target, ask, limit, drain};
    const unsigned step = fuzz->step++;

    if (step == 0 || fuzz_state_one_in(fuzz, 60))
        make(fuzz);
    else if (step == 1)
        fprintf(fuzz->out, "dom0 hypercall max_mem domid=%u kib=%u", DOMID, 8 * GFNS);
    else
        kinds[fuzz_state_below(fuzz, sizeof kinds / sizeof kinds[0])](fuzz);
}
