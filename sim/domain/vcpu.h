/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A vcpu: a coroutine that runs a guest on the guest's own stacks until it leaves by its gate, the function by
 * which guest code returns here with a call. Also how a guest's fault is turned into an exit. It knows nothing of what
 * an exit asks for.
 */
#ifndef SIM_DOMAIN_VCPU_H
#define SIM_DOMAIN_VCPU_H

#include <stdbool.h>
#include <stdint.h>

#include "guest/abi/boot.h"

struct machine;

/* What a signal handler saw; pc and frame_pointer as they were at the fault. */
enum guest_fault_kind {
    GUEST_FAULT_ACCESS,      /* SIGSEGV, SIGBUS */
    GUEST_FAULT_ARITHMETIC,  /* SIGFPE */
    GUEST_FAULT_INSTRUCTION, /* SIGILL, SIGTRAP: an illegal instruction or a trap */
    GUEST_FAULT_SYSTEM_CALL, /* SIGSYS: it called the system that this process runs on */
    GUEST_FAULT_GONE,    /* no fault of its own: on the real Xen, when QEMU has ended. It stays as it is */
    GUEST_FAULT_STOPPED, /* no fault of its own: the holder wants it to leave, wherever it is in its code */
};
/* Which of the two patterns for freed and fresh memory (PORT_POISON_... in port.h) a bad pointer was read from. */
enum guest_poison { GUEST_POISON_NONE, GUEST_POISON_FREED, GUEST_POISON_NEW };
struct guest_fault {
    enum guest_fault_kind kind;
    bool write; /* of an access, when known */
    uintptr_t pc, address, frame_pointer, sp;
    bool no_address; /* of an access: the processor gives none for an address that is not canonical */
    enum guest_poison poison; /* then: which pattern the address came from */
    unsigned system_call;     /* its number */
};

/* Where the program goes on after the handler, which sets pc, sp and the first argument (rdi) to these and returns. */
struct guest_resume {
    uintptr_t pc, sp, argument;
};

/*
 * For the holder's signal handler, on its own stack: was that a guest's fault? Then its vcpu is dead and
 * resume says where to go on, so that machine_run ends with RUN_CRASHED. False: a fault of our own; or for
 * GUEST_FAULT_STOPPED that no guest is in its code just now.
 * Safe in a signal handler.
 */
bool machine_guest_fault(struct machine *, const struct guest_fault *, struct guest_resume *);
/*
 * The flag is 1 while a guest's code runs and 0 while the machine's does, so that the holder can tell their system calls
 * apart. A handler that ends a guest has to set it to 0 first. NULL: nobody wants to know.
 */
void machine_tell_when_guests_run(struct machine *, volatile char *flag);

struct vcpu;

/* Answers one exit (op and args) with vcpu->result. False: the guest stays stopped for now. */
typedef bool vcpu_serve_t(void *context, struct vcpu *);

/* How a vcpu is run: by a coroutine in this process, or on the real Xen (sim/real_xen.h). */
struct vcpu_backend {
    /* Lets the guest go on, its last call returning vcpu->result, until serve says otherwise. */
    void (*run)(struct vcpu *, vcpu_serve_t *serve, void *context);
};

/* switch.S knows the offsets of the first members. */
struct vcpu {
    uint64_t host_sp;    /* while the guest runs */
    uint64_t guest_sp;   /* while it doesn't */
    uint64_t op, arg[4]; /* what it left with */
    int64_t result;      /* the answer to that call */
    volatile char
        *guest_runs; /* 1 while the guest's code runs, else 0; never NULL (machine_tell_when_guests_run) */
    const struct vcpu_backend *backend;
    bool dead;                /* never to run again */
    struct guest_fault fault; /* when op is VCPU_EXIT_FAULT */
    void *backend_context;    /* the backend's own */
    char nobody;              /* what guest_runs points to when nobody wants to know */
};
#define VCPU_EXIT_FAULT UINT64_MAX

/* Makes the vcpu ready: when it is first run, it calls start(boot) on the stack that ends at stack_end. */
void vcpu_prepare(
    struct vcpu *, char *stack_end, void (*start)(const struct boot_block *), const struct boot_block *boot);
static inline void vcpu_run(struct vcpu *vcpu, vcpu_serve_t *serve, void *context)
{
    vcpu->backend->run(vcpu, serve, context);
}
/*
 * Where the guest's last call came from: return address and frame pointer, as they lie on its stack at
 * guest_sp. The caller makes sure that VCPU_FRAME_BYTES there are the guest's to begin with.
 */
#define VCPU_FRAME_BYTES 56u
struct vcpu_caller {
    uintptr_t pc, frame_pointer;
};
struct vcpu_caller vcpu_caller(const struct vcpu *);

/*
 * The vcpu's address as the guest's image keeps it (gate_context): changed into one that is not canonical, so that a
 * guest that writes through it faults, and the machine goes on. A context that the guest has overwritten makes the gate
 * fault in the same way.
 */
#define VCPU_VEIL (1ull << 62)
static inline void *vcpu_veiled(struct vcpu *vcpu)
{
    return (void *)((uintptr_t)vcpu ^ VCPU_VEIL);
}

guest_gate_t vcpu_gate; /* in switch.S; its context is vcpu_veiled of the struct vcpu */
/* Where the switch into a guest begins, and where it has ended: in between it may begin anew. And the end of the gate. */
extern const char vcpu_enter[], vcpu_enter_end[], vcpu_gate_end[];
void vcpu_fault_exit(void); /* in switch.S: where a faulted guest's handler goes on */

#endif
