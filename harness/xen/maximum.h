/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest's maximum on Xen, and its target for populate-on-demand. At a call's return the model's toolstack may set it, when Xen has not done
 * that call yet: then it is set on Xen when it has. As a call is entered neither has done it, and it is set on Xen before.
 */
#ifndef HARNESS_XEN_MAXIMUM_H
#define HARNESS_XEN_MAXIMUM_H

#include <stdint.h>

struct domain;
struct xen_run;

/* The model has set it, with this answer. */
void maximum_was_set(struct xen_run *, struct domain *, uint64_t kib, long model_answer);
void maximum_pod_target_was_set(struct xen_run *, struct domain *, uint64_t pages, long model_answer);
/* The model is about to do a call that Xen does later; then Xen has done it, or won't. */
void maximum_waits(struct xen_run *);
void maximum_catches_up(struct xen_run *);

#endif
