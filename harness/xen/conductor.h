/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The conductor is the dom0 that runs on the real Xen (guest/pv/dom0.c). It issues the hypercalls that this
 * process asks for, one at a time, and decides nothing. Here is the harness's side of the control page through
 * which the two communicate (guest/pv/control.h). It knows nothing of QEMU: while an answer is waited for, a function of
 * the caller's says whether one can still come.
 *
 * Addresses called va are the conductor's own, as it passes them to Xen.
 */
#ifndef HARNESS_XEN_CONDUCTOR_H
#define HARNESS_XEN_CONDUCTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest/pv/control.h"

struct conductor;
struct xen_found;

/* Called around each question. Once either has returned false, nothing more is asked, and each call below returns -1. */
struct conductor_watch {
    void *context;
    bool (*begin)(void *context); /* before a question is put */
    bool (*go_on)(void *context); /* again and again while its answer is waited for */
};

/*
 * NULL: no memory. The control page and the area stay the caller's, and must exist as long as the conductor is used. area
 * is where this process sees the PV_AREA_PAGES pages for arguments, one behind the other.
 */
struct conductor *conductor_new(struct pv_control *, char *area, const struct conductor_watch *);
void conductor_free(struct conductor *);

/* Which Xen answers. Until conductor_know_xen it takes no call of a toolstack's. */
const struct xen_found *conductor_xen(const struct conductor *);
void conductor_know_xen(struct conductor *, const struct xen_found *);
uint64_t conductor_pages(const struct conductor *); /* what it booted with */

/*
 * Leaves the processor to QEMU for a moment. Whoever waits spins first, for an answer takes microseconds; on a busy computer QEMU
 * waits for this very processor, and one that has slept gets its own back sooner than one that only yielded.
 */
void conductor_rest(void);

/* Looks whether answers can still come; what is known of Xen means nothing when they can't. */
bool conductor_is_well(struct conductor *);

/* Xen's answer. Pointers among the arguments are the conductor's addresses. */
long conductor_hypercall(struct conductor *, uint64_t op, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4);

/* Page k of the room for arguments, as this process and as the conductor sees it. */
char *conductor_area(const struct conductor *, unsigned page);
uint64_t conductor_area_va(const struct conductor *, unsigned page);
/* The end of the area, behind which nothing is mapped: Xen can't read on past a list that ends here. */
uint64_t conductor_area_end_va(const struct conductor *);

/* Virtual pages of the conductor's, PV_WINDOW_PAGES and PV_WINDOW_OWN, to map other domains' frames at. */
uint64_t conductor_window_va(const struct conductor *, unsigned page);
/* The frame that is mapped at PV_WINDOW_OWN, as its page table has it. */
uint64_t conductor_own_frame(struct conductor *);
/* Sets each word of the page that is mapped at an address. */
void conductor_page_write(struct conductor *, uint64_t va, uint64_t word);
/* What each word of that page is; UINT64_MAX when they differ. */
uint64_t conductor_page_read(struct conductor *, uint64_t va);

/* Replaces frame numbers by their M2P entries; leaves them as they are when Xen can't be asked any more. */
#define CONDUCTOR_M2P_MAX 4096u
void conductor_m2p(struct conductor *, uint64_t *mfns, size_t count);
/* The frame of one of its pages. Pages from the first spare one on are not mapped. */
uint64_t conductor_mfn(struct conductor *, uint64_t pfn);
uint64_t conductor_spare_first_pfn(const struct conductor *);

#endif
