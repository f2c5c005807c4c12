/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Domains of a run: each gets an image and a slot, and is built on the machine, from its declaration. An image that
 * no domain uses any more is given back (harness/run/images.h).
 */
#ifndef HARNESS_RUN_DOMAINS_H
#define HARNESS_RUN_DOMAINS_H

#include "harness/language/scenario.h"

struct record;
struct runner;

/* How many pages of the host are dom0's own, with its structures; 0: the scenario has no dom0. */
uint64_t domains_dom0_pages(const struct scenario *, const struct known_xen *);
/* Builds dom0 if the scenario has it, and all domains but those with start=no. False: the run is over. */
bool domains_build_all(struct runner *);
bool domains_build(
    struct runner *, const struct domain_decl *); /* false: complained, or the run is skipped */
void domains_release(struct runner *, struct domain *, enum domain_end); /* the domain is gone */
/* At the end of the run: gives all images back; there are no slots any more. */
void domains_release_images(struct runner *);
/* Observer: keeps how many segments an audit counted, and what a dying guest said. */
void domains_see(struct runner *, const struct record *, uint64_t event);

#endif
