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
#include "sim/domain/reservation.h"
#include "sim/host/frame_table.h"
#include "sim/host/pool.h"
#include "sim/hypercall/target.h"
#include "sim/machine_state.h"

struct exchange {
    struct domain *d;
    struct hypercall_trace *trace;
    struct xen_memory_exchange ask;
    const char *in; /* the guest's lists */
    char *out;
    uint64_t in_step, out_step; /* how many extents a step takes from the domain, and gives it */
    uint64_t step_pages;        /* the same in pages: equal for both */
};

static uint64_t entry(const char *list, uint64_t index)
{
    uint64_t value;
    memcpy(&value, list + index * sizeof value, sizeof value);
    return value;
}

/* Is each frame of the step the domain's own, not mapped, and named only once? */
static bool may_go(const struct exchange *x, uint64_t first)
{
    const struct host *host = &x->d->machine->host;
    uint64_t pages = 1ull << x->ask.in.extent_order;
    for (uint64_t i = first; i < first + x->in_step; i++) {
        uint64_t mfn = entry(x->in, i);
        for (uint64_t k = 0; k < pages; k++) {
            if (!frame_owned_by(host, mfn + k, x->d->domid))
                return false;
            const struct frame *frame = frame_of(host, mfn + k);
            if (frame->mappings != 0 || frame->foreign != 0)
                return false;
        }
        for (uint64_t before = first; before < i; before++) {
            if (entry(x->in, before) == mfn)
                return false;
        }
    }
    return true;
}

static void note(struct exchange *x, uint64_t mfn)
{
    struct machine *m = x->d->machine;
    if (machine_frame_room(m, x->trace->nr_frames + 1u))
        m->frame_list[x->trace->nr_frames++] = (uint32_t)mfn;
}

static void give_extent(struct exchange *x, uint64_t mfn, uint64_t pfn)
{
    for (uint64_t k = 0; k < 1ull << x->ask.out.extent_order; k++) {
        reservation_add(x->d, mfn + k);
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
    if (!may_go(x, in_first))
        return -EINVAL;
    uint64_t got = 0, mfns[1u << ORDER_LIMIT_DOMU];
    assert(x->out_step <= sizeof mfns / sizeof mfns[0]);
    while (got < x->out_step && claims_leave(host, 1ull << x->ask.out.extent_order) &&
           (mfns[got] = pool_take(host, x->ask.out.extent_order)) != 0)
        got++;
    if (got < x->out_step) {
        while (got-- > 0)
            pool_return(host, mfns[got], x->ask.out.extent_order);
        return -ENOMEM;
    }
    tlb_frames_taken(x->d->machine, x->d);
    for (uint64_t i = 0; i < x->in_step; i++)
        take_extent(x, entry(x->in, in_first + i));
    for (uint64_t i = 0; i < x->out_step; i++) {
        give_extent(x, mfns[i], entry(x->out, out_first + i));
        memcpy(x->out + (out_first + i) * sizeof mfns[i], &mfns[i], sizeof mfns[i]);
    }
    return 0;
}

static long check(struct exchange *x)
{
    const struct xen_memory_exchange *ask = &x->ask;
    unsigned limit = x->d->privileged ? ORDER_LIMIT : ORDER_LIMIT_DOMU;
    if (ask->in.extent_order > limit || ask->out.extent_order > limit)
        return -EPERM;
    if (ask->nr_exchanged > ask->in.nr_extents || ask->in.nr_extents > UINT64_MAX >> ORDER_LIMIT ||
        ask->out.nr_extents > UINT64_MAX >> ORDER_LIMIT ||
        ask->in.nr_extents << ask->in.extent_order != ask->out.nr_extents << ask->out.extent_order ||
        (ask->in.extent_order != 0 && ask->out.extent_order != 0 &&
            ask->in.extent_order != ask->out.extent_order) ||
        ask->in.domid != ask->out.domid)
        return -EINVAL;
    unsigned larger =
        ask->in.extent_order > ask->out.extent_order ? ask->in.extent_order : ask->out.extent_order;
    x->step_pages = 1ull << (larger < ORDER_LIMIT_DOMU ? larger : ORDER_LIMIT_DOMU);
    x->in_step = ask->in.extent_order == larger ? 1u : x->step_pages;
    x->out_step = ask->out.extent_order == larger ? 1u : x->step_pages;
    if (ask->nr_exchanged % x->in_step != 0 || ask->in.nr_extents % x->in_step != 0 ||
        larger > ORDER_LIMIT_DOMU)
        return -EINVAL;
    return 0;
}

long exchange(struct domain *caller, unsigned long argument, struct hypercall_trace *trace)
{
    struct exchange x = {.trace = trace};
    char *guest = space_host(&caller->space, argument, sizeof x.ask, true);
    if (guest == NULL)
        return -EFAULT;
    memcpy(&x.ask, guest, sizeof x.ask);
    trace->asked = x.ask.in.nr_extents;
    long error = hypercall_target(caller, x.ask.in.domid, &x.d);
    if (error == 0 && x.d->physmap != NULL)
        error = -EOPNOTSUPP;
    if (error == 0)
        error = check(&x);
    if (error != 0)
        return error;
    size_t in_bytes = x.ask.in.nr_extents * sizeof(uint64_t),
           out_bytes = x.ask.out.nr_extents * sizeof(uint64_t);
    x.in = space_host(&caller->space, (uintptr_t)x.ask.in.extent_start.p, in_bytes, false);
    x.out = space_host(&caller->space, (uintptr_t)x.ask.out.extent_start.p, out_bytes, true);
    if (in_bytes != 0 && (x.in == NULL || x.out == NULL))
        return -EFAULT;
    while (error == 0 && x.ask.nr_exchanged < x.ask.in.nr_extents) {
        error = step(&x, x.ask.nr_exchanged, x.ask.nr_exchanged / x.in_step * x.out_step);
        if (error == 0)
            x.ask.nr_exchanged += x.in_step;
    }
    memcpy(guest, &x.ask, sizeof x.ask);
    caller->machine->now_ns += trace->nr_frames * caller->machine->config.costs.page_ns;
    return error;
}
