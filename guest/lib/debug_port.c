/* SPDX-License-Identifier: BSD-2-Clause */
/* The ways out of the guest, each with the notes and counters that must leave before it. */
#include "guest/lib/debug_port.h"
#include "guest/lib/assert.h"
#include "guest/lib/format.h"
#include "guest/lib/page_notes.h"

#include <stdarg.h>

struct port_counters counters;
volatile uint64_t fault_mask = ~0ull;

/* To be called before a call that is about more than page contents. It is inline, since each hypercall needs it. */
static inline void leave_after_notes(void)
{
    if (page_run.kind != 0)
        page_notes_flush();
    kernel_update_counters();
}

long port_call(enum port_op op, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4)
{
    leave_after_notes();
    return debug_port(op, a1, a2, a3, a4);
}

long xen_hypercall(unsigned long op, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4)
{
    leave_after_notes();
    return hypercall(op, a1, a2, a3, a4);
}

long port_call_quietly(
    enum port_op op, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4)
{
    kernel_update_counters();
    return debug_port(op, a1, a2, a3, a4);
}

long xen_hypercall_quietly(
    unsigned long op, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4)
{
    kernel_update_counters();
    return hypercall(op, a1, a2, a3, a4);
}

void port_note(enum port_note kind, uint64_t a, uint64_t b, uint64_t c)
{
    (void)port_call(PORT_NOTE, kind, a, b, c);
}

void port_init(void)
{
    if (port_call(PORT_PUBLISH, PORT_COUNTERS, (unsigned long)&counters, 1, 0) != 0)
        panic("port: the counters were not accepted");
    if (port_call(PORT_PUBLISH, PORT_FAULT_MASK, (unsigned long)&fault_mask, 1, 0) != 0)
        fault_mask = ~0ull;
}

int port_fault(unsigned site, uint64_t pfn, uint64_t amount)
{
    ASSERT(site < FAULT_SITES_MAX);
    if ((fault_mask & 1ull << site) == 0)
        return 0;
    return (int)port_call(PORT_FAULT, site, pfn, amount, 0);
}

uint64_t port_clock_ns(void)
{
    return (uint64_t)port_call(PORT_CLOCK, 0, 0, 0, 0);
}

static void tell_misuse(uintptr_t guilty, const char *format, va_list ap)
{
    char text[160];
    size_t bytes = format_text(text, sizeof text, format, ap);

    if (bytes > sizeof text - 1)
        bytes = sizeof text - 1;
    (void)port_call(PORT_MISUSE, (unsigned long)text, bytes, guilty, 0);
}

void port_misuse(const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    tell_misuse(0, format, ap);
    va_end(ap);
}

void port_misuse_by(uintptr_t guilty, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    tell_misuse(guilty, format, ap);
    va_end(ap);
}
