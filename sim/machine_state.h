/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a machine is made of, and the small questions that everything in sim/ asks of it. Inside sim/ only. It
 * stands below the rooms of domains, hypercalls and toolstack, for all of them read it; what a machine does is in
 * machine.c, machine_run.c, machine_build.c, machine_save.c and machine_destroy.c, above them.
 */
#ifndef SIM_MACHINE_STATE_H
#define SIM_MACHINE_STATE_H

#include "sim/domset.h"
#include "sim/host/host.h"
#include "sim/machine.h"

#define DOMAINS_LIMIT    1000u
#define TOOLSTACK_BYTES  65536u /* of output of one command of the toolstack */
#define STORE_TEXT_BYTES 8192u  /* a path of 3072 and a payload of 4096 fit */
#define WHY_BYTES        128u
#define RECORDED_KERNELS 16u

struct later;
struct real_xen_ops;
struct xenstore;

struct machine {
    struct machine_config config;
    struct recorder *recorder;
    const struct real_xen_ops *real_xen; /* NULL: guests run in this process */
    struct xenstore *xenstore;
    struct host host;

    /* Time, and who runs. */
    uint64_t now_ns;
    uint64_t until_ns;      /* of the present run */
    uint64_t next_timer_ns; /* no timer is due before it; may be early, never late */
    struct later *later;    /* what faults hold back, ordered by time (sim/later.h) */
    size_t nr_later, later_room;
    struct domset runnable;
    unsigned last_domid;       /* that ran last */
    unsigned resume_domid;     /* the domain whose turn the end of the last run cut short; 0: none */
    struct domain *running;    /* while its vcpu is the running context, else NULL */
    volatile char *guest_runs; /* who wants to know when that is; NULL: nobody */
    bool stop, crashed;
    bool ended;         /* a domain has, and xenstore was not told yet */
    uint64_t random[2]; /* of the schedule's choices */

    /* The processor's TLB (sim/domain/tlb.h). */
    unsigned tlb_domid;    /* whose translations it holds, 0 nobody's */
    bool frames_came_back; /* to the pool, since it was flushed last */
    uint64_t tlb_random;   /* of what it drops by itself */

    struct domain **domains; /* ordered by domid */
    size_t nr_domains;
    struct domain *by_id[DOMID_LIMIT];
    unsigned next_domid;
    struct domain *asleep; /* saved and not restored, chained through spare_next */
    struct domain *spares; /* gone domains whose memory the next one may take over, chained likewise */

    /* Kernels whose descriptions the recording holds already. */
    const struct kernel *recorded[RECORDED_KERNELS];
    size_t nr_recorded;

    /* Hooks: who is told of what happens, and asked. */
    void (*page_hook)(void *, struct domain *, pfn_t, uint64_t);
    void *page_hook_context;
    machine_frame_hook_t *frame_hook;
    void *frame_hook_context;
    machine_site_hook_t *site_hook;
    void *site_hook_context;
    bool enters_call; /* the site hook runs, and nothing of the call has been done */
    const struct machine_lifecycle *lifecycle;
    struct machine_trace trace; /* wanted is NULL: nobody wants to know */

    /* Room for texts and lists. */
    uint32_t *frame_list; /* frames of the call under way, for its record */
    size_t frame_list_room;
    char output[TOOLSTACK_BYTES];
    char store_text[STORE_TEXT_BYTES]; /* path and value of a xenstore event, as its record wants them */
    char *why;                         /* WHY_BYTES: the sentence of machine_at_rest */
};

/* Room for so many entries in frame_list. False: no memory; the run ends. */
bool machine_frame_room(struct machine *, size_t entries);

/* What the toolstack asks. */
const struct machine_lifecycle *machine_lifecycle(const struct machine *); /* NULL: none is set */
struct xenstore *machine_xenstore_tree(struct machine *);
enum toolstack machine_toolstack_kind(const struct machine *);

#endif
