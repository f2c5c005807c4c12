/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dom0 makes domains, fills them, maps frames of theirs and destroys them: what is mapped stays, and so long the domain is
 * dying. It is asked about, given more and destroyed again, its frames are mapped anew and given up, until the last of them is
 * unmapped. $e[0..39] are dom0's names for the frames, ten for each domain.
 */
#include "harness/xen/fuzz_dying.h"

#define FIRST_DOMID      60u
#define DOMAINS          4u
#define FRAMES_OF_DOMAIN 10u

static unsigned domid(struct fuzz_state *fuzz)
{
    return FIRST_DOMID + fuzz_state_below(fuzz, DOMAINS);
}

/* A frame of the domain's, mostly. */
static unsigned frame(struct fuzz_state *fuzz, unsigned of_domid)
{
    return fuzz_state_one_in(fuzz, 10)
               ? fuzz_state_below(fuzz, DOMAINS * FRAMES_OF_DOMAIN)
               : (of_domid - FIRST_DOMID) * FRAMES_OF_DOMAIN + fuzz_state_below(fuzz, FRAMES_OF_DOMAIN);
}

static void make(struct fuzz_state *fuzz)
{
    fprintf(fuzz->out, "dom0 hypercall createdomain domid=%u", domid(fuzz));
}

static void limit(struct fuzz_state *fuzz)
{
    fprintf(fuzz->out, "dom0 hypercall max_mem domid=%u", domid(fuzz));
    fprintf(fuzz->out, " kib=%u", 4 * fuzz_state_below(fuzz, 60));
}

static void populate(struct fuzz_state *fuzz)
{
    const unsigned of = domid(fuzz), first = (of - FIRST_DOMID) * FRAMES_OF_DOMAIN;

    if (fuzz_state_one_in(fuzz, 4))
        fprintf(fuzz->out, "dom0 hypercall increase_reservation domid=%u [$e[%u]]", of, frame(fuzz, of));
    else
        fprintf(fuzz->out, "dom0 hypercall populate_physmap domid=%u pfn=%u [$e[%u..%u]]", of,
            fuzz_state_below(fuzz, 100), first, first + FRAMES_OF_DOMAIN - 1);
}

static void give_up(struct fuzz_state *fuzz)
{
    const unsigned of = domid(fuzz);

    fprintf(fuzz->out, "dom0 hypercall decrease_reservation domid=%u [", of);
    for (unsigned count = 1 + fuzz_state_below(fuzz, 3); count > 0; count--)
        fprintf(fuzz->out, " $e[%u]", frame(fuzz, of));
    fputs(" ]", fuzz->out);
}

static void map(struct fuzz_state *fuzz)
{
    const unsigned of = domid(fuzz);

    fprintf(fuzz->out, "dom0 map $e[%u] domid=%u", frame(fuzz, of), of);
}

static void unmap(struct fuzz_state *fuzz)
{
    const unsigned which = frame(fuzz, domid(fuzz));

    if (fuzz_state_one_in(fuzz, 5))
        fprintf(fuzz->out, "dom0 read $e[%u] if-mapped", which);
    else
        fprintf(fuzz->out, "dom0 unmap $e[%u] if-mapped", which);
}

static void end(struct fuzz_state *fuzz)
{
    fprintf(fuzz->out, "dom0 hypercall %s", fuzz_state_one_in(fuzz, 4) ? "max_vcpus" : "destroydomain");
    fprintf(fuzz->out, " domid=%u", domid(fuzz));
}

static void machphys(struct fuzz_state *fuzz)
{
    const unsigned of = domid(fuzz);

    fprintf(fuzz->out, "dom0 hypercall machphys_update domid=%u [$e[%u]", of, frame(fuzz, of));
    fprintf(fuzz->out, " %u]", fuzz_state_below(fuzz, 1000));
}

static void ask(struct fuzz_state *fuzz)
{
    static const char *const calls[] = {"getdomaininfo", "current_reservation", "maximum_reservation",
        "maximum_gpfn", "get_pod_target", "set_pod_target value=7"};
    const char name = fuzz_state_some_name(fuzz);

    if (fuzz_state_one_in(fuzz, 4))
        fprintf(fuzz->out, "%c hypercall %s", name, calls[1 + fuzz_state_below(fuzz, 5)]);
    else
        fprintf(fuzz->out, "dom0 hypercall %s", calls[fuzz_state_below(fuzz, 6)]);
    fprintf(fuzz->out, " domid=%u", domid(fuzz));
}

static void channels(struct fuzz_state *fuzz)
{
    const bool dom0 = fuzz_state_one_in(fuzz, 2);
    const char name = fuzz_state_some_name(fuzz);

    if (dom0)
        fputs("dom0 ", fuzz->out);
    else
        fprintf(fuzz->out, "%c ", name);
    switch (fuzz_state_below(fuzz, dom0 ? 3 : 4)) {
    case 0:
        fprintf(fuzz->out, "hypercall evtchn_alloc_unbound domid=%u remote=%c", domid(fuzz), name);
        break;
    case 1:
        fprintf(fuzz->out, "hypercall evtchn_status domid=%u", domid(fuzz));
        fprintf(fuzz->out, " port=%u", fuzz_state_below(fuzz, 70));
        break;
    case 2:
        fprintf(fuzz->out, "hypercall evtchn_reset domid=%u", domid(fuzz));
        break;
    default:
        fprintf(fuzz->out, "hypercall evtchn_bind_interdomain remote=%u", domid(fuzz));
        fprintf(fuzz->out, " port=%u", fuzz_state_below(fuzz, 4));
    }
}

void fuzz_dying_statement(struct fuzz_state *fuzz)
{
    static void (*const kinds[])(struct fuzz_state *) = {make, make, limit, limit, populate, populate,
        populate, give_up, map, map, map, unmap, unmap, unmap, end, end, machphys, ask, ask, channels};
    const unsigned step = fuzz->step++;

    /* Each name stands for a guest's frame at first: one that was never set would be a frame of dom0's own. */
    if (step == 0)
        fputs("xl mem-max a 24", fuzz->out);
    else if (step == 1)
        fprintf(fuzz->out, "dom0 hypercall increase_reservation domid=a [$e[0..%u]]",
            DOMAINS * FRAMES_OF_DOMAIN - 1);
    else
        kinds[fuzz_state_below(fuzz, sizeof kinds / sizeof kinds[0])](fuzz);
}
