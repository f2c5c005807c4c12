/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The conductor: the dom0 on the real Xen. It issues the hypercalls that the harness asks for (control.h) and yields in
 * between, so that the domains that the harness built can run. It decides nothing: the harness builds domains, is the
 * toolstack and xenstore, keeps the time and injects faults.
 */
#include "guest/pv/control.h"
#include "guest/abi/paging.h"

#include <xen/sched.h>
#include <xen/physdev.h>
#include <xen/xen.h>

#define PAGE_WORDS      (PAGE_BYTES / sizeof(uint64_t))
#define DEBUG_EXIT_PORT 0xf4

void pv_start(start_info_t *);
void pv_trapped(void);
long pv_hypercall(unsigned long op, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4);

static struct pv_control control __attribute__((aligned(4096)));
/* The page behind the area is unmapped, so that a list can end right before memory that can't be read. */
static char area[PV_AREA_PAGES + 1][PAGE_BYTES] __attribute__((aligned(4096)));
static char window[PV_WINDOW_OWN + 1][PAGE_BYTES] __attribute__((aligned(4096)));

/* Never called: dom0 has no trap table, and Xen kills a domain that faults without one, with a message. */
void pv_trapped(void) {}

static void say(const char *text, unsigned long bytes)
{
    pv_hypercall(__HYPERVISOR_console_io, CONSOLEIO_write, bytes, (unsigned long)text, 0);
}

static void tell_where(uint64_t machine_address)
{
    static const char digits[] = "0123456789abcdef";
    char line[sizeof PV_CONTROL_MARKER + 17] = PV_CONTROL_MARKER;
    unsigned long at = sizeof PV_CONTROL_MARKER - 1;

    for (int shift = 60; shift >= 0; shift -= 4)
        line[at++] = digits[machine_address >> shift & 15];
    line[at++] = '\n';
    say(line, at);
}

static void leave(uint64_t code)
{
    struct physdev_set_iopl iopl = {.iopl = 1};

    pv_hypercall(__HYPERVISOR_physdev_op, PHYSDEVOP_set_iopl, (unsigned long)&iopl, 0, 0);
    __asm__ volatile("outb %0, %1" : : "a"((unsigned char)code), "Nd"((unsigned short)DEBUG_EXIT_PORT));
}

static void answer(void)
{
    switch (control.ask) {
    case PV_HYPERCALL:
        control.result =
            pv_hypercall(control.op, control.arg[0], control.arg[1], control.arg[2], control.arg[3]);
        break;
    case PV_READ:
        control.result = *(volatile int64_t *)control.arg[0];
        break;
    case PV_READ_MANY:
        for (uint64_t i = 0; i < control.arg[1]; i++)
            ((volatile uint64_t *)control.arg[0])[i] =
                *(volatile uint64_t *)((volatile uint64_t *)control.arg[0])[i];
        control.result = 0;
        break;
    case PV_PAGE_WRITE:
        for (unsigned i = 0; i < PAGE_WORDS; i++)
            ((volatile uint64_t *)control.arg[0])[i] = control.arg[1];
        control.result = 0;
        break;
    case PV_PAGE_READ:
        control.result = *(volatile int64_t *)control.arg[0];
        for (unsigned i = 0; i < PAGE_WORDS; i++)
            if (((volatile int64_t *)control.arg[0])[i] != control.result)
                control.result = -1;
        break;
    case PV_EXIT:
        leave(control.arg[0]);
        break;
    default:
        control.result = -38;
    }
    __atomic_store_n(&control.answered, control.asked, __ATOMIC_RELEASE);
}

/* Where the entry of a page is in the lowest of its page tables, which are mapped, read-only, as all of its boot memory is. */
static uint64_t entry_va(const start_info_t *si, uint64_t va)
{
    const uint64_t *m2p = (const uint64_t *)HYPERVISOR_VIRT_START, *table = (const uint64_t *)si->pt_base;

    for (unsigned shift = PTE_TOP_SHIFT; shift > PAGE_SHIFT_BITS; shift -= PTE_INDEX_BITS) {
        const uint64_t entry = table[va >> shift & (P2M_ENTRIES_PER_PAGE - 1u)];

        table = (const uint64_t *)(m2p[(entry & PTE_MFN_MASK) >> PAGE_SHIFT_BITS] << PAGE_SHIFT_BITS);
    }
    return (uint64_t)&table[va >> PAGE_SHIFT_BITS & (P2M_ENTRIES_PER_PAGE - 1u)];
}

void pv_start(start_info_t *si)
{
    const uint64_t *p2m = (const uint64_t *)si->mfn_list;
    unsigned long mapped = si->pt_base + si->nr_pt_frames * PAGE_BYTES + (512ul << 10) + (8ul << 20);

    control.area_va = (uint64_t)area;
    for (unsigned i = 0; i < PV_AREA_PAGES; i++)
        control.area_mfn[i] = (uint32_t)p2m[(uint64_t)area[i] / PAGE_BYTES];
    control.m2p_va = HYPERVISOR_VIRT_START;
    control.reserved_first_pfn = (mapped & ~((4ul << 20) - 1)) / PAGE_BYTES;
    control.pages = si->nr_pages;
    control.p2m_va = si->mfn_list;
    control.window_va = (uint64_t)window;
    control.own_entry_va = entry_va(si, (uint64_t)window[PV_WINDOW_OWN]);
    pv_hypercall(__HYPERVISOR_update_va_mapping, (unsigned long)area[PV_AREA_PAGES], 0, UVMF_INVLPG, 0);
    control.magic = PV_CONTROL_MAGIC;
    tell_where(p2m[(uint64_t)&control / PAGE_BYTES] * PAGE_BYTES);
    for (;;) {
        while (__atomic_load_n(&control.asked, __ATOMIC_ACQUIRE) == control.answered)
            pv_hypercall(__HYPERVISOR_sched_op, SCHEDOP_yield, 0, 0, 0);
        answer();
    }
}
