/* SPDX-License-Identifier: BSD-2-Clause */
/* Whom a guest means by a domain's number in a hypercall. */
#ifndef SIM_HYPERCALL_TARGET_H
#define SIM_HYPERCALL_TARGET_H

struct domain;

/* The domain of that number, in *target: 0, -ESRCH when there is none, or -EPERM when the caller may not ask for it.
 * It is set also with -EPERM, if the number is taken. */
long hypercall_target(struct domain *caller, unsigned domid, struct domain **target);

#endif
