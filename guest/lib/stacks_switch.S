/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From one thread's stack to another's (stacks.h). Only what the System V ABI lets a function expect to find again is
 * kept.
 */
	.text
	.hidden	stacks_switch
	.globl	stacks_switch
	.type	stacks_switch, @function
stacks_switch:
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
	.size	stacks_switch, . - stacks_switch

/* Where a new thread begins: a backtrace ends here. */
	.hidden	stacks_begin
	.globl	stacks_begin
	.type	stacks_begin, @function
stacks_begin:
	xorl	%ebp, %ebp
	call	*%rbx
	ud2
	.size	stacks_begin, . - stacks_begin

	.section .note.GNU-stack, "", @progbits
