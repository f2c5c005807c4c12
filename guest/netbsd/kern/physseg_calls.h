/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls into the segment code, which may be a user's file: between enter
 * and leave, what the thread asks of the kernel is asked by that code.
 */
#ifndef KERN_PHYSSEG_CALLS_H
#define KERN_PHYSSEG_CALLS_H

#include "guest/netbsd/kern/thread.h"

void physseg_enter(void);
void physseg_leave(void);

static __inline bool
in_physseg(void)
{
	return current_lwp->l_physseg_depth != 0;
}

/* Handles of segments that were unplugged whole, and called valid right afterwards. */
extern u_int physseg_stale_handles;
extern uint64_t physseg_changes; /* plugs and unplugs, tried ones too */

#endif /* !KERN_PHYSSEG_CALLS_H */
