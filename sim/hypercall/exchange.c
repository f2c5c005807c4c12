/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * XENMEM_exchange: gives frames for others, of another order or below some address. It works in steps, each as large as
 * the larger of the two orders; a step is done as a whole or not at all.
 */
#include "sim/hypercall/exchange.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <xen/memory.h>

#include "sim/domain/claim.h"
#include "sim/domain/domain.h"
#include "sim/domain/pod.h"
#include "sim/domain/reservation.h"
#include "sim/host/frame_table.h"
#include "sim/host/pool.h"
#include "sim/hypercall/list_place.h"
#include "sim/hypercall/target.h"
#include "sim/machine_state.h"

struct exchange {
    struct domain *d;
    struct hypercall_trace *trace;
    struct xen_memory_exchange ask;
    char *in, *out; /* the guest's lists, as far as it can itself read them */
    uint64_t in_readable, out_readable, out_writable;
    uint64_t in_step, out_step; /* how many extents a step takes from the domain, and gives it */
};

static uint64_t entry(const char *list, uint64_t index)
{
    uint64_t value;
    memcpy(&value, list + index * sizeof value, sizeof value);
    return value;
}

static bool overlap(uint64_t one_mfn, uint64_t other_mfn, uint64_t pages)
{
    return one_mfn < other_mfn ? other_mfn - one_mfn < pages : one_mfn - other_mfn < pages;
}

/* Is each frame of the step the domain's own, not mapped, and named only once? 0 or -errno. */
static long may_go(const struct exchange *x, uint64_t first)
{
    const struct host *host = &x->d->machine->host;
    uint64_t pages = 1ull << x->ask.in.extent_order;
    for (uint64_t i = first; i < first + x->in_step; i++) {
        if (i >= x->in_readable)
            return -EFAULT;
        uint64_t mfn = entry(x->in, i);
        if (x->d->physmap != NULL) /* no frame can be taken from a domain that Xen translates for: measured */
            return pod_touch(x->d, mfn) == 0 ? -EINVAL : -EOPNOTSUPP;
        for (uint64_t k = 0; k < pages; k++) {
            if (!frame_owned_by(host, mfn + k, x->d->domid))
                return -EINVAL;
            const struct frame *frame = frame_of(host, mfn + k);
            if (frame->mappings != 0 || frame->foreign != 0)
                return -EINVAL;
        }
        for (uint64_t before = first; before < i; before++) {
            if (overlap(entry(x->in, before), mfn, pages))
                return -EINVAL;
        }
    }
    return 0;
}

static void note(struct exchange *x, uint64_t mfn)
{
    struct machine *m = x->d->machine;
    if (machine_frame_room(m, x->trace->nr_frames + 1u))
        m->frame_list[x->trace->nr_frames++] = (uint32_t)mfn;
}

/* pfn PFN_NONE: the guest's list does not say where, and the extent is the domain's all the same. */
static void give_extent(struct exchange *x, uint64_t mfn, uint64_t pfn)
{
    for (uint64_t k = 0; k < 1ull << x->ask.out.extent_order; k++) {
        reservation_add(x->d, mfn + k);
        if (pfn != PFN_NONE.pfn)
            x->d->machine->host.m2p[mfn + k] = pfn + k;
        note(x, mfn + k);
    }
}

static void take_extent(struct exchange *x, uint64_t mfn)
{
    for (uint64_t k = 0; k < 1ull << x->ask.in.extent_order; k++)
        reservation_give_back(x->d, mfn + k);
}

/* The new frames are taken first, so that a host without free memory exchanges nothing. A claim doesn't help here, not
 * even the domain's own: measured. */
static long step(struct exchange *x, uint64_t in_first, uint64_t out_first)
{
    struct host *host = &x->d->machine->host;
    const unsigned bits = XENMEMF_get_address_bits(x->ask.out.mem_flags);
    long error = may_go(x, in_first);
    if (error != 0)
        return error;
    uint64_t got = 0, mfns[1u << ORDER_LIMIT_DOMU];
    assert(x->out_step <= sizeof mfns / sizeof mfns[0]);
    while (got < x->out_step && claims_leave(host, 1ull << x->ask.out.extent_order) &&
           (mfns[got] = pool_take_below(host, x->ask.out.extent_order, bits)) != 0)
        got++;
    if (got < x->out_step) {
        while (got-- > 0)
            pool_return(host, mfns[got], x->ask.out.extent_order);
        return -ENOMEM;
    }
    tlb_frames_taken(x->d->machine, x->d);
    const uint64_t claim_pages = x->d->claim_pages;
    for (uint64_t i = 0; i < x->in_step; i++)
        take_extent(x, entry(x->in, in_first + i));
    for (uint64_t i = 0; i < x->out_step; i++) {
        const uint64_t at = out_first + i;
        give_extent(x, mfns[i], at < x->out_readable ? entry(x->out, at) : PFN_NONE.pfn);
        if (at < x->out_writable)
            memcpy(x->out + at * sizeof mfns[i], &mfns[i], sizeof mfns[i]);
        else
            error = -EFAULT;
    }
    claim_keep(x->d, claim_pages);
    return error;
}

/* What Xen looks at before it asks whose frames they are. */
static long check(struct exchange *x, const struct domain *caller)
{
    const struct xen_memory_exchange *ask = &x->ask;
    const unsigned limit = caller->privileged ? ORDER_LIMIT : ORDER_LIMIT_DOMU;
    const unsigned in = ask->in.extent_order, out = ask->out.extent_order, larger = in > out ? in : out;
    if (larger > limit)
        return -EPERM;
    if (ask->nr_exchanged > ask->in.nr_extents || ask->in.domid != ask->out.domid ||
        ask->in.nr_extents > UINT64_MAX >> in || ask->out.nr_extents > UINT64_MAX >> out ||
        ask->in.nr_extents << in != ask->out.nr_extents << out)
        return -EINVAL;
    if (larger - (in < out ? in : out) > ORDER_LIMIT_DOMU)
        return -EINVAL; /* the model has no memory for such a step; only dom0 could ask for one */
    x->in_step = 1ull << (larger - in);
    x->out_step = 1ull << (larger - out);
    return 0;
}

/* Xen looks at the first entry that it would touch of each list. */
static bool lists_are_refused(const struct exchange *x, const struct domain *caller)
{
    const uint64_t step = x->ask.nr_exchanged / x->in_step;
    return hypercall_refuses_list(
               caller, (uintptr_t)x->ask.in.extent_start.p + x->ask.nr_exchanged * sizeof(uint64_t)) ||
           hypercall_refuses_list(
               caller, (uintptr_t)x->ask.out.extent_start.p + step * x->out_step * sizeof(uint64_t));
}

/* As much of a list as the guest can itself reach, in entries. */
static char *find_list(
    const struct domain *caller, uintptr_t va, uint64_t entries, uint64_t *readable, uint64_t *writable)
{
    const struct space *space = &caller->space;
    const uint64_t bytes = entries < SIZE_MAX / sizeof(uint64_t) ? entries * sizeof(uint64_t) : SIZE_MAX;
    *readable = space_reach(space, va, bytes, false) / sizeof(uint64_t);
    *writable = space_reach(space, va, bytes, true) / sizeof(uint64_t);
    assert(*writable <= *readable);
    return *readable != 0 ? space_host(space, va, *readable * sizeof(uint64_t), false) : NULL;
}

long exchange(struct domain *caller, unsigned long argument, struct hypercall_trace *trace)
{
    struct exchange x = {.trace = trace};
    char *guest = space_host(&caller->space, argument, sizeof x.ask, true);
    if (guest == NULL)
        return -EFAULT;
    memcpy(&x.ask, guest, sizeof x.ask);
    trace->asked = x.ask.in.nr_extents;
    long error = check(&x, caller);
    if (error == 0 && x.ask.nr_exchanged == x.ask.in.nr_extents)
        return 0; /* whoever is named */
    if (error == 0 && lists_are_refused(&x, caller))
        error = -EFAULT;
    if (error == 0)
        error = hypercall_target(caller, x.ask.in.domid, &x.d);
    if (error != 0)
        return error;
    uint64_t in_writable;
    x.in = find_list(
        caller, (uintptr_t)x.ask.in.extent_start.p, x.ask.in.nr_extents, &x.in_readable, &in_writable);
    x.out = find_list(
        caller, (uintptr_t)x.ask.out.extent_start.p, x.ask.out.nr_extents, &x.out_readable, &x.out_writable);
    uint64_t step_number = x.ask.nr_exchanged / x.in_step;
    const uint64_t steps = x.ask.in.nr_extents / x.in_step;
    for (; error == 0 && step_number < steps; step_number++)
        error = step(&x, step_number * x.in_step, step_number * x.out_step);
    x.ask.nr_exchanged = error == 0 ? x.ask.in.nr_extents : (step_number - 1u) * x.in_step;
    assert(x.ask.nr_exchanged <= x.ask.in.nr_extents);
    memcpy(guest, &x.ask, sizeof x.ask);
    caller->machine->now_ns += trace->nr_frames * caller->machine->config.costs.page_ns;
    return error;
}
