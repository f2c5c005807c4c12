/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The debug port: what a guest tells and asks beyond Xen's ABI. Drivers never see it. It gives no control
 * over the machine: a guest that tells something wrong here can spoil its own verdict and nothing else.
 *
 * hypercall() and debug_port() are the two symbols that a guest leaves undefined. In the simulator both leave
 * the guest at once (guest/lib/gate_sim.c). On the real Xen the port is a page that the harness sees
 * (guest/pv/mailbox.h): notes are posted there and read later, so a note carries all that its reader needs.
 */
#ifndef GUEST_ABI_PORT_H
#define GUEST_ABI_PORT_H

#include <stdint.h>

/* Xen's hypercall, arguments in the order of Xen's public headers. */
long hypercall(unsigned long op, unsigned long a1, unsigned long a2, unsigned long a3,
    unsigned long a4) __asm__("__guest_hypercall");
long debug_port(unsigned long op, unsigned long a1, unsigned long a2, unsigned long a3,
    unsigned long a4) __asm__("__guest_debug_port");

enum port_op {
    PORT_PUBLISH = 1, /* (enum port_publish, address, count): 0 */
    PORT_CLOCK,       /* (): virtual time in ns since the machine was switched on */
    PORT_LOG,         /* (text, bytes): one console line, no newline at its end */
    PORT_PANIC,       /* (text, bytes): the domain dies here; does not return */
    /*
     * (text, bytes, an address in the guilty code or 0): an interface of the kernel was misused, such as a lock or
     * memory; returns
     */
    PORT_MISUSE,
    PORT_NOTE,  /* (enum port_note, a, b, c): 0 */
    PORT_FAULT, /* (enum fault_site, first pfn or 0, pages or bytes): 0 go on, else the errno to refuse with */
    PORT_SCHEDULE, /* (): a place where a real kernel could be preempted: 0 go on, 1 let another thread run */
    PORT_PAGE_WRITE, /* (va in the window, stamp): fill the mapped page with a 64-bit pattern; 0 is a zeroed page */
    PORT_PAGE_READ,   /* (va in the window): its pattern; on the real Xen ~0 when the page is not uniform */
    PORT_COMMAND,     /* (buffer, bytes): the next command line for the guest's agent, its length; 0 none */
    PORT_REPLY,       /* (status, text, bytes): the agent's answer to it */
    PORT_PAGES_WRITE, /* (va in the window, stamp, pages): PORT_PAGE_WRITE for so many pages in a row */
    PORT_ENDLESS,     /* (): too many basic blocks ran since the last call; does not return */
    /*
     * (list of 64-bit mfns, count, UVMF_INVLPG): zeroes the frames. It does what these three would do, and costs as
     * much: a multicall that maps them into the window with that flag, PORT_PAGES_WRITE of zeros, a multicall that
     * unmaps them with it. It is refused, and nothing is done, when a frame is not the caller's, when there are too
     * many, or on a machine that can't do it at once; then the guest makes the three calls.
     */
    PORT_FRAMES_ZERO,
};

/* In the simulator a port call leaves by the same gate as a hypercall, its number raised by this. */
#define PORT_GATE_BASE 0x1000ul

enum port_publish {
    PORT_COUNTERS = 1, /* struct port_counters *, in the guest's data; read whenever the guest is stopped */
    PORT_AGENT_EVTCHN, /* an event channel port (as count) that the machine raises when a command waits */
    /*
     * uint64_t *, in the guest's data: the machine sets bit 1 << site for each site where a fault is armed, and
     * the guest need not ask at the others. If publishing it is refused, the guest asks at every site.
     */
    PORT_FAULT_MASK,
    /*
     * uint64_t *, so many entries: the P2M that the kernel uses from now on. Until it says so it is the builder's,
     * at start_info->mfn_list.
     */
    PORT_P2M,
};

enum port_note {
    NOTE_PAGE_FREE = 1, /* pfn, pages: handed to the allocator's free lists, now */
    NOTE_PAGE_ALLOC,    /* pfn, pages: taken off them */
    /*
     * start pfn, end pfn: a segment of boot memory; and bytes that the structures of pages take at boot, which are added up
     * over all such notes (0: the kernel does not say)
     */
    NOTE_PHYSLOAD,
    NOTE_PLUG_BEGIN,   /* pfn, pages: the driver calls plug */
    NOTE_PLUG_END,     /* pfn, pages, 1 true 0 false */
    NOTE_UNPLUG_BEGIN, /* pfn, pages */
    NOTE_UNPLUG_END,   /* pfn, pages, 1 true 0 false */
    NOTE_SLEEP,        /* 1 for a thread that the driver created, 0 for another: it is about to wait */
    NOTE_ATTACHED, /* 1: a driver was found, 0: none; then what one left behind that gave up: bytes, things */
    /*
     * A walk over the kernel's segments by their public interface begins: pages that the kernel calls present, and pages
     * that its allocator has, in use or free (0, 0: it does not say); and one more than the free pages that lie in no whole free
     * block of 2 MiB (0: it does not say, or has no such blocks).
     */
    NOTE_AUDIT_BEGIN,
    NOTE_SEGMENT, /* start pfn, end pfn, how many pages of it have a description of their own */
    /*
     * The pfn behind the highest frame that segment code names, 0: it says none; how many handles of segments that were
     * unplugged whole it calls valid; bytes that the structures of pages take now (0: the kernel does not say).
     */
    NOTE_AUDIT_END,
    NOTE_NODE,      /* enum port_node, value in KiB, errno of the read */
    NOTE_DATA_LOST, /* pfn, stamp wanted, stamp read: a workload's page holds something else than it wrote */
    NOTE_KEPT,      /* start pfn, end pfn: boot memory that the kernel keeps, outside of every segment */
    NOTE_P2M, /* entries, entries before: another table is its P2M; the machine notes it when that is published */
    NOTE_TARGET, /* KiB: a user of the guest gave the driver a target of its own, which XenStore knows nothing of */
    /* Pages in use that the kernel has taken from their users for want of memory, since boot; told at audits once there are any. */
    NOTE_RECLAIMED,
    /*
     * The machine itself notes these two at a settle, and takes them from no guest. Of a domain that Xen translates for: 2 MiB of
     * it that are one mapping or part of a larger one; 2 MiB that were and are in pieces; mappings of 1 GiB.
     */
    NOTE_HOST_MAPPINGS,
    /* Of another, with a direct map: pages that it has mapped there since it was built. */
    NOTE_DIRECT_MAP,
    /*
     * Pages that the kernel looked at to put memory offline, and that its driver asked the allocator for, without getting them;
     * since boot, told at audits once there are any.
     */
    NOTE_IN_VAIN,
};

/* The things of NOTE_ATTACHED, at most 2^20 of each: allocations, pools, nodes. */
#define NOTE_ATTACH_LEFT(allocations, pools, nodes) \
    ((uint64_t)(allocations) << 40 | (uint64_t)(pools) << 20 | (uint64_t)(nodes))

/*
 * What freed and fresh memory is filled with. Neither pattern is a canonical address, nor near one: using a pointer
 * that was read from such memory faults, and the machine can say what kind of memory it was.
 */
#define PORT_POISON_FREED 0xdeadf2eeddeadf2eull
#define PORT_POISON_NEW   0xbadcab1ebadcab1eull
#define PORT_POISON_REACH 0x10000ull /* members and elements as far as this from the pointer count as well */

enum port_node { NODE_MIN = 1, NODE_CURRENT, NODE_TARGET, NODE_MAX };

/*
 * Counters that a kernel's runtime keeps, as many as it has: X(ID, member, "word", "name", "meaning"). The word
 * is for a row of its description (guest/abi/kernel.h), the name for messages where that has no other.
 */
#define PORT_COUNTERS(X) \
    X(MANAGED, managed_pages, "managed", "managed pages", "pages of all plugged segments") \
    X(FREE, free_pages, "free", "free pages", "pages on the allocator's free lists") \
    X(TOTAL, total_pages, "total", "total pages", "pages that the allocator says it has, in use or free") \
    X(PRESENT, present_pages, "present", "present pages", "pages of memory that the kernel says it has") \
    X(MEMORY_END, memory_end_pfn, "memory-end", "end of memory", \
        "the pfn behind the last one of its memory") \
    X(HEAP, heap_live, "heap", "live allocations", "allocations of kernel memory that were not freed yet") \
    X(HEAP_BYTES, heap_live_bytes, "heap-bytes", "bytes of live allocations", "bytes in them") \
    X(SEGMENT_HEAP, segment_live, "segment-heap", "live allocations of segment code", \
        "those of them that the code of plug and unplug made") \
    X(SEGMENT_HEAP_BYTES, segment_live_bytes, "segment-heap-bytes", \
        "bytes of live allocations of segment code", "bytes in those") \
    X(IDLE_OBJECTS, idle_objects, "idle-objects", "idle objects", \
        "constructed objects that sit unused in caches of objects") \
    X(IDLE, idle_pages, "idle", "idle pages", \
        "pages that such objects of the balloon's name: taken from the allocator, and in no list") \
    X(FAILURES, allocation_failures, "failures", "failed allocations", \
        "allocations of memory that failed without an injected fault") \
    X(IDLE_FAILURES, idle_failures, "idle-failures", "failures beside idle pages", \
        "those of them while idle objects held pages that nothing was about to give back") \
    X(DRAINING, draining, "draining", "draining", \
        "1 while memory is so short that the kernel is about to give back what idle objects hold") \
    X(HEAP_TOUCHED, heap_touched_bytes, "heap-touched-bytes", "touched bytes of the heap", \
        "bytes of boot_block.heap ever used, from its start") \
    X(BALLOONED, ballooned_pages, "ballooned", "ballooned pages", \
        "managed pages, allocated, with an invalid P2M entry, as the runtime counts them at an audit")

enum port_counter {
#define X(id, member, word, name, meaning) PORT_COUNTER_##id,
    PORT_COUNTERS(X)
#undef X
        NR_PORT_COUNTERS
};

struct port_counters {
#define X(id, member, word, name, meaning) uint64_t member;
    PORT_COUNTERS(X)
#undef X
    /*
     * 1 while a function that was called for a change in xenstore is not done, and another thread runs: that one
     * may not know yet what the function has read. 0 while the function waits for something other than xenstore.
     */
    uint64_t watch_interrupted;
    /*
     * Pages in use that have no frames for good, and that no balloon has: pages that can't be unplugged again got theirs by a word
     * of the agent's, or the kernel keeps them to map others' frames there.
     */
    uint64_t lent_pages;
    /* Of memory that was added, and that nobody has put online since. */
    uint64_t never_online_pages;
    /* At the last audit: pages in use of which the kernel knows whose they are, and 1 when it says so at all. */
    uint64_t known_pages, says_whose;
    uint64_t least_min_pages; /* no node min is to be set below that; 0: the kernel says nothing */
    /* These are no counters but addresses in the driver's code, for reports to name; 0: none. */
    uint64_t kept_at;        /* where it allocated most of what it has not freed since it attached */
    uint64_t attach_refused; /* where attach was refused what it can't do without, and gave up */
    uint64_t watch_function; /* the one that was last called for a change in xenstore */
    uint64_t highest_function, valid_function; /* segment code's, that gave what NOTE_AUDIT_END says */
    /* The functions that gave the values of its nodes at the last audit, by enum port_node. */
    uint64_t node_functions[NODE_MAX + 1];
};

#endif
