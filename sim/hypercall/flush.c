/* SPDX-License-Identifier: BSD-2-Clause */
/* Flushes that guests ask for. A domain has one vcpu: a mask of vcpus either has it, or names nobody. */
#include "sim/hypercall/flush.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <xen/xen.h>

#include "sim/domain/domain.h"
#include "sim/hypercall/done.h"
#include "sim/machine_state.h"

/* Does a mask of vcpus, in the guest's memory, name its only one? False, and *unreadable, when it can't be read. */
static bool mask_has_it(const struct domain *d, uint64_t mask_va, bool *unreadable)
{
    const unsigned char *mask = space_host(&d->space, mask_va, 1, false);

    *unreadable = mask == NULL;
    return mask != NULL && (*mask & 1u) != 0;
}

long flush_by_flags(struct domain *d, uint64_t slot, unsigned long flags)
{
    const unsigned long type = flags & UVMF_FLUSHTYPE_MASK, whom = flags & ~UVMF_FLUSHTYPE_MASK;
    bool unreadable = false;

    if (type != UVMF_INVLPG && type != UVMF_TLB_FLUSH)
        return 0;
    if (whom != UVMF_LOCAL && whom != UVMF_ALL && !mask_has_it(d, whom, &unreadable))
        return unreadable ? -EFAULT : 0; /* the entry has changed all the same: measured */
    if (type == UVMF_INVLPG)
        tlb_drop(&d->tlb, slot);
    else
        tlb_flush(&d->tlb);
    return 0;
}

/* The translations that one command drops, as bits of the window's pages. */
static long flush_one(struct domain *d, const struct mmuext_op *op)
{
    static const struct {
        bool known, page, masked;
    } commands[] = {
        [MMUEXT_TLB_FLUSH_LOCAL] = {true, false, false},
        [MMUEXT_INVLPG_LOCAL] = {true, true, false},
        [MMUEXT_TLB_FLUSH_MULTI] = {true, false, true},
        [MMUEXT_INVLPG_MULTI] = {true, true, true},
        [MMUEXT_TLB_FLUSH_ALL] = {true, false, false},
        [MMUEXT_INVLPG_ALL] = {true, true, false},
    };
    bool unreadable = false;

    if (op->cmd >= sizeof commands / sizeof commands[0] || !commands[op->cmd].known)
        return -ENOSYS;
    if (commands[op->cmd].masked && !mask_has_it(d, (uintptr_t)op->arg2.vcpumask.p, &unreadable))
        return unreadable ? -EINVAL : 0;
    if (!commands[op->cmd].page) {
        tlb_flush(&d->tlb);
        return 0;
    }
    const uint64_t slot = (op->arg1.linear_addr - (uintptr_t)d->space.window) / PAGE_BYTES;
    if (slot < SPACE_WINDOW_PAGES)
        tlb_drop(&d->tlb, slot);
    return 0;
}

/* Those that succeed leave no record: nothing that a report tells has changed. */
long flush_mmuext_op(struct domain *d, const struct vcpu *vcpu, struct hypercall_trace *trace)
{
    const uint64_t count = vcpu->arg[1] & UINT32_MAX;
    const char *list = NULL;
    struct mmuext_op op;
    uint32_t done = 0;
    long result = 0;

    trace->asked = count;
    for (; result == 0 && done < count; done += result == 0) {
        list = space_host(&d->space, vcpu->arg[0] + done * sizeof op, sizeof op, false);
        if (list == NULL) {
            result = -EFAULT;
            break;
        }
        memcpy(&op, list, sizeof op);
        trace->subop = op.cmd;
        result = flush_one(d, &op);
    }
    trace->record = result != 0;
    return hypercall_tell_done(d, vcpu->arg[2], done, result);
}
