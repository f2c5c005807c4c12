/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host of designs with a virtio balloon: what the guest names or reports goes back to Xen, and a page that it touches is
 * populated. The host's request is the domain's target in xenstore; Xen's maximum is the control group that limits the resident size,
 * and there is no swap behind it.
 *
 * In a PV guest nothing can be backed when it is touched, since the page table names the frame.
 */
#ifndef LINUX_DESIGNS_BALLOON_HOST_H
#define LINUX_DESIGNS_BALLOON_HOST_H

#include <linux/types.h>

/* A design's: what the device offers, bits of VIRTIO_BALLOON_F_. */
u64 balloon_host_features(void);

#endif
