/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * HYPERVISOR_mmu_update, of which the M2P's updates are modelled, and update_va_mapping, by which a guest
 * maps frames into its window of virtual pages. There are no page tables behind it: a frame knows how
 * often it is mapped, and a page's contents are its frame's stamp. What is read and written goes to where the processor's
 * TLB would lead (sim/domain/tlb.h).
 */
#include "sim/hypercall/mmu.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "sim/domain/backtrace.h"
#include "sim/domain/domain.h"
#include "sim/domain/pod.h"
#include "sim/domain/reservation.h"
#include "sim/domain/site.h"
#include "sim/domain/tlb.h"
#include "sim/host/frame_table.h"
#include "sim/host/zombie.h"
#include "sim/hypercall/direct_map.h"
#include "sim/hypercall/done.h"
#include "sim/hypercall/flush.h"
#include "sim/hypercall/target.h"
#include "sim/machine_state.h"
#include "sim/record/recorder.h"

#define WINDOW_GFN      (1ull << 63) /* in an entry of the window: it maps this gfn, which may be 0 */
#define COUNT_PREEMPTED 0x80000000u  /* Xen's MMU_UPDATE_PREEMPTED, in the count */

static uint32_t low32(uint64_t number)
{
    return number > UINT32_MAX ? UINT32_MAX : (uint32_t)number;
}

/* Updates M2P entries up to the first frame that is not plain (frame_table.h). Returns how many. */
static uint64_t update_plain(
    struct machine *m, const struct domain *owner, const char *list, uint64_t count, uint32_t *told)
{
    const struct frame *frames = m->host.frames;
    const uint64_t end_mfn = m->host.end_mfn;
    const uint32_t plain = frame_plain(owner->domid);
    uint64_t *m2p = m->host.m2p;
    uint64_t done = 0;
    for (; done < count; done++, list += sizeof(mmu_update_t), told += 2) {
        mmu_update_t update;
        memcpy(&update, list, sizeof update);
        const uint64_t mfn = update.ptr >> PAGE_SHIFT_BITS;
        if ((update.ptr & 3u) != MMU_MACHPHYS_UPDATE || mfn >= end_mfn || frames[mfn].state != plain)
            break;
        m2p[mfn] = update.val;
        told[0] = (uint32_t)mfn;
        told[1] = low32(update.val);
    }
    return done;
}

/* Whose frames an mmu_update names, and whether the caller may. Xen looks at that when it comes to an update. */
struct update_owner {
    const struct domain *domain; /* NULL: Xen's own, or a dom0 that the scenario doesn't have */
    long refused;                /* 0, or -EPERM */
    const struct zombie *dying;  /* it is dying; else NULL */
};

/* Is it a frame of theirs? The page that a domain shares with Xen is its own, too: measured. */
static inline bool may_update(const struct host *host, const struct update_owner *owner, uint64_t mfn)
{
    if (owner->dying != NULL)
        return !owner->dying->dying.translated && zombie_has(host, owner->dying, mfn);
    return owner->domain != NULL &&
           (frame_owned_by(host, mfn, owner->domain->domid) || reservation_shares(owner->domain, mfn));
}

/* One update: 0 or -errno. The caller has made room in the list of frames. */
static inline long update_one(struct machine *m, const struct update_owner *owner, const mmu_update_t *update,
    struct hypercall_trace *trace)
{
    struct host *host = &m->host;
    if ((update->ptr & 3u) != MMU_MACHPHYS_UPDATE)
        return (update->ptr & 3u) == MMU_NORMAL_PT_UPDATE ? -EINVAL : -ENOSYS;
    uint64_t mfn = update->ptr >> PAGE_SHIFT_BITS;
    if (owner->domain != NULL && owner->domain->physmap != NULL)
        return -EINVAL;
    if (owner->refused != 0)
        return owner->refused;
    if (!may_update(host, owner, mfn))
        return -EINVAL;
    host->m2p[mfn] = update->val; /* Xen, too, takes any number */
    m->frame_list[trace->nr_frames++] = low32(mfn);
    m->frame_list[trace->nr_frames++] = low32(update->val);
    return 0;
}

long mmu_update(struct domain *d, const struct vcpu *vcpu, struct hypercall_trace *trace)
{
    uint64_t count = vcpu->arg[1] & ~(uint64_t)COUNT_PREEMPTED & UINT32_MAX;
    domid_t foreign = (domid_t)vcpu->arg[3];
    trace->asked = count;
    struct domain *named;
    const long refused = hypercall_frames_of(d, foreign, &named);
    const struct zombie *dying = refused == -ESRCH ? hypercall_dying(d, foreign) : NULL;
    if (refused == -ESRCH && dying == NULL)
        return hypercall_tell_done(d, vcpu->arg[2], 0, refused);
    const struct update_owner owner = {named, dying != NULL ? 0 : refused, dying};

    struct fault_answer answer = site_ask(d, FAULT_SITE_MMU_UPDATE, PFN(0), count);
    long result = answer.refused ? -answer.error : 0;
    size_t bytes = count * sizeof(mmu_update_t);
    uint64_t readable = space_reach(&d->space, vcpu->arg[0], bytes, false) / sizeof(mmu_update_t);
    const char *list =
        readable != 0 ? space_host(&d->space, vcpu->arg[0], readable * sizeof(mmu_update_t), false) : NULL;
    uint32_t done = 0;
    if (readable != 0 && !machine_frame_room(d->machine, trace->nr_frames + 2u * readable))
        return -ENOMEM;
    if (result == 0 && readable != 0 && refused == 0 && named != NULL && named->physmap == NULL) {
        done = (uint32_t)update_plain(
            d->machine, named, list, readable, d->machine->frame_list + trace->nr_frames);
        trace->nr_frames += 2u * done;
    }
    while (result == 0 && done < count) {
        mmu_update_t update;
        if (done == readable) {
            result = -EFAULT;
            break;
        }
        assert(list != NULL);
        memcpy(&update, list + done * sizeof update, sizeof update);
        result = update_one(d->machine, &owner, &update, trace);
        done += result == 0;
    }
    d->machine->now_ns += done * d->machine->config.costs.page_ns;
    return hypercall_tell_done(d, vcpu->arg[2], done, result);
}

/* --- the window of virtual pages --- */

/* Which page of the window an address lies in; SPACE_WINDOW_PAGES or more: none. */
static uint64_t window_slot(const struct domain *d, unsigned long va)
{
    return (va - (uintptr_t)d->space.window) >> PAGE_SHIFT_BITS;
}

static void touched(struct domain *d, uint64_t mfn, uint32_t what)
{
    d->vain_exits = 0;
    recorder_touch(d->machine->recorder, d->domid, d->machine->now_ns, MFN(mfn), what);
}

static void unmap_slot(struct domain *d, uint64_t slot, struct hypercall_trace *trace)
{
    uint64_t mfn = d->window_mfn[slot];
    if (mfn == 0)
        return;
    d->window_mfn[slot] = 0;
    if (d->physmap != NULL)
        return; /* the domain is translated and has its own page tables: Xen counts no reference */
    touched(d, mfn, TOUCH_UNMAP);
    /* This was the last mapping of a frame that was given up before: the reservation changes now, so it is recorded. */
    if (reservation_unmap(d->machine, mfn, d->window_foreign[slot])) {
        trace->record = true;
        if (machine_frame_room(d->machine, trace->nr_frames + 1u))
            d->machine->frame_list[trace->nr_frames++] = low32(mfn);
    }
}

/* The frame that an entry with this number maps. For a translated domain the number is a gfn, which is touched here. */
static long find_frame(struct domain *owner, uint64_t number, uint64_t *mfn)
{
    *mfn = owner->physmap != NULL ? pod_touch(owner, number) : number;
    return owner->physmap != NULL && *mfn == 0 ? -EINVAL : 0;
}

/* What the slot had before goes. */
static void fill_slot(
    struct domain *d, uint64_t slot, uint64_t entry, bool foreign, struct hypercall_trace *trace)
{
    unmap_slot(d, slot, trace);
    assert(entry != 0 && d->window_mfn[slot] == 0);
    d->window_mfn[slot] = entry;
    d->window_foreign[slot] = foreign;
    if ((entry & WINDOW_GFN) == 0)
        touched(d, entry, TOUCH_MAP);
}

/* A frame that is left of a dying domain, mapped once more by dom0. */
static long map_dying(
    struct domain *d, const struct zombie *dying, uint64_t slot, uint64_t mfn, struct hypercall_trace *trace)
{
    const long error = -reservation_map_dying(&d->machine->host, dying, mfn);
    if (error == 0)
        fill_slot(d, slot, mfn, true, trace);
    return error;
}

static long map_slot(
    struct domain *d, struct domain *owner, uint64_t slot, uint64_t number, struct hypercall_trace *trace)
{
    uint64_t mfn;
    bool foreign = owner != d, own_tables = d->physmap != NULL && !foreign;
    long error = find_frame(owner, number, &mfn);
    if (error == 0 && !own_tables)
        error = -reservation_map(owner, mfn, foreign);
    if (error == 0)
        fill_slot(d, slot, own_tables ? WINDOW_GFN | number : mfn, foreign, trace);
    return error;
}

long mmu_update_va_mapping(
    struct domain *d, const struct vcpu *vcpu, unsigned domid, struct hypercall_trace *trace)
{
    uint64_t slot = window_slot(d, vcpu->arg[0]), pte = vcpu->arg[1], page;
    uint64_t number = (pte & PTE_MFN_MASK) >> PAGE_SHIFT_BITS;
    struct domain *owner = d;
    trace->asked = 1;
    trace->record = false;
    if (domid == DOMID_SELF && slot >= SPACE_WINDOW_PAGES && direct_map_page(d, vcpu->arg[0], &page)) {
        const long refused = direct_map_update(d, page, pte, trace);
        trace->record |= refused != 0;
        return refused;
    }
    long error = domid != DOMID_SELF ? hypercall_frames_of(d, domid, &owner) : 0;
    const struct zombie *dying = error == -ESRCH ? hypercall_dying(d, domid) : NULL;
    if (dying != NULL)
        error = 0;
    if (error == 0 && slot >= SPACE_WINDOW_PAGES)
        error = -EINVAL;
    if (error == 0 && (pte & PTE_PRESENT) && dying != NULL)
        error = map_dying(d, dying, slot, number, trace);
    else if (error == 0 && (pte & PTE_PRESENT) && owner == NULL)
        error = -EBUSY; /* no domain's frame is Xen's own */
    else if (error == 0 && (pte & PTE_PRESENT))
        error = map_slot(d, owner, slot, number, trace);
    else if (error == 0)
        unmap_slot(d, slot, trace);
    if (error == 0 && vcpu->arg[2] == UVMF_INVLPG)
        tlb_drop(&d->tlb, slot); /* as flush_by_flags would, for it is nearly always this */
    else if (error == 0)
        error = flush_by_flags(d, slot, vcpu->arg[2]);
    if (error != 0)
        trace->record = true;
    return error;
}

/* Maps plain frames where nothing was mapped, up to the first entry that asks for anything else. Returns how many. */
static __attribute__((noinline)) size_t map_plain(
    struct domain *d, uint64_t slot, multicall_entry_t *calls, size_t count, uint32_t *mfns)
{
    struct frame *frames = d->machine->host.frames;
    uint64_t *window_mfn = d->window_mfn + slot, va = calls[0].args[0];
    bool *window_foreign = d->window_foreign + slot;
    const uint64_t end_mfn = d->machine->host.end_mfn;
    const uint32_t plain = frame_plain(d->domid);
    size_t row = 0;
    for (; row < count; row++, va += PAGE_BYTES) {
        const uint64_t pte = calls[row].args[1], mfn = pte >> PAGE_SHIFT_BITS;
        if (calls[row].op != __HYPERVISOR_update_va_mapping || calls[row].args[0] != va ||
            calls[row].args[2] != UVMF_INVLPG || !(pte & PTE_PRESENT) || mfn >= end_mfn ||
            window_mfn[row] != 0)
            break;
        if (frames[mfn].state != plain || frames[mfn].mappings == UINT16_MAX)
            break;
        frames[mfn].mappings++;
        window_mfn[row] = mfn;
        window_foreign[row] = false;
        mfns[row] = (uint32_t)mfn;
        calls[row].result = 0;
    }
    return row;
}

/* Unmaps frames that stay the domain's, up to the first entry that asks for anything else. Returns how many. */
static __attribute__((noinline)) size_t unmap_plain(
    struct domain *d, uint64_t slot, multicall_entry_t *calls, size_t count, uint32_t *mfns)
{
    struct frame *frames = d->machine->host.frames;
    uint64_t *window_mfn = d->window_mfn + slot, va = calls[0].args[0];
    const bool *window_foreign = d->window_foreign + slot;
    size_t row = 0;
    for (; row < count; row++, va += PAGE_BYTES) {
        const uint64_t mfn = window_mfn[row];
        if (calls[row].op != __HYPERVISOR_update_va_mapping || calls[row].args[0] != va ||
            calls[row].args[2] != UVMF_INVLPG || (calls[row].args[1] & PTE_PRESENT) || mfn == 0 ||
            window_foreign[row])
            break;
        if ((frames[mfn].flags & FRAME_RELEASED) || frames[mfn].mappings == 0)
            break;
        frames[mfn].mappings--;
        window_mfn[row] = 0;
        mfns[row] = (uint32_t)mfn;
        calls[row].result = 0;
    }
    return row;
}

size_t mmu_map_row(struct domain *d, multicall_entry_t *calls, size_t count)
{
    struct machine *m = d->machine;
    uint32_t mfns[SPACE_WINDOW_PAGES];
    if (d->physmap != NULL || count == 0)
        return 0;
    const uint64_t slot = window_slot(d, calls[0].args[0]);
    if (slot >= SPACE_WINDOW_PAGES)
        return 0;
    if (count > SPACE_WINDOW_PAGES - slot)
        count = SPACE_WINDOW_PAGES - slot;
    const bool map = calls[0].args[1] & PTE_PRESENT;
    const size_t row =
        map ? map_plain(d, slot, calls, count, mfns) : unmap_plain(d, slot, calls, count, mfns);
    if (row == 0)
        return 0;
    const uint64_t first_ns = m->now_ns + m->config.costs.hypercall_ns;
    m->now_ns += row * m->config.costs.hypercall_ns;
    d->vain_exits = 0;
    tlb_drop_row(&d->tlb, slot, row);
    recorder_touch_row(m->recorder, d->domid, first_ns, mfns, row, map ? TOUCH_MAP : TOUCH_UNMAP);
    return row;
}

/* The frame under a page of the window; 0: none, or a translated guest's page that can't be populated. */
static uint64_t slot_frame(struct domain *d, uint64_t slot)
{
    if (slot >= SPACE_WINDOW_PAGES || d->window_mfn[slot] == 0)
        return 0;
    const uint64_t entry = d->window_mfn[slot];
    return entry & WINDOW_GFN ? pod_touch(d, entry & ~WINDOW_GFN) : entry;
}

/*
 * Through an old translation the guest reaches another frame than its entry names, or it had luck and the processor had
 * dropped it. Either is the guest's fault, so the record of it names both: the frame of the old translation, and that
 * of the entry, 0 for none.
 */
static __attribute__((noinline)) uint64_t reach_by_old(
    struct domain *d, uint64_t slot, uint64_t mfn, uint32_t what)
{
    struct machine *m = d->machine;
    const uint64_t old_mfn = d->tlb.mfn[slot];
    assert(old_mfn != 0 && old_mfn != mfn);
    const bool held = tlb_still_holds(m);
    const struct record_touch touches[] = {
        {(uint32_t)old_mfn, TOUCH_STALE | (held ? what : 0)}, {(uint32_t)mfn, held ? 0 : what}};
    backtrace_whole(d);
    recorder_append(m->recorder, REC_PAGE_TOUCH, d->domid, m->now_ns, NULL, 0, touches, sizeof touches[0],
        sizeof touches / sizeof touches[0]);
    d->vain_exits = 0;
    if (held)
        return old_mfn;
    tlb_drop(&d->tlb, slot);
    if (mfn != 0)
        tlb_load(&d->tlb, slot, mfn);
    return mfn;
}

/* The frame that an access to a page of the window reaches; 0: it faults. */
static inline uint64_t reach(struct domain *d, unsigned long va, uint32_t what)
{
    const uint64_t slot = window_slot(d, va);
    if (slot >= SPACE_WINDOW_PAGES)
        return 0;
    const uint64_t mfn = slot_frame(d, slot);
    if (tlb_is_stale(&d->tlb, slot, mfn))
        return reach_by_old(d, slot, mfn, what);
    if (mfn == 0)
        return 0;
    if (d->physmap == NULL) /* Xen translates for the others: its tables are not modelled */
        tlb_load(&d->tlb, slot, mfn);
    touched(d, mfn, what);
    return mfn;
}

long mmu_page_write(struct domain *d, unsigned long va, uint64_t stamp)
{
    uint64_t mfn = reach(d, va, stamp != 0 ? TOUCH_WRITE : TOUCH_ZERO);
    if (mfn == 0)
        return -EFAULT;
    frame_of(&d->machine->host, mfn)->stamp = stamp;
    return 0;
}

/* Writes nothing unless all of the pages are mapped. */
long mmu_pages_write(struct domain *d, unsigned long va, uint64_t stamp, uint64_t pages)
{
    uint64_t first = window_slot(d, va);
    if (first >= SPACE_WINDOW_PAGES || pages > SPACE_WINDOW_PAGES - first)
        return -EFAULT;
    bool holes = false, one_by_one = d->physmap != NULL;
    for (uint64_t slot = first; slot < first + pages; slot++) {
        holes |= d->window_mfn[slot] == 0;
        one_by_one |= tlb_is_stale(&d->tlb, slot, d->window_mfn[slot]);
    }
    if (holes)
        return -EFAULT;
    uint32_t mfns[SPACE_WINDOW_PAGES];
    if (one_by_one) {
        for (uint64_t k = 0; k < pages; k++)
            mmu_page_write(d, va + k * PAGE_BYTES, stamp);
        return 0;
    }
    for (uint64_t k = 0; k < pages; k++) {
        const uint64_t mfn = d->window_mfn[first + k];
        mfns[k] = (uint32_t)mfn;
        tlb_load(&d->tlb, first + k, mfn);
        d->machine->host.frames[mfn].stamp = stamp;
    }
    d->vain_exits = 0;
    recorder_touch_row(d->machine->recorder, d->domid, d->machine->now_ns, mfns, pages,
        stamp != 0 ? TOUCH_WRITE : TOUCH_ZERO);
    return 0;
}

/* Are all frames of the list plain? Then their numbers are in mfns. */
static __attribute__((noinline)) bool all_plain(
    const struct domain *d, const char *list, uint64_t count, uint32_t *mfns)
{
    const struct frame *frames = d->machine->host.frames;
    const uint64_t end_mfn = d->machine->host.end_mfn;
    const uint32_t plain = frame_plain(d->domid);
    for (uint64_t k = 0; k < count; k++) {
        uint64_t mfn;
        memcpy(&mfn, list + k * sizeof mfn, sizeof mfn);
        if (mfn >= end_mfn || frames[mfn].state != plain)
            return false;
        mfns[k] = (uint32_t)mfn;
    }
    return true;
}

/*
 * PORT_FRAMES_ZERO: maps, zeroes and unmaps a row of pages in one call, which takes as much virtual time as the three. It
 * is refused when the run would have ended between two of the three calls, and when one of them would have been refused;
 * the guest makes the three calls then.
 */
long mmu_frames_zero(struct domain *d, unsigned long list_va, uint64_t count, unsigned long flags)
{
    struct machine *m = d->machine;
    const struct machine_costs *costs = &m->config.costs;
    const uint64_t begin_ns = m->now_ns - costs->port_ns;
    const uint64_t end_ns = m->now_ns + 2u * (1u + count) * costs->hypercall_ns;
    uint32_t mfns[SPACE_WINDOW_PAGES];
    m->now_ns = begin_ns; /* a refusal costs no time: the three calls are still to come */
    if (flags != UVMF_INVLPG || d->physmap != NULL || count == 0 || count > SPACE_WINDOW_PAGES || m->stop ||
        end_ns >= m->until_ns)
        return -EINVAL;
    const char *list = space_host(&d->space, list_va, count * sizeof(uint64_t), false);
    if (list == NULL)
        return -EFAULT;
    if (!all_plain(d, list, count, mfns))
        return -EINVAL;
    for (uint64_t k = 0; k < count; k++)
        m->host.frames[mfns[k]].stamp = 0;
    m->now_ns = end_ns;
    d->vain_exits = 0;
    tlb_drop_row(&d->tlb, 0, count);
    recorder_touch_row(m->recorder, d->domid, begin_ns + 2u * costs->hypercall_ns, mfns, count,
        TOUCH_MAP | TOUCH_ZERO | TOUCH_UNMAP);
    return 0;
}

long mmu_page_read(struct domain *d, unsigned long va)
{
    uint64_t mfn = reach(d, va, TOUCH_READ);
    if (mfn == 0)
        return -1; /* on the real Xen a page that holds no stamp is answered so */
    return (long)frame_of(&d->machine->host, mfn)->stamp;
}
