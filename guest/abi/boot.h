/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The boot block: where a guest finds what its builder made for it, beyond Xen's own start_info. It is written once,
 * before the guest's first instruction; nothing is communicated through it later.
 *
 * In the simulator the machine fills it in, on the real Xen the harness's domain builder does. A guest can't
 * tell which of the two it was.
 */
#ifndef GUEST_ABI_BOOT_H
#define GUEST_ABI_BOOT_H

#include <stdint.h>
#include <xen/xen.h>

struct xenstore_domain_interface;

#define BOOT_BLOCK_MAGIC   0x424c5354424f4f54ULL /* "BLSTBOOT" */
#define BOOT_BLOCK_VERSION 6u

/* Of one range of boot memory: what boot code may hand out, and on which of the kernel's free lists. */
struct boot_available {
    uint64_t first_pfn, end_pfn;
    uint64_t free_list;
};

/* A range of pages of what a PC's firmware says of its memory (E820). */
struct boot_map_range {
    uint64_t first_pfn, end_pfn;
    uint64_t type; /* as E820's */
};

struct boot_block {
    uint64_t magic;
    uint32_t version;
    uint32_t nr_stacks; /* thread stacks, at least 8 */

    start_info_t *start_info;        /* Xen's own: nr_pages, mfn_list (the P2M), cmd_line and others */
    struct shared_info *shared_info; /* event channels' pending and mask bits */
    struct xenstore_domain_interface *xenstore; /* the ring; its port is start_info->store_evtchn */
    const uint64_t *m2p;                        /* machine_to_phys_mapping, read-only */
    uint64_t m2p_entries;                       /* 0: Xen translates for the guest, which sees no M2P */

    /* Room in start_info->mfn_list: nr_p2m_frames x 512, or nr_pages when nr_p2m_frames is 0. */
    uint64_t p2m_entries;
    /* Pfns [0, image_pages) hold the boot image: kernel, tables, P2M, heap. Free memory begins behind them. */
    uint64_t image_pages;
    char *heap; /* zeroed memory for the kernel's allocators, page aligned */
    uint64_t heap_bytes;

    char *window; /* virtual pages without frames, where update_va_mapping maps some */
    uint64_t window_pages;

    char *stacks; /* stack k is [stacks + k x stride, + stack_bytes); nothing is mapped between two stacks */
    uint64_t stack_bytes;
    uint64_t stack_stride_bytes;

    /* Not 0: a seed chooses the schedule, so the guest asks PORT_SCHEDULE wherever a kernel could be preempted, and
     * lets its timers come there. 0: threads run until they wait; it asks at few places. */
    uint64_t seeded_schedule;

    /* For each range of the memory map that XENMEM_memory_map gives; none: all is available, on the list 0. */
    const struct boot_available *available;
    uint64_t nr_available;

    /* For a kernel that asks for it (guest_image.direct_map): addresses for pages 0 on, more than it can have. What it
     * stores there itself is its own data; pages that workloads use have their contents in the window. NULL: none. */
    char *direct_map;
    uint64_t direct_map_pages;

    /* Of a domain with a firmware (HVM), what that says of memory, where Xen's own map only says what the toolstack gave. */
    const struct boot_map_range *firmware_map;
    uint64_t nr_firmware_map; /* 0: it has none */
    /* Where Xen translates: pages for which the builder took frames or promised some, a frame buffer's among them. */
    uint64_t built_pages;
};

/*
 * What the loader of a guest image has to know of it. The simulator finds it as the symbol `guest_image`, the only visible
 * one of the shared object; a PV image's entry code calls start directly.
 */
#define GUEST_IMAGE_MAGIC 0x424c5354494d414bULL /* "BLSTIMAK": the last byte counts its versions */

/* The function by which guest code returns to the simulator with a call: see sim/domain/vcpu.h. */
typedef long guest_gate_t(
    void *context, unsigned long op, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4);

struct guest_image {
    uint64_t magic;
    const char *kernel;                           /* its name, as after kernel= */
    void (*start)(const struct boot_block *boot); /* does not return */
    const char *driver_text_start; /* code of the driver under test, by which reports know its places */
    const char *driver_text_end;
    uint64_t heap_bytes_a_page; /* about what the kernel takes of its heap at boot for each page */
    /* For debuggers: an array of the kernel's threads, the one that runs, and how many there are; or NULL. */
    const void *threads;
    const void *current_thread;
    uint64_t nr_threads;
    /* Filled in by the loader for each private copy: */
    guest_gate_t *gate; /* how hypercall() and debug_port() leave; NULL on real Xen */
    void *gate_context;
    const char *text_start, *text_end; /* all of its code */
    char *data_start, *data_end;       /* all of its writable memory, bss included */
    /* How many basic blocks may run between two calls, and how many of them are left. Limit 0: they are not limited. */
    uint64_t blocks_limit, blocks_left;
    uint64_t blocks_before; /* how many ran from the domain's beginning to the last call */
    uint64_t direct_map;    /* not 0: the kernel keeps its memory mapped, and wants addresses for all of it */
};

/* Each counted block decrements blocks_left by itself: guest/compile-counted.sh reads its offset here. */
#define GUEST_BLOCKS_LEFT_OFFSET 128
_Static_assert(
    __builtin_offsetof(struct guest_image, blocks_left) == GUEST_BLOCKS_LEFT_OFFSET, "as the code has it");

#endif
