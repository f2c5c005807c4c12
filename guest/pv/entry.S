/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The first instructions of a guest on the real Xen, and the notes by which Xen's builder (or the
 * conducting dom0) knows how to load it. pv.c does the rest.
 *
 * The virtual base is 0: a virtual address is a pfn and its offset, as long as the boot mapping lasts.
 */
#define XEN_ELFNOTE_ENTRY          1
#define XEN_ELFNOTE_HYPERCALL_PAGE 2
#define XEN_ELFNOTE_VIRT_BASE      3
#define XEN_ELFNOTE_PADDR_OFFSET   4
#define XEN_ELFNOTE_XEN_VERSION    5
#define XEN_ELFNOTE_GUEST_OS       6
#define XEN_ELFNOTE_LOADER         8

.macro note type, kind, value:vararg
	.long 2f - 1f, 4f - 3f, \type
1:	.asciz "Xen"
2:	.align 4
3:	.\kind \value
4:	.align 4
.endm

	.section .note.Xen, "a", @note
	note XEN_ELFNOTE_XEN_VERSION, asciz, "xen-3.0"
	note XEN_ELFNOTE_GUEST_OS, asciz, "ballast"
	note XEN_ELFNOTE_LOADER, asciz, "generic"
	note XEN_ELFNOTE_VIRT_BASE, quad, 0
	note XEN_ELFNOTE_PADDR_OFFSET, quad, 0
	note XEN_ELFNOTE_ENTRY, quad, pv_entry
	note XEN_ELFNOTE_HYPERCALL_PAGE, quad, pv_hypercall_page

	.section .text.entry, "ax", @progbits
	.globl pv_entry
pv_entry:
	cld
	leaq pv_first_stack_end(%rip), %rsp
	xorl %ebp, %ebp
	xchgq %rsi, %rdi			/* start_info; and the boot block, when our builder made one */
	call pv_start
	ud2

	/* long pv_hypercall(op, a1, a2, a3, a4): Xen takes rdi, rsi, rdx, r10 and may change all of them. */
	.globl pv_hypercall
	.hidden pv_hypercall
pv_hypercall:
	movl %edi, %eax
	shll $5, %eax			/* each entry of the page is 32 bytes */
	leaq pv_hypercall_page(%rip), %r11
	addq %rax, %r11
	movq %rsi, %rdi
	movq %rdx, %rsi
	movq %rcx, %rdx
	movq %r8, %r10
	jmp *%r11

	/*
	 * Exceptions, 16 bytes of code each. Xen enters with rcx and r11 on the stack, then the error code where
	 * the vector has one, then rip. They end the guest: nothing is restored.
	 */
	.balign 16
	.globl pv_trap_stubs
pv_trap_stubs:
	.set vector, 0
	.rept 32
	.balign 16
	movl $vector, %edi
	jmp trap_common
	.set vector, vector + 1
	.endr
trap_common:
	xorl %esi, %esi
	movq 16(%rsp), %rdx
	movl $0x227d00, %eax			/* vectors 8, 10 to 14, 17, 21 bring an error code */
	btl %edi, %eax
	jnc 1f
	movq 16(%rsp), %rsi
	movq 24(%rsp), %rdx
1:	movq %rbp, %rcx
	andq $-16, %rsp
	call pv_trapped
	ud2

/* On the real Xen the blocks of a guest's code have no limit (guest/lib/gate_sim.c). */
	.globl __sanitizer_cov_trace_pc
	.hidden __sanitizer_cov_trace_pc
__sanitizer_cov_trace_pc:
	ret

	.section .hypercall_page, "ax", @progbits
	.balign 4096
	.globl pv_hypercall_page
pv_hypercall_page:
	.skip 4096, 0x90

	.bss
	.balign 4096
	.skip 16384
	.globl pv_first_stack_end
	.hidden pv_first_stack_end
pv_first_stack_end:

	.section .note.GNU-stack, "", @progbits
