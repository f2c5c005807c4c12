/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A domain as Xen knows it: who it is, what it owns, whether its vcpu runs, what it waits for. Inside sim/ only:
 * others look through sim/inspect.h and act through sim/machine.h.
 *
 * Who changes what: what it owns, reservation.c and claim.c; what it waits for, domain_wake and domain_block;
 * channels, sim/evtchn.c and its hypercall. How one is built, saved and destroyed is in sim/machine_build.c,
 * machine_save.c and machine_destroy.c, for the toolstack and xenstore take part in that.
 */
#ifndef SIM_DOMAIN_DOMAIN_H
#define SIM_DOMAIN_DOMAIN_H

#include "guest/abi/port.h"
#include "sim/domain/memory_layout.h"
#include "sim/domain/space.h"
#include "sim/domain/tlb.h"
#include "sim/domain/vcpu.h"
#include "sim/fault.h"
#include "sim/host/host.h"
#include "sim/machine.h"

#define EVTCHN_PORTS     1024u /* xl's max_event_channels, and 0 */
#define POLL_PORTS_LIMIT 128u  /* as Xen's do_poll */
#define COMMAND_BYTES    4096u
#define OUTPUT_BYTES     65536u
_Static_assert(ZOMBIES_LIMIT >= SPACE_WINDOW_PAGES, "each zombie has a page of dom0's window");

struct evtchn {
    enum { EVTCHN_FREE, EVTCHN_UNBOUND, EVTCHN_STORE, EVTCHN_INTERDOMAIN, EVTCHN_VIRQ, EVTCHN_IPI } state;
    uint16_t remote_domid;
    uint16_t remote_port; /* or the VIRQ */
};

enum domain_state { DOMAIN_ALIVE, DOMAIN_SHUT_DOWN, DOMAIN_CRASHED };

struct physmap;
struct saved;

struct domain {
    struct machine *machine;
    unsigned domid;
    enum domain_state state;
    bool end_is_told;            /* xenstore has heard that it is not alive any more */
    unsigned shutdown_reason;    /* SHUTDOWN_... */
    bool privileged;             /* may use domctl and name other domains, as dom0 may */
    struct domain_config config; /* strings point into name and command_line below */
    char name[32];
    char *command_line;
    struct guest_image image;   /* as it was when the domain was built */
    const uint64_t *blocks;     /* basic blocks that ran, as the living image counts them; or NULL */
    struct guest_image *living; /* where the guest itself has it */
    uint64_t blocks_limit;      /* how many may run between two calls */
    uint64_t traced_blocks;     /* of those, how many were told since the last call */
    bool traced;                /* they are told */
    bool auditing; /* from an audit of the kernel's to the end of that command: what runs then is not told */
    char kernel[24];

    /* What it owns. */
    uint64_t reservation_pages, maximum_pages, claim_pages, boot_pages, image_pages;
    uint64_t boot_end_pfn;              /* behind its boot memory and what was promised it */
    uint32_t *window_pages;             /* frames owned, by window of the host */
    uint64_t window_room;               /* its length: the host's windows */
    uint64_t window_first, window_last; /* bounds of what may be non-zero in it */
    struct overhead overhead;
    struct zombie *zombie; /* while it is being destroyed */

    /* Its memory and its vcpu. */
    struct space space;
    struct vcpu vcpu;
    uint64_t
        window_mfn[SPACE_WINDOW_PAGES]; /* frames mapped in the window of virtual pages, or gfns; 0 none */
    bool window_foreign[SPACE_WINDOW_PAGES]; /* whether such a frame is another domain's */
    struct tlb tlb;                          /* what of it the processor holds */
    uint64_t direct_built_pages; /* pages that it has mapped in its direct map since it was built */
    struct physmap *physmap;     /* of a domain that Xen translates for (PVH, HVM): gfn to mfn; else NULL */
    struct memory_layout layout; /* of such a domain, when it was built */
    bool empty;                  /* made by createdomain: no guest runs in it */
    bool shared_info_given_up;   /* of one that is empty */

    /* What it waits for. */
    struct evtchn evtchn[EVTCHN_PORTS]; /* port 0 is never open */
    unsigned nr_ports;                  /* that Xen has made so far */
    unsigned store_port, agent_port;
    bool vcpu_info_registered; /* by VCPUOP_register_vcpu_info */
    bool store_unheard;        /* a fault held back the last notification of store_port */
    uint64_t timer_ns;         /* VIRQ_TIMER's one-shot, NEVER_NS when not armed */
    uint64_t poll_timeout_ns;  /* of a vcpu in SCHEDOP_poll */
    bool poll_timed_out;       /* the last one ended with its time */
    bool blocked, polling;
    bool paused;                       /* by the toolstack: not runnable, whatever it waits for */
    unsigned nr_poll_ports, poll_port; /* and the last of them */

    /* The call under way. */
    bool unfinished;           /* it was preempted: it goes on before the guest does */
    uint64_t unfinished_until; /* the extent up to which it then goes */
    uint64_t entered_sites;    /* fault sites of Xen's that the call has passed: bits 1 << enum fault_site */
    struct fault_answer refusal; /* the fault that refused it, if one did */
    uint64_t vain_exits;         /* calls since the guest last waited, or had an effect on a page */
    uint64_t port_calls;         /* calls of the debug port, since it was built */

    /* What its guest published, in the guest's memory: not trusted. */
    const struct port_counters *counters;
    uint64_t *fault_mask; /* the sites where a fault is armed; or NULL */

    struct fault_set *faults;
    uint64_t watched_sites; /* where the site hook wants to hear of each call */

    /* Its agent. */
    enum { COMMAND_NONE, COMMAND_WAITING, COMMAND_RUNNING, COMMAND_ANSWERED } command_state;
    char command[COMMAND_BYTES];
    char *answer; /* the command and its output, OUTPUT_BYTES in all, made at the first answer */
    int answer_status;

    struct domain *spare_next; /* while it is one of the machine's spares, or asleep */
    struct saved *saved;       /* while it is asleep: its pages */
    unsigned restored_from;    /* the number it had before; 0: none */

    bool target_known; /* the two members below say what the guest last read from its memory/target */
    uint64_t target_kib, target_event;
};

/* --- coming and going --- */

/* A domain with nothing in it, from the machine's spares if there are any. NULL: no memory. */
struct domain *domain_blank(struct machine *);
void domain_spare(struct domain *); /* it has left the machine: its memory is kept for the next one */
void domain_free(struct domain *);  /* it never joined */
void domain_free_spares(struct machine *);

bool domain_number_is_taken(
    struct machine *, unsigned domid); /* a dying domain keeps its number until it is gone */
void domain_choose_domid(struct domain *);
void domain_join(struct domain *);         /* one of the machine's domains from now on, and runnable */
void domain_leave(struct domain *);        /* no longer one of the machine's domains */
void domain_record(const struct domain *); /* writes REC_DOMAIN */

uint64_t domain_maximum_of_kib(uint64_t kib); /* in pages */
/* XEN_DOMCTL_max_mem as measured: 0, or -errno. */
int domain_set_maximum_kib(struct domain *, uint64_t kib);
const struct domain_config *domain_configuration(const struct domain *);

/* --- its vcpu --- */

void domain_wake(struct domain *);             /* runnable, unless it is paused or has ended */
void domain_block(struct domain *);            /* until it is woken; its timers are set */
uint64_t domain_due_ns(const struct domain *); /* when a timer of its will wake it; NEVER_NS: none will */

/* --- its death; its frames stay until it is destroyed --- */

void domain_end(struct domain *);                    /* it no longer runs, for whatever reason */
void domain_died(struct domain *);                   /* the same, by a crash that was just recorded */
void domain_crash(struct domain *, const char *why); /* records REC_CRASH first */

/* The domid by which guests know it: for dom0 it is 0. */
static inline unsigned domain_number_for_guests(const struct domain *d)
{
    return d->domid == DOMID_DOM0 ? 0 : d->domid;
}

#endif
