/* SPDX-License-Identifier: BSD-2-Clause */
/* The family toolstack: after xl mem-set and mem-max, target, static-max and Xen's maximum have to agree. */
#ifndef SIM_INVARIANTS_TOOLSTACK_AGREES_H
#define SIM_INVARIANTS_TOOLSTACK_AGREES_H

#include "sim/invariants/checker.h"

struct run_toolstack {
    uint64_t command_event; /* of the last command of dom0; 0: none so far */
};

struct watched_toolstack {
    bool extra_known;    /* since its target was written for the first time, when it was built */
    uint64_t extra_kib;  /* what the toolstack adds to a target for the maximum */
    uint64_t host_event; /* when dom0 wrote the target last, with whatever tool, after that first time */
    uint64_t past_event; /* of a write of the target by other means than xl since the last mem-set; 0: none */
};

void toolstack_clear(struct watched *);
void toolstack_target_written(struct watched *, unsigned by, const char *value, uint64_t event);
void toolstack_command(struct invariants *, const struct event *);

#endif
