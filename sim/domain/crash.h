/* SPDX-License-Identifier: BSD-2-Clause */
/* Domains that end by a fault of their own code, with a sentence that says what it was. */
#ifndef SIM_DOMAIN_CRASH_H
#define SIM_DOMAIN_CRASH_H

struct domain;
struct guest_fault;

/* Its vcpu left by that fault. Records backtrace and sentence, and ends it. */
void crash_by_fault(struct domain *, const struct guest_fault *);
/* Somebody counted too far: it goes on and on. */
void crash_endless(struct domain *, const char *why);

#endif
