/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Looking at a machine without touching it: for invariants, expectations and debuggers. A read-only view;
 * nothing here records, costs virtual time, or trusts what a guest wrote.
 */
#ifndef SIM_INSPECT_H
#define SIM_INSPECT_H

#include "guest/abi/port.h"
#include "sim/machine.h"

const struct known_xen *machine_xen(const struct machine *); /* which Xen it is */
uint64_t host_total_pages(const struct machine *);
/* The host's frames are [first, end). Those below first are Xen's and dom0's own and are in no count here. */
uint64_t host_first_mfn(const struct machine *);
uint64_t host_end_mfn(const struct machine *);
uint64_t host_free_pages(const struct machine *);     /* Xen's own counter */
uint64_t host_overhead_pages(const struct machine *); /* held for domains' structures */
uint64_t host_claimed_pages(const struct machine *);  /* promised by claims and not yet given */
uint64_t host_memory_bytes(const struct machine *);   /* what the tables of its frames take in this process */
uint64_t host_counted_free_pages(const struct machine *); /* counted one by one */

/* A domid, OWNER_FREE, or OWNER_XEN, also for a number that is no frame of the host. */
unsigned frame_owner(const struct machine *, mfn_t);
pfn_t frame_m2p(const struct machine *, mfn_t);
uint64_t frame_stamp(const struct machine *, mfn_t);
uint32_t frame_mappings(const struct machine *, mfn_t); /* how many page-table entries name it */
/*
 * The same facts for all frames, as arrays indexed by mfn whose elements are FRAME_STRIDE_BYTES apart (of m2p: 8 bytes).
 * They are valid for [first, end) until the next machine_reset. An owner of 0 is a free frame here, and its M2P
 * entry means nothing. Entries before first are there, too; they belong to no domain.
 */
#define FRAME_STRIDE_BYTES 24u
struct frame_arrays {
    uint64_t first, end;
    const uint64_t *m2p;
    const char *owners, *stamps; /* uint16_t and uint64_t */
    char *notes; /* uint32_t, for the caller's own use: the machine only clears them at a reset */
};
struct frame_arrays machine_frame_arrays(const struct machine *);
/* Has its owner asked to release it, while it is still mapped? */
bool frame_release_pending(const struct machine *, mfn_t);

unsigned domain_id(const struct domain *);
unsigned domain_abi_id(const struct domain *); /* the domid by which guests know it: for dom0 it is 0 */
const char *domain_name(const struct domain *);
const char *domain_kernel(const struct domain *);
/* What its kernel says of itself; NULL: nothing. */
const struct kernel *domain_description(const struct domain *);
bool domain_crashed(const struct domain *);
bool domain_faulted(const struct domain *); /* by a fault of its code, not by a call */
/* While it is stopped: is the driver under test on the stack that it stopped on? */
bool domain_driver_on_stack(const struct domain *);
uint64_t domain_reservation_pages(const struct domain *); /* Xen's tot_pages */
uint64_t domain_maximum_pages(const struct domain *);     /* Xen's max_pages */
uint64_t domain_claim_pages(const struct domain *);
uint64_t domain_boot_pages(const struct domain *); /* start_info.nr_pages */
uint64_t domain_image_pages(const struct domain *);
uint64_t domain_boot_end_pfn(
    const struct domain *); /* behind its boot memory and what was promised it, holes counted */
/* Of its memory as its toolstack counts it, what its builder gave no page: an HVM guest's VGA hole. */
uint64_t domain_left_out_pages(const struct domain *);
/* Ranges of gfns whose frames are the domain's and none of its memory, such as a frame buffer's. Returns how many. */
size_t domain_kept_ranges(const struct domain *, const struct memory_range **ranges);
mfn_t domain_shared_info(const struct domain *); /* the frame that Xen shares with it */
/* How many of the bytes beginning at guest_va the guest itself could read (or write). */
size_t domain_reach(const struct domain *, uint64_t guest_va, size_t bytes, bool write);
bool machine_schedule_is_seeded(const struct machine *);
bool domain_call_unfinished(const struct domain *); /* its hypercall was preempted, and goes on later */
/* Frames it owns, counted one by one. */
uint64_t domain_counted_pages(const struct domain *);
/* Calls visit for each frame it owns, in mfn order, until it returns false. */
void domain_each_frame(const struct domain *, bool (*visit)(void *, mfn_t), void *context);

/* In that table: a frame will be there when it is touched. */
#define P2M_ON_DEMAND (UINT64_MAX - 1u)
/* Of a domain that Xen translates for it is Xen's table from gfns to frames. A kernel may say that it keeps no P2M. */
uint64_t domain_p2m_entries(const struct domain *); /* 0: no table to be judged */
mfn_t domain_p2m(const struct domain *, pfn_t);     /* MFN_NONE past the end too */
const uint64_t *domain_p2m_table(struct domain *);  /* for sweeps; ~0 is invalid */
uint64_t domain_on_demand_pages(
    const struct domain *); /* its frames that wait for the first touch of a gfn */
/* Its gfns that wait for a frame, beyond those for which such a frame waits; below 0: more of these wait. */
int64_t domain_owed_pages(const struct domain *);
bool domain_is_translated(const struct domain *);
bool domain_is_on_demand(const struct domain *); /* it has gfns that get their frame when they are touched */
/* In which sizes Xen maps its frames for it: mappings of 1 GiB and of 2 MiB, and those of 2 MiB that are in pieces now. */
#define HOST_MAPPINGS_2M_IN_1G 512u
struct host_mappings {
    uint64_t whole_1g, whole_2m, shattered_2m;
};
bool domain_host_mappings(
    const struct domain *, struct host_mappings *); /* false: Xen does not translate for it */
/* The frame that each page of its direct map maps, 0 none. NULL: it has no direct map, or Xen translates for it. */
const uint32_t *domain_direct_map(const struct domain *, uint64_t *pages);
uint64_t domain_direct_pages(
    const struct domain *); /* of its direct map, whoever translates; 0: it has none */
uint64_t domain_direct_built_pages(const struct domain *); /* that it has mapped there since it was built */
bool domain_p2m_is_live(const struct domain *);      /* that table is the guest's own, and changes with it */
uint64_t domain_p2m_room(const struct domain *);     /* entries of the table that its builder made */
bool domain_p2m_guard_intact(const struct domain *); /* canary behind the last of those */

/* A copy of what the guest published; false when it has published none. */
bool domain_counters(const struct domain *, struct port_counters *);
uint64_t domain_next_timer_ns(const struct domain *); /* UINT64_MAX: none armed */
bool domain_blocked(const struct domain *);
bool domain_poll_timed_out(const struct domain *); /* its last SCHEDOP_poll that waited: no event ended it */
bool domain_port_is_stores(const struct domain *, uint64_t port); /* its event channel to xenstore */
/* The fault that refused its last hypercall or port call; false: none did. */
bool domain_last_refusal(const struct domain *, struct fault_answer *);
bool domain_paused(const struct domain *);
unsigned domain_restored_from(const struct domain *); /* its number before it was saved; 0: it never was */
bool domain_shut_down(
    const struct domain *, unsigned *reason); /* SHUTDOWN_poweroff and its like; it is still there */
uint64_t domain_port_calls(const struct domain *);
uint64_t domain_blocks(const struct domain *); /* basic blocks its code ran; 0: they are not counted */
/* Has its guest published an agent that takes commands (PORT_AGENT_EVTCHN)? */
bool domain_has_agent(const struct domain *);

/* xenstore as dom0 sees it. NULL: no such node. Valid until the next change. */
const char *machine_xenstore(const struct machine *, const char *path);
bool machine_xenstored_serves(const struct machine *); /* false: a fault has stopped it for a while */
const char *machine_domain_node(
    const struct machine *, unsigned domid, const char *node); /* "memory/target" */
/* What the guest last read from its memory/target: KiB and the event of that reading; false: never. */
bool domain_target_read(const struct domain *, uint64_t *kib, uint64_t *event);
uint64_t domain_static_max_kib(const struct domain *);
bool domain_plays_dom0(const struct domain *); /* a scenario's role=dom0 */

#endif
