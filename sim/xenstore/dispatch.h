/* SPDX-License-Identifier: BSD-2-Clause */
/* Does what a whole message from a domain asks, and puts the answer into the domain's queue. */
#ifndef SIM_XENSTORE_DISPATCH_H
#define SIM_XENSTORE_DISPATCH_H

struct xenstore;
struct xenstore_domain;
struct xsd_sockmsg;

/* body: head->len bytes, and a NUL that the caller has put behind them. */
void dispatch(struct xenstore *, struct xenstore_domain *, const struct xsd_sockmsg *, char *body);

#endif
