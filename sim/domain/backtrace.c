/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where in the driver under test an event came from: walks along the guest's frame pointers and keeps the return
 * addresses that lie in the driver's code, innermost first; for a death, all of them. The stack is the guest's: nothing
 * on it is trusted.
 *
 * A place is (return address - 1) - guest_image.text_start, so it lies inside the call instruction.
 */
#include "sim/domain/backtrace.h"

#include <string.h>

#include "sim/domain/domain.h"
#include "sim/machine_state.h"
#include "sim/record/recorder.h"

#define FRAMES_LIMIT 32u
#define CALL_OPCODE  0xe8u /* call, with a distance of 32 bits */
#define CALL_BYTES   5u
#define LEAF_BYTES   512u /* a function without a frame is at most so long */

/* A walk over return addresses, innermost first; each is read when it is needed. */
struct walk {
    const struct domain *domain;
    uintptr_t pc, frame_pointer;
    uintptr_t leaf_back; /* the innermost function has no frame: where it returns to; else 0 */
    uintptr_t stack_end; /* of the stack that the last frame pointer was found on; 0: none so far */
};

/* Are so many bytes at the frame pointer on one of the guest's stacks? The end of that stack is kept, for the next frame
 * is mostly on the same one. */
static bool frame_is_there(struct walk *walk, size_t bytes)
{
    const uintptr_t at = walk->frame_pointer;
    if (at < walk->stack_end)
        return walk->stack_end - at >= bytes;
    const size_t left = space_stack_reach(&walk->domain->space, at);
    walk->stack_end = left != 0 ? at + left : 0;
    return left >= bytes;
}

/* Goes on to the caller. False: the chain of frame pointers ends here, or is broken. */
static bool walk_up(struct walk *walk)
{
    if (walk->leaf_back != 0) {
        walk->pc = walk->leaf_back - 1u;
        walk->leaf_back = 0;
        return true;
    }
    uintptr_t frame[2]; /* the caller's frame pointer, the return address */
    if (walk->frame_pointer == 0 || walk->frame_pointer % sizeof frame[0] != 0 ||
        !frame_is_there(walk, sizeof frame))
        return false;
    memcpy(frame, (const void *)walk->frame_pointer, sizeof frame);
    walk->pc = frame[1] - 1u;
    /* Stacks grow downwards: a caller's frame lies higher, or this was the last. */
    walk->frame_pointer = frame[0] > walk->frame_pointer ? frame[0] : 0;
    return true;
}

static bool in_driver(const struct guest_image *image, uintptr_t pc)
{
    return pc >= (uintptr_t)image->driver_text_start && pc < (uintptr_t)image->driver_text_end &&
           pc >= (uintptr_t)image->text_start;
}

static bool in_text(const struct guest_image *image, uintptr_t pc)
{
    return pc >= (uintptr_t)image->text_start && pc < (uintptr_t)image->text_end;
}

/* Where the guest's present call came from. False: its stack can't be read. */
static bool walk_from_gate(struct walk *walk, const struct domain *d)
{
    if (!space_on_stack(&d->space, d->vcpu.guest_sp, VCPU_FRAME_BYTES))
        return false;
    struct vcpu_caller caller = vcpu_caller(&d->vcpu);
    *walk = (struct walk){.domain = d, .pc = caller.pc - 1u, .frame_pointer = caller.frame_pointer};
    return true;
}

void backtrace_place(struct domain *d)
{
    struct walk walk;
    uint64_t frames[FRAMES_LIMIT];
    size_t count = 0;
    if (d->image.driver_text_start == d->image.driver_text_end || !walk_from_gate(&walk, d))
        return;
    for (unsigned i = 0; i < FRAMES_LIMIT; i++) {
        if (in_driver(&d->image, walk.pc))
            frames[count++] = walk.pc - (uintptr_t)d->image.text_start;
        if (!walk_up(&walk))
            break;
    }
    if (count > 0)
        recorder_backtrace(d->machine->recorder, d->domid, frames[0], frames, count);
}

bool domain_place_next_record(struct domain *d, uint64_t function)
{
    if (!in_driver(&d->image, (uintptr_t)function))
        return false;
    recorder_place(d->machine->recorder, d->domid, function - (uintptr_t)d->image.text_start);
    return true;
}

void domain_place_here(struct domain *d)
{
    backtrace_place(d);
}

static void backtrace(struct domain *d, struct walk *walk)
{
    uint64_t frames[FRAMES_LIMIT];
    size_t count = 0, driver = FRAMES_LIMIT;
    do {
        if (!in_text(&d->image, walk->pc))
            continue; /* a jump to an address that is no code, or the gate's last frame */
        if (driver == FRAMES_LIMIT && in_driver(&d->image, walk->pc))
            driver = count;
        frames[count++] = walk->pc - (uintptr_t)d->image.text_start;
    } while (count < FRAMES_LIMIT && walk_up(walk));
    if (count > 0)
        recorder_backtrace(
            d->machine->recorder, d->domid, frames[driver < FRAMES_LIMIT ? driver : 0], frames, count);
}

void backtrace_whole(struct domain *d)
{
    struct walk walk;
    if (walk_from_gate(&walk, d))
        backtrace(d, &walk);
}

/*
 * A small function may have no frame of its own, and its return address is on top of the stack then. Is that what is
 * there? It is if the instruction before that address is a call of the function that faulted.
 */
static bool leaf_returns(const struct domain *d, uintptr_t pc, uintptr_t back)
{
    const uintptr_t call = back - CALL_BYTES;
    int32_t distance;

    if (!in_text(&d->image, back) || !in_text(&d->image, call) || *(const unsigned char *)call != CALL_OPCODE)
        return false;
    memcpy(&distance, (const void *)(call + 1u), sizeof distance);
    return pc - (back + (uintptr_t)(intptr_t)distance) < LEAF_BYTES;
}

void backtrace_fault(struct domain *d, const struct guest_fault *fault)
{
    struct walk walk = {.domain = d, .pc = fault->pc, .frame_pointer = fault->frame_pointer};
    const bool astray = !in_text(&d->image, fault->pc);
    uintptr_t back = 0;

    if (space_on_stack(&d->space, fault->sp, sizeof back))
        memcpy(&back, (const void *)fault->sp, sizeof back);
    /* A call through a bad pointer: the caller has pushed the address to which the call would have returned. */
    if (astray && back != 0)
        walk.pc = back - 1u;
    if (!astray && leaf_returns(d, fault->pc, back))
        walk.leaf_back = back;
    backtrace(d, &walk);
}

bool backtrace_shows_driver(const struct domain *d)
{
    struct walk walk;
    if (d->vcpu.dead && d->vcpu.op == VCPU_EXIT_FAULT)
        walk =
            (struct walk){.domain = d, .pc = d->vcpu.fault.pc, .frame_pointer = d->vcpu.fault.frame_pointer};
    else if (!walk_from_gate(&walk, d))
        return false;
    do {
        if (in_driver(&d->image, walk.pc))
            return true;
    } while (walk_up(&walk));
    return false;
}

/* The block called __sanitizer_cov_trace_pc (guest/lib/gate_sim.c), which called debug_port, which left. */
bool backtrace_block(const struct domain *d, uint64_t *text_offset)
{
    struct walk walk;
    if (!walk_from_gate(&walk, d) || !walk_up(&walk) || !walk_up(&walk) || !in_driver(&d->image, walk.pc))
        return false;
    *text_offset = walk.pc - (uintptr_t)d->image.text_start;
    return true;
}
