/* SPDX-License-Identifier: BSD-2-Clause */
/* A whole message from a domain: done and answered; the answer goes to its queue. */
#ifndef SIM_XENSTORE_DISPATCH_H
#define SIM_XENSTORE_DISPATCH_H

struct xenstore;
struct xenstore_domain;
struct xsd_sockmsg;

/* body: head->len bytes, and a NUL of ours behind. */
void dispatch(struct xenstore *, struct xenstore_domain *, const struct xsd_sockmsg *, char *body);

#endif
