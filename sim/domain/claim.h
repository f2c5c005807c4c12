/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Claims: frames promised to a domain that is being built. A claim is a number, and no frames are set aside: for all
 * other domains the pool counts as smaller by that number. A frame that the domain gets is taken off its claim, and
 * one that it gives back is added.
 */
#ifndef SIM_DOMAIN_CLAIM_H
#define SIM_DOMAIN_CLAIM_H

#include <stdbool.h>
#include <stdint.h>

struct domain;
struct host;

/* The domain wants to be sure of a reservation of so many pages in all; 0 ends its claim. 0, or -errno. */
long claim_stake(struct domain *, uint64_t pages);
void claim_end(struct domain *);

bool claims_leave(const struct host *, uint64_t pages);   /* are so many free that no claim covers? */
bool claim_allows(const struct domain *, uint64_t pages); /* may the domain take so many from the pool? */
void claim_moved(struct domain *, bool grew);     /* its reservation has grown, or shrunk, by a page */
void claim_pay(struct domain *, uint64_t pages);  /* they were its own for a moment, and went back */
void claim_keep(struct domain *, uint64_t pages); /* it is as large as before an exchange */

#endif
