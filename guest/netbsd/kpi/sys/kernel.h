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

extern int tick; /* microseconds a tick */
extern int doing_shutdown;

#endif /* !_SYS_KERNEL_H_ */
