/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where in the driver under test an event came from: told to the recorder before the record itself, which is the
 * domain's next one. The place of a record is one return address in the driver; a whole backtrace has all of them.
 */
#ifndef SIM_DOMAIN_BACKTRACE_H
#define SIM_DOMAIN_BACKTRACE_H

#include <stdbool.h>
#include <stdint.h>

struct domain;
struct guest_fault;

void backtrace_place(struct domain *); /* the innermost return address in the driver, if there is one */
void backtrace_whole(struct domain *); /* all callers of the guest's present call */
void backtrace_fault(struct domain *, const struct guest_fault *); /* all callers of the code that faulted */
/* The guest left because a basic block was to be told: which one, if it is the driver's. */
bool backtrace_block(const struct domain *, uint64_t *text_offset);

/* For a stopped domain: is the driver under test among the callers on the stack on which it stopped? */
bool backtrace_shows_driver(const struct domain *);

#endif
