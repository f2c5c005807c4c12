/* SPDX-License-Identifier: BSD-2-Clause */
/* A page's size, its flags when it is mapped, and the P2M that the builder made: amd64's and Xen's facts. */
#ifndef GUEST_LIB_PAGE_H
#define GUEST_LIB_PAGE_H

#include "guest/lib/services.h"

#define GUEST_PAGE_SHIFT 12
#define GUEST_PAGE_BYTES 4096ul

/* A page table entry's bits: present, writable, accessed, dirty. */
#define GUEST_PTE_FLAGS 0x63ul

/* What the P2M says of a pfn that has no frame behind it. */
#define P2M_NO_FRAME (~0ul)

static inline const uint64_t *guest_p2m(void)
{
    return (const uint64_t *)boot_block->start_info->mfn_list;
}

#endif
