/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How the harness asks the conductor, the dom0 on the real Xen, for hypercalls: through one page of the conductor's memory.
 * The machine's memory is a file that QEMU maps, so the harness reads and writes the page while Xen runs. It asks for one
 * thing at a time. Both sides are Ballast's; nothing here is Xen's.
 */
#ifndef GUEST_PV_CONTROL_H
#define GUEST_PV_CONTROL_H

#include <stdint.h>

#define PV_CONTROL_MAGIC  0x424c5354434f4e44ull /* "BLSTCOND", set when the conductor is ready */
/* What it prints before the control page's machine address in hex. */
#define PV_CONTROL_MARKER "ballast: conductor at "
#define PV_AREA_PAGES     256u /* a page that is not mapped follows them */
#define PV_WINDOW_PAGES   64u
#define PV_WINDOW_OWN \
    PV_WINDOW_PAGES /* one more page, behind them: the harness maps there what it looks at itself */

enum pv_ask {
    PV_HYPERCALL = 1, /* op and arg[] as Xen takes them; addresses are dom0's */
    PV_READ,          /* arg[0]: a virtual address of dom0's; the result is the 8 bytes there */
    PV_READ_MANY, /* arg[0]: a list of virtual addresses, arg[1]: how many; each is replaced by the 8 bytes there */
    PV_PAGE_WRITE, /* arg[0]: a page of dom0's, arg[1]: what is written to each of its words */
    PV_PAGE_READ, /* arg[0]: a page of dom0's; the result is what each of its words holds, -1 when they differ */
    PV_EXIT,      /* ends QEMU with exit status 2 x arg[0] + 1 */
};

struct pv_control {
    uint64_t magic;
    volatile uint64_t asked, answered; /* ordinals of the last question and of the last answer */
    uint64_t ask;                      /* enum pv_ask */
    uint64_t op, arg[5];
    int64_t result;
    uint64_t area_va;                 /* PV_AREA_PAGES pages of dom0's for arguments */
    uint32_t area_mfn[PV_AREA_PAGES]; /* the frame of each of these pages */
    uint64_t m2p_va;                  /* Xen's M2P as dom0 sees it */
    uint64_t reserved_first_pfn; /* dom0's pages from this pfn on are mapped nowhere: tests may use them */
    uint64_t pages;              /* start_info.nr_pages */
    uint64_t p2m_va;
    uint64_t own_entry_va; /* the entry of its page tables that maps PV_WINDOW_OWN */
    uint64_t window_va;    /* PV_WINDOW_PAGES pages where frames can be mapped, and PV_WINDOW_OWN */
};

#endif
