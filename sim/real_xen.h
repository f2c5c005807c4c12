/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Domains whose memory and vcpu are elsewhere: on the real Xen. The machine stays what it is, a model that
 * answers every call and keeps the time; whoever holds the other side runs the guest there, lets Xen do what
 * only Xen can do, and compares. Frame numbers in the guest's memory are then Xen's own, and translated here.
 */
#ifndef SIM_REAL_XEN_H
#define SIM_REAL_XEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest/abi/boot.h"
#include "sim/domain/vcpu.h"

struct domain;
struct domain_config;
struct machine;

/* A guest's memory as both sides see it. Host pointers unless the name says guest. */
struct real_xen_memory {
    char *base; /* of the guest's address 0: its boot mapping, [0, bytes) */
    size_t bytes;
    uintptr_t guest_tables;        /* from here on the guest may only read */
    const struct boot_block *boot; /* pointers inside are the guest's */
    shared_info_t *shared_info;
    struct xenstore_domain_interface *xenstore;
    uint64_t *p2m; /* Xen's frame numbers */
    char *shadow;  /* arguments that were translated: counts as the guest's memory */
    size_t shadow_bytes;
    struct guest_image *image; /* its addresses are the guest's */
};

struct real_xen_ops {
    void *context;
    /* Builds the same domain there. model_p2m names the model's frames, pfn by pfn. False: it says why elsewhere. */
    bool (*build)(void *context, struct domain *, const struct domain_config *, uint64_t image_pages,
        unsigned store_port, const uint64_t *model_p2m, struct real_xen_memory *, struct vcpu *);
    void (*destroy)(void *context, struct domain *);
    void (*maximum_was_set)(void *context, struct domain *, uint64_t kib, long answer);
    /* The machine's dom0 was built, and runs here; its calls about others may be put to Xen, too. */
    void (*conduct)(void *context, struct domain *, const struct boot_block *, struct vcpu *);
    /* The model's number for one of Xen's; UINT64_MAX when it is none. */
    uint64_t (*model_mfn)(void *context, uint64_t xen_mfn);
    uint64_t (*xen_mfn)(void *context, uint64_t model_mfn);
};

/* For all domains built from here on; NULL: in this process again. The ops stay the caller's. */
void machine_set_real_xen(struct machine *, const struct real_xen_ops *);
/* The heap there lies in other pieces: gives no more extents of an order above 0 than this, until told otherwise. */
void machine_limit_extents(struct machine *, uint64_t extents);

/* Its probe knows frames by Xen's numbers. A number in its command behind this mark is a frame's, by the model. */
#define REAL_XEN_FRAME_MARK '\2'
bool domain_on_real_xen(const struct domain *);

/* --- for the debug port --- */

/* A command in the numbers of whom it is for; its marks go from the text itself. Bytes without the end. */
size_t real_xen_command(const struct domain *, char *command, char *to, size_t to_bytes);
/* The answer to `frame `, in place, in the model's numbers; others stay. Bytes without the end. */
size_t real_xen_reply(const struct domain *, char *output, size_t room_bytes);

#endif
