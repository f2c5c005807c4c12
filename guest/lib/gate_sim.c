/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two calls by which a guest's code leaves to the simulator: both go through the gate that the loader has put into
 * this copy's guest_image. For the real Xen guest/pv has the same two; the caller can't tell which it is.
 *
 * An endless loop ends here, too, at the same place in every run: each basic block of a guest's code decrements a counter
 * (guest/compile-counted.sh), and the last one that may run calls __sanitizer_cov_trace_pc.
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

/* Not inlined: whoever wants to know which block ran counts the callers (sim/domain/backtrace.c). */
__attribute__((noinline)) long debug_port(
    unsigned long op, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4)
{
    count_blocks();
    return guest_image.gate(guest_image.gate_context, PORT_GATE_BASE + op, a1, a2, a3, a4);
}

/* No block is left. Without a limit blocks_left begins at 0, and it takes 2^64 blocks to come back to 0. */
void __sanitizer_cov_trace_pc(void)
{
    debug_port(PORT_ENDLESS, 0, 0, 0, 0);
}
