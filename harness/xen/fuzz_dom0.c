/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random calls by dom0: claims, frames taken and given on another's behalf, foreign mappings, and two domains
 * that are made, filled and destroyed, of which one is translated. Each statement can be issued in any state
 * of the domains, but for mappings, which are counted.
 */
#include "harness/xen/fuzz_internal.h"

#include <assert.h>

#define EMPTY_PV    50u
#define SHELL_PVH   51u
#define SHELL_PAGES 1024u /* of its maximum, and of gfns that are talked about */

static char some(struct fuzz *fuzz)
{
    return fuzz_name(fuzz_below(fuzz, fuzz->domains));
}

static unsigned empty_domain(struct fuzz *fuzz)
{
    return fuzz_one_in(fuzz, 2) ? EMPTY_PV : SHELL_PVH;
}

static void claim(struct fuzz *fuzz)
{
    unsigned pages = fuzz_one_in(fuzz, 4) ? 0 : 4000 + fuzz_below(fuzz, 2300);

    fprintf(fuzz->out, "hypercall claim_pages domid=%c value=%u", some(fuzz), pages);
    if (fuzz_one_in(fuzz, 16))
        fputs(" order=1", fuzz->out);
}

/* A few of a domain's own names, or of dom0's. */
static void names(struct fuzz *fuzz, char owner)
{
    fputs(" [", fuzz->out);
    for (unsigned count = 1 + fuzz_below(fuzz, 3); count > 0; count--)
        if (fuzz_one_in(fuzz, 3))
            fprintf(fuzz->out, " $f[%u]", fuzz_below(fuzz, FUZZ_NAMES));
        else
            fprintf(fuzz->out, " %c.$f[%u]", fuzz_one_in(fuzz, 8) ? some(fuzz) : owner,
                fuzz_below(fuzz, FUZZ_NAMES));
    fputs(" ]", fuzz->out);
}

static void on_behalf(struct fuzz *fuzz)
{
    char owner = some(fuzz);
    unsigned first = fuzz_below(fuzz, FUZZ_NAMES - 4), last = first + fuzz_below(fuzz, 4);

    switch (fuzz_below(fuzz, 4)) {
    case 0:
        fprintf(fuzz->out, "hypercall increase_reservation domid=%c [$f[%u..%u]]", owner, first, last);
        break;
    case 1:
        fprintf(fuzz->out, "hypercall populate_physmap domid=%c pfn=%u [$f[%u..%u]]", owner,
            600 + fuzz_below(fuzz, 8000), first, last);
        break;
    default:
        fprintf(fuzz->out, "hypercall decrease_reservation domid=%c", owner);
        names(fuzz, owner);
    }
}

/* It maps what the domain has not given up before; later the domain may. */
static void foreign_mapping(struct fuzz *fuzz)
{
    unsigned which = fuzz_below(fuzz, fuzz->domains);
    struct fuzz_domain *domain = &fuzz->domain[which];
    unsigned frame = domain->foreign > 0 ? fuzz_below(fuzz, domain->foreign) : 0;

    if (domain->foreign < FUZZ_FOREIGN / 2 && (domain->foreign == 0 || fuzz_one_in(fuzz, 3))) {
        fprintf(fuzz->out, "map %c.$g[%u] domid=%c", fuzz_name(which), domain->foreign++, fuzz_name(which));
    } else if (!domain->foreign_gone[frame] && fuzz_one_in(fuzz, 2)) {
        fprintf(fuzz->out, "unmap %c.$g[%u]", fuzz_name(which), frame);
        domain->foreign_gone[frame] = true;
    } else if (!domain->foreign_gone[frame]) {
        fprintf(fuzz->out, "write %c.$g[%u] %u", fuzz_name(which), frame, fuzz_below(fuzz, 1000));
    } else {
        fprintf(fuzz->out, "map %c.$f[%u]", fuzz_name(which), fuzz_below(fuzz, FUZZ_NAMES));
    }
    assert(domain->foreign <= FUZZ_FOREIGN);
}

static void fill(struct fuzz *fuzz)
{
    unsigned domid = empty_domain(fuzz), first = fuzz_below(fuzz, SHELL_PAGES - 4),
             count = 1 + fuzz_below(fuzz, 4);
    bool gives = fuzz_one_in(fuzz, 3);

    fprintf(fuzz->out, "hypercall %s domid=%u", gives ? "decrease_reservation" : "populate_physmap", domid);
    if (domid == SHELL_PVH) {
        if (fuzz_one_in(fuzz, 12))
            fprintf(
                fuzz->out, " order=%u [%u]", fuzz_one_in(fuzz, 3) ? 9 : fuzz_below(fuzz, 4), first & ~511u);
        else
            fprintf(fuzz->out, " [%u..%u]", first, first + count - 1);
        return;
    }
    first %= FUZZ_NAMES - 4;
    if (!gives)
        fprintf(fuzz->out, " pfn=%u", fuzz_below(fuzz, SHELL_PAGES));
    fprintf(fuzz->out, " [$s[%u..%u]]", first, first + count - 1);
}

static void life(struct fuzz *fuzz)
{
    unsigned domid = empty_domain(fuzz);

    switch (fuzz_below(fuzz, 5)) {
    case 0:
    case 1:
        fprintf(fuzz->out, "hypercall createdomain domid=%u%s", domid, domid == SHELL_PVH ? " pvh" : "");
        break;
    case 2:
        fprintf(fuzz->out, "hypercall destroydomain domid=%u", domid);
        break;
    default:
        fprintf(fuzz->out, "hypercall max_mem domid=%u kib=%u", domid, 4 * fuzz_below(fuzz, SHELL_PAGES));
    }
}

static void ask(struct fuzz *fuzz)
{
    static const char *const calls[] = {"getdomaininfo", "current_reservation", "maximum_reservation"};

    fprintf(fuzz->out, "hypercall %s", calls[fuzz_below(fuzz, 3)]);
    if (fuzz_one_in(fuzz, 2))
        fprintf(fuzz->out, " domid=%c", some(fuzz));
    else
        fprintf(fuzz->out, " domid=%u", empty_domain(fuzz));
}

void fuzz_dom0(struct fuzz *fuzz)
{
    static void (*const kinds[])(struct fuzz *) = {
        claim, on_behalf, on_behalf, foreign_mapping, foreign_mapping, fill, fill, fill, life, life, ask};

    fputs("dom0 ", fuzz->out);
    kinds[fuzz_below(fuzz, sizeof kinds / sizeof kinds[0])](fuzz);
}
