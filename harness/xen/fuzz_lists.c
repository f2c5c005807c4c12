/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists in odd places: that go on behind the end of a page, end at a page that is not mapped, lie at the end of the address
 * space, at an address that is no multiple of an entry's size, or at one that no processor takes.
 */
#include "harness/xen/fuzz_lists.h"

#define ENTRIES 6u

void fuzz_lists_place(struct fuzz_state *fuzz, const char *key, unsigned one_in)
{
    /* Where the lower half ends, what no table can name, Xen's own, what is left to guests behind it, and the end of all. */
    static const char *const addresses[] = {"0x7ffffffff000", "0x7ffffffffff8", "0x7ffffffffffc",
        "0x800000000000", "0x123456789abc", "0xfffffffffff8", "0x1000000000000", "0x7fffffffffffffff",
        "0x8000000000000000", "0xffff7fffffffffff", "0xffff7ffffffffff8", "0xffff7ffffffffff0",
        "0xffff800000000000", "0xffff830000000000", "0xffff87fffffffff8", "0xffff880000000000",
        "0xffffc00000000000", "0xfffffffffffff000", "0xfffffffffffffff8", "0xfffffffffffffffc",
        "0xffffffffffffffff"};

    if (!fuzz_state_one_in(fuzz, one_in))
        return;
    switch (fuzz_state_below(fuzz, 8)) {
    case 0:
        fprintf(fuzz->out, " %s=%s", key, fuzz_state_one_in(fuzz, 2) ? "readonly" : "null");
        break;
    case 1:
    case 2:
        fprintf(fuzz->out, " %s=at:%s", key,
            addresses[fuzz_state_below(fuzz, sizeof addresses / sizeof addresses[0])]);
        break;
    case 3:
        fprintf(fuzz->out, " %s=bad", key);
        break;
    case 4:
    case 5:
        fprintf(fuzz->out, " %s=cross:%u", key, fuzz_state_below(fuzz, ENTRIES));
        break;
    default:
        fprintf(fuzz->out, " %s=edge:%u", key, fuzz_state_below(fuzz, ENTRIES));
    }
    if (fuzz_state_one_in(fuzz, 3))
        fprintf(fuzz->out, " skew=%u", 1 + fuzz_state_below(fuzz, 7));
}

/* Frames of a caller's own, mostly; a name that was given up is one that isn't its own. */
static void frames(struct fuzz_state *fuzz, unsigned count)
{
    fputs(" [", fuzz->out);
    for (unsigned i = 0; i < count; i++)
        fprintf(fuzz->out, " $f[%u]", fuzz_state_below(fuzz, FUZZ_NAMES));
    fputs(" ]", fuzz->out);
}

static void names(struct fuzz_state *fuzz, unsigned count)
{
    const unsigned first = fuzz_state_below(fuzz, FUZZ_NAMES - count);

    fprintf(fuzz->out, " [$f[%u..%u]]", first, first + count - 1);
}

/* Who calls, and about whom: a guest about itself, or dom0 about a guest. Returns whether it is dom0. */
static bool caller(struct fuzz_state *fuzz, const char *call)
{
    const bool dom0 = fuzz_state_one_in(fuzz, 5);
    const char name = fuzz_state_some_name(fuzz);

    if (dom0)
        fprintf(fuzz->out, "dom0 hypercall %s domid=%c", call, name);
    else
        fprintf(fuzz->out, "%c hypercall %s", name, call);
    return dom0;
}

static void where(struct fuzz_state *fuzz)
{
    fuzz_lists_place(fuzz, "list", 1);
    if (fuzz_state_one_in(fuzz, 12))
        fprintf(fuzz->out, " start=%u", fuzz_state_below(fuzz, ENTRIES + 2));
    if (fuzz_state_one_in(fuzz, 12))
        fprintf(fuzz->out, " nr=%u", fuzz_state_below(fuzz, 3 * ENTRIES));
}

static void increase(struct fuzz_state *fuzz)
{
    caller(fuzz, "increase_reservation");
    where(fuzz);
    if (fuzz_state_one_in(fuzz, 6))
        fprintf(fuzz->out, " order=%u", fuzz_state_below(fuzz, 4));
    names(fuzz, 1 + fuzz_state_below(fuzz, ENTRIES));
}

static void populate(struct fuzz_state *fuzz)
{
    caller(fuzz, "populate_physmap");
    where(fuzz);
    fprintf(fuzz->out, " pfn=%u", 600 + fuzz_state_below(fuzz, 8000));
    names(fuzz, 1 + fuzz_state_below(fuzz, ENTRIES));
}

static void decrease(struct fuzz_state *fuzz)
{
    const char name = fuzz_state_some_name(fuzz);

    fprintf(fuzz->out, "%c hypercall decrease_reservation", name);
    where(fuzz);
    frames(fuzz, fuzz_state_below(fuzz, ENTRIES + 1));
}

static void exchange(struct fuzz_state *fuzz)
{
    const unsigned count = 1 + fuzz_state_below(fuzz, 3);

    fprintf(fuzz->out, "%c hypercall exchange", fuzz_state_some_name(fuzz));
    /* Not both: there is one page in front of a guard, and the two would overlap. */
    fuzz_lists_place(fuzz, fuzz_state_one_in(fuzz, 2) ? "list" : "out_list", 1);
    fprintf(fuzz->out, " pfn=%u", 600 + fuzz_state_below(fuzz, 8000));
    frames(fuzz, count);
    fputs(" out", fuzz->out);
    names(fuzz, count);
}

static void machphys(struct fuzz_state *fuzz)
{
    fprintf(fuzz->out, "%c hypercall machphys_update", fuzz_state_some_name(fuzz));
    fuzz_lists_place(fuzz, "list", 1);
    fputs(" [", fuzz->out);
    for (unsigned count = 1 + fuzz_state_below(fuzz, 3); count > 0; count--) {
        fprintf(fuzz->out, " $f[%u]", fuzz_state_below(fuzz, FUZZ_NAMES));
        fprintf(fuzz->out, " %u", fuzz_state_below(fuzz, 10000));
    }
    fputs(" ]", fuzz->out);
}

void fuzz_lists_statement(struct fuzz_state *fuzz)
{
    static void (*const kinds[])(struct fuzz_state *) = {increase, increase, increase, populate, populate,
        decrease, decrease, decrease, exchange, exchange, machphys};

    kinds[fuzz_state_below(fuzz, sizeof kinds / sizeof kinds[0])](fuzz);
}
