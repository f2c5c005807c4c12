/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Domains that run on the real Xen. The machine stays what it is, a model that answers every call and keeps the
 * time; whoever sets the ops below runs the guest on Xen, lets Xen do what only Xen can do, and compares. Frame
 * numbers in such a guest's memory are Xen's own.
 */
#ifndef SIM_REAL_XEN_H
#define SIM_REAL_XEN_H

#include "sim/domain/real_xen_memory.h"
#include "sim/domain/vcpu.h"

struct domain;
struct domain_config;
struct machine;

struct real_xen_ops {
    void *context;
    /*
     * Builds the domain on Xen as the model has built it, fills in where its memory is, and says how its vcpu is run.
     * model_p2m names the model's frames, pfn by pfn. False: whoever set the ops knows why.
     */
    bool (*build)(void *context, struct domain *, const struct domain_config *, uint64_t image_pages,
        unsigned store_port, const uint64_t *model_p2m, struct real_xen_memory *, struct vcpu *);
    void (*destroy)(void *context, struct domain *);
    void (*maximum_was_set)(void *context, struct domain *, uint64_t kib, long answer);
    /* The machine's dom0 was built. It runs in this process; its calls about others may be put to Xen, too. */
    void (*dom0_was_built)(void *context, struct domain *, const struct boot_block *, struct vcpu *);
    /* The model's number for one of Xen's; UINT64_MAX when it is none. */
    uint64_t (*model_mfn)(void *context, uint64_t xen_mfn);
    uint64_t (*xen_mfn)(void *context, uint64_t model_mfn);
};

/* For all domains built from here on; NULL: they run in this process again. The ops stay the caller's. */
void machine_set_real_xen(struct machine *, const struct real_xen_ops *);
/* Xen's heap lies in other pieces than the model's: the model gives no more extents of an order above 0 than this. */
void machine_limit_extents(struct machine *, uint64_t extents);

/*
 * The probe of a domain on Xen knows frames by Xen's numbers. A number in its command behind this mark is a frame's, by
 * the model.
 */
#define REAL_XEN_FRAME_MARK '\2'
bool domain_on_real_xen(const struct domain *);

/* --- for the debug port --- */

/*
 * A command as its probe is to read it, with Xen's numbers. The marks go from the command itself. The length of what
 * was written, without its end.
 */
size_t real_xen_command(const struct domain *, char *command, char *to, size_t to_bytes);
/* The probe's output with the model's number, if it answers `frame NAME`; other output stays as it is. Its length. */
size_t real_xen_reply(const struct domain *, char *output, size_t room_bytes);

#endif
