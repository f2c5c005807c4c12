/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A domain of the real Xen that is saved, and restored as another one, as `xl save` and `xl restore` do it: pages with their
 * contents, page tables that name pages instead of frames, and registers. While it is saved, the guest's boot memory stays
 * where this process looks for it, as a copy, so that pointers into it stay good.
 */
#ifndef HARNESS_XEN_XEN_SAVED_H
#define HARNESS_XEN_XEN_SAVED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct xen_domain;
struct xen_domain_options;
struct xen_saved;

/* A page that is saved. mfn: its frame on Xen, before it is saved and again when it is restored. */
struct xen_saved_page {
    uint64_t pfn;
    uint32_t mfn;
};

/* Keeps the domain, which must be paused, and ends it on Xen. pages are ascending, and stay the caller's until it is restored.
 * NULL, with a sentence: no
 * memory, or Xen is gone, and the domain is of no use. */
struct xen_saved *xen_saved_take(
    struct xen_domain *, const struct xen_saved_page *pages, uint64_t count, char *sentence, size_t);
/* Makes it again out of new frames, whose numbers it writes into the pages. It is left paused. False, with a sentence. */
bool xen_saved_restore(struct xen_saved *, struct xen_domain *, const struct xen_domain_options *,
    struct xen_saved_page *pages, uint64_t count, char *sentence, size_t);
void xen_saved_free(struct xen_saved *);

/* An entry of a page table whose frame number is replaced by another one, with the bits that a guest may set. */
uint64_t xen_saved_entry(uint64_t entry, uint64_t frame);

#endif
