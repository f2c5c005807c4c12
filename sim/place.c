/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where in the driver under test an event came from: the innermost of the guest's return addresses that
 * lies in the driver's code, found along its frame pointers. The stack is the guest's: nothing on it is
 * trusted.
 *
 * A place is (return address - 1) - guest_image.text_start, so it lies inside the call instruction.
 */
#include <string.h>

#include "sim/internal.h"

#define FRAMES_LIMIT 32u

static bool in_driver(const struct guest_image *image, uintptr_t pc)
{
    return pc >= (uintptr_t)image->driver_text_start && pc < (uintptr_t)image->driver_text_end;
}

static bool place_here(struct domain *d, uintptr_t pc)
{
    if (!in_driver(&d->image, pc) || pc < (uintptr_t)d->image.text_start)
        return false;
    recorder_place(d->machine->recorder, d->domid, pc - (uintptr_t)d->image.text_start);
    return true;
}

/* Along the chain of frames from here on. */
static void place_callers(struct domain *d, uintptr_t frame_pointer)
{
    for (unsigned i = 0; i < FRAMES_LIMIT; i++) {
        uintptr_t frame[2];      /* the caller's frame pointer, the return address */
        if (frame_pointer % sizeof frame[0] != 0 || !space_on_stack(&d->space, frame_pointer, sizeof frame))
            return;
        memcpy(frame, (const void *)frame_pointer, sizeof frame);
        if (place_here(d, frame[1] - 1u) || frame[0] <= frame_pointer)
            return;
        frame_pointer = frame[0];
    }
}

void machine_place(struct domain *d)
{
    if (d->image.driver_text_start == d->image.driver_text_end
        || !space_on_stack(&d->space, d->vcpu.guest_sp, VCPU_FRAME_BYTES))
        return;
    struct vcpu_caller caller = vcpu_caller(&d->vcpu);
    if (!place_here(d, caller.pc - 1u))
        place_callers(d, caller.frame_pointer);
}

void machine_place_pc(struct domain *d, uintptr_t pc, uintptr_t frame_pointer)
{
    if (!place_here(d, pc))
        place_callers(d, frame_pointer);
}
