/* SPDX-License-Identifier: BSD-2-Clause */
/* Shadows Linux's: the running task is a plain variable of the runtime's. */
#ifndef _ASM_X86_CURRENT_H
#define _ASM_X86_CURRENT_H

#ifndef __ASSEMBLY__
struct task_struct;

extern struct task_struct *current_task;

static inline __attribute__((always_inline)) struct task_struct *get_current(void)
{
	return current_task;
}

#define current get_current()
#endif

#endif
