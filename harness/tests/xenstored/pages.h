/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the check of xenstore and its shim inside of xenstored have in common: three files that xenstored inherits, and what
 * is in them.
 */
#ifndef HARNESS_TESTS_XENSTORED_PAGES_H
#define HARNESS_TESTS_XENSTORED_PAGES_H

#define FD_PAGES  20 /* memory: a ring page for each domain, and the page of states */
#define FD_EVENTS 21 /* to xenstored: ports, of four bytes each */
#define FD_TOKENS 22 /* a byte each way: xenstored returns it when it has nothing more to do */

#define RING_PAGE_BYTES 4096u
#define DOMAINS         8u
#define STATES_PAGE     DOMAINS /* a byte for each domain */
#define PAGES           (DOMAINS + 1)

enum { DOMAIN_NONE, DOMAIN_ALIVE, DOMAIN_SHUT, DOMAIN_DYING };

#define PORT_OF(domid) ((domid) + 1u)
#define PORT_VIRQ      100 /* a domain died */

#endif
