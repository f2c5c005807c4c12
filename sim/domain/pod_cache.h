/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Populate-on-demand's cache: frames of a domain that wait for the first touch of a gfn, one by one and in pieces of 2 MiB, so
 * that a mapping of 2 MiB that is on demand can be populated whole.
 */
#ifndef SIM_DOMAIN_POD_CACHE_H
#define SIM_DOMAIN_POD_CACHE_H

#include <stdbool.h>
#include <stdint.h>

struct domain;
struct physmap;

/* Frames of the domain's, zeroed, of order 0 or PHYSMAP_2M_ORDER. False: no memory. */
bool pod_cache_put(struct domain *, uint64_t mfn, unsigned order);
/* The first of so many frames; for a single one 2 MiB are broken up when there are no others. 0: there are none. */
uint64_t pod_cache_get(struct physmap *, unsigned order);
/* It holds so many frames from now on, new ones in pieces as large as can be had. -ENOMEM: not so many can be had. */
long pod_cache_set(struct domain *, uint64_t pages);

#endif
