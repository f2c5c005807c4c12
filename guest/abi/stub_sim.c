/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The wall's two calls in the simulator: both leave by the gate that the loader put into this copy's
 * guest_image. The real Xen has a stub of its own; whoever calls can't tell which it is.
 */
#include "guest/abi/boot.h"
#include "guest/abi/port.h"

extern struct guest_image guest_image;

long hypercall(unsigned long op, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4)
{
    return guest_image.gate(guest_image.gate_context, op, a1, a2, a3, a4);
}

long debug_port(unsigned long op, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4)
{
    return guest_image.gate(guest_image.gate_context, PORT_GATE_BASE + op, a1, a2, a3, a4);
}
