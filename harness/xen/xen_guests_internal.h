/* SPDX-License-Identifier: BSD-2-Clause */
/* What xen_guests.c and guest_calls.c share, and nobody else needs. */
#ifndef HARNESS_XEN_XEN_GUESTS_INTERNAL_H
#define HARNESS_XEN_XEN_GUESTS_INTERNAL_H

#include "harness/xen/xen_domain.h"
#include "harness/xen/frame_pairs.h"
#include "harness/xen/xen_guests.h"
#include "harness/xen/xen_pool.h"
#include "sim/inspect.h"

#define SHADOW_LIST_ENTRIES 65536u /* of a translated list; longer ones are compared in part */
#define SHADOW_HEAD_BYTES   4096u  /* caller's frame, the call's own structure */
#define SHADOW_BYTES        (SHADOW_HEAD_BYTES + 2u * SHADOW_LIST_ENTRIES * sizeof(uint64_t))

struct xen_memory_reservation;
struct conductor;

struct xen_guests {
    struct xen_host *xen;
    const char *(*image_path)(const char *kernel);
    struct frame_pairs *pairs;
    struct xen_pool *pool;
    struct conductor *conductor;
    struct real_xen_ops ops;
    struct machine *machine;
    struct recorder *recorder;
    struct xen_guest *domains;
    bool ending;
    struct xen_counts counts;
    char sentence[512];
};

struct xen_guest {
    struct xen_guests *guests;
    struct domain *domain;     /* the model's */
    struct xen_domain *on_xen; /* Xen's */
    struct xen_guest *next;
    char *shadow; /* SHADOW_BYTES: see SHADOW_HEAD_BYTES for its beginning */
    bool owes_answer, paused;
    uint64_t *before, nr_before; /* frames it had when a call began that names none of its new ones */
};

/* One call that both answer. */
struct guest_call {
    uint64_t op, arg[4]; /* as the guest made it */
    unsigned memop;      /* XENMEM_… with op memory_op */
    uint64_t nr_extents, order, start, list_va, list_out_va, out_extents;
    bool translated;   /* the model saw the shadow list */
    bool refused;      /* by a fault: Xen isn't asked */
    bool incomparable; /* an extent whose frames are neighbours on Xen only: neither is asked */
    int64_t model_result, xen_result;
    uint64_t faults_before;
};

__attribute__((format(printf, 2, 3))) void guest_differs(struct xen_guest *, const char *, ...);

/* Reads a call's arguments, and changes the vcpu's so that the model sees its own frame numbers. */
void guest_translate(struct xen_guest *, struct vcpu *, struct guest_call *);
/* After the model answered: what the guest is told to do with Xen. */
int64_t guest_instruction(struct xen_guest *, struct guest_call *);
/* After both answered. */
void guest_compare(struct xen_guest *, const struct guest_call *);
void guest_compare_pages(struct xen_guest *, const char *after_what);
/* Around a call whose new frames the guest is not told all of: the frames that only this call can have given are joined. */
void new_frames_begin(struct xen_guest *);
void new_frames_join(struct xen_guest *);
/* extents.c. One number names an extent: its frames must be neighbours on both sides. */
bool extents_match(
    const struct xen_guest *, const uint64_t *xen_mfns, uint64_t from, uint64_t count, uint64_t order);
/* Before the call: the model gives no more extents of a higher order than Xen could (dom0 tries). */
void limit_extents(const struct xen_guest *, const struct guest_call *);
/* After the model's answer: it gave less than it had pages and room for. */
bool model_lacked_extents(
    const struct xen_guest *, const struct guest_call *, const struct xen_memory_reservation *asked);

/* A word of the guest's memory; false when it has none there. */
bool guest_read(const struct xen_guest *, uint64_t guest_va, void *, size_t bytes);

#endif
