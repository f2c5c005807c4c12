/* SPDX-License-Identifier: BSD-2-Clause */
/* How much was done, told as mmu_update and mmuext_op do. */
#include "sim/hypercall/done.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "sim/domain/domain.h"

long hypercall_tell_done(struct domain *d, uint64_t done_at, uint32_t done, long result)
{
    assert(result <= 0);
    if (done_at == 0)
        return result;
    void *done_to = space_host(&d->space, done_at, sizeof done, true);
    if (done_to == NULL)
        return -EFAULT;
    memcpy(done_to, &done, sizeof done);
    return result;
}
