/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * xcall(9): calls on other CPUs.
 */
#ifndef _SYS_XCALL_H_
#define _SYS_XCALL_H_

#include <sys/types.h>
#include <sys/cpu.h>

typedef void (*xcfunc_t)(void *, void *);

#define XC_HIGHPRI 0x01

uint64_t xc_broadcast(u_int, xcfunc_t, void *, void *);
uint64_t xc_unicast(u_int, xcfunc_t, void *, void *, struct cpu_info *);
void xc_wait(uint64_t);
void xc_barrier(u_int);

#endif /* !_SYS_XCALL_H_ */
