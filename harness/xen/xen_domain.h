/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Builds and ends domains on the real Xen, PV and PVH: memory, page tables, image, boot block, first registers. All of a
 * domain's boot memory is mapped in this process, too, at one offset: host address = memory.base + the guest's
 * address (pv_layout.h says what is where). Running the guest is not done here.
 */
#ifndef HARNESS_XEN_XEN_DOMAIN_H
#define HARNESS_XEN_XEN_DOMAIN_H

#include "guest/pv/mailbox.h"
#include "harness/xen/pv_layout.h"
#include "harness/xen/xen_host.h"
#include "sim/domain/real_xen_memory.h"

struct domain_config;
struct memory_layout;
struct vcpu_guest_context;

struct xen_domain_options {
    const char *image; /* path of a PV image from `make pv` */
    unsigned domid;    /* the wanted one, which must be free */
    uint64_t memory_pages, maximum_kib;
    const struct domain_config *config; /* for boot-map and memory map */
    const struct memory_layout *layout; /* not NULL: Xen translates for it, and so its memory lies */
    uint64_t pool_mib;                  /* of such a domain's: for Xen's tables */
    uint64_t
        shared_info_told; /* what such a domain's start_info says of it: the model's number, and no gfn */
    uint64_t p2m_entries; /* room in the P2M, at least up to the end of boot memory */
    bool p2m_exact;       /* start_info.nr_p2m_frames is 0 */
    bool seeded_schedule; /* for the boot block */
    uint64_t heap_bytes_apart; /* not 0: its image is apart (pv_layout.h), with so large a heap */
    uint64_t direct_pages;     /* of the direct map that its kernel wants; 0: none */
    void (*make_room)(void *context, uint64_t pages); /* in Xen's free memory, for an image apart */
    void *room_context;
    uint64_t image_pages; /* the boot mapping has so many pages: those that the image leaves are heap */
    uint32_t store_port;
    const char *command_line;
};

struct xen_domain {
    struct xen_host *host;
    unsigned domid;                /* 0: there is none on Xen, it is saved */
    struct real_xen_memory memory; /* without a shadow */
    struct pv_layout at;
    uint32_t *apart_mfn;  /* of an image apart: its frames, by page; */
    uint64_t apart_pages; /* so many, which the domain has on Xen besides its memory */
    struct pv_mailbox *mailbox;
    uint64_t shared_info_mfn;
    uint32_t store_end; /* the conductor's port of its channel to xenstore; 0: none */
};

/* NULL, with a sentence. When this returns, the domain is complete, and paused. */
struct xen_domain *xen_domain_build(
    struct xen_host *, const struct xen_domain_options *, char *sentence, size_t);
/* Ends it on Xen, where it has no number any more; what this process maps of it stays mapped. */
void xen_domain_end(struct xen_domain *);
/* Ends it on Xen, and unmaps its memory. */
void xen_domain_destroy(struct xen_domain *);
/* Has Xen ended it, since it could not even tell the guest of its fault? Then where it was is told. */
struct xen_last_words {
    uint64_t rip, frame_pointer;
};
bool xen_domain_has_crashed(const struct xen_domain *, struct xen_last_words *);
/* Its registers as Xen tells them, in the conductor's area; NULL: Xen does not. */
const struct vcpu_guest_context *xen_domain_registers(const struct xen_domain *);
/* Pauses it, or lets it run again. */
void xen_domain_pause(struct xen_domain *, bool paused);
/* Does its vcpu wait in Xen, as in SCHEDOP_poll? */
bool xen_domain_waits(const struct xen_domain *);
/* Ends such a wait, and no event comes with it: an NMI, of which a domain without a handler for it sees nothing. */
void xen_domain_wake(struct xen_domain *);

#endif
