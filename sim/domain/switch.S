/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Switching between the host's stack and a guest's: the whole of it. Offsets are those of struct vcpu
 * (sim/domain/vcpu.c checks them). No C code runs between the two, and nothing of the host runs on a guest's stack.
 *
 * The gate is called by the guest and answered by a return into it, so that the processor's prediction of
 * returns stays in step; the way in between falls through into the host's loop without any jump.
 */
#define HOST_SP  0
#define GUEST_SP 8
#define OP       16
#define ARG1     24
#define ARG2     32
#define ARG3     40
#define ARG4     48
#define RESULT   56
#define GUEST_RUNS 64
#define VEIL_BIT 62 /* vcpu.h: vcpu_veiled */

    .text

/* void vcpu_loop(struct vcpu *, vcpu_serve_t *serve, void *context) */
    .globl vcpu_loop
    .type vcpu_loop, @function
    .p2align 4
vcpu_loop:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    pushq %rsi                  /* serve */
    pushq %rdx                  /* context */
    pushq %rdi                  /* vcpu; the stack is aligned here */
    movq %rsp, HOST_SP(%rdi)
    .globl vcpu_enter
vcpu_enter:
.Lenter:
    movq RESULT(%rdi), %rax
    movq GUEST_RUNS(%rdi), %rcx
    movq GUEST_SP(%rdi), %rsp
    movb $1, (%rcx)             /* from here on a system call is the guest's */
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
    .globl vcpu_enter_end
vcpu_enter_end:

/* long vcpu_gate(void *context, op, a1, a2, a3, a4): the guest's side */
    .globl vcpu_gate
    .type vcpu_gate, @function
    .p2align 4
vcpu_gate:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    cld                         /* as C wants it; a guest may have left it otherwise */
    btcq $VEIL_BIT, %rdi
    movq %rsp, GUEST_SP(%rdi)
    movq %rsi, OP(%rdi)
    movq %rdx, ARG1(%rdi)
    movq %rcx, ARG2(%rdi)
    movq %r8, ARG3(%rdi)
    movq %r9, ARG4(%rdi)
    movq HOST_SP(%rdi), %rsp
    movq GUEST_RUNS(%rdi), %rax
    movb $0, (%rax)
    .globl vcpu_gate_end
vcpu_gate_end:
.Lserve:
    movq 8(%rsp), %rdi          /* context */
    movq 0(%rsp), %rsi          /* vcpu */
    call *16(%rsp)
    movq 0(%rsp), %rdi
    testb %al, %al
    jnz .Lenter
    addq $24, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
    .size vcpu_gate, . - vcpu_gate

/* A signal handler goes on here after a guest's fault, sp = HOST_SP. It has said that no guest runs. */
    .globl vcpu_fault_exit
    .type vcpu_fault_exit, @function
vcpu_fault_exit:
    cld
    jmp .Lserve
    .size vcpu_fault_exit, . - vcpu_fault_exit

/* The first instructions of a guest: r12 is start, r13 its argument. It must not return. */
    .globl vcpu_first
    .type vcpu_first, @function
vcpu_first:
    xorl %ebp, %ebp
    movq %r13, %rdi
    call *%r12
    ud2
    .size vcpu_first, . - vcpu_first

    .section .note.GNU-stack, "", @progbits
