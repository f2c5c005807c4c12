/* SPDX-License-Identifier: BSD-2-Clause */
/* Random calls by dom0. */
#include "harness/xen/fuzz_dom0.h"

#include "harness/xen/fuzz_channel.h"

#include <assert.h>

/* The domains that dom0 makes. */
#define EMPTY_PV         50u   /* domid */
#define EMPTY_TRANSLATED 51u   /* domid */
#define EMPTY_MAX_PAGES  1024u /* of their maximum; gfns that are talked about are below it */

static unsigned empty_domain(struct fuzz_state *fuzz)
{
    return fuzz_state_one_in(fuzz, 2) ? EMPTY_PV : EMPTY_TRANSLATED;
}

static void claim(struct fuzz_state *fuzz)
{
    unsigned pages = fuzz_state_one_in(fuzz, 4) ? 0 : 4000 + fuzz_state_below(fuzz, 2300);

    fprintf(fuzz->out, "hypercall claim_pages domid=%c value=%u", fuzz_state_some_name(fuzz), pages);
    if (fuzz_state_one_in(fuzz, 16))
        fputs(" order=1", fuzz->out);
}

/* Writes a list of a few names of frames, of a domain's or of dom0's. */
static void names(struct fuzz_state *fuzz, char owner)
{
    fputs(" [", fuzz->out);
    for (unsigned count = 1 + fuzz_state_below(fuzz, 3); count > 0; count--) {
        bool dom0s_own = fuzz_state_one_in(fuzz, 3);
        unsigned which = fuzz_state_below(fuzz, FUZZ_NAMES);

        if (dom0s_own)
            fprintf(fuzz->out, " $f[%u]", which);
        else
            fprintf(fuzz->out, " %c.$f[%u]", fuzz_state_one_in(fuzz, 8) ? fuzz_state_some_name(fuzz) : owner,
                which);
    }
    fputs(" ]", fuzz->out);
}

static void on_behalf(struct fuzz_state *fuzz)
{
    char owner = fuzz_state_some_name(fuzz);
    unsigned first = fuzz_state_below(fuzz, FUZZ_NAMES - 4), last = first + fuzz_state_below(fuzz, 4);

    switch (fuzz_state_below(fuzz, 6)) {
    case 0:
        fprintf(fuzz->out, "hypercall increase_reservation domid=%c", owner);
        fuzz_state_flags(fuzz);
        fprintf(fuzz->out, " [$f[%u..%u]]", first, last);
        break;
    case 1:
        fprintf(fuzz->out, "hypercall populate_physmap domid=%c", owner);
        fuzz_state_flags(fuzz);
        fprintf(fuzz->out, " pfn=%u [$f[%u..%u]]", 600 + fuzz_state_below(fuzz, 8000), first, last);
        break;
    case 2:
        fprintf(fuzz->out, "hypercall increase_reservation domid=%c order=%u [$b[%u]]", owner,
            fuzz_state_below(fuzz, 12), first % 8);
        break;
    case 3:
        fprintf(fuzz->out, "hypercall decrease_reservation domid=%c order=%u [$b[%u]]", owner,
            fuzz_state_below(fuzz, fuzz_state_one_in(fuzz, 4) ? 20 : 12), first % 8);
        break;
    default:
        fprintf(fuzz->out, "hypercall decrease_reservation domid=%c", owner);
        fuzz_state_flags(fuzz);
        names(fuzz, owner);
    }
}

/* dom0 maps a frame that the domain has not given up yet; later the domain may give it up. */
static void foreign_mapping(struct fuzz_state *fuzz)
{
    unsigned which = fuzz_state_below(fuzz, fuzz->domains);
    struct fuzz_domain *domain = &fuzz->domain[which];
    unsigned frame = domain->foreign > 0 ? fuzz_state_below(fuzz, domain->foreign) : 0;

    if (domain->foreign < FUZZ_FOREIGN / 2 && (domain->foreign == 0 || fuzz_state_one_in(fuzz, 3))) {
        fprintf(fuzz->out, "map %c.$g[%u] domid=%c", fuzz_state_name(which), domain->foreign++,
            fuzz_state_name(which));
    } else if (!domain->foreign_gone[frame] && fuzz_state_one_in(fuzz, 2)) {
        fprintf(fuzz->out, "unmap %c.$g[%u]", fuzz_state_name(which), frame);
        domain->foreign_gone[frame] = true;
    } else if (!domain->foreign_gone[frame]) {
        fprintf(fuzz->out, "write %c.$g[%u] %u", fuzz_state_name(which), frame, fuzz_state_below(fuzz, 1000));
    } else {
        fprintf(fuzz->out, "map %c.$f[%u]", fuzz_state_name(which), fuzz_state_below(fuzz, FUZZ_NAMES));
    }
    assert(domain->foreign <= FUZZ_FOREIGN);
}

/* Some gfns of a translated domain, in extents of mixed orders that lie anywhere. */
static void gfns(struct fuzz_state *fuzz, bool gives, unsigned first, unsigned count)
{
    if (!gives && fuzz_state_one_in(fuzz, 2))
        fputs(" pod", fuzz->out);
    if (fuzz_state_one_in(fuzz, 3)) {
        unsigned order = fuzz_state_one_in(fuzz, 3) ? 9 : fuzz_state_below(fuzz, 6);

        fprintf(fuzz->out, " order=%u [%u]", order, fuzz_state_one_in(fuzz, 3) ? first : first & ~511u);
    } else
        fprintf(fuzz->out, " [%u..%u]", first, first + count - 1);
}

/* What a toolstack asks for, now more and now less. */
static void pod_target(struct fuzz_state *fuzz)
{
    if (fuzz_state_one_in(fuzz, 3))
        fprintf(fuzz->out, "hypercall get_pod_target domid=%u", empty_domain(fuzz));
    else
        fprintf(fuzz->out, "hypercall set_pod_target domid=%u value=%u", EMPTY_TRANSLATED,
            fuzz_state_below(fuzz, EMPTY_MAX_PAGES + 50));
}

static void fill(struct fuzz_state *fuzz)
{
    unsigned domid = empty_domain(fuzz), first = fuzz_state_below(fuzz, EMPTY_MAX_PAGES - 4),
             count = 1 + fuzz_state_below(fuzz, 4);
    bool gives = fuzz_state_one_in(fuzz, 3);

    fprintf(fuzz->out, "hypercall %s domid=%u", gives ? "decrease_reservation" : "populate_physmap", domid);
    if (domid == EMPTY_TRANSLATED) {
        gfns(fuzz, gives, first, count);
        return;
    }
    first %= FUZZ_NAMES - 4;
    if (!gives)
        fprintf(fuzz->out, " pfn=%u", fuzz_state_below(fuzz, EMPTY_MAX_PAGES));
    fprintf(fuzz->out, " [$s[%u..%u]]", first, first + count - 1);
}

static void lifecycle(struct fuzz_state *fuzz)
{
    unsigned domid = empty_domain(fuzz);

    switch (fuzz_state_below(fuzz, 8)) {
    case 0:
    case 1:
    case 2:
        fprintf(
            fuzz->out, "hypercall createdomain domid=%u%s", domid, domid == EMPTY_TRANSLATED ? " pvh" : "");
        break;
    case 3:
        if (fuzz_state_one_in(fuzz, 4))
            fprintf(fuzz->out, "hypercall destroydomain domid=%u", domid);
        else
            fprintf(fuzz->out, "hypercall max_vcpus domid=%u", domid);
        break;
    default:
        fprintf(fuzz->out, "hypercall max_mem domid=%u kib=%u", domid,
            4 * fuzz_state_below(fuzz, EMPTY_MAX_PAGES));
    }
}

static void ask(struct fuzz_state *fuzz)
{
    static const char *const calls[] = {
        "getdomaininfo", "current_reservation", "maximum_reservation", "maximum_gpfn"};

    fprintf(fuzz->out, "hypercall %s", calls[fuzz_state_below(fuzz, 4)]);
    if (fuzz_state_one_in(fuzz, 2))
        fprintf(fuzz->out, " domid=%c", fuzz_state_some_name(fuzz));
    else
        fprintf(fuzz->out, " domid=%u", empty_domain(fuzz));
}

void fuzz_dom0_statement(struct fuzz_state *fuzz)
{
    static void (*const kinds[])(struct fuzz_state *) = {claim, on_behalf, on_behalf, foreign_mapping,
        foreign_mapping, fill, fill, fill, fill, pod_target, lifecycle, lifecycle, ask,
        fuzz_channel_dom0_statement};

    fputs("dom0 ", fuzz->out);
    kinds[fuzz_state_below(fuzz, sizeof kinds / sizeof kinds[0])](fuzz);
}
