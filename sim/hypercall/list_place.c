/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a list among a hypercall's arguments may lie. */
#include "sim/hypercall/list_place.h"

#include "sim/domain/domain.h"
#include "sim/machine_state.h"

#define LOWER_HALF_END (1ull << 47) /* of the addresses that a processor knows */

bool hypercall_refuses_list(const struct domain *d, uintptr_t va)
{
    const struct host *host = &d->machine->host;
    const uintptr_t m2p = (uintptr_t)host->m2p_guest;
    if (d->physmap != NULL)
        return false; /* a guest that Xen translates for has an address space of its own */
    return (va >= m2p && va - m2p < host->m2p_bytes) || (va >= LOWER_HALF_END && va < HYPERVISOR_VIRT_END);
}
