/* SPDX-License-Identifier: BSD-2-Clause */
/* The end of a transaction. */
#ifndef SIM_XENSTORE_COMMIT_H
#define SIM_XENSTORE_COMMIT_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

struct xenstore;
struct xenstore_domain;

#define FAILED_BEFORE (-ENOMEM) /* to be answered as ENOMEM, though there is memory now */

/*
 * Ends a transaction. keep: its changes are made in the store, unless a node that it had looked at was changed
 * meanwhile: EAGAIN. 0 or an errno; ENOENT: there is no such transaction.
 */
int commit_transaction(struct xenstore *, struct xenstore_domain *, uint32_t id, bool keep);

#endif
