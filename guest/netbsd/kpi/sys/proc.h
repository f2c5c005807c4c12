/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads as a driver sees them: an opaque lwp, the current one, and sleeping
 * without a condition variable. Times are in ticks, 0 is forever.
 */
#ifndef _SYS_PROC_H_
#define _SYS_PROC_H_

#include <sys/types.h>
#include <sys/param.h>
#include <sys/mutex.h>

typedef struct lwp lwp_t;
struct proc;

struct lwp *x86_curlwp(void);
#define curlwp x86_curlwp()

void yield(void);
void preempt(void);

int tsleep(const volatile void *, pri_t, const char *, int);
int mtsleep(const volatile void *, pri_t, const char *, int, kmutex_t *);
int kpause(const char *, bool, int, kmutex_t *);
void wakeup(const volatile void *);

#endif /* !_SYS_PROC_H_ */
