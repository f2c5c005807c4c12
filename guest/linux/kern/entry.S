/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What has to be in assembly: Linux's call of Xen, which leaves all registers but the result alone; functions of pv_ops and
 * of clear_page(), whose callers expect the same; and the ends of sections that Linux asks for.
 */

/* The caller's registers are kept, and the stack is aligned, around a function in C. The frame keeps backtraces whole. */
	.macro	keep
	pushq	%rbp
	movq	%rsp, %rbp
	pushq	%rdi
	pushq	%rsi
	pushq	%rdx
	pushq	%rcx
	pushq	%r8
	pushq	%r9
	pushq	%r10
	pushq	%r11
	andq	$-16, %rsp
	.endm

	.macro	restore
	leaq	-64(%rbp), %rsp
	popq	%r11
	popq	%r10
	popq	%r9
	popq	%r8
	popq	%rcx
	popq	%rdx
	popq	%rsi
	popq	%rdi
	popq	%rbp
	.endm

	.macro	function name
	.globl	\name
	.hidden	\name
	.type	\name, @function
\name:
	.endm

	.text
/* The number is in %eax, the arguments in %rdi, %rsi, %rdx, %r10. */
	function __SCT__xen_hypercall
	keep
	movq	%r10, %r8
	movq	%rdx, %rcx
	movq	%rsi, %rdx
	movq	%rdi, %rsi
	movl	%eax, %edi
	call	linux_hypercall
	restore
	ret

/* clear_page(): the page's address is in %rdi. */
	function clear_page_orig
	function clear_page_rep
	function clear_page_erms
	keep
	call	linux_clear_page
	restore
	ret

/* clear_pages() of newer versions: the address is in %rdi, bytes in %rcx. */
	function __clear_pages_unrolled
	keep
	movq	%rcx, %rsi
	call	linux_clear_pages
	restore
	ret

/* Counting bits: the number is in %rdi (or %edi), the result in %rax, and no other register may change. */
	function __sw_hweight64
	keep
	call	linux_hweight
	restore
	ret
	function __sw_hweight32
	keep
	movl	%edi, %edi
	call	linux_hweight
	restore
	ret

	function linux_save_fl
	movq	linux_irq_flags(%rip), %rax
	ret
	function linux_irq_disable
	movq	$0, linux_irq_flags(%rip)
	ret
	function linux_irq_enable
	movq	$0x200, linux_irq_flags(%rip)
	ret
/* make_pte and its like: an entry holds the frame's number already. */
	function linux_same
	movq	%rdi, %rax
	ret

/* The kernel image as Linux sees it: page 16 of memory, and less than a page long. */
	.data
	.macro	mark name
	.globl	\name
	.hidden	\name
\name:
	.endm
	.balign	4096
	mark	_text
	mark	_stext
	mark	__init_begin
	mark	_sinittext
	.quad	0
	mark	_einittext
	mark	_etext
	mark	__start_rodata
	.quad	0
	mark	__end_rodata
	mark	_sdata
	.quad	0
	mark	_edata
	mark	__init_end
	mark	__bss_start
	.quad	0
	mark	__bss_stop
	.quad	0
	mark	_end
	mark	__SCK__xen_hypercall
	.quad	0, 0
	mark	linux_irq_flags
	.quad	0x200

	.section .note.GNU-stack, "", @progbits
