/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes between a domain and xenstored; what a guest's event sets off is xenstore_work of xenstore.h. */
#ifndef SIM_XENSTORE_RING_H
#define SIM_XENSTORE_RING_H

struct xenstore;
struct xenstore_domain;

/* Watches, transactions and what is queued of a domain's go. */
void ring_forget(struct xenstore *, struct xenstore_domain *);
/* What is queued goes into the rings of all domains that wait, as far as there is room. */
void ring_flush_all(struct xenstore *);

#endif
