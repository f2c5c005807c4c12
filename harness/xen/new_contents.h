/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the frames hold that a translated domain was given. A frame comes as its former owner left it, and which free
 * frames come differs between Xen and the model: here those on Xen are made to hold zeros where the model's do, and
 * something where the model's hold something. What is written to them later is Xen's and the model's own affair.
 */
#ifndef HARNESS_XEN_NEW_CONTENTS_H
#define HARNESS_XEN_NEW_CONTENTS_H

#include "harness/xen/xen_run.h"

/* After both have populated an extent of 2^order gfns. domain: the model's, which has the number domid on Xen. */
void new_contents_even_out(
    struct xen_run *, const struct domain *, unsigned domid, uint64_t gfn, uint64_t order);

#endif
