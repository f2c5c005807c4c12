/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signal handlers for faults that a guest may have raised. They decide nothing: the machine knows whether program
 * counter and stack are a guest's. They run on a stack of their own, for the guest's stack may be what faulted.
 */
#include "harness/image/containment.h"

#include <assert.h>
#include <asm/prctl.h>
#include <linux/prctl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include "guest/abi/port.h"
#include "sim/domain/vcpu.h"

#define HANDLER_STACK_BYTES (64u << 10) /* AVX-512 state is kept on it too */
#ifndef SI_KERNEL
#define SI_KERNEL 0x80 /* an access fault for which the processor gives no address */
#endif
#define PAGE_FAULT_WRITE  2       /* bit of the x86 page fault's error code */
#define SYSTEM_CALL_BYTES 2       /* the instruction, whichever it is, lies before the program counter */
#define FLAG_TRAP         0x100   /* a trap after each instruction */
#define FLAG_DIRECTION    0x400   /* strings run downwards */
#define FLAG_ALIGNMENT    0x40000 /* an access that is not aligned is a fault */

static const struct {
    int signal;
    enum guest_fault_kind kind;
} watched[] = {
    {SIGSEGV, GUEST_FAULT_ACCESS},
    {SIGBUS, GUEST_FAULT_ACCESS},
    {SIGFPE, GUEST_FAULT_ARITHMETIC},
    {SIGILL, GUEST_FAULT_INSTRUCTION},
    {SIGTRAP, GUEST_FAULT_INSTRUCTION},
    {SIGXCPU, GUEST_FAULT_STOPPED},
    {SIGSYS, GUEST_FAULT_SYSTEM_CALL},
};
#define NR_WATCHED (sizeof watched / sizeof watched[0])

#define SEGMENTS_OF_CODE_AND_STACK ((greg_t)0xffff00000000ffffull) /* in REG_CSGSFS */

/* A signal handler gets no argument of ours, so the machine is a variable of the process. */
static struct machine *volatile present;
static struct sigaction before[NR_WATCHED]; /* the handlers that these replace */
static bool installed;
static volatile sig_atomic_t time_is_over;
/* 1 while a guest's code runs. The kernel reads it at each system call (containment_refuse_system_calls). */
static volatile char guest_runs;
static uintptr_t thread_pointer; /* of the thread that machines run in */
static greg_t segments;          /* its code's and its stack's; a guest may have changed to 32-bit code */
static _Alignas(16) char handler_stack[HANDLER_STACK_BYTES];

static size_t index_of(int signal)
{
    size_t w = 0;

    for (; watched[w].signal != signal; w++)
        assert(w + 1 < NR_WATCHED);
    return w;
}

static enum guest_poison poison_of(uint64_t value)
{
    if (value - PORT_POISON_FREED + PORT_POISON_REACH < 2 * PORT_POISON_REACH)
        return GUEST_POISON_FREED;
    if (value - PORT_POISON_NEW + PORT_POISON_REACH < 2 * PORT_POISON_REACH)
        return GUEST_POISON_NEW;
    return GUEST_POISON_NONE;
}

/* By `call *(register)` or `jmp *(register)` an address goes from memory, which can be read, to no register but the program
 * counter, and it was no address. */
static uint64_t called_through_memory(const greg_t *registers)
{
    /* In the order of the instruction's own numbers. */
    static const int numbered[] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
        REG_R8, REG_R9, REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
    const unsigned char *at = (const unsigned char *)(uintptr_t)registers[REG_RIP];
    const unsigned high = *at == 0x41 ? 8 : 0;
    uint64_t value;

    at += high != 0;
    if (at[0] != 0xff || ((at[1] & 0xf8) != 0x10 && (at[1] & 0xf8) != 0x20) || (at[1] & 7) == 4 ||
        (at[1] & 7) == 5)
        return 0;
    const uint64_t from = (uint64_t)registers[numbered[high + (at[1] & 7u)]];
    if ((int64_t)(from << 16) >> 16 != (int64_t)from)
        return 0; /* that is what was no address, then */
    memcpy(&value, (const void *)(uintptr_t)from, sizeof value);
    return value;
}

/* The processor does not give the address that faulted, but the pointer is still in a register, perhaps without the offset
 * of a member. */
static enum guest_poison poison_in(const greg_t *registers)
{
    for (int r = REG_R8; r <= REG_RSP; r++) {
        const enum guest_poison poison = poison_of((uint64_t)registers[r]);
        if (poison != GUEST_POISON_NONE)
            return poison;
    }
    return poison_of(called_through_memory(registers));
}

/* Does the machine say that it is a guest's fault? Then changes the context to go on where the machine says. */
static bool ends_a_guest(int signal, enum guest_fault_kind kind, const siginfo_t *info, greg_t *registers)
{
    const bool no_address = signal == SIGSEGV && info->si_code == SI_KERNEL;
    const bool system_call = signal == SIGSYS;
    const struct guest_fault fault = {
        .kind = kind,
        .write = signal == SIGSEGV && (registers[REG_ERR] & PAGE_FAULT_WRITE) != 0,
        .pc = (uintptr_t)registers[REG_RIP] - (system_call ? SYSTEM_CALL_BYTES : 0),
        .system_call = system_call ? (unsigned)info->si_syscall : 0,
        .address = (uintptr_t)info->si_addr,
        .frame_pointer = (uintptr_t)registers[REG_RBP],
        .sp = (uintptr_t)registers[REG_RSP],
        .no_address = no_address,
        .poison = no_address ? poison_in(registers) : GUEST_POISON_NONE,
    };
    struct guest_resume resume;

    if (present == NULL || !machine_guest_fault(present, &fault, &resume))
        return false;
    registers[REG_EFL] &= ~(greg_t)(FLAG_TRAP | FLAG_DIRECTION | FLAG_ALIGNMENT);
    registers[REG_CSGSFS] = (registers[REG_CSGSFS] & ~SEGMENTS_OF_CODE_AND_STACK) | segments;
    registers[REG_RIP] = (greg_t)resume.pc;
    registers[REG_RSP] = (greg_t)resume.sp;
    registers[REG_RDI] = (greg_t)resume.argument;
    return true;
}

/*
 * A guest ran, and was not in its own code: it goes on with the flag at 0, and may not be in its own code again before
 * that is 1. On the way in, the switch begins anew; on the way out it clears the flag itself. Anywhere else a guest has no
 * business.
 */
static void go_on_between(const siginfo_t *info, greg_t *registers)
{
    const uintptr_t pc = (uintptr_t)registers[REG_RIP];

    if (pc - (uintptr_t)vcpu_enter < (uintptr_t)vcpu_enter_end - (uintptr_t)vcpu_enter)
        registers[REG_RIP] = (greg_t)(uintptr_t)vcpu_enter;
    else if (pc - (uintptr_t)vcpu_gate >= (uintptr_t)vcpu_gate_end - (uintptr_t)vcpu_gate)
        (void)ends_a_guest(SIGXCPU, GUEST_FAULT_INSTRUCTION, info, registers);
}

/* A call of Ballast's own that its confinement doesn't know: it ends the process, and says what it was. */
static void tell_system_call(const siginfo_t *info)
{
    char text[120];
    const int bytes = snprintf(text, sizeof text,
        "ballast: system call %d is not among those that a confined run may make\n", info->si_syscall);

    (void)!write(STDERR_FILENO, text, (size_t)bytes);
}

static void look_at(
    int signal, const siginfo_t *info, void *context, bool thread_pointer_was_wrong, bool guest_ran)
{
    ucontext_t *at = context;
    greg_t *registers = at->uc_mcontext.gregs;

    time_is_over = time_is_over || signal == SIGXCPU;
    if (ends_a_guest(signal, watched[index_of(signal)].kind, info, registers))
        return;
    if (signal == SIGXCPU) {
        if (guest_ran)
            go_on_between(info, registers);
        return;
    }
    /* Ballast's own code faulted on what a guest had changed of the processor. That is put right by now, and the
     * instruction is tried again. */
    if (thread_pointer_was_wrong && signal == SIGSEGV)
        return;
    if (signal == SIGBUS && (registers[REG_EFL] & FLAG_ALIGNMENT) != 0) {
        registers[REG_EFL] &= ~(greg_t)FLAG_ALIGNMENT;
        return;
    }
    if (signal == SIGSYS)
        tell_system_call(info);
    /* A fault of Ballast's own. The instruction is tried again, and faults again, into the handler that was set before
     * this one: a sanitizer's, or the end of the process. */
    sigaction(signal, &before[index_of(signal)], NULL);
    if (info->si_code <= 0 || signal == SIGSYS) /* it would not come again */
        raise(signal);
}

/* The system call without libc's wrapper, which writes errno, and errno lies where the thread pointer says. */
static inline void raw_arch_prctl(int what, uintptr_t value)
{
    long result = SYS_arch_prctl;

    __asm__ volatile("syscall" : "+a"(result) : "D"((long)what), "S"(value) : "rcx", "r11", "memory");
}

/*
 * A guest runs in this thread, and may change what compiled code takes for given: the flag by which the processor
 * refuses accesses that are not aligned, and the thread pointer. Until both are as they were, no code may run that
 * relies on them: no stack protector, no sanitizer.
 */
__attribute__((no_stack_protector, no_sanitize("address", "undefined"))) static void on_fault(
    int signal, siginfo_t *info, void *context)
{
    const char was = guest_runs;
    uintptr_t now = 0;

    guest_runs = 0; /* what follows is the host's */
    __builtin_ia32_writeeflags_u64(__builtin_ia32_readeflags_u64() & ~(unsigned long long)FLAG_ALIGNMENT);
    raw_arch_prctl(ARCH_GET_FS, (uintptr_t)&now);
    const bool wrong = now != thread_pointer;
    if (wrong)
        raw_arch_prctl(ARCH_SET_FS, thread_pointer);
    look_at(signal, info, context, wrong, was != 0);
}

static void install(void)
{
    const stack_t stack = {.ss_sp = handler_stack, .ss_size = sizeof handler_stack};
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigset_t deadly;

    sigemptyset(&action.sa_mask);
    sigemptyset(&deadly);
    sigaltstack(&stack, NULL);
    for (size_t w = 0; w < NR_WATCHED; w++) {
        sigaction(watched[w].signal, &action, &before[w]);
        sigaddset(&deadly, watched[w].signal);
    }
    /* Whoever started this process may have blocked them, and then a guest's fault would end it without a handler. */
    sigprocmask(SIG_UNBLOCK, &deadly, NULL);
    uint16_t code, stack_segment;
    __asm__("mov %%cs, %0; mov %%ss, %1" : "=r"(code), "=r"(stack_segment));
    segments = (greg_t)((uint64_t)code | (uint64_t)stack_segment << 48);
    raw_arch_prctl(ARCH_GET_FS, (uintptr_t)&thread_pointer);
    installed = true;
}

bool containment_refuse_system_calls(void)
{
    assert(present == NULL);
    if (!installed)
        install();
    return prctl(PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON, 0, 0, &guest_runs) == 0;
}

bool containment_can_refuse_system_calls(void)
{
    static const char never = SYSCALL_DISPATCH_FILTER_ALLOW;

    return prctl(PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON, 0, 0, &never) == 0 &&
           prctl(PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_OFF, 0, 0, 0) == 0;
}

void containment_enter(struct machine *machine)
{
    assert(machine != NULL);
    assert(present == NULL);
    if (!installed)
        install();
    machine_tell_when_guests_run(machine, &guest_runs);
    __asm__ volatile("movq %%fs:0, %0" : "=r"(thread_pointer)); /* it points to itself */
    present = machine;
}

bool containment_time_is_over(void)
{
    return time_is_over != 0;
}

void containment_leave(void)
{
    assert(present != NULL);
    present = NULL;
}
