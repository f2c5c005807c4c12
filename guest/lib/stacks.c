/* SPDX-License-Identifier: BSD-2-Clause */
/* What stacks_switch (stacks_switch.S) finds on the stack of a thread that never ran. */
#include "guest/lib/stacks.h"

#include <stddef.h>

#include "guest/lib/assert.h"

#define KEPT_REGISTERS 6 /* r15, r14, r13, r12, rbx and rbp, from the lowest address */
#define KEPT_RBX       4

void stacks_begin(void); /* in stacks_switch.S: calls what rbx holds */

unsigned long stacks_prepare(void *top, void (*begin)(void))
{
    unsigned long *sp = top;

    ASSERT(((unsigned long)top & 15) == 0);
    ASSERT(begin != NULL);
    *--sp = 0; /* a backtrace ends here */
    *--sp = 0;
    *--sp = (unsigned long)stacks_begin; /* the return address */
    for (int i = 0; i < KEPT_REGISTERS; i++)
        *--sp = 0;
    sp[KEPT_RBX] = (unsigned long)begin;
    return (unsigned long)sp;
}
