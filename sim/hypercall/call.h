/* SPDX-License-Identifier: BSD-2-Clause */
/* What all hypercalls share: the facts that a call collects for its record, and what becomes of its vcpu. */
#ifndef SIM_HYPERCALL_CALL_H
#define SIM_HYPERCALL_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Does the guest go on at once, or leave (it blocks, yields, or is dead)? */
enum exit_outcome { EXIT_GO_ON, EXIT_LEAVE };

struct hypercall_trace {
    bool record; /* whether it gets a record at all */
    uint32_t subop;
    uint64_t asked, flags; /* as record_hypercall says */
    size_t nr_frames;      /* in the machine's frame_list */
};

#endif
