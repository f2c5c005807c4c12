/* SPDX-License-Identifier: BSD-2-Clause */
/* Whom a guest means by a domain's number in a hypercall. */
#ifndef SIM_HYPERCALL_TARGET_H
#define SIM_HYPERCALL_TARGET_H

struct domain;

/* Finds the domain of that number for *target. 0; -ESRCH: there is none; -EPERM: the caller may not name it (*target is
 * set then too, if there is such a domain). */
long hypercall_target(struct domain *caller, unsigned domid, struct domain **target);
/* The dying domain of that number (sim/host/zombie.h), if the caller may name it; hypercall_target answers -ESRCH for it, and
 * -EPERM to whoever may not. NULL: there is none. */
struct zombie *hypercall_dying(const struct domain *caller, unsigned domid);
/*
 * The same for calls that take the owner of frames: there a domain is itself only by DOMID_SELF, and what is Xen's own has
 * numbers, too. *target is NULL for these and for a dom0 that the scenario doesn't have. -ESRCH: nobody has this number.
 * -EPERM: the caller has no right to it.
 */
long hypercall_frames_of(struct domain *caller, unsigned domid, struct domain **target);

#endif
