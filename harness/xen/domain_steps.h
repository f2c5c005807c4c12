/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a PV domain is built by and restored by on the real Xen: the calls of a toolstack, in the order in which they stand
 * here. xen_domain.c writes a new domain's memory in between, xen_saved.c that of a saved one.
 */
#ifndef HARNESS_XEN_DOMAIN_STEPS_H
#define HARNESS_XEN_DOMAIN_STEPS_H

#include "harness/xen/domctl.h"
#include "harness/xen/pv_image.h"
#include "harness/xen/xen_domain.h"

#define MFN_OF_HOLE UINT32_MAX

/* A domain that is being built: what it is made from, and what there is of it. */
struct build {
    struct conductor *conductor;
    const struct xen_domain_options *options;
    struct xen_domain *domain;
    struct pv_image image; /* of a new one */
    struct pv_layout at;
    unsigned mem_flags;    /* of the extents that are taken: XENMEMF_… */
    uint64_t boot_end_pfn; /* the end of a new one's boot memory, which may have holes */
    uint32_t *
        mfn; /* by pfn; MFN_OF_HOLE where it has no frame, or, if Xen translates, where nobody needs to know it */
    uint32_t *apart_mfn; /* by page of the image, when that is apart */
    char *sentence;
    size_t sentence_bytes;
};

/* Writes down why it can't be built. Returns false. */
__attribute__((format(printf, 2, 3))) bool build_fail(struct build *, const char *format, ...);

/* An empty domain with its maximum. If it returns true, there is one to destroy, and its shared_info is known. */
bool build_create(struct build *);
/*
 * Takes frames for some of its pages, at most as many extents as a list holds; pfns has the first of each extent, and so has mfns
 * then, unless it is NULL. Returns how many extents it got.
 */
uint64_t build_take_extents(
    struct build *, const uint64_t *pfns, uint64_t extents, unsigned order, uint32_t *mfns);
/* Makes the table of frames, for pfns below its end, and takes frames for these pfns; and for the image, when it is apart. */
bool build_populate(struct build *, const uint64_t *pfns, uint64_t count, uint64_t end_pfn);
/* The frame of a page of the boot image, and the number by which the guest names that page: its frame's, or a gfn. */
uint32_t build_image_mfn(const struct build *, uint64_t page);
uint64_t build_image_number(const struct build *, uint64_t page);
/* The same number for any page of its memory. False: it has no frame there. */
bool build_number(const struct build *, uint64_t pfn, uint64_t *number);
uint64_t build_shared_info_number(const struct build *);
/* Gives it its memory map: that of a boot-map, or the one that its toolstack makes. Most PV domains have none. */
bool build_set_memory_map(struct build *);
/* Maps the frame of a page of its boot image where this process looks for that page; what is there stays there. */
bool build_map_page(struct build *, uint64_t pfn);
bool build_map_shared_info(struct build *);
/* The channel to xenstore, of which the conductor has the other end. It gets the first free port, as in the model. */
bool build_make_store_channel(struct build *);
bool build_pin_tables(struct build *);
/* Where the registers are put before build_set_registers sets them. */
struct vcpu_guest_context *build_registers(struct build *);
bool build_set_registers(struct build *);

#endif
