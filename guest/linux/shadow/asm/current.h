/* SPDX-License-Identifier: BSD-2-Clause */
/* Shadows Linux's: the running task is a plain variable of the runtime's. Some versions keep the preemption count here. */
#ifndef _ASM_X86_CURRENT_H
#define _ASM_X86_CURRENT_H

#ifndef __ASSEMBLY__
struct task_struct;

extern struct task_struct *current_task;
extern struct pcpu_hot {
	int preempt_count;
	unsigned long top_of_stack;
} pcpu_hot;
#define const_pcpu_hot pcpu_hot

static inline __attribute__((always_inline)) struct task_struct *get_current(void)
{
	return current_task;
}

#define current get_current()
#endif

#endif
