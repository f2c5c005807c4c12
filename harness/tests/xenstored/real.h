/* SPDX-License-Identifier: BSD-2-Clause */
/* Debian's xenstored as a child of this program, over the shim: guests ask through ring pages, dom0 through its socket. */
#ifndef HARNESS_TESTS_XENSTORED_REAL_H
#define HARNESS_TESTS_XENSTORED_REAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct xsd_sockmsg;

struct real {
    pid_t pid;
    char *pages; /* DOMAINS ring pages, and the page of states */
    int events, tokens, socket;
};

/* Ends the program with a message when it can't be started, or when it doesn't answer any more. */
void real_start(struct real *, const char *xenstored, const char *shim);
void real_stop(struct real *);
void real_set_state(struct real *, unsigned domid, unsigned state);
void real_event(struct real *, uint32_t port);
/* Until it has nothing more to do. */
void real_settle(struct real *);
/* dom0 asks, and reads the answer: head and body (of XENSTORE_PAYLOAD_MAX bytes and a NUL). */
void real_ask(struct real *, struct xsd_sockmsg *head, const void *body, char *answer);

#endif
