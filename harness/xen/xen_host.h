/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A real Xen, booted inside QEMU, with our conductor in its dom0 (guest/pv/dom0.c). All of the machine's
 * memory is a file that both sides map, so a frame's bytes are read and written directly; what only the
 * hypervisor can do is asked of dom0, one hypercall at a time. It knows nothing of scenarios or models.
 */
#ifndef HARNESS_XEN_XEN_HOST_H
#define HARNESS_XEN_XEN_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct xen_host;

struct xen_options {
    unsigned memory_mib;    /* QEMU's: 48 to 8192 are known to work */
    unsigned dom0_mib;      /* dom0's reservation … */
    unsigned dom0_max_mib;  /* … and its maximum */
    unsigned limit_s;       /* wall clock for booting, and for each wait */
    bool nested_paging;     /* for HVM containers by proxy: QEMU's CPU offers NPT */
    const char *dom0_image; /* path of dom0.elf */
};

enum xen_trouble {
    XEN_FINE,
    XEN_MISSING,  /* a package is not installed: SKIP */
    XEN_BROKEN,   /* it could not be started: ERROR */
    XEN_PANICKED, /* Xen's own crash text is in the sentence: CRASH */
    XEN_HUNG,     /* the time limit: TIMEOUT */
};

/* NULL with *trouble and a sentence when there is none to be had. */
struct xen_host *xen_boot(
    const struct xen_options *, enum xen_trouble *, char *sentence, size_t sentence_bytes);
/* Ends QEMU, whatever state it is in, and removes its files. */
void xen_stop(struct xen_host *);

/* XEN_FINE until something went wrong; then every call below answers at once with -1. */
enum xen_trouble xen_trouble(const struct xen_host *);
/* A wait begins: the limit counts from here. */
void xen_wait_begins(struct xen_host *);
/* Looks for trouble, and whether there is none. */
bool xen_alive(struct xen_host *);
const char *xen_sentence(const struct xen_host *);
const char *xen_console(const struct xen_host *); /* all that Xen and dom0 printed so far */

/* A hypercall by dom0. Addresses in arguments are dom0's own: see the area. */
long xen_hypercall(struct xen_host *, unsigned long op, unsigned long a1, unsigned long a2, unsigned long a3,
    unsigned long a4);
uint64_t xen_read(struct xen_host *, uint64_t dom0_va); /* 8 bytes of dom0's address space */
/* The M2P's entries for these frames, in place. At most XEN_M2P_MAX at a time. */
#define XEN_M2P_MAX 4096u
void xen_m2p(struct xen_host *, uint64_t *mfns, size_t count);

/* Room for arguments: page k of the area as the harness and as dom0 see it. Neighbouring pages are
 * neighbours in both views. */
#define XEN_AREA_PAGES 256u
char *xen_area(struct xen_host *, unsigned page);
uint64_t xen_area_va(const struct xen_host *, unsigned page);
/* Behind the area's last page: nothing is mapped there. */
uint64_t xen_area_end_va(const struct xen_host *);
/* Pages of dom0's address space to map frames at, and what lies in one: all of its words, -1 when they differ. */
#define XEN_WINDOW_PAGES 64u
uint64_t xen_window_va(const struct xen_host *, unsigned page);
void xen_page_write(struct xen_host *, uint64_t dom0_va, uint64_t word);
uint64_t xen_page_read(struct xen_host *, uint64_t dom0_va);
/* dom0's own frames that nothing maps: [first, first + count) as pfns, and the frame of each. */
uint64_t xen_spare_first_pfn(const struct xen_host *);
uint64_t xen_dom0_pages(const struct xen_host *);
uint64_t xen_dom0_mfn(struct xen_host *, uint64_t pfn);

uint64_t xen_memory_frames(const struct xen_host *); /* highest frame number of the machine's memory + 1 */
/* A frame's 4096 bytes, in QEMU's memory; NULL past its end. */
void *xen_frame(struct xen_host *, uint64_t mfn);
/* Maps frames as neighbours at an address of the harness's: at `where` (reserved by the caller). */
bool xen_map_frame(struct xen_host *, uint64_t mfn, void *where);

#endif
