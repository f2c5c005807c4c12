/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine's inside: shapes that the files of sim/ share. Nobody outside sim/ includes it: others
 * look through sim/inspect.h and act through sim/machine.h.
 *
 * Who may change what: pool and frame table by host.c and frame.c; a domain's reservation by
 * memory_op.c, mmu.c and domain.c through frame_give and frame_take; time by schedule.c and machine.c.
 */
#ifndef SIM_INTERNAL_H
#define SIM_INTERNAL_H

#include <assert.h>

#include "guest/abi/port.h"
#include "sim/inspect.h"
#include "sim/machine.h"
#include "sim/real_xen.h"
#include "sim/domain/space.h"
#include "sim/toolstack/toolstack.h"
#include "sim/domain/vcpu.h"
#include "sim/xenstore/xenstore.h"

#define DOMAINS_LIMIT   1000u
#define DOMID_FIRST     1u                 /* 0 is dom0, which is not simulated as a guest */
#define DOMID_LIMIT     0x7ff0u            /* Xen's DOMID_FIRST_RESERVED */
#define DOMID_DOM0      (DOMID_LIMIT - 1u) /* a dom0 that takes part has this number here; to guests it is 0 */
#define OVERHEAD_DOMAIN 17u                /* measured: what createdomain takes from the host's pool … */
#define OVERHEAD_VCPU   4u                 /* … and the vcpu */
#define OVERHEAD_PAGES  DOMAIN_OVERHEAD_PAGES
_Static_assert(OVERHEAD_DOMAIN + OVERHEAD_VCPU == OVERHEAD_PAGES, "a domain and its vcpu");
#define HOST_FIRST_MFN   16384ull /* frames below it are Xen's and dom0's own */
#define WINDOW_BITS      14u
#define WINDOW_FRAMES    (1ull << WINDOW_BITS)
#define EVTCHN_PORTS     128u
#define POLL_PORTS_LIMIT 128u /* as Xen's do_poll */
#define COMMAND_BYTES    4096u
#define OUTPUT_BYTES     65536u
#define STORE_TEXT_BYTES 8192u /* a path of 3072 and a payload of 4096 fit */
#define WHY_BYTES        128u

/*
 * One frame of the host. All zeros is a free frame that nobody ever had, so that a table for a big host
 * costs nothing until it is used. With its M2P entry it is 32 bytes.
 */
struct frame {
    uint64_t stamp; /* stands for the page's contents; 0 is a zeroed page */
    uint32_t next;  /* in the free list of its order, while it heads a free block; 0 ends it */
    union {
        uint32_t previous; /* in the same list: only while it is listed, else it isn't free, and has */
        struct {
            uint16_t mappings; /* page-table entries of its owner that name it … */
            uint16_t foreign;  /* … and of dom0 */
        };
        uint32_t mapped; /* both: 0 when nothing maps it */
    };
    uint32_t note; /* a watcher's own (frame_arrays.notes); the machine only clears it */
    union {
        struct {
            uint16_t owner; /* 0 free, OWNER_XEN, else a domid */
            uint8_t order;  /* of the free block it heads; 0 of a frame that a
                                * domain was given; of a zombie's frame, which zombie */
            uint8_t flags;  /* FRAME_… */
        };
        uint32_t state; /* all three: that of a frame with nothing special about it is its owner's domid */
    };
};
_Static_assert(sizeof(struct frame) == FRAME_STRIDE_BYTES, "with its M2P entry 32 bytes");
#define FRAME_LISTED   1u /* heads a block in a free list */
#define FRAME_RELEASED 2u /* its owner gave it up while it was mapped: goes at the last unmap */
#define FRAME_STATE(owner, order, flags) \
    ((uint32_t)(owner) | (uint32_t)(order) << 16 | (uint32_t)(flags) << 24)

#define ZOMBIES_LIMIT SPACE_WINDOW_PAGES /* dom0 maps no more pages than that */
struct zombie {
    uint32_t frames; /* that dom0 still maps; 0: not in use */
    unsigned nr_overhead;
    uint32_t overhead_mfn[OVERHEAD_PAGES];
};

/* The host's pool: windows of frames that nobody touched yet, and free lists of what came back. */
struct host {
    struct frame *frames;      /* by mfn; [0, end_mfn) */
    uint64_t *m2p;             /* by mfn, writable */
    const uint64_t *m2p_guest; /* the same memory, as guests see it: read-only */
    size_t frames_bytes, m2p_bytes;
    uint64_t end_mfn; /* HOST_FIRST_MFN + pages */
    uint64_t pages, free_pages;
    uint64_t overhead_pages;
    struct zombie zombies[ZOMBIES_LIMIT];
    uint64_t extents_left;  /* of an order above 0: UINT64_MAX, or real_xen.h says otherwise */
    uint64_t claimed_pages; /* promised to domains, not yet given */
    uint64_t seed;

    /* Windows are numbered from HOST_FIRST_MFN on. Single frames are taken from the lowest untouched
     * window upwards, blocks from the highest downwards. */
    uint64_t windows, window_low, window_high; /* untouched: [window_low, window_high) */
    bool window_open;                          /* window_low - 1 is being handed out … */
    uint32_t window_next, window_mask;         /* … and this is its next index; mask of its permutation */
    uint32_t window_key[3], window_group;      /* of the permutation; the group that index lies in */
    uint32_t heads[ORDER_LIMIT + 1];           /* mfn of the first free block of each order, 0 none */
    struct window *window;                     /* per window; see host.c */
    bool huge;                                 /* its tables are in huge pages, as much as they can be */
};

struct evtchn {
    enum { EVTCHN_FREE, EVTCHN_UNBOUND, EVTCHN_STORE, EVTCHN_INTERDOMAIN, EVTCHN_VIRQ, EVTCHN_IPI } state;
    uint16_t remote_domid;
    uint16_t remote_port; /* or the VIRQ */
};

enum domain_state { DOMAIN_ALIVE, DOMAIN_SHUT_DOWN, DOMAIN_CRASHED };

struct domain {
    struct machine *machine;
    unsigned domid;
    enum domain_state state;
    unsigned shutdown_reason;    /* SHUTDOWN_… */
    bool privileged;             /* may use domctl and name other domains, as dom0 may */
    struct domain_config config; /* strings point into name and command_line below */
    char name[32];
    char *command_line;
    struct guest_image image; /* as it was when the domain was built */
    const uint64_t *blocks;   /* basic blocks that ran, as the living image counts them; or NULL */
    char kernel[24];

    uint64_t reservation_pages, maximum_pages, claim_pages, boot_pages, image_pages;
    uint32_t *window_pages;             /* frames owned, by window of the host */
    uint64_t window_room;               /* its length: the host's windows */
    uint64_t window_first, window_last; /* bounds of what may be non-zero in it */
    uint32_t overhead_mfn[OVERHEAD_PAGES];

    struct space space; /* its memory; see space.h */
    struct vcpu vcpu;
    uint64_t window_mfn[SPACE_WINDOW_PAGES]; /* frames mapped in the window of virtual pages, 0 none */
    bool window_foreign[SPACE_WINDOW_PAGES]; /* … which are another domain's */
    struct physmap *physmap;   /* of a domain that Xen translates for (PVH): gfn to mfn; else NULL */
    unsigned nr_overhead;      /* of overhead_mfn: 17, and 4 more with its vcpu */
    struct zombie *zombie;     /* while it is being destroyed */
    bool empty;                /* made by createdomain: no guest runs in it */
    bool unfinished;           /* its last hypercall was preempted: it goes on before the guest does … */
    uint64_t unfinished_until; /* … up to this extent */

    struct evtchn evtchn[EVTCHN_PORTS]; /* port 0 is never valid */
    unsigned store_port, agent_port;
    uint64_t timer_ns;        /* VIRQ_TIMER's one-shot, NEVER_NS when not armed */
    uint64_t poll_timeout_ns; /* of a vcpu in SCHEDOP_poll */
    bool blocked, polling;
    bool paused; /* by the toolstack: not runnable, whatever it waits for */
    uint16_t poll_ports[POLL_PORTS_LIMIT];
    unsigned nr_poll_ports;

    const struct port_counters *counters; /* in the guest's memory; not trusted */
    uint64_t *fault_mask; /* in the guest's memory: the sites where a fault is armed; or NULL */
    uint64_t watched_sites,
        entered_sites; /* of the site hook: asked for; Xen's that the present call came by */
    uint64_t port_calls;
    uint64_t vain_exits; /* calls since it last waited, or had an effect on a page */
    struct fault_set *faults;
    struct fault_answer refusal; /* the fault that the present call met */

    enum { COMMAND_NONE, COMMAND_WAITING, COMMAND_RUNNING, COMMAND_ANSWERED } command_state;
    char command[COMMAND_BYTES];
    char *answer; /* OUTPUT_BYTES, made at the first answer */
    int answer_status;

    struct domain *spare_next; /* while it is one of the machine's spares, or asleep */
    struct saved *saved;       /* while it is asleep: its pages; save.c */
    unsigned restored_from;    /* the number it had before; 0: none */

    bool target_known; /* what the guest last read from its memory/target */
    uint64_t target_kib, target_event;
};

/* Set by number; finding the next member is a matter of two words however many there are. */
struct domset {
    uint64_t summary[8];
    uint64_t bits[512];
    unsigned count;
};

struct machine {
    struct machine_config config;
    struct recorder *recorder;
    const struct real_xen_ops *real_xen; /* NULL: guests run in this process */
    struct xenstore *xenstore;
    struct host host;

    uint64_t now_ns;
    uint64_t next_timer_ns; /* no timer is due before it; may be early, never late */
    struct domset runnable;
    unsigned last_domid;    /* that ran last */
    unsigned resume_domid;  /* whose turn a run's end cut short, 0 none */
    struct domain *running; /* while its vcpu is the running context, else NULL */
    bool stop, crashed;
    uint64_t random[2]; /* of the schedule's choices */

    struct domain **domains; /* ordered by domid */
    size_t nr_domains;
    struct domain *by_id[DOMID_LIMIT];
    unsigned next_domid;
    struct domain *asleep; /* saved and not restored */
    struct domain *spares; /* gone domains whose memory the next one may take over … */
                           /* … chained through spare_next */

    void (*page_hook)(void *, struct domain *, pfn_t, uint64_t);
    void *page_hook_context;
    machine_frame_hook_t *frame_hook;
    void *frame_hook_context;
    const struct machine_lifecycle *lifecycle;
    machine_site_hook_t *site_hook;
    void *site_hook_context;
    uint32_t *frame_list; /* scratch for the frame lists of records */
    size_t frame_list_room;
    char output[OUTPUT_BYTES];         /* of the toolstack */
    char store_text[STORE_TEXT_BYTES]; /* path and value of a xenstore event, as its record wants them */
    char *why;                         /* WHY_BYTES: the sentence of machine_at_rest */
    uint64_t until_ns;                 /* of the present run */
};

/* frame.c: single frames and whose they are. */
static inline struct frame *frame_of(const struct host *host, uint64_t mfn)
{
    assert(mfn < host->end_mfn);
    return &host->frames[mfn];
}

/* Of a frame in the pool. */
static inline uint64_t window_number(uint32_t mfn)
{
    _Static_assert(HOST_FIRST_MFN % WINDOW_FRAMES == 0, "windows begin at multiples of their size");
    return (mfn >> WINDOW_BITS) - (uint32_t)(HOST_FIRST_MFN >> WINDOW_BITS);
}

/* Is it a frame that a domain of this number owns? For any number a guest may name. */
static inline bool frame_owned_by(const struct host *host, uint64_t mfn, unsigned domid)
{
    return mfn < host->end_mfn && host->frames[mfn].owner == domid;
}

bool frame_table_init(struct host *, uint64_t host_pages);
void frame_table_huge(struct host *); /* a large guest comes: it will use much of it */
void frame_table_free(struct host *);
/* The domain owns one frame more, fresh from the pool; its M2P entry is invalid. */
void frame_give(struct domain *, uint64_t mfn);
/* The same for many, all of them different. */
void frames_give(struct domain *, const uint32_t *mfns, size_t count);
/* … and one less: it goes back to the pool. */
void frame_take(struct domain *, uint64_t mfn, bool scrub);
/* A guest gives a frame up, as XENMEM_decrease_reservation does: false when it isn't its to give. */
bool frame_release(struct domain *, uint64_t mfn, uint64_t *freed_pages);
/* The same for a list of 64-bit numbers, as long as they are plain: its own, and mapped nowhere. How many were. */
size_t frames_release(struct domain *, const char *list, size_t count, uint32_t *mfns);
void frame_leaves(
    struct domain *, uint64_t mfn); /* it goes back to the pool, by the doing of a living domain */
/* Page-table entries that name it come and go; the last one to go lets a released frame go, too. */
int frame_map(struct domain *owner, uint64_t mfn, bool foreign);
bool frame_unmap(struct machine *, uint64_t mfn, bool foreign); /* true: it left the reservation by this */
/* Its owner is dying: it goes to the pool, or, while dom0 maps it, at the unmap. */
void frame_end(struct domain *owner, uint64_t mfn);

/* host.c: the pool. */
bool host_init(struct host *, uint64_t pages, uint64_t seed);
void host_fini(struct host *);
/* All free and untouched again; costs what was touched. */
bool host_reset(struct host *, uint64_t pages, uint64_t seed);
/* First mfn of a free block of 2^order frames, 0 when there is none. */
uint64_t host_take(struct host *, unsigned order);
/* Single frames, as if taken one by one; how many there were. */
size_t host_take_singles(struct host *, uint32_t *mfns, size_t count);
void host_put(struct host *, uint64_t mfn); /* one frame; its entry is kept but for the owner */
/* Many that have no owner any more, with their M2P entries; window_pages: what he had in each window, now less. */
void host_put_many(struct host *, uint32_t *window_pages, const uint32_t *mfns, size_t count);
void host_return(struct host *, uint64_t mfn, unsigned order); /* taken, and not used */
uint64_t host_count_free(const struct host *);                 /* by walking */
uint64_t host_window_bytes(const struct host *);               /* what it knows of its windows */

struct hypercall_trace;

/* claim.c: frames promised. */
long claim_pages(struct domain *caller, unsigned long argument, struct hypercall_trace *);
bool claims_leave(const struct host *, uint64_t pages);   /* so many to whoever has no claim */
bool claim_allows(const struct domain *, uint64_t pages); /* may it take so many from the pool? */
void claim_moved(struct domain *, bool grew);             /* its reservation has, by a page */
void claim_end(struct domain *);

/* physmap.c: gfn to mfn, for domains that Xen translates for; pod.c: pages populated when they are touched. */
#include "sim/domain/physmap.h"

/* empty domain.c: domains made by dom0, in which nothing runs. */
long empty_domain_create(struct domain *caller, unsigned domid, bool translated);
long empty_domain_add_vcpu(struct domain *);

/* domain.c */
void domain_join(struct domain *);
void domain_choose_domid(struct domain *);
void domain_write_start_info(struct domain *);
void domain_give_all_back(struct domain *);
void domain_leave(struct domain *);
void saved_free(struct saved *);               /* save.c */
struct domain *domain_blank(struct machine *); /* NULL: no memory */
void domain_take_overhead(struct domain *, unsigned pages);

/* real_xen.c. A command in the numbers of whom it is for; its marks go from the text itself. Bytes without the end. */
size_t real_xen_command(const struct domain *, char *command, char *to, size_t to_bytes);
/* The answer to `frame `, in place, in the model's numbers; others stay. Bytes without the end. */
size_t real_xen_reply(const struct domain *, char *output, size_t room_bytes);

/* zombie.c. Around a domain's end; and when one of its frames is unmapped for the last time. */
void zombie_begin(struct domain *);
void zombie_keeps(struct domain *, uint64_t mfn);
void zombie_end(struct domain *);
void zombie_unmapped(struct host *, uint64_t mfn);
void domain_record(const struct domain *);
void domain_crash(struct domain *, const char *why); /* records REC_CRASH and ends it */
void domain_end(struct domain *);                    /* no longer runs, for whatever reason */
void domain_died(struct domain *);                   /* the same, by a crash that was just recorded */
void domain_crash_by_fault(struct domain *, const struct guest_fault *); /* crash.c */
void domain_crash_endless(struct domain *, const char *why);             /* somebody counted too far */
void domain_free_spares(struct machine *);
void domain_detach(struct machine *, struct domain *, bool frames_are_forgotten);

/* schedule.c: who runs, timers, virtual time. */
void schedule_wake(struct domain *);
void schedule_block(struct domain *);                 /* its timers are set */
struct domain *schedule_next(struct machine *);       /* NULL: nobody can run now */
void schedule_timers(struct machine *);               /* wakes those whose time has come */
uint64_t schedule_next_timer(const struct machine *); /* NEVER_NS: none */
uint64_t schedule_random(struct machine *);
void domset_add(struct domset *, unsigned domid);
void domset_remove(struct domset *, unsigned domid);
bool domset_has(const struct domset *, unsigned domid);
unsigned domset_next(const struct domset *, unsigned domid); /* lowest member >= domid, 0 none */

/* hypercall.c: one exit of a guest, answered. */
enum exit_outcome { EXIT_GO_ON, EXIT_LEAVE }; /* LEAVE: the domain blocks, yields or is dead */
enum exit_outcome hypercall_serve(struct domain *, struct vcpu *);
enum exit_outcome port_serve(struct domain *, struct vcpu *); /* port.c */

/* What a hypercall leaves for its record. */
struct hypercall_trace {
    bool record;
    uint32_t subop;
    uint64_t asked, flags;
    uint32_t *frames; /* the machine's scratch list */
    size_t nr_frames;
};
bool machine_frame_room(struct machine *, size_t entries); /* in frame_list */
void machine_place(struct domain *);     /* place of the next event: where the guest called from */
void machine_backtrace(struct domain *); /* … and of all callers */
void machine_backtrace_fault(struct domain *, const struct guest_fault *);

/* Whom a number that a guest gave names: 0, or why it may not ask for that. */
long hypercall_target(struct domain *caller, unsigned domid, struct domain **target);
long exchange(struct domain *, unsigned long argument, struct hypercall_trace *); /* exchange.c */
long memory_map(struct domain *, bool of_the_host, unsigned long argument, struct hypercall_trace *);
long memory_op(struct domain *, unsigned long command, unsigned long argument, struct hypercall_trace *);
long mmu_update(struct domain *, const struct vcpu *, struct hypercall_trace *);
long mmu_update_va_mapping(struct domain *, const struct vcpu *, unsigned domid, struct hypercall_trace *);
/* As many entries of a multicall as only map pages of its own, or only unmap them, one after the other, and are as
 * they nearly always are: how many. Effect and results are those of mmu_update_va_mapping for each. */
size_t mmu_map_row(struct domain *, struct multicall_entry *, size_t count);
void mmu_drop_foreign(struct domain *); /* its mappings of others' frames go */
long mmu_page_write(struct domain *, unsigned long va, uint64_t stamp);
long mmu_pages_write(struct domain *, unsigned long va, uint64_t stamp, uint64_t pages);
long mmu_frames_zero(struct domain *, unsigned long list_va, uint64_t count);
long mmu_page_read(struct domain *, unsigned long va);
long evtchn_op(struct domain *, unsigned long command, unsigned long argument, struct hypercall_trace *);
int evtchn_bind_store(struct domain *); /* the port of xenstore's ring */
void evtchn_raise(struct domain *, unsigned port);
bool evtchn_pending(const struct domain *, unsigned port);
long sched_op(struct domain *, unsigned long command, unsigned long argument, struct hypercall_trace *,
    enum exit_outcome *);
long sched_set_timer(struct domain *, uint64_t timeout_ns);
long domctl_op(struct domain *, unsigned long argument, struct hypercall_trace *);

void machine_site_returned(struct domain *, enum fault_site, pfn_t first, uint64_t pages);
void domain_tell_sites(struct domain *); /* the fault mask as it is now, to its guest */
/* A call at one of Xen's fault sites; records a refusal. */
struct fault_answer machine_ask_fault(struct domain *, enum fault_site, pfn_t, uint64_t pages);

#endif
