/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames that a call gave without telling the guest which, because its list is absent or out of its reach. Xen's and the
 * model's new frames are joined in any order, since no list of the guest's names them yet.
 */
#ifndef HARNESS_XEN_NEW_FRAMES_H
#define HARNESS_XEN_NEW_FRAMES_H

#include "harness/xen/xen_run.h"

/* The frames that the domain had in the model when such a call began; all zeros: there is no such call. */
struct new_frames {
    bool begun;
    uint64_t *before; /* ascending */
    uint64_t nr_before;
};

void new_frames_begin(struct new_frames *, const struct domain *);
/* After both have answered: joins the frames that only this call can have given. xen_domid is the domain's on Xen. */
void new_frames_join(struct new_frames *, struct xen_run *, const struct domain *, unsigned xen_domid);
/* The same before a call that gives frames and takes some: a frame that comes back counts as given. */
void new_frames_begin_both(struct new_frames *);
void new_frames_drop(struct new_frames *); /* the call was not put to Xen */

#endif
