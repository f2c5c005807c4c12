/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * HYPERVISOR_memory_op: makes a domain's reservation grow and shrink, and tells its size. Everything is as measured on
 * Xen 4.17 (docs/xen-semantics.md): the three reservation calls return how many extents were done, and never an error
 * number, whatever is wrong with them.
 */
#include "sim/hypercall/memory_op.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <xen/memory.h>

#include "sim/domain/claim.h"
#include "sim/domain/domain.h"
#include "sim/domain/physmap.h"
#include "sim/domain/pod.h"
#include "sim/domain/reservation.h"
#include "sim/domain/site.h"
#include "sim/host/frame_table.h"
#include "sim/host/pool.h"
#include "sim/host/zombie.h"
#include "sim/hypercall/exchange.h"
#include "sim/hypercall/list_place.h"
#include "sim/hypercall/memory_claim.h"
#include "sim/hypercall/memory_map.h"
#include "sim/hypercall/memory_pod.h"
#include "sim/hypercall/target.h"
#include "sim/machine_state.h"
#include "sim/schedule.h"

#define EXTENTS_LIMIT  (1ull << 26) /* measured */
#define PAGE_BITS      12u          /* so many address bits or fewer name less than a page: nothing is done */
#define PREEMPT_ONE_IN 64u          /* extents, when the seed decides */
#define NODE_ANY       0xffu

/* A reservation call that is being served. */
struct reservation_call {
    struct domain *caller, *target;
    struct hypercall_trace *trace;
    struct xen_memory_reservation ask; /* our copy: the guest's is not looked at again */
    uint64_t start, done, until;       /* extents; a fault can make until less than nr_extents */
    bool continued;                    /* preempted: it goes on at `done` */
    char *list;                        /* in the guest's memory */
    uint64_t readable, writable;       /* how many of its entries the guest could itself read, and write */
};

/* Finds the guest's list. Each entry is read once, or written once, when the call comes to it. */
static void find_list(struct reservation_call *call)
{
    const struct space *space = &call->caller->space;
    uintptr_t va = (uintptr_t)call->ask.extent_start.p;
    uint64_t bytes = call->ask.nr_extents * sizeof(uint64_t);
    call->readable = space_reach(space, va, bytes, false) / sizeof(uint64_t);
    call->writable = space_reach(space, va, bytes, true) / sizeof(uint64_t);
    if (call->readable != 0)
        call->list = space_host(space, va, call->readable * sizeof(uint64_t), false);
    assert(call->writable <= call->readable);
}

static inline void trace_frame(const struct reservation_call *call, uint64_t mfn)
{
    struct machine *m = call->caller->machine;
    size_t at = call->trace->nr_frames;
    if (at == m->frame_list_room && !machine_frame_room(m, at + 1u))
        return;
    m->frame_list[at] = (uint32_t)mfn;
    call->trace->nr_frames = at + 1u;
}

static unsigned order_limit(const struct domain *d)
{
    return d->privileged ? ORDER_LIMIT : ORDER_LIMIT_DOMU;
}

/* Entry `index` of the guest's list: false when the guest itself may not touch it. */
static inline bool list_read(const struct reservation_call *call, uint64_t index, uint64_t *value)
{
    if (index >= call->readable)
        return false;
    memcpy(value, call->list + index * sizeof *value, sizeof *value);
    return true;
}

static inline bool list_write(const struct reservation_call *call, uint64_t index, uint64_t value)
{
    if (index >= call->writable)
        return false;
    memcpy(call->list + index * sizeof value, &value, sizeof value);
    return true;
}

/*
 * Does Xen look at the call at all? Flags that it refuses are refused for each of the three calls, for a decrease too, to
 * which they say nothing: measured. With XENMEMF_vnode the node is one of the domain's own, and no domain here has any.
 */
static bool flags_are_good(const struct domain *caller, unsigned int flags)
{
    unsigned bits = XENMEMF_get_address_bits(flags), node = XENMEMF_get_node(flags);
    if (bits != 0 && bits <= PAGE_BITS)
        return false;
    if ((flags & XENMEMF_vnode) || node == NODE_ANY)
        return true;
    return caller->privileged ? node < NODES_LIMIT : !(flags & XENMEMF_exact_node_request);
}

/* Is there memory where the flags ask for it? The host has one NUMA node, and only dom0's wish for one is heard. */
static bool node_has_memory(const struct domain *caller, unsigned int flags)
{
    unsigned node = XENMEMF_get_node(flags);
    return !caller->privileged || !(flags & XENMEMF_exact_node_request) || (flags & XENMEMF_vnode) ||
           node == NODE_ANY || node == 0;
}

static bool calls_may_be_preempted(const struct machine *m)
{
    return m->config.schedule_seed != 0 && !m->config.whole_calls;
}

/*
 * Between two extents Xen looks whether something else wants the processor; then it makes the guest repeat the call,
 * from the next extent on. Here the seed decides.
 */
static bool preempted(struct reservation_call *call)
{
    struct machine *m = call->caller->machine;
    if (!calls_may_be_preempted(m) || space_on_real_xen(&call->caller->space) || call->done == call->start)
        return false;
    if (schedule_random(m) % PREEMPT_ONE_IN != 0)
        return false;
    call->continued = true;
    return true;
}

/* An extent that the domain may not have: some Xens take it from the heap all the same, and from the claim. */
static void try_past_maximum(const struct reservation_call *call)
{
    struct domain *d = call->target;
    struct host *host = &d->machine->host;
    const unsigned order = call->ask.extent_order;
    if (d->claim_pages == 0 || !d->machine->config.xen->claim_pays_for_tries ||
        !claim_allows(d, 1ull << order))
        return;
    const uint64_t mfn = pool_take_below(host, order, XENMEMF_get_address_bits(call->ask.mem_flags));
    if (mfn == 0)
        return;
    pool_return(host, mfn, order);
    claim_pay(d, 1ull << order);
}

/* One extent more for the target, its first mfn; 0 when the host or the maximum doesn't allow it. */
static uint64_t take_extent(const struct reservation_call *call)
{
    struct domain *d = call->target;
    unsigned order = call->ask.extent_order;
    uint64_t pages = 1ull << order;
    if (d->reservation_pages + pages > d->maximum_pages) {
        try_past_maximum(call);
        return 0;
    }
    if (!claim_allows(d, pages))
        return 0;
    uint64_t mfn = pool_take_below(&d->machine->host, order, XENMEMF_get_address_bits(call->ask.mem_flags));
    if (mfn != 0)
        tlb_frames_taken(d->machine, call->caller);
    for (uint64_t i = 0; mfn != 0 && i < pages; i++) {
        reservation_add(d, mfn + i);
        trace_frame(call, mfn + i);
    }
    return mfn;
}

static void write_frames(char *list, const uint32_t *mfns, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const uint64_t mfn = mfns[i];
        memcpy(list + i * sizeof mfn, &mfn, sizeof mfn);
    }
}

/*
 * Takes as many single frames at once as take_extent would give one by one. It does nothing where something could happen
 * between two of them: a preemption that the seed chooses, or a claim.
 */
static void increase_singles(struct reservation_call *call, bool wants_list)
{
    struct domain *d = call->target;
    struct machine *m = d->machine;
    struct hypercall_trace *trace = call->trace;
    if (call->ask.extent_order != 0 || calls_may_be_preempted(m) || m->host.claimed_pages != 0 ||
        XENMEMF_get_address_bits(call->ask.mem_flags) != 0)
        return;
    uint64_t room = d->maximum_pages > d->reservation_pages ? d->maximum_pages - d->reservation_pages : 0;
    uint64_t wanted = call->until - call->done < room ? call->until - call->done : room;
    if (wanted == 0)
        return; /* no room was made for any frame, so there may be no list */
    if (wants_list && call->done + wanted > call->writable)
        return;
    if (!machine_frame_room(m, trace->nr_frames + wanted))
        return;
    uint32_t *mfns = m->frame_list + trace->nr_frames;
    size_t taken = pool_take_singles(&m->host, mfns, wanted);
    if (taken != 0)
        tlb_frames_taken(m, call->caller);
    reservation_add_many(d, mfns, taken);
    if (wants_list)
        write_frames(call->list + call->done * sizeof(uint64_t), mfns, taken);
    trace->nr_frames += taken;
    call->done += taken;
    assert(call->done <= call->until && d->reservation_pages <= d->maximum_pages);
}

/* A kernel that grows allocates structures for its new pages: looks how much of its heap it says is used. The number
 * is not trusted. */
static void look_at_heap(struct domain *d)
{
    if (d->counters != NULL && !space_on_real_xen(&d->space))
        space_heap_used(&d->space, d->counters->heap_touched_bytes);
}

static void increase(struct reservation_call *call)
{
    look_at_heap(call->caller);
    if (!node_has_memory(call->caller, call->ask.mem_flags))
        return;
    /* A translated domain is not told its frames, and these get no gfn: read in Xen's source, not measured. */
    bool wants_list = call->ask.extent_start.p != NULL && call->target->physmap == NULL;
    increase_singles(call, wants_list);
    for (; call->done < call->until; call->done++) {
        if (preempted(call))
            return;
        uint64_t mfn = take_extent(call);
        if (mfn == 0)
            return;
        /* The extent stays with the domain even when the guest can't be told: measured. */
        if (wants_list && !list_write(call, call->done, mfn))
            return;
    }
}

/* Asks whether an armed fault refuses the call: 0, or -errno; a short answer lowers call->until. */
static long ask_faults(struct reservation_call *call, enum fault_site site, uint64_t start)
{
    struct domain *d = call->caller;
    uint64_t pages = (call->ask.nr_extents - start) << call->ask.extent_order;
    uint64_t first = 0;
    if (site == FAULT_SITE_POPULATE_PHYSMAP && !list_read(call, start, &first))
        first = 0;
    struct fault_answer answer = site_ask(d, site, PFN(first), pages);
    if (!answer.refused)
        return 0;
    if (site == FAULT_SITE_INCREASE_RESERVATION_ERRNO || site == FAULT_SITE_DECREASE_RESERVATION_ERRNO)
        return -answer.error;
    uint64_t allowed = start + (answer.has_short ? answer.shortened_to : 0);
    if (allowed < call->until)
        call->until = allowed;
    return 0;
}

/* Enters an extent into the M2P, and into the domain's physmap when Xen translates for it. */
static bool place_extent(struct reservation_call *call, uint64_t pfn, uint64_t mfn)
{
    struct domain *d = call->target;
    uint64_t pages = 1ull << call->ask.extent_order;
    for (uint64_t i = 0; i < pages; i++)
        d->machine->host.m2p[mfn + i] = pfn + i;
    if (d->physmap == NULL)
        return list_write(call, call->done, mfn);
    for (uint64_t i = 0; i < pages; i++)
        pod_replaced(d, pfn + i);
    physmap_set_extent(d->physmap, pfn, mfn, call->ask.extent_order);
    return true;
}

/* Can an extent be entered at these pfns? */
static bool may_stand(struct domain *d, uint64_t pfn, uint64_t pages)
{
    return d->physmap == NULL || physmap_room(d, pfn, pages);
}

/*
 * Not all gfns of an extent are there. Those that are get their frames; the other frames stay the domain's, at no gfn. The call ends
 * here, and the extent does not count as done: measured.
 */
static void populate_past_the_end(struct reservation_call *call, uint64_t pfn, uint64_t pages)
{
    struct domain *d = call->target;
    const uint64_t mfn = take_extent(call);
    assert(d->physmap != NULL && !physmap_can_name(pfn, pages));
    for (uint64_t i = 0; mfn != 0 && physmap_can_name(pfn, i + 1) && physmap_room(d, pfn + i, 1); i++) {
        assert(i < pages);
        d->machine->host.m2p[mfn + i] = pfn + i;
        pod_replaced(d, pfn + i);
        physmap_set(d->physmap, pfn + i, mfn + i);
    }
}

static void populate(struct reservation_call *call)
{
    struct domain *d = call->target;
    bool on_demand = call->ask.mem_flags & XENMEMF_populate_on_demand;
    if (on_demand && d == call->caller)
        return; /* not on oneself */
    if (!on_demand && !node_has_memory(call->caller, call->ask.mem_flags))
        return;
    for (; call->done < call->until; call->done++) {
        uint64_t pfn;
        if (preempted(call) || !list_read(call, call->done, &pfn))
            return;
        if (on_demand) {
            /* dom0 asks it for a PV domain: nothing is done, and no error is told (measured). */
            if (d->physmap != NULL && pod_mark(d, pfn, call->ask.extent_order) != 0)
                return;
            continue;
        }
        const uint64_t pages = 1ull << call->ask.extent_order;
        if (d->physmap != NULL && !physmap_can_name(pfn, pages)) {
            populate_past_the_end(call, pfn, pages);
            return;
        }
        uint64_t mfn = may_stand(d, pfn, pages) ? take_extent(call) : 0;
        if (mfn == 0 || !place_extent(call, pfn, mfn))
            return;
    }
}

/* One frame, or one gfn of a translated domain. */
enum release { RELEASED, NOTHING_THERE, RELEASE_REFUSED };

static enum release release_page(struct reservation_call *call, uint64_t number)
{
    struct domain *d = call->target;
    uint64_t freed = 0, mfn = number;
    if (d->physmap != NULL) {
        mfn = physmap_get(d->physmap, number);
        if (mfn == PHYSMAP_NOTHING)
            return NOTHING_THERE;
        assert(mfn != PHYSMAP_POD);
        physmap_set(d->physmap, number, PHYSMAP_NOTHING);
    }
    if (!reservation_release(d, mfn, &freed))
        return RELEASE_REFUSED;
    if (freed != 0)
        trace_frame(call, mfn);
    return RELEASED;
}

/* An extent that is given back. False: not all of it could be. */
static bool release_extent(struct reservation_call *call, uint64_t first)
{
    struct domain *d = call->target;
    const uint64_t pages = 1ull << call->ask.extent_order;
    /* Populate-on-demand takes what it wants, anywhere in the extent, and so many holes are expected then. */
    uint64_t holes = d->physmap != NULL ? pod_give_up(d, first, pages) : 0;
    for (uint64_t i = 0; i + holes < pages; i++) {
        const enum release done = release_page(call, first + i);
        if (done == RELEASE_REFUSED || (done == NOTHING_THERE && holes == 0))
            return false;
        holes -= done == NOTHING_THERE;
    }
    return true;
}

/* Takes back single frames in one go, up to the first that is not plain (frame_table.h). */
static void decrease_singles(struct reservation_call *call)
{
    struct domain *d = call->target;
    struct machine *m = d->machine;
    struct hypercall_trace *trace = call->trace;
    uint64_t end = call->until < call->readable ? call->until : call->readable;
    if (call->ask.extent_order != 0 || calls_may_be_preempted(m) || d->physmap != NULL || call->done >= end)
        return;
    if (!machine_frame_room(m, trace->nr_frames + (end - call->done)))
        return;
    size_t freed = reservation_release_many(
        d, call->list + call->done * sizeof(uint64_t), end - call->done, m->frame_list + trace->nr_frames);
    trace->nr_frames += freed;
    call->done += freed;
    assert(call->done <= end);
}

static void decrease(struct reservation_call *call)
{
    decrease_singles(call);
    for (; call->done < call->until; call->done++) {
        uint64_t first;
        if (preempted(call) || !list_read(call, call->done, &first) || !release_extent(call, first))
            return;
    }
}

/* A dying domain is given nothing, and what is left of it is given up already: to give it up again changes nothing. */
static long decrease_dying(struct reservation_call *call, const struct zombie *dying)
{
    const struct host *host = &call->caller->machine->host;
    const uint64_t pages = 1ull << call->ask.extent_order;
    for (uint64_t first; call->done < call->until && list_read(call, call->done, &first); call->done++)
        for (uint64_t i = 0; i < pages; i++)
            if (!zombie_has(host, dying, first + i))
                return (long)call->done;
    return (long)call->done;
}

static long refused_by_fault(struct reservation_call *call, unsigned op, uint64_t start)
{
    long error = 0;
    switch (op) {
    case XENMEM_increase_reservation:
        error = ask_faults(call, FAULT_SITE_INCREASE_RESERVATION_ERRNO, start);
        return error != 0 ? error : ask_faults(call, FAULT_SITE_INCREASE_RESERVATION, start);
    case XENMEM_decrease_reservation:
        error = ask_faults(call, FAULT_SITE_DECREASE_RESERVATION_ERRNO, start);
        return error != 0 ? error : ask_faults(call, FAULT_SITE_DECREASE_RESERVATION, start);
    default:
        return ask_faults(call, FAULT_SITE_POPULATE_PHYSMAP, start);
    }
}

static long change_reservation(
    struct domain *d, unsigned op, uint64_t start, unsigned long argument, struct hypercall_trace *trace)
{
    struct reservation_call call = {.caller = d, .trace = trace, .start = start, .done = start};
    const bool resumed = d->unfinished;
    d->unfinished = false;
    const void *guest = space_host(&d->space, argument, sizeof call.ask, false);
    if (guest == NULL)
        return (long)start;
    memcpy(&call.ask, guest, sizeof call.ask);
    trace->asked = call.ask.nr_extents;
    /* Bits 0 to 7 the order, 8 to 15 the address bits, from 32 on the other flags. */
    trace->flags = (call.ask.extent_order & 0xffu) | XENMEMF_get_address_bits(call.ask.mem_flags) << 8 |
                   (uint64_t)(call.ask.mem_flags >> 8) << 32;
    const long refused = hypercall_target(d, call.ask.domid, &call.target);
    struct zombie *dying = refused == -ESRCH ? hypercall_dying(d, call.ask.domid) : NULL;
    if (call.ask.nr_extents >= EXTENTS_LIMIT || start > call.ask.nr_extents ||
        call.ask.extent_order > order_limit(d) || (refused != 0 && dying == NULL) ||
        !flags_are_good(d, call.ask.mem_flags))
        return (long)start;

    /* Other lists that can't be reached are only noticed when an entry is touched. */
    if (hypercall_refuses_list(d, (uintptr_t)call.ask.extent_start.p + start * sizeof(uint64_t)))
        return (long)start;

    call.until = call.ask.nr_extents;
    find_list(&call);
    if (dying != NULL)
        return op == XENMEM_decrease_reservation ? decrease_dying(&call, dying) : (long)start;

    if (resumed)
        call.until = d->unfinished_until; /* whether a fault refuses it was asked when the call began */
    long error = start < call.until && !resumed ? refused_by_fault(&call, op, start) : 0;
    if (error != 0)
        return error;
    if (op == XENMEM_increase_reservation)
        increase(&call);
    else if (op == XENMEM_decrease_reservation)
        decrease(&call);
    else
        populate(&call);

    assert(call.done >= start && call.done <= call.ask.nr_extents);
    const struct machine_costs *costs = &d->machine->config.costs;
    d->machine->now_ns += (call.done - start) * costs->extent_ns + trace->nr_frames * costs->page_ns;
    if (call.continued) {
        d->unfinished = true;
        d->unfinished_until = call.until;
        trace->asked = call.done;
    }
    return (long)call.done;
}

/* Finds the domain that a query's argument names; *dying: if it is dying, and the answer is -ESRCH then. 0 or -errno. */
static long find_asked(
    struct domain *d, unsigned long argument, struct domain **target, const struct zombie **dying)
{
    domid_t domid;
    const void *guest = space_host(&d->space, argument, sizeof domid, false);
    if (guest == NULL)
        return -EFAULT;
    memcpy(&domid, guest, sizeof domid);
    *dying = hypercall_dying(d, domid);
    return hypercall_target(d, domid, target);
}

static long ask_reservation(struct domain *d, bool maximum, unsigned long argument)
{
    struct domain *target;
    const struct zombie *dying = NULL;
    const long error = find_asked(d, argument, &target, &dying);
    if (dying != NULL)
        return (long)(maximum ? dying->dying.maximum_pages : dying->frames);
    if (error != 0)
        return error;
    return (long)(maximum ? target->maximum_pages : target->reservation_pages);
}

/* The highest pfn that the domain says it has, or the highest gfn that Xen ever translated for it. */
static long ask_maximum_gpfn(struct domain *d, unsigned long argument)
{
    struct domain *target;
    const struct zombie *dying = NULL;
    const long error = find_asked(d, argument, &target, &dying);
    if (dying != NULL)
        return (long)dying->dying.highest_gfn;
    if (error != 0)
        return error;
    if (target->physmap != NULL)
        return (long)target->physmap->highest_gfn;
    const uint64_t pages =
        target->empty || target->space.shared_info == NULL ? 0 : target->space.shared_info->arch.max_pfn;
    return (long)(pages != 0 ? pages - 1u : 0);
}

long memory_op(struct domain *d, unsigned long command, unsigned long argument, struct hypercall_trace *trace)
{
    unsigned op = (unsigned)(command & MEMORY_OP_MASK);
    uint64_t start = command >> MEMORY_OP_BITS;
    trace->subop = op;
    switch (op) {
    case XENMEM_increase_reservation:
    case XENMEM_decrease_reservation:
    case XENMEM_populate_physmap:
        return change_reservation(d, op, start, argument, trace);
    case XENMEM_current_reservation:
        return ask_reservation(d, false, argument);
    case XENMEM_maximum_reservation:
        return ask_reservation(d, true, argument);
    case XENMEM_maximum_gpfn:
        return start == 0 ? ask_maximum_gpfn(d, argument) : -EINVAL;
    case XENMEM_exchange:
        return exchange(d, argument, trace);
    case XENMEM_claim_pages:
        return start == 0 ? memory_claim(d, argument, trace) : -EINVAL;
    case XENMEM_memory_map:
        return memory_map(d, false, argument, trace);
    case XENMEM_machine_memory_map:
        if (d->physmap != NULL && d->machine->config.xen->host_map_is_for_pv)
            return -ENOSYS;
        return memory_map(d, true, argument, trace);
    case XENMEM_set_pod_target:
    case XENMEM_get_pod_target:
        return memory_pod_target(d, op == XENMEM_set_pod_target, argument, trace);
    case XENMEM_maximum_ram_page:
        return (long)(d->machine->host.end_mfn - 1u);
    default:
        return -ENOSYS;
    }
}
