/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signal handlers for faults that a guest may have raised. They decide nothing: the machine knows whether program
 * counter and stack are a guest's. They run on a stack of their own, for the guest's stack may be what faulted.
 */
#include "harness/image/containment.h"

#include <assert.h>
#include <asm/prctl.h>
#include <signal.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <ucontext.h>

#include "guest/abi/port.h"
#include "sim/domain/vcpu.h"

#define HANDLER_STACK_BYTES (64u << 10) /* AVX-512 state is kept on it too */
#ifndef SI_KERNEL
#define SI_KERNEL 0x80 /* an access fault for which the processor gives no address */
#endif
#define PAGE_FAULT_WRITE 2       /* bit of the x86 page fault's error code */
#define FLAG_TRAP        0x100   /* a trap after each instruction */
#define FLAG_DIRECTION   0x400   /* strings run downwards */
#define FLAG_ALIGNMENT   0x40000 /* an access that is not aligned is a fault */

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
};
#define NR_WATCHED (sizeof watched / sizeof watched[0])

/* A signal handler gets no argument of ours, so the machine is a variable of the process. */
static struct machine *volatile present;
static struct sigaction before[NR_WATCHED]; /* the handlers that these replace */
static bool installed;
static volatile sig_atomic_t time_is_over;
static uintptr_t thread_pointer; /* of the thread that machines run in */
static _Alignas(16) char handler_stack[HANDLER_STACK_BYTES];

static size_t index_of(int signal)
{
    size_t w = 0;

    for (; watched[w].signal != signal; w++)
        assert(w + 1 < NR_WATCHED);
    return w;
}

/* The processor does not give the address that faulted, but the pointer is still in a register, perhaps without the offset
 * of a member. */
static enum guest_poison poison_in(const greg_t *registers)
{
    for (int r = REG_R8; r <= REG_RSP; r++) {
        const uint64_t value = (uint64_t)registers[r];
        if (value - PORT_POISON_FREED + PORT_POISON_REACH < 2 * PORT_POISON_REACH)
            return GUEST_POISON_FREED;
        if (value - PORT_POISON_NEW + PORT_POISON_REACH < 2 * PORT_POISON_REACH)
            return GUEST_POISON_NEW;
    }
    return GUEST_POISON_NONE;
}

/* Does the machine say that it is a guest's fault? Then changes the context to go on where the machine says. */
static bool ends_a_guest(int signal, const siginfo_t *info, greg_t *registers)
{
    const bool no_address = signal == SIGSEGV && info->si_code == SI_KERNEL;
    const struct guest_fault fault = {
        .kind = watched[index_of(signal)].kind,
        .write = signal == SIGSEGV && (registers[REG_ERR] & PAGE_FAULT_WRITE) != 0,
        .pc = (uintptr_t)registers[REG_RIP],
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
    registers[REG_RIP] = (greg_t)resume.pc;
    registers[REG_RSP] = (greg_t)resume.sp;
    registers[REG_RDI] = (greg_t)resume.argument;
    return true;
}

static void look_at(int signal, const siginfo_t *info, void *context, bool thread_pointer_was_wrong)
{
    ucontext_t *at = context;
    greg_t *registers = at->uc_mcontext.gregs;

    time_is_over = time_is_over || signal == SIGXCPU;
    if (ends_a_guest(signal, info, registers) || signal == SIGXCPU)
        return;
    /* Ballast's own code faulted on what a guest had changed of the processor. That is put right by now, and the
     * instruction is tried again. */
    if (thread_pointer_was_wrong && signal == SIGSEGV)
        return;
    if (signal == SIGBUS && (registers[REG_EFL] & FLAG_ALIGNMENT) != 0) {
        registers[REG_EFL] &= ~(greg_t)FLAG_ALIGNMENT;
        return;
    }
    /* A fault of Ballast's own. The instruction is tried again, and faults again, into the handler that was set before
     * this one: a sanitizer's, or the end of the process. */
    sigaction(signal, &before[index_of(signal)], NULL);
    if (info->si_code <= 0) /* another process sent it: it would not come again */
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
    uintptr_t now = 0;

    __builtin_ia32_writeeflags_u64(__builtin_ia32_readeflags_u64() & ~(unsigned long long)FLAG_ALIGNMENT);
    raw_arch_prctl(ARCH_GET_FS, (uintptr_t)&now);
    const bool wrong = now != thread_pointer;
    if (wrong)
        raw_arch_prctl(ARCH_SET_FS, thread_pointer);
    look_at(signal, info, context, wrong);
}

static void install(void)
{
    const stack_t stack = {.ss_sp = handler_stack, .ss_size = sizeof handler_stack};
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};

    sigset_t deadly;

    sigemptyset(&action.sa_mask);
    sigemptyset(&deadly);
    sigaddset(&deadly, SIGSYS);
    sigaltstack(&stack, NULL);
    for (size_t w = 0; w < NR_WATCHED; w++) {
        sigaction(watched[w].signal, &action, &before[w]);
        sigaddset(&deadly, watched[w].signal);
    }
    /* Whoever started this process may have blocked them, and then a guest's fault would end it without a handler. */
    sigprocmask(SIG_UNBLOCK, &deadly, NULL);
    installed = true;
}

void containment_enter(struct machine *machine)
{
    assert(machine != NULL);
    assert(present == NULL);
    if (!installed)
        install();
    raw_arch_prctl(ARCH_GET_FS, (uintptr_t)&thread_pointer);
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
