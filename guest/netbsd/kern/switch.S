/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From one thread's stack to another's. Only what the System V ABI lets a
 * function expect to find again is kept.
 *
 * void thread_switch_stacks(uint64_t *save_sp, uint64_t load_sp);
 */
	.text
	.hidden	thread_switch_stacks
	.globl	thread_switch_stacks
	.type	thread_switch_stacks, @function
thread_switch_stacks:
	pushq	%rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	movq	%rsp, (%rdi)
	movq	%rsi, %rsp
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	ret
	.size	thread_switch_stacks, . - thread_switch_stacks

/* Where a new thread begins: a backtrace ends here. */
	.hidden	thread_trampoline
	.globl	thread_trampoline
	.type	thread_trampoline, @function
thread_trampoline:
	xorl	%ebp, %ebp
	call	thread_begin
	ud2
	.size	thread_trampoline, . - thread_trampoline

	.section .note.GNU-stack, "", @progbits
