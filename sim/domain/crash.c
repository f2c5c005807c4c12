/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest's fault: the signal handler of the program that holds the machine turns it into an exit of the vcpu, and this
 * file into a sentence for the record. The sentence names what was touched, and no address: these differ between runs.
 */
#include "sim/domain/crash.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "sim/domain/backtrace.h"
#include "sim/domain/domain.h"
#include "sim/host/frame_table.h"
#include "sim/machine_state.h"

#define LOW_BYTES 65536u /* an access below this is taken for one to a member of a NULL pointer */

/* The processor gives no address for an access that isn't canonical; the handler looked at the registers instead. */
static const char *what_has_no_address(const struct guest_fault *fault)
{
    if (fault->poison == GUEST_POISON_FREED)
        return "an address read from freed memory";
    if (fault->poison == GUEST_POISON_NEW)
        return "an address read from memory that nobody had written";
    return "an address that no memory can have";
}

static bool within(const void *start, size_t bytes, uintptr_t address)
{
    return address - (uintptr_t)start < bytes;
}

static const char *what_is_at(const struct domain *d, uintptr_t address)
{
    const struct machine *m = d->machine;
    const struct host *host = &m->host;
    if (address < PAGE_BYTES)
        return "the NULL page";
    if (address < LOW_BYTES)
        return "memory just behind the NULL page";
    const char *what = space_what(&d->space, address);
    if (what != NULL)
        return what;
    if (within(host->m2p_guest, host->m2p_bytes, address))
        return "the M2P, which a guest may only read";
    if (within(host->m2p_guest, host->m2p_bytes + LOW_BYTES, address))
        return "memory behind the M2P";
    for (size_t i = 0; i < m->nr_domains; i++) {
        if (m->domains[i] != d && space_what(&m->domains[i]->space, address) != NULL)
            return "another domain's memory";
    }
    if (within(m, sizeof *m, address) || within(host->frames, host->frames_bytes, address) ||
        within(host->m2p, host->m2p_bytes, address))
        return "the simulator's memory";
    return "memory that isn't its own";
}

bool crash_in_code(const struct domain *d, uintptr_t pc)
{
    return pc >= (uintptr_t)d->image.text_start && pc < (uintptr_t)d->image.text_end;
}

/* A privileged instruction raises the same fault (#GP) as an address that isn't canonical. */
static bool is_privileged(const struct domain *d, const struct guest_fault *fault)
{
    static const unsigned char codes[] = {0xf4, 0xfa, 0xfb, 0xe4, 0xe5, 0xe6, 0xe7, 0xec, 0xed, 0xee, 0xef};
    return fault->no_address && crash_in_code(d, fault->pc) &&
           memchr(codes, *(const unsigned char *)fault->pc, sizeof codes) != NULL;
}

void crash_endless(struct domain *d, const char *why)
{
    assert(d->state == DOMAIN_ALIVE);
    backtrace_whole(d);
    domain_crash(d, why);
}

void crash_by_fault(struct domain *d, const struct guest_fault *fault)
{
    char why[160];
    assert(d->vcpu.dead && d->state == DOMAIN_ALIVE);
    switch (fault->kind) {
    case GUEST_FAULT_ARITHMETIC:
        snprintf(why, sizeof why, "division by zero");
        break;
    case GUEST_FAULT_INSTRUCTION:
        snprintf(why, sizeof why, "illegal instruction or trap");
        break;
    case GUEST_FAULT_GONE:
        assert(false); /* its machine stops, and it does not die */
        return;
    case GUEST_FAULT_STOPPED:
        snprintf(why, sizeof why, "stopped: the run's time on this computer is over");
        break;
    case GUEST_FAULT_SYSTEM_CALL:
        snprintf(why, sizeof why,
            "system call %u of the computer that runs this: a guest has hypercalls and nothing else",
            fault->system_call);
        break;
    case GUEST_FAULT_ACCESS:
        if (is_privileged(d, fault))
            snprintf(why, sizeof why, "instruction that only Xen may execute");
        else if (fault->no_address)
            snprintf(why, sizeof why, "use of %s", what_has_no_address(fault));
        else if (fault->pc == fault->address && !crash_in_code(d, fault->pc))
            snprintf(why, sizeof why, "jump to %s", what_is_at(d, fault->address));
        else
            snprintf(why, sizeof why, "%s %s", fault->write ? "write to" : "read of",
                what_is_at(d, fault->address));
        break;
    }
    backtrace_fault(d, fault);
    domain_crash(d, why);
}
