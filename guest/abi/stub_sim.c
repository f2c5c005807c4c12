/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The wall's two calls in the simulator: both leave by the gate that the loader put into this copy's
 * guest_image. The real Xen has a stub of its own; whoever calls can't tell which it is.
 *
 * Also the counter of basic blocks, by which an endless loop ends at the same place in every run: the
 * compiler calls it in each block of a guest's code (-fsanitize-coverage=trace-pc).
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

/* From 0, with nobody counting, it is a long way down. */
__attribute__((used)) static void counted_down(void)
{
    debug_port(PORT_ENDLESS, 0, 0, 0, 0);
}

/* Called for each block of the driver's loops: no frame, no more than it takes to count. */
__attribute__((naked)) void __sanitizer_cov_trace_pc(void)
{
    __asm__ volatile("movq guest_image@GOTPCREL(%%rip), %%rax\n\t"
                     "subq $1, %c0(%%rax)\n\t"
                     "jz counted_down\n\t"
                     "ret" ::"i"(__builtin_offsetof(struct guest_image, blocks_left)));
}
