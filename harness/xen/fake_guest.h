/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For tests: a guest on a fake Xen and on a model. 64 pages of its boot memory are mapped in this process, with two
 * stacks. The frames of its memory are joined: Xen's frame for pfn n is FIRST_XEN_MFN + n. Differences that are recorded
 * about it are kept.
 */
#ifndef HARNESS_XEN_FAKE_GUEST_H
#define HARNESS_XEN_FAKE_GUEST_H

#include "harness/xen/fake_xen.h"
#include "harness/xen/guest_call.h"
#include "harness/xen/shadow.h"
#include "sim/test_guest.h"

#define FIRST_XEN_MFN        2000u
#define FAKE_GUEST_PAGES     4096u /* of its memory */
#define FAKE_GUEST_MAPPED    64u   /* of them in its boot mapping */
#define FAKE_GUEST_STACKS    40u /* from this page on, above a hole: two of two pages, with a hole between */
#define FAKE_GUEST_P2M_GUARD 46u /* a hole, where the stacks end */
#define FAKE_GUEST_TABLES    60u /* from this page on it may only read */
#define FAKE_GUEST_MFN_END   (1u << 20)
#define DIFFERENCES_KEPT     32u

struct fake_guest {
    struct fake_xen *xen;
    struct xen_run run;
    struct xen_domain domain;
    struct boot_block boot;
    struct pv_mailbox mailbox;
    struct xen_guest guest;
    struct test_guest *model;
    char differences[DIFFERENCES_KEPT][200];
    unsigned nr_differences;
};

static inline void fake_guest_witness(void *context, const struct record *record, uint64_t event)
{
    struct fake_guest *fake = context;

    (void)event;
    if (record->type != REC_DIFFERENCE)
        return;
    ck_assert_uint_lt(fake->nr_differences, DIFFERENCES_KEPT);
    snprintf(fake->differences[fake->nr_differences++], sizeof fake->differences[0], "%s",
        (const char *)record_payload(record));
}

/* Makes the fake Xen's counts the same as the model's. */
static inline void fake_guest_agree(struct fake_guest *fake)
{
    const struct domain *domain = fake->guest.domain;

    fake->xen->free_pages = host_free_pages(stage.machine);
    fake->xen->domain[fake->domain.domid].exists = true;
    fake->xen->domain[fake->domain.domid].reservation_pages = domain_reservation_pages(domain);
    fake->xen->domain[fake->domain.domid].maximum_pages = domain_maximum_pages(domain);
}

static inline void fake_guest_new(struct fake_guest *fake)
{
    memset(fake, 0, sizeof *fake);
    stage_open(3 * FAKE_GUEST_PAGES);
    fake->model = test_guest_new("a", FAKE_GUEST_PAGES, 2 * FAKE_GUEST_PAGES);
    fake->xen = fake_xen_new(0);
    fake->run = (struct xen_run){.conductor = fake->xen->conductor,
        .machine = stage.machine,
        .pairs = frame_pairs_new(FAKE_XEN_FRAMES, FAKE_GUEST_MFN_END),
        .pool = xen_pool_new(fake->xen->conductor, 4 * FAKE_GUEST_PAGES),
        .recorder = stage.recorder};
    fake->boot = (struct boot_block){.stacks = (char *)(FAKE_GUEST_STACKS * PAGE_BYTES),
        .nr_stacks = 2,
        .stack_bytes = 2 * PAGE_BYTES,
        .stack_stride_bytes = 3 * PAGE_BYTES};
    fake->domain = (struct xen_domain){.domid = domain_id(fake->model->domain), .mailbox = &fake->mailbox};
    fake->domain.memory = (struct real_xen_memory){.base = calloc(FAKE_GUEST_MAPPED, PAGE_BYTES),
        .bytes = FAKE_GUEST_MAPPED * PAGE_BYTES,
        .guest_tables = FAKE_GUEST_TABLES * PAGE_BYTES,
        .guest_p2m_guard = FAKE_GUEST_P2M_GUARD * PAGE_BYTES,
        .boot = &fake->boot};
    fake->guest = (struct xen_guest){.run = &fake->run,
        .domain = fake->model->domain,
        .on_xen = &fake->domain,
        .memory = fake->domain.memory};
    ck_assert(shadow_make(&fake->guest.memory));
    for (uint64_t pfn = 0; pfn < FAKE_GUEST_PAGES; pfn++) {
        uint64_t model_mfn = test_guest_p2m(fake->model)[pfn];

        frame_pairs_join(fake->run.pairs, FIRST_XEN_MFN + pfn, model_mfn);
        fake->xen->owner[FIRST_XEN_MFN + pfn] = fake->domain.domid;
        fake->xen->m2p[FIRST_XEN_MFN + pfn] = pfn;
    }
    fake_guest_agree(fake);
    recorder_set_witness(stage.recorder, fake_guest_witness, fake);
}

static inline void fake_guest_free(struct fake_guest *fake)
{
    new_frames_drop(&fake->guest.new_frames);
    shadow_free(&fake->guest.memory);
    free(fake->domain.memory.base);
    xen_pool_free(fake->run.pool);
    frame_pairs_free(fake->run.pairs);
    fake_xen_free(fake->xen);
    stage_close();
}

/* The guest's memory at an address of its own. */
static inline void *fake_guest_at(const struct fake_guest *fake, uint64_t va)
{
    ck_assert_uint_lt(va, fake->guest.memory.bytes);
    return fake->guest.memory.base + va;
}

static inline uint64_t fake_guest_model_mfn(const struct fake_guest *fake, uint64_t pfn)
{
    return test_guest_p2m(fake->model)[pfn];
}

/* Puts a reservation call's structure at that address. */
static inline struct xen_memory_reservation *fake_guest_reservation(
    const struct fake_guest *fake, uint64_t va, uint64_t list_va, uint64_t nr, unsigned order)
{
    struct xen_memory_reservation *op = fake_guest_at(fake, va);

    *op = (struct xen_memory_reservation){.nr_extents = nr, .extent_order = order, .domid = DOMID_SELF};
    op->extent_start.p = (xen_pfn_t *)list_va;
    return op;
}

#endif
