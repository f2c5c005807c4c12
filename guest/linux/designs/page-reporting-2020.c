/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page-reporting-2020: the guest reports pages that are free, by itself and all the time, as Alexander Duyck's free page reporting
 * does, in Linux since 5.7 of 2020. It is hinting without the asking: large free blocks of the allocator are told to the host two
 * seconds after something was freed, and the host drops them. A page that is used again is backed when it is touched.
 *
 * mm/page_reporting.c and drivers/virtio/virtio_balloon.c are Linux's own, and so is mm/page_alloc.c, compiled with PAGE_REPORTING.
 * What is reported are blocks of the size of a pageblock: 4 MiB here, 2 MiB in a kernel with huge pages. balloon_host.c is the
 * host's side; the balloon is there as well. A PV guest can't report anything, for it could not be backed at a touch.
 */
#include <linux/bits.h>
#include <linux/virtio_balloon.h>
#include <xen/xen.h>

#include "guest/abi/design.h"
#include "guest/linux/designs/balloon_host.h"

DESIGN("page-reporting-2020", "2020-04",
       "large free blocks are reported as they are, and backed when they are touched");
WAIVER("backed-before-use", "the host backs a page when the guest touches it");
WAIVER("no-overshoot",
       "what is free goes back to the host, and comes when it is touched, whatever the target is");
WAIVER("last-target-wins",
       "what is free goes back to the host, and comes when it is touched, whatever the target is");
WAIVER("floor", "it has all of its memory by its own count, and does not know what is backed");

u64 balloon_host_features(void)
{
	return BIT_ULL(VIRTIO_BALLOON_F_DEFLATE_ON_OOM) |
	       (xen_pv_domain() ? BIT_ULL(VIRTIO_BALLOON_F_MUST_TELL_HOST)
				: BIT_ULL(VIRTIO_BALLOON_F_REPORTING));
}
