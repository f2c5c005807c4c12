/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A call of a domain comes to a fault site: this tells the site hook, asks whether an armed fault refuses the call, and
 * records a refusal. What a refusal does is up to the call that asked. At the sites where a domain is told something it is
 * Xen, or xenstored, that asks.
 */
#ifndef SIM_DOMAIN_SITE_H
#define SIM_DOMAIN_SITE_H

#include "sim/fault.h"

struct domain;

/* Is this call, which is about the pages [first, first + pages), to be refused? */
struct fault_answer site_ask(struct domain *, enum fault_site, pfn_t first, uint64_t pages);
/* The domain is to be told something, by a port or, with port 0, by xenstored: does a fault come in between? No hook is called:
 * that may happen while a list of watches is gone through. */
struct fault_answer site_tell(struct domain *, enum fault_site, unsigned port);
/* That call has returned. */
void site_returned(struct domain *, enum fault_site, pfn_t first, uint64_t pages);
/* Brings the guest's own mask of sites where a fault is armed (PORT_FAULT_MASK) up to date. */
void site_tell_guest(struct domain *);

#endif
