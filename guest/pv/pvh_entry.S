/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a guest begins for which Xen translates (type=pvh), and where its exceptions come to. The harness starts it in 64-bit mode on
 * its page tables, so there is no 32-bit code. The processor is its own: exceptions come as hardware brings them, by tables of pvh.c.
 */
	.section .text.entry, "ax", @progbits
	.globl pvh_entry
pvh_entry:
	movl $1, pvh_is_translated(%rip)
	jmp pv_entry

	/*
	 * 16 bytes of code for each vector. On the stack there is the error code where the vector has one, then rip. All but
	 * an NMI end the guest.
	 */
	.balign 16
	.globl pvh_trap_stubs
	.hidden pvh_trap_stubs
pvh_trap_stubs:
	.set vector, 0
	.rept 32
	.balign 16
	.if vector == 2
	iretq				/* the harness ends a wait by it */
	.else
	movl $vector, %edi
	jmp pvh_trap_common
	.endif
	.set vector, vector + 1
	.endr
pvh_trap_common:
	xorl %esi, %esi
	movq (%rsp), %rdx
	movl $0x227d00, %eax			/* vectors 8, 10 to 14, 17, 21 bring an error code */
	btl %edi, %eax
	jnc 1f
	movq (%rsp), %rsi
	movq 8(%rsp), %rdx
1:	movq %rbp, %rcx
	andq $-16, %rsp
	call pv_trapped
	ud2

	.section .note.GNU-stack, "", @progbits
