/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ways out of a guest: hypercalls, and the debug port's calls (guest/abi/port.h). Notes of pages that wait
 * (page_notes.h) are sent before any other call, so that the order of events is kept; and the counters are up to date
 * whenever the harness may read them.
 */
#ifndef GUEST_LIB_DEBUG_PORT_H
#define GUEST_LIB_DEBUG_PORT_H

#include <stdint.h>

#include "guest/abi/port.h"
#include "guest/abi/sites.h"

extern struct port_counters counters;

/* Tells the harness where the counters and the mask of armed faults are. */
void port_init(void);

long port_call(enum port_op, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4);
long xen_hypercall(unsigned long op, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4);

/* For calls that are about page contents only: notes of pages stay waiting. */
long port_call_quietly(enum port_op, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4);
long xen_hypercall_quietly(
    unsigned long op, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4);

void port_note(enum port_note, uint64_t a, uint64_t b, uint64_t c);
uint64_t port_clock_ns(void);

/* Tells that a lock, memory or another service of the kernel was used wrongly; the guest goes on. */
void port_misuse(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same, found when the guilty code has returned: an address in it, which is told as the place. */
void port_misuse_by(uintptr_t guilty, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Asks, at a fault site of the kernel's own, whether a fault is to be injected now: 0, or the errno to refuse with. */
int port_fault(unsigned site, uint64_t pfn, uint64_t amount);

/* A bit for each site where a fault is armed. The machine sets them; if it can't, all bits are set. */
extern volatile uint64_t fault_mask;
#define FAULT_ARMED(site) __builtin_expect((fault_mask & 1ull << FAULT_SITE_##site) != 0, 0)

#endif
