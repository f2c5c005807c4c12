/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's clock and state.
 */
#ifndef _SYS_KERNEL_H_
#define _SYS_KERNEL_H_

#include <sys/param.h>
#ifdef _KERNEL
#include <sys/systm.h>
#endif
#include <sys/time.h>

#ifdef _KERNEL
extern int hz;	 /* clock ticks a second */
extern int tick; /* microseconds a tick */
extern int cold; /* 1 until the kernel may sleep */
extern int doing_shutdown;
#endif

#endif /* !_SYS_KERNEL_H_ */
