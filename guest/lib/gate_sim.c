/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two calls by which a guest leaves the simulator's side of the wall: both go through the gate that the
 * loader put into this copy's guest_image. For the real Xen guest/pv has the same two; whoever calls can't
 * tell which it is.
 *
 * Here an endless loop ends, too, and at the same place in every run: each block of a guest's code counts
 * down (guest/compile-counted.sh), and the last one that may run comes here.
 */
#include "guest/abi/boot.h"
#include "guest/abi/port.h"

extern struct guest_image guest_image;

void __sanitizer_cov_trace_pc(void);

static inline void count_blocks(void)
{
    guest_image.blocks_before += guest_image.blocks_limit - guest_image.blocks_left;
    guest_image.blocks_left = guest_image.blocks_limit;
}

long hypercall(unsigned long op, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4)
{
    count_blocks();
    return guest_image.gate(guest_image.gate_context, op, a1, a2, a3, a4);
}

long debug_port(unsigned long op, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4)
{
    count_blocks();
    return guest_image.gate(guest_image.gate_context, PORT_GATE_BASE + op, a1, a2, a3, a4);
}

/* No block is left. When nobody counts, blocks_left begins at 0 and takes 2^64 blocks to come back to it. */
void __sanitizer_cov_trace_pc(void)
{
    debug_port(PORT_ENDLESS, 0, 0, 0, 0);
}
