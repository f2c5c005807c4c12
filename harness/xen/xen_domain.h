/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Builds and ends PV domains on the real Xen: memory, page tables, image, boot block, first registers. All
 * of the domain's memory that its boot mapping covers is mapped here too, at one offset: host address =
 * base + the guest's address. What the guest then does is not watched here.
 *
 * A guest's boot mapping is one to one: virtual page n is pfn n, from 0 up to image_pages. In it lie, in
 * this order: the image (from 1 MiB on), start_info, boot block, xenstore's ring, the stacks with a hole
 * under each, the P2M, the heap, the page tables; behind it the window, with tables and without frames.
 */
#ifndef HARNESS_XEN_XEN_DOMAIN_H
#define HARNESS_XEN_XEN_DOMAIN_H

#include "guest/abi/boot.h"
#include "guest/pv/mailbox.h"
#include "harness/xen/xen_host.h"

struct xen_domain_options {
    const char *image; /* path of a PV image from `make pv` */
    unsigned domid;    /* wanted; must be free */
    uint64_t memory_pages;
    uint64_t maximum_kib;
    uint64_t p2m_entries; /* room in the P2M, at least memory_pages */
    bool p2m_exact;       /* start_info.nr_p2m_frames is 0 */
    uint64_t image_pages; /* the boot mapping ends there: what the image leaves of it is heap */
    uint32_t store_port;
    const char *command_line;
};

struct xen_domain {
    struct xen_host *host;
    unsigned domid;
    char *base; /* of the boot mapping as the harness sees it */
    size_t base_bytes;
    uint64_t image_pages;
    struct boot_block *boot; /* as the harness sees them */
    start_info_t *start_info;
    struct shared_info *shared_info;
    uint64_t shared_info_mfn;
    uint64_t *p2m;
    struct pv_mailbox *mailbox;
    struct guest_image *image; /* the image's own description, addresses are the guest's */
    uint64_t window_va, window_pages;
    uint64_t tables_va; /* page tables, to the end of the boot mapping: read-only for the guest */
    uint64_t text_va, text_bytes;
};

/* NULL with a sentence. The domain is unpaused and waits at its first question before this returns. */
struct xen_domain *xen_build_domain(
    struct xen_host *, const struct xen_domain_options *, char *sentence, size_t);
void xen_destroy_domain(struct xen_domain *);
void xen_end_domain(struct xen_host *, unsigned domid); /* one of Xen's that has no structure here */
/* How many of the bytes from an address of the guest's on the guest itself may read, or write. */
size_t xen_domain_reach(const struct xen_domain *, uint64_t guest_va, size_t bytes, bool write);
/* Takes the processor away from it, or gives it back. */
void xen_pause(struct xen_host *, unsigned domid, bool paused);

struct xen_domain_pages {
    uint64_t reservation_pages, maximum_pages, shared_info_frame;
    bool there;
};
struct xen_domain_pages xen_domain_pages(struct xen_host *, unsigned domid);
/* Of so many frames in place, those that are not the domain's become XEN_NOT_ITS_FRAME. */
#define XEN_FRAMES_A_QUESTION 1024u /* as many as XEN_DOMCTL_getpageframeinfo3 takes */
#define XEN_NOT_ITS_FRAME     UINT64_MAX
void xen_whose_frames(struct xen_host *, unsigned domid, uint64_t *mfns, uint64_t count);
long xen_set_maximum_kib(struct xen_host *, unsigned domid, uint64_t kib);
uint64_t xen_free_pages(struct xen_host *); /* of the host's pool */

#endif
