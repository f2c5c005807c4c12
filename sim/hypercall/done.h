/* SPDX-License-Identifier: BSD-2-Clause */
/* The end of a call over a list: it says at an address of the guest's how much of the list was done. */
#ifndef SIM_HYPERCALL_DONE_H
#define SIM_HYPERCALL_DONE_H

#include <stdint.h>

struct domain;

/* Returns result, or -EFAULT where the guest can't be told. done_at: 0 for a guest that does not ask. */
long hypercall_tell_done(struct domain *, uint64_t done_at, uint32_t done, long result);

#endif
