/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The first instructions of a guest on the real Xen, and the notes by which Xen's builder (or the
 * conducting dom0) knows how to load it. No logic: pv.c does the rest.
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
	movq %rsi, %rdi			/* start_info */
	call pv_start
	ud2

	/* long hypercall(op, a1, a2, a3, a4): Xen takes rdi, rsi, rdx, r10 and may change all of them. */
	.globl hypercall
	.hidden hypercall
hypercall:
	movl %edi, %eax
	shll $5, %eax			/* each entry of the page is 32 bytes */
	leaq pv_hypercall_page(%rip), %r11
	addq %rax, %r11
	movq %rsi, %rdi
	movq %rdx, %rsi
	movq %rcx, %rdx
	movq %r8, %r10
	jmp *%r11

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
