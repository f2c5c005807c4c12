/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A domain's end, and how it gives back what it has. machine_destroy_domain itself is in sim/machine.h. It stands
 * below sim/hypercall/, for dom0's domctl destroys domains, too.
 */
#ifndef SIM_MACHINE_DESTROY_H
#define SIM_MACHINE_DESTROY_H

#include <stdbool.h>

struct domain;

/* Its frames, and what Xen held for it, go to the pool; its channels and its mappings of others' frames end. */
void machine_take_all_back(struct domain *);
/* The domain ends and leaves the machine. frames_are_forgotten: the host is about to be reset, so its frames need not go
 * back. */
void machine_detach_domain(struct domain *, bool frames_are_forgotten);

#endif
