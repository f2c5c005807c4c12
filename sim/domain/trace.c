/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A limit of one block in place of the real one makes the guest leave at each block. What is counted of its blocks stays
 * the same, so that a run which is watched is the run that it would be.
 */
#include "sim/domain/trace.h"

#include <assert.h>

#include "guest/abi/port.h"
#include "sim/domain/backtrace.h"
#include "sim/domain/domain.h"
#include "sim/machine_state.h"

#define TRACED_BLOCKS_MAX (1u << 22) /* between two calls: what runs longer is a loop, and is known by then */

void trace_choose(struct domain *d)
{
    struct guest_image *image = d->living;
    const bool wanted =
        d->machine->trace.wanted != NULL && d->machine->trace.wanted(d->machine->trace.context);

    assert(image != NULL);
    if (wanted && !d->traced)
        image->blocks_limit = image->blocks_left = 1;
    else if (!wanted && d->traced)
        image->blocks_limit = image->blocks_left = d->blocks_limit;
    d->traced = wanted;
    d->traced_blocks = 0;
}

/* So many blocks have run since the guest's last call: the rest of them is only counted. */
static void only_count(struct domain *d)
{
    struct guest_image *image = d->living;

    assert(d->traced_blocks < d->blocks_limit);
    image->blocks_limit = d->blocks_limit;
    image->blocks_left = d->blocks_limit - d->traced_blocks;
    image->blocks_before -= d->traced_blocks;
    d->traced = false;
}

bool trace_block(struct domain *d)
{
    const struct machine_trace *trace = &d->machine->trace;
    uint64_t text_offset;

    assert(d->traced);
    if (d->vcpu.op != PORT_GATE_BASE + PORT_ENDLESS)
        return false;
    if (!d->auditing && backtrace_block(d, &text_offset))
        trace->ran(trace->context, d->domid, text_offset);
    if (++d->traced_blocks == TRACED_BLOCKS_MAX)
        only_count(d);
    return true;
}
