/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A domain at a fault site: the site hook is told, an armed fault is asked for, a refusal is recorded. What a
 * refusal does is up to the call that asked.
 */
#ifndef SIM_DOMAIN_SITE_H
#define SIM_DOMAIN_SITE_H

#include "sim/fault.h"

struct domain;

/* A call at a site, about the pages [first, first + pages). */
struct fault_answer site_ask(struct domain *, enum fault_site, pfn_t first, uint64_t pages);
/* It has returned. */
void site_returned(struct domain *, enum fault_site, pfn_t first, uint64_t pages);
/* The guest's mask of sites where a fault is armed is as it is now. */
void site_tell_guest(struct domain *);

#endif
