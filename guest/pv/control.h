/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How the harness and its hands in dom0 meet: one page of dom0's memory, which lies in a file that QEMU
 * maps, so that the harness reads and writes it while Xen runs. The harness asks for one thing at a time.
 * Both sides are ours; nothing of it is Xen's.
 */
#ifndef GUEST_PV_CONTROL_H
#define GUEST_PV_CONTROL_H

#include <stdint.h>

#define PV_CONTROL_MAGIC 0x424c535448414e44ull /* "BLSTHAND", set when dom0 is ready */
#define PV_CONTROL_MARKER \
    "ballast: hands at "     /* then the control page's machine address in hex, on the console */
#define PV_AREA_PAGES   256u /* and behind them a page that isn't there */
#define PV_WINDOW_PAGES 64u

enum pv_ask {
    PV_HYPERCALL = 1, /* op and arg[] as Xen takes them; addresses are dom0's own */
    PV_READ,          /* arg[0] = a virtual address of dom0's, 8 bytes: result */
    PV_READ_MANY,  /* arg[0] = a list of virtual addresses, arg[1] = how many: each becomes what lies there */
    PV_PAGE_WRITE, /* arg[0] = a page of dom0's, arg[1] = what each of its words becomes */
    PV_PAGE_READ,  /* arg[0] = a page of dom0's: what each of its words is, -1 when they differ */
    PV_EXIT,       /* leaves QEMU, its exit status 2 x arg[0] + 1 */
};

struct pv_control {
    uint64_t magic;
    volatile uint64_t asked, answered; /* ordinals of the last question and of the last answer */
    uint64_t ask;                      /* enum pv_ask */
    uint64_t op, arg[5];
    int64_t result;
    uint64_t area_va;                 /* room for arguments: PV_AREA_PAGES pages of dom0's … */
    uint32_t area_mfn[PV_AREA_PAGES]; /* … and the frame of each */
    uint64_t m2p_va;                  /* Xen's M2P as dom0 sees it */
    uint64_t reserved_first_pfn;      /* dom0's pages from here on are mapped nowhere: material for tests */
    uint64_t pages;                   /* start_info.nr_pages */
    uint64_t p2m_va;
    uint64_t window_va; /* PV_WINDOW_PAGES pages for what is to be mapped there */
};

#endif
