/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The simulated machine: a host under Xen, its domains, and virtual time. It depends on nothing outside itself: no
 * stdio, no clock, no environment, no exit, no global state. All that happens is recorded.
 *
 * Whoever holds a machine builds domains on it, runs it up to a moment of virtual time, and looks at
 * it between two runs (sim/inspect.h). Nothing here is thread-safe; two machines are independent.
 */
#ifndef SIM_MACHINE_H
#define SIM_MACHINE_H

#include "guest/abi/boot.h"
#include "sim/fault.h"
#include "sim/known_xen.h"
#include "sim/record/recorder.h"
#include "sim/types.h"

struct machine;
struct domain;

/* A range of a memory map (E820), page by page: the host's own, or what its toolstack tells a PV domain. */
#define MEMORY_RANGES_MAX 16u
enum memory_type { MEMORY_RAM = 1, MEMORY_RESERVED, MEMORY_ACPI, MEMORY_NVS, MEMORY_UNUSABLE }; /* as E820 */
struct memory_range {
    uint64_t first_pfn, end_pfn;
    enum memory_type type;
};

enum toolstack { TOOLSTACK_XL_4_17, TOOLSTACK_XL_4_16, TOOLSTACK_XM };

struct machine_costs { /* virtual ns; small, so that things take time and commands can fall between */
    uint64_t hypercall_ns, extent_ns, page_ns, port_ns;
};

struct machine_config {
    uint64_t seed;
    uint64_t host_pages; /* free for domains and their overhead: Xen's and dom0's are outside */
    enum toolstack toolstack;
    const struct known_xen *xen; /* which Xen it is; NULL: KNOWN_XEN_DEFAULT */
    bool scrub_domheap;          /* Xen's option: scrub frames as they are freed by a living domain too */
    uint64_t schedule_seed; /* choices at scheduling points come from it; 0: threads run until they wait */
    bool whole_calls;       /* with such a seed: Xen's long calls are not preempted all the same */
    bool no_growth; /* mem-set gives no domain more than it was built with: for a run to compare with */
    struct memory_range host_map[MEMORY_RANGES_MAX]; /* what its firmware says of it */
    size_t nr_host_ranges;                           /* 0: it is that of a PC with so much memory */
    struct machine_costs costs;                      /* all 0: the defaults */
};

struct machine *machine_new(const struct machine_config *, struct recorder *); /* NULL: no memory */
void machine_free(struct machine *);
/* Makes it as good as new for another run, without domains. Takes time only for what the last run touched. */
bool machine_reset(struct machine *, const struct machine_config *);
/* Ends its domains, also those on the real Xen that it was given, which may then go. */
void machine_drop_domains(struct machine *);

#define XL_EXTRA_KIB 1024u /* libxl's LIBXL_MAXMEM_CONSTANT */
#define XL_VIDEORAM_KIB \
    8192u /* that of xl's vga="cirrus", which it gives an HVM guest without a word of one */
#define DOMAIN_GROWTH_LIMIT 4u /* a boot image holds structures for so many times the boot memory */

enum p2m_size { P2M_MAXMEM, P2M_EXACT, P2M_PAGES };

/* pfns of boot memory, [first_pfn, end_pfn), in order; the first begins at 0 and holds the boot image. The kernel's boot
 * code is told which of them it may hand out, and on which free list: all when available_end_pfn is 0. */
#define BOOT_RANGES_MAX 80u /* more than kernels have segments */
#define FREE_LISTS_MAX  16u /* more than kernels have */
struct boot_range {
    uint64_t first_pfn, end_pfn;
    uint64_t available_first_pfn, available_end_pfn;
    unsigned free_list;
};

struct domain_config {
    const char *name; /* 1 to 31 bytes */
    uint64_t memory_pages, maxmem_pages;
    enum p2m_size p2m;
    uint64_t p2m_pages; /* with P2M_PAGES */
    uint64_t videoram_kib,
        extra_kib;            /* what the toolstack adds; extra_kib XL_EXTRA_KIB under xl, 0 under xm */
    const char *command_line; /* for the kernel, "" for none */
    struct boot_range boot_map[BOOT_RANGES_MAX];
    size_t nr_boot_ranges;                             /* 0: boot memory has no holes */
    struct memory_range memory_map[MEMORY_RANGES_MAX]; /* says nothing of where boot memory lies */
    size_t nr_memory_ranges;                           /* 0: it is given none */
    bool hosts_map; /* its toolstack makes that map of the host's own: e820_host=1 in xl.cfg(5) */
    bool pvh;       /* Xen translates for it: memory by gfn; maxmem above memory is populated on demand */
    bool hvm;  /* such a domain that has a firmware and a device model, and a frame buffer of videoram_kib */
    bool dom0; /* domid 0, privileged, outside the toolstack; its memory comes from the host's pages */
    uint64_t dom0_maximum_pages;
    /*
     * Its kernel believes that it is dom0: it is told so, it sees the host's memory map, and xl's domain 0 is this one. It has
     * a number as any other domain has, and its maximum is maxmem, or it has none (no_maximum).
     */
    bool initial, no_maximum;
    bool bare; /* such a dom0 in which no toolstack has run yet: XenStore has nothing of its memory */
    const struct kernel *kernel; /* what runs in it, as it describes itself; NULL: nothing is known of it */
};

/*
 * How many frames Xen takes for such a domain beside its memory: what it takes for any of that type, and, where it translates and
 * is no dom0, what the toolstack has it take for tables.
 */
uint64_t domain_config_overhead_pages(const struct known_xen *, const struct domain_config *);
uint64_t domain_config_pool_pages(
    const struct domain_config *); /* of those, the ones that the toolstack asks for */
/* How many entries the P2M of such a domain has, holes in its boot memory counted: start_info says the same. */
uint64_t domain_config_p2m_entries(const struct domain_config *);
uint64_t domain_config_boot_end_pfn(
    const struct domain_config *); /* of its boot memory, which may have holes */

enum build_error {
    BUILD_OK,
    BUILD_NO_HOST_MEMORY,
    BUILD_NO_MEMORY,
    BUILD_BAD_CONFIG,
    BUILD_TOO_MANY,
    BUILD_REAL_XEN /* the real Xen did not build it; whoever set struct real_xen_ops knows why */
};

/* The image is a private copy for this domain alone; the caller keeps it until the domain is gone. */
enum build_error machine_build_domain(
    struct machine *, const struct domain_config *, struct guest_image *, struct domain **);
void machine_destroy_domain(struct machine *, struct domain *, enum domain_end);
/*
 * A domain that has suspended itself gives up its frames and its number, and keeps its image; restored, it has new
 * ones. When that can't be done (false, or not BUILD_OK) it is as it was; BUILD_BAD_CONFIG says that it had more
 * pages than its maximum would be.
 */
bool machine_save_domain(struct machine *, struct domain *);
enum build_error machine_restore_domain(struct machine *, struct domain *);

enum run_end {
    RUN_TIME, /* `until_ns` is reached; guests may be in the middle of things */
    RUN_IDLE, /* no domain can run and no timer is armed; and until_ns is NEVER_NS, or rest was to be reached and
                    * is not: without a push from outside nothing will happen any more */
    RUN_REST,    /* rest was asked for, and is reached: see machine_at_rest */
    RUN_STOPPED, /* machine_stop was called by a witness */
    RUN_CRASHED, /* a domain died; see domain_crashed. The process that holds it should be given up */
};

struct run_request {
    uint64_t until_ns;
    bool stop_at_rest;
    uint64_t quiet_ns; /* the quiet window that `at rest` asks for, 10 s unless said */
};

enum run_end machine_run(struct machine *, const struct run_request *);
void machine_stop(struct machine *); /* end the present run after the present event */
/* The computer has no memory for something that this run needs: it stops, and there will be no recording of it. */
void machine_lacks_memory(struct machine *);
uint64_t machine_now_ns(const struct machine *);
/* No runnable thread, no undelivered watch or event, no timer due within the window. Else why, if asked. */
bool machine_at_rest(const struct machine *, uint64_t quiet_ns, const char **why);
/* What a fault holds back from the living, be it for longer than the window, and when that comes. NULL: nothing. */
const char *machine_held_back(const struct machine *, uint64_t *due_ns);

struct domain *machine_domain(struct machine *, const char *name); /* NULL: none of that name */
struct domain *machine_domain_by_id(struct machine *, unsigned domid);
struct domain *machine_initial_domain(struct machine *); /* the one that plays dom0, or NULL */
struct domain *machine_next_domain(
    struct machine *, const struct domain *previous); /* NULL starts; ordered by domid */

/* Gives the guest's agent a command line to run. Its answer is recorded as REC_COMMAND.
 * False: the last one is still under way. */
bool domain_command(struct domain *, const char *line);
bool domain_command_done(const struct domain *, int *status, const char **output); /* the last one's answer */

struct fault_set *domain_faults(struct domain *);

/*
 * Called at every NOTE_PAGE_FREE before it is recorded (such records are batched): what must be judged while
 * the page is on its way to the allocator. NULL: no hook. It is kept over a reset.
 */
void machine_set_page_hook(
    struct machine *, void (*)(void *context, struct domain *, pfn_t first, uint64_t pages), void *context);

/*
 * Called when a living domain gives frames back, while their contents and M2P entries still are as they were.
 * NULL: no hook. It is kept over a reset.
 */
typedef void machine_frame_hook_t(void *context, struct domain *, const uint32_t *mfns, size_t count);
void machine_set_frame_hook(struct machine *, machine_frame_hook_t *, void *context);

/*
 * Called when a call at a fault site is entered, before it may be refused, and when it has returned: at Xen's sites
 * after the hypercall, at those of plug and unplug when these end. At a kernel's other sites only the entry is seen.
 * The hook may run commands of the toolstack that end no domain, and arm and heal faults. NULL: no hook. It is kept
 * over a reset.
 */
enum site_moment { SITE_ENTER, SITE_RETURN };
typedef void machine_site_hook_t(
    void *context, struct domain *, enum fault_site, enum site_moment, pfn_t first, uint64_t pages);
void machine_set_site_hook(struct machine *, machine_site_hook_t *, void *context);
bool machine_enters_call(const struct machine *); /* the hook is being called for SITE_ENTER */
/* A guest asks only at sites where a fault is armed. At the sites given here (bits 1 << enum fault_site) it has to ask
 * at each call, so that the site hook hears of it. */
void domain_watch_sites(struct domain *, uint64_t sites);
bool domain_kernel_is_watched(const struct domain *); /* at a site of its kernel's own */

/* Gives the domain's next record this function as its place, if it is one of the driver under test. function is an
 * address of the guest's. */
bool domain_place_next_record(struct domain *, uint64_t function); /* false: it isn't */
/* Its next record has the place in the driver from which the guest\'s present call came, with its callers. */
void domain_place_here(struct domain *);

/*
 * Who wants to know which code of the drivers runs. It takes time, and changes nothing else: events, times and counts are
 * what they would be. NULL: nobody. It is kept over a reset.
 */
struct machine_trace {
    void *context;
    bool (*wanted)(void *context); /* before a guest goes on: shall its blocks be told until its next call? */
    void (*ran)(
        void *context, unsigned domid, uint64_t text_offset); /* a basic block of the driver's begins */
};
void machine_set_trace(struct machine *, const struct machine_trace *);

/*
 * What xl's create, destroy, save and restore ask of the program that holds the machine, for it has the images, and a
 * domain can't be ended while a guest runs. It may do what is asked a little later, between two runs. Kept over a
 * reset. While none is set, xl refuses these commands.
 */
struct machine_lifecycle {
    void *context;
    const char *(*create)(void *context, const char *name); /* NULL, or why not */
    void (*destroy)(void *context, struct domain *);
    /* The guest was asked to suspend: it will be saved under this name when it has. */
    void (*save)(void *context, struct domain *, const char *file);
    const char *(*restore)(void *context, const char *file); /* NULL, or why not */
};

void machine_set_lifecycle(struct machine *, const struct machine_lifecycle *);

/* A paused domain does not run until it is unpaused, and counts as at rest meanwhile. */
void domain_pause(struct domain *, bool paused);

/*
 * A toolstack command as typed in dom0: one of xl, xm and the xenstore- tools. Returns its exit status; the text it
 * printed is in output, valid until the next command. -1: it is no command of the configured toolstack.
 */
int machine_toolstack(struct machine *, const char *line, const char **output);

#endif
