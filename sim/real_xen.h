/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Domains that run on the real Xen. The machine remains a model that answers every call and keeps the time. harness/xen
 * sets the ops below: it runs the guest on Xen, lets Xen answer its calls, too, and compares. Frame numbers in the memory
 * of such a guest are Xen's own.
 */
#ifndef SIM_REAL_XEN_H
#define SIM_REAL_XEN_H

#include "sim/domain/real_xen_memory.h"
#include "sim/domain/vcpu.h"

struct domain;
struct domain_config;
struct machine;
struct saved;

struct real_xen_ops {
    void *context;
    /*
     * Builds the domain on Xen as the model has built it, fills in where its memory is, and says how its vcpu is run.
     * model_p2m has the model's frame for each pfn. False: it failed, and whoever set the ops knows why.
     */
    bool (*build)(void *context, struct domain *, const struct domain_config *, uint64_t image_pages,
        unsigned store_port, const uint64_t *model_p2m, struct real_xen_memory *, struct vcpu *);
    void (*destroy)(void *context, struct domain *);
    /*
     * The domain, which has suspended itself, is saved: its pages are what `saved` says, and Xen's domain ends. The memory that
     * the machine knows of it stays good. False: it failed, and nothing was done.
     */
    bool (*save)(void *context, struct domain *, const struct saved *);
    void (*was_saved)(void *context, struct domain *); /* and the model has its frames back */
    /* The model has given it new frames, for the pages of `saved`; Xen does. Its P2M is left to the caller. False: it failed. */
    bool (*restore)(void *context, struct domain *, const struct saved *, const struct domain_config *,
        unsigned store_port);
    void (*maximum_was_set)(void *context, struct domain *, uint64_t kib, long answer);
    /* Populate-on-demand of a domain that Xen translates for: the toolstack has set its target. */
    void (*pod_target_was_set)(void *context, struct domain *, uint64_t pages, long answer);
    /* The machine's dom0 was built. It runs in this process; its calls about others may be put to Xen, too. */
    void (*dom0_was_built)(void *context, struct domain *, const struct boot_block *, struct vcpu *);
    /* The model's number for one of Xen's; UINT64_MAX when it is none. */
    uint64_t (*model_mfn)(void *context, uint64_t xen_mfn);
    uint64_t (*xen_mfn)(void *context, uint64_t model_mfn);
};

/* All domains that are built from now on run there; NULL: in this process again. The ops stay the caller's. */
void machine_set_real_xen(struct machine *, const struct real_xen_ops *);
/* The free memory of Xen is in other blocks than the model's: the model gives at most so many extents of an order above
 * 0. */
void machine_limit_extents(struct machine *, uint64_t extents);

/*
 * The probe of a domain on Xen knows frames by Xen's numbers. In a command for it, a number behind this mark is the
 * model's number of a frame.
 */
#define REAL_XEN_FRAME_MARK '\2'
bool domain_on_real_xen(const struct domain *);

/* --- for the debug port --- */

/*
 * Writes a command to `to` as the domain's probe is to read it, with Xen's numbers, and removes the marks from the
 * command itself. Returns the length of what was written, without the NUL.
 */
size_t real_xen_command(const struct domain *, char *command, char *to, size_t to_bytes);
/* Puts the model's number into the probe's output, if that answers `frame NAME`. Returns the length of the output. */
size_t real_xen_reply(const struct domain *, char *output, size_t room_bytes);

#endif
