/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * There is one CPU.
 */
#ifndef _SYS_CPU_H_
#define _SYS_CPU_H_

#include <sys/types.h>

struct cpu_info {
	u_int ci_index;
	struct lwp *ci_curlwp;
};
struct cpu_info *x86_curcpu(void);
#define curcpu()      x86_curcpu()
#define cpu_number()  0
#define cpu_index(ci) ((ci)->ci_index)
extern int ncpu;
bool cpu_intr_p(void);
bool cpu_softintr_p(void);

#endif /* !_SYS_CPU_H_ */
