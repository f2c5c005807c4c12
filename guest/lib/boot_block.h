/* SPDX-License-Identifier: BSD-2-Clause */
/* The boot block that this guest was started with, and the table of frames by pfn that it names. */
#ifndef GUEST_LIB_BOOT_BLOCK_H
#define GUEST_LIB_BOOT_BLOCK_H

#include "guest/abi/boot.h"

/* Set by the kernel's start, before it calls anything of the library but its string functions. */
extern const struct boot_block *boot_block __asm__("__guest_boot_block");

#define P2M_NO_FRAME (~0ul) /* the P2M entry of a pfn without a frame */

static inline const uint64_t *boot_p2m(void)
{
    return (const uint64_t *)boot_block->start_info->mfn_list;
}

#endif
