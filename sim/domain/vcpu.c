/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The coroutine under a vcpu: what its stack holds before the first switch, and after the last one. The
 * switch itself is in switch.S.
 */
#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "sim/domain/vcpu.h"

void vcpu_loop(struct vcpu *, vcpu_serve_t *, void *);
void vcpu_first(void);

static_assert(offsetof(struct vcpu, host_sp) == 0, "switch.S: HOST_SP");
static_assert(offsetof(struct vcpu, guest_sp) == 8, "switch.S: GUEST_SP");
static_assert(offsetof(struct vcpu, op) == 16, "switch.S: OP");
static_assert(offsetof(struct vcpu, arg) == 24, "switch.S: ARG1 to ARG4");
static_assert(offsetof(struct vcpu, result) == 56, "switch.S: RESULT");
static_assert(offsetof(struct vcpu, guest_runs) == 64, "switch.S: GUEST_RUNS");
static_assert(VCPU_VEIL == 0x4000000000000000ull, "switch.S: VEIL_BIT");

/* What the stack of a stopped guest holds from guest_sp on. The gate pushed all but the last member. */
struct switch_frame {
    uint64_t r15, r14, r13, r12, rbx, rbp;
    uint64_t return_pc;
};
static_assert(sizeof(struct switch_frame) == VCPU_FRAME_BYTES, "vcpu.h: VCPU_FRAME_BYTES");

static const struct vcpu_backend coroutine = {vcpu_loop};

void vcpu_prepare(struct vcpu *vcpu, char *stack_end, void (*start)(const struct boot_block *),
    const struct boot_block *boot)
{
    assert(start != NULL && boot != NULL);
    assert(((uintptr_t)stack_end & 15u) == 0);

    struct switch_frame first = {
        .r12 = (uintptr_t)start,
        .r13 = (uintptr_t)boot,
        .return_pc = (uintptr_t)vcpu_first,
    };
    char *sp = stack_end - 16 - sizeof first; /* vcpu_first runs with an aligned stack */
    memcpy(sp, &first, sizeof first);
    memset(vcpu, 0, sizeof *vcpu);
    vcpu->guest_sp = (uintptr_t)sp;
    vcpu->backend = &coroutine;
    vcpu->guest_runs = &vcpu->nobody;
}

struct vcpu_caller vcpu_caller(const struct vcpu *vcpu)
{
    struct switch_frame frame;
    assert(vcpu->guest_sp != 0);
    memcpy(&frame, (const void *)(uintptr_t)vcpu->guest_sp, sizeof frame);
    return (struct vcpu_caller){frame.return_pc, frame.rbp};
}
