/* SPDX-License-Identifier: BSD-2-Clause */
/* Domains that end by a fault of their own code, with a sentence that says what it was. */
#ifndef SIM_DOMAIN_CRASH_H
#define SIM_DOMAIN_CRASH_H

#include <stdbool.h>
#include <stdint.h>

struct domain;
struct guest_fault;

/* Is that an address in the code of the domain's image? */
bool crash_in_code(const struct domain *, uintptr_t pc);

/* The domain's vcpu stopped with that fault. Records the backtrace and the sentence, and ends the domain. */
void crash_by_fault(struct domain *, const struct guest_fault *);
/* The guest loops: the count of its basic blocks or of its calls has passed its limit. why says which. */
void crash_endless(struct domain *, const char *why);

#endif
