/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hinting-2008: ballooning as page hinting, as Anthony Liguori described it in March 2008 for KVM and s390. The host asks for pages,
 * the guest says which of its pages are unused, and the host drops them: the guest has as many pages as before, and its resident
 * size shrinks. It takes them back at any time, without telling: when it touches one, the host backs it.
 *
 * The driver is Linux's own drivers/virtio/virtio_balloon.c over a virtio device; balloon_host.c is the host's side of it.
 *
 * In a PV guest the device wants to be told before a page is used again (VIRTIO_BALLOON_F_MUST_TELL_HOST).
 */
#include <linux/bits.h>
#include <linux/virtio_balloon.h>
#include <xen/xen.h>

#include "guest/abi/design.h"
#include "guest/linux/designs/balloon_host.h"

DESIGN("hinting-2008", "2008-03",
       "the host asks, the guest names unused pages and takes them back by touching them");
WAIVER("backed-before-use", "the host backs a page when the guest touches it");
WAIVER("no-overshoot", "the guest takes pages back at any time, without telling");
WAIVER("last-target-wins", "the guest takes pages back at any time, without telling");

u64 balloon_host_features(void)
{
	return BIT_ULL(VIRTIO_BALLOON_F_DEFLATE_ON_OOM) |
	       (xen_pv_domain() ? BIT_ULL(VIRTIO_BALLOON_F_MUST_TELL_HOST) : 0);
}
