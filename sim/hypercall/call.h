/* SPDX-License-Identifier: BSD-2-Clause */
/* What all hypercalls share: what one leaves for its record, and what becomes of its vcpu. */
#ifndef SIM_HYPERCALL_CALL_H
#define SIM_HYPERCALL_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether the guest goes on at once, or leaves: it blocks, gives way, or is dead. */
enum exit_outcome { EXIT_GO_ON, EXIT_LEAVE };

struct hypercall_trace {
    bool record; /* it gets a record at all */
    uint32_t subop;
    uint64_t asked, flags; /* as record_hypercall says */
    size_t nr_frames;      /* in the machine's frame_list */
};

#endif
