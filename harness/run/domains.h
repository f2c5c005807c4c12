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

/* Pages of the host that are dom0's own, its structures included; 0 when it takes no part. */
uint64_t domains_dom0_pages(const struct scenario *);
/* dom0 if it takes part, and all domains that are declared to be there from the start. False: the run is over. */
bool domains_build_all(struct runner *);
bool domains_build(
    struct runner *, const struct domain_decl *); /* false: complained, or the run is skipped */
void domains_release(struct runner *, struct domain *, enum domain_end); /* the domain is gone */
/* The run is over: all images are given back, and there are no slots. */
void domains_release_images(struct runner *);
/* Observer: keeps how many segments an audit counted, and what a dying guest said. */
void domains_see(struct runner *, const struct record *, uint64_t event);

#endif
