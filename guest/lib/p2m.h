/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of frames by pfn that the domain's builder made, as the boot block has it. */
#ifndef GUEST_LIB_P2M_H
#define GUEST_LIB_P2M_H

#include "guest/lib/services.h"

#define P2M_NO_FRAME (~0ul) /* what it says of a pfn that has no frame behind it */

static inline const uint64_t *guest_p2m(void)
{
    return (const uint64_t *)boot_block->start_info->mfn_list;
}

#endif
