/* SPDX-License-Identifier: BSD-2-Clause */
/* Moves bytes between a domain's ring and xenstored. xenstore_work (xenstore.h), which a guest's event calls, is here. */
#ifndef SIM_XENSTORE_RING_H
#define SIM_XENSTORE_RING_H

struct xenstore;
struct xenstore_domain;

/* Drops a domain's watches, its transactions and what is queued for it. */
void ring_forget(struct xenstore *, struct xenstore_domain *);
/* Moves what is queued into the rings of all domains that wait for it, as far as there is room. */
void ring_flush_all(struct xenstore *);

#endif
