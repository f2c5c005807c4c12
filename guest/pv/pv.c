/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hypercall() and debug_port() on the real Xen, the two functions that every guest image leaves undefined. Xen answers
 * what only Xen can; the harness answers the rest through the mailbox. The domain's builder has filled in the boot block,
 * as in the simulator.
 */
#include "guest/abi/boot.h"
#include "guest/abi/paging.h"
#include "guest/abi/port.h"
#include "guest/pv/mailbox.h"
#include "guest/pv/pvh.h"

#include <xen/event_channel.h>
#include <xen/memory.h>
#include <xen/sched.h>
#include <xen/vcpu.h>

extern struct guest_image guest_image;
void pv_start(start_info_t *, const struct boot_block *);
void pv_trapped(uint64_t vector, uint64_t error_code, uint64_t rip, uint64_t frame_pointer);
long pv_hypercall(unsigned long op, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4);

/* How often the guest looks for an answer before it yields. The harness answers within a microsecond, unless it lets dom0
 * or another guest run first. */
#define SPINS_PER_YIELD 300u

#define HYPERCALLS_END 64ul /* Xen has none from this number on */

static shared_info_t *shared_info;
static unsigned long window, window_bytes, direct_map,
    direct_map_bytes; /* 0: its kernel wants no direct map */
static struct pv_mailbox mailbox __attribute__((section(".mailbox"), aligned(4096), used)) = {
    .magic = PV_MAILBOX_MAGIC,
};

static long leave(enum pv_leave kind, unsigned long op, const unsigned long arg[4], long result)
{
    mailbox.leave = kind;
    mailbox.op = op;
    for (int i = 0; i < 4; i++)
        mailbox.arg[i] = arg[i];
    mailbox.result = result;
    mailbox.frame_pointer = (uint64_t)__builtin_frame_address(0);
    __atomic_store_n(&mailbox.asked, mailbox.asked + 1, __ATOMIC_RELEASE);
    for (unsigned spins = 1; __atomic_load_n(&mailbox.answered, __ATOMIC_ACQUIRE) != mailbox.asked; spins++)
        if (spins % SPINS_PER_YIELD == 0)
            pv_hypercall(__HYPERVISOR_sched_op, 0 /* SCHEDOP_yield */, 0, 0, 0);
    return (long)mailbox.result;
}

/* Posts a call whose answer can only be 0: the guest does not wait for it. */
static long post(enum pv_leave kind, unsigned long op, const unsigned long arg[4])
{
    struct pv_posted *told = &mailbox.posted[mailbox.nr_posted++];

    told->leave = kind;
    told->op = op;
    for (int i = 0; i < 4; i++)
        told->arg[i] = arg[i];
    told->result = 0;
    return 0;
}

static int post_has_room(void)
{
    return mailbox.nr_posted < PV_POSTED_MAX;
}

/*
 * The guest itself reads and writes pages through its mapping. The harness is still told, for its recording.
 */
static unsigned long page_contents(unsigned long op, unsigned long va, unsigned long stamp)
{
    volatile uint64_t *words = (volatile uint64_t *)va;

    for (unsigned i = 0; i < PAGE_BYTES / sizeof *words; i++) {
        if (op == PORT_PAGE_WRITE)
            words[i] = stamp;
        else if (words[i] != words[0])
            return ~0ul;
    }
    return words[0];
}

/*
 * Does whoever hears of it look at the guest's memory, which must not have changed again by then? Pages that reach the allocator are
 * looked up in the P2M, and the kernel's counters are compared from a plug's begin to its end.
 */
static int looks_at_memory(unsigned long note)
{
    return note == NOTE_PAGE_FREE || (note >= NOTE_PLUG_BEGIN && note <= NOTE_UNPLUG_END);
}

long debug_port(unsigned long op, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4)
{
    const unsigned long arg[4] = {a1, a2, a3, a4};
    unsigned long contents = 0;

    if (op == PORT_FRAMES_ZERO)
        return -1; /* on the real Xen frames have to be mapped before they are written */
    if (op == PORT_NOTE && !looks_at_memory(a1) && !mailbox.tells_at_once && post_has_room())
        return post(PV_LEAVE_PORT, op, arg);
    if (op == PORT_PAGE_WRITE || op == PORT_PAGE_READ)
        contents = page_contents(op, a1, a2);
    if (op == PORT_PAGE_WRITE && post_has_room())
        return post(PV_LEAVE_PORT, op, arg);
    else if (op == PORT_PAGES_WRITE)
        for (unsigned long k = 0; k < a3; k++)
            page_contents(PORT_PAGE_WRITE, a1 + k * PAGE_BYTES, a2);
    return leave(PV_LEAVE_PORT, op, arg, (long)contents);
}

/*
 * A call that a scenario's fault shortens is issued for fewer extents, so that Xen does exactly what is
 * reported.
 */
static long shortened(unsigned long op, const unsigned long arg[4], unsigned long extents)
{
    struct xen_memory_reservation fewer = *(const struct xen_memory_reservation *)arg[1];

    fewer.nr_extents = extents;
    return extents == 0 ? 0 : pv_hypercall(op, arg[0], (unsigned long)&fewer, 0, 0);
}

/* Is it a call that the list can hold for Xen as it is: it names no frames, and its answer is all that it does? */
static int lies_in_a_list(const multicall_entry_t *entry)
{
    return entry->op == __HYPERVISOR_multicall || entry->op >= HYPERCALLS_END ||
           (entry->op == __HYPERVISOR_sched_op && entry->args[0] == SCHEDOP_yield);
}

static int lie_in_a_list(const multicall_entry_t *list, unsigned long count)
{
    for (unsigned long i = 0; i < count; i++)
        if (!lies_in_a_list(&list[i]))
            return 0;
    return count > 0;
}

/*
 * A list of calls that name no frames goes to Xen as it is. Of any other each call is issued by itself, since the harness
 * must be told of each; for Xen there is no difference. The harness is told of an empty list first, so that the model
 * counts as much virtual time as for a list that it serves itself.
 */
static long multicall(multicall_entry_t *list, unsigned long count)
{
    const unsigned long all[4] = {(unsigned long)list, count};
    static const unsigned long empty[4];

    if ((unsigned long)list >= PAGE_BYTES && lie_in_a_list(list, count))
        return leave(PV_LEAVE_AFTER, __HYPERVISOR_multicall, all,
            pv_hypercall(__HYPERVISOR_multicall, all[0], count, 0, 0));
    if (post_has_room())
        post(PV_LEAVE_SERVED, __HYPERVISOR_multicall, empty);
    else
        leave(PV_LEAVE_SERVED, __HYPERVISOR_multicall, empty, 0);
    for (unsigned long i = 0; i < count; i++)
        list[i].result = (unsigned long)hypercall(
            list[i].op, list[i].args[0], list[i].args[1], list[i].args[2], list[i].args[3]);
    return 0;
}

/* Of the extended operations on page tables Xen gets those that flush; the others are answered by the model. */
static int only_flushes(const struct mmuext_op *ops, unsigned long count)
{
    for (unsigned long i = 0; i < count; i++)
        if (ops[i].cmd < MMUEXT_TLB_FLUSH_LOCAL || ops[i].cmd > MMUEXT_INVLPG_ALL)
            return 0;
    return 1;
}

/* The real Xen's clock, as it tells it to each vcpu. */
static uint64_t now_ns(void)
{
    const volatile struct vcpu_time_info *time = &shared_info->vcpu_info[0].time;
    uint32_t version, low, high;
    uint64_t ns;

    do {
        version = time->version;
        __asm__ volatile("lfence; rdtsc" : "=a"(low), "=d"(high) : : "memory");
        uint64_t since = ((uint64_t)high << 32 | low) - time->tsc_timestamp;
        since = time->tsc_shift < 0 ? since >> -time->tsc_shift : since << time->tsc_shift;
        ns = time->system_time + (uint64_t)((unsigned __int128)since * time->tsc_to_system_mul >> 32);
    } while ((version & 1u) != 0 || version != time->version);
    return ns;
}

/*
 * The model was asked already, and the harness lets Xen wait for so long (0: its time is past), or until an event comes. The
 * harness is told whether Xen let the time pass.
 */
static long poll(unsigned long op, const unsigned long asked[4], uint64_t wait_ns)
{
    unsigned long arg[4] = {asked[0], asked[1], 0, 0};
    struct sched_poll ask;
    uint64_t until_ns = 1;
    long result;

    if (asked[1] < PAGE_BYTES)
        return leave(PV_LEAVE_AFTER, op, arg, pv_hypercall(op, asked[0], asked[1], 0, 0));
    ask = *(const struct sched_poll *)asked[1];
    if (wait_ns == PV_POLL_EVENT_NS) {
        ask.timeout = 0; /* none */
        return leave(PV_LEAVE_AFTER, op, arg, pv_hypercall(op, asked[0], (unsigned long)&ask, 0, 0));
    }
    for (;; wait_ns *= 10) {
        if (wait_ns > 0)
            until_ns = now_ns() + wait_ns;
        ask.timeout = until_ns;
        result = pv_hypercall(op, asked[0], (unsigned long)&ask, 0, 0);
        arg[2] = wait_ns > 0 && result == 0 && now_ns() >= until_ns;
        if (arg[2] == 0 || wait_ns < PV_POLL_TRY_NS || wait_ns >= PV_POLL_SURE_NS)
            break;
    }
    return leave(PV_LEAVE_AFTER, op, arg, result);
}

/* Is there nothing in it that the model could refuse? In its direct map a guest may map what it likes, and unmap anything. */
static int is_harmless(const unsigned long arg[4])
{
    return arg[0] - direct_map < direct_map_bytes ||
           (arg[0] - window < window_bytes && (arg[1] & PTE_PRESENT) == 0 && arg[2] == UVMF_INVLPG);
}

/*
 * A guest that Xen translates for has page tables of its own, of which Xen hears nothing: the model says whether it may have such a
 * mapping, and then it makes it.
 */
static long map_own(const unsigned long arg[4])
{
    if (is_harmless(arg) && post_has_room()) {
        pvh_map(arg[0], arg[1]);
        return post(PV_LEAVE_SERVED, __HYPERVISOR_update_va_mapping, arg);
    }
    const long result = leave(PV_LEAVE_SERVED, __HYPERVISOR_update_va_mapping, arg, 0);

    if (result == 0)
        pvh_map(arg[0], arg[1]);
    return result;
}

long hypercall(unsigned long op, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4)
{
    const unsigned long arg[4] = {a1, a2, a3, a4};
    long result;

    if (op == __HYPERVISOR_multicall)
        return multicall((multicall_entry_t *)a1, a2);
    if (op == __HYPERVISOR_mmuext_op && only_flushes((const struct mmuext_op *)a1, a2))
        return leave(PV_LEAVE_AFTER, op, arg, pv_hypercall(op, a1, a2, a3, a4));
    if (op == __HYPERVISOR_sched_op && a1 == SCHEDOP_poll) {
        result = leave(PV_LEAVE_BEFORE, op, arg, 0);
        return result == PV_REFUSED ? (long)mailbox.extents : poll(op, arg, mailbox.extents);
    }
    if (op != __HYPERVISOR_memory_op && op != __HYPERVISOR_mmu_update &&
        op != __HYPERVISOR_update_va_mapping && op != __HYPERVISOR_domctl && op != __HYPERVISOR_console_io &&
        op != __HYPERVISOR_xen_version && op != __HYPERVISOR_event_channel_op &&
        !(op == __HYPERVISOR_vcpu_op && a1 == VCPUOP_register_vcpu_info))
        return leave(PV_LEAVE_SERVED, op, arg, 0);
    if (op == __HYPERVISOR_update_va_mapping && pvh_is_translated)
        return map_own(arg);
    if (op == __HYPERVISOR_update_va_mapping) { /* no fault site, and one for each page */
        result = pv_hypercall(op, a1, a2, a3, a4);
        return result == 0 && post_has_room() ? post(PV_LEAVE_AFTER, op, arg)
                                              : leave(PV_LEAVE_AFTER, op, arg, result);
    }
    long before = leave(PV_LEAVE_BEFORE, op, arg, 0);
    if (before == PV_REFUSED)
        return (long)mailbox.extents;
    result = before == PV_SHORTENED ? shortened(op, arg, mailbox.extents) : pv_hypercall(op, a1, a2, a3, a4);
    return leave(PV_LEAVE_AFTER, op, arg, result);
}

void pv_trapped(uint64_t vector, uint64_t error_code, uint64_t rip, uint64_t frame_pointer)
{
    const unsigned long arg[4] = {vector, error_code, rip, frame_pointer};

    if (pvh_is_translated) /* Xen tells it there to a PV guest */
        shared_info->vcpu_info[0].arch.cr2 = pvh_fault_address();
    for (;;)
        leave(PV_LEAVE_TRAPPED, 0, arg, 0);
}

void pv_start(start_info_t *si, const struct boot_block *boot)
{
    shared_info = boot->shared_info;
    window = (unsigned long)boot->window;
    window_bytes = boot->window_pages * PAGE_BYTES;
    direct_map = (unsigned long)boot->direct_map;
    direct_map_bytes = boot->direct_map_pages * PAGE_BYTES;
    if (pvh_is_translated)
        pvh_begin(si);
    guest_image.start(boot);
    for (;;)
        pv_trapped(3, 0, 0, 0);
}
