/* SPDX-License-Identifier: BSD-2-Clause */
/* For tests of source places: code that is inlined from a header in another folder than the test's, and like no other code. */
#ifndef HARNESS_TESTS_HERE_H
#define HARNESS_TESTS_HERE_H

#include <stdint.h>

static inline __attribute__((always_inline)) uintptr_t borrowed_here(void)
{
    uintptr_t here;

    __asm__ volatile("nop; 1: leaq 1b(%%rip), %0" : "=r"(here));
    return here;
}

#endif
