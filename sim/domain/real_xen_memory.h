/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The memory of a guest that runs on the real Xen, as this process sees it and as the guest does. The guest's
 * addresses start at 0; this process sees the guest's boot mapping at an offset.
 */
#ifndef SIM_DOMAIN_REAL_XEN_MEMORY_H
#define SIM_DOMAIN_REAL_XEN_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest/abi/boot.h"

/* Pointers are this process's unless the name says guest. */
struct real_xen_memory {
    char *base; /* where this process sees the guest's address 0; the boot mapping is [base, base + bytes) */
    size_t bytes;
    uintptr_t guest_tables;        /* from here on the guest may only read */
    uintptr_t guest_direct;        /* where its direct map begins; 0: its kernel wants none */
    uintptr_t guest_p2m_guard;     /* a page behind its P2M at which any access faults */
    const struct boot_block *boot; /* pointers inside are the guest's */
    shared_info_t *shared_info;
    struct xenstore_domain_interface *xenstore;
    uint64_t *p2m; /* Xen's frame numbers */
    char *shadow;  /* copies of arguments, with the model's frame numbers: counts as the guest's memory */
    size_t shadow_bytes;
    size_t
        shadow_wall_bytes; /* what begins in front of it ends there, as memory in front of a guard page does; 0: none */
    struct guest_image *image; /* addresses inside are the guest's */
};

/*
 * How many bytes, beginning at an address of the guest's, the guest itself may read (or write): none in its first
 * page or in the guards below its stacks and behind its P2M, and page tables only to read.
 */
size_t real_xen_memory_reach(const struct real_xen_memory *, uintptr_t guest_va, bool write);

/* What lies at an address at which the guest's access faulted, in space_what's words (space.h); NULL: nothing of the guest's. */
const char *real_xen_memory_what(const struct real_xen_memory *, uintptr_t guest_va);

#endif
