/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads as a driver sees them: an opaque lwp, and the current one.
 */
#ifndef _SYS_PROC_H_
#define _SYS_PROC_H_

#include <sys/types.h>
#include <sys/param.h>

typedef struct lwp lwp_t;
struct proc;

struct lwp *x86_curlwp(void);
#define curlwp x86_curlwp()

void yield(void);
void preempt(void);

#endif /* !_SYS_PROC_H_ */
