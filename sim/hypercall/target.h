/* SPDX-License-Identifier: BSD-2-Clause */
/* Whom a guest means by a domain's number in a hypercall. */
#ifndef SIM_HYPERCALL_TARGET_H
#define SIM_HYPERCALL_TARGET_H

struct domain;

/* Finds the domain of that number for *target. 0; -ESRCH: there is none; -EPERM: the caller may not name it (*target is
 * set then too, if there is such a domain). */
long hypercall_target(struct domain *caller, unsigned domid, struct domain **target);

#endif
