/* SPDX-License-Identifier: BSD-2-Clause */
/* The end of a transaction. */
#ifndef SIM_XENSTORE_COMMIT_H
#define SIM_XENSTORE_COMMIT_H

#include <stdbool.h>
#include <stdint.h>

struct xenstore;
struct xenstore_domain;

/*
 * The transaction of that number is through. keep: its changes are done again on the store, unless somebody changed
 * meanwhile what it had looked at: EAGAIN. 0 or an errno; ENOENT: there is no such transaction.
 */
int commit_transaction(struct xenstore *, struct xenstore_domain *, uint32_t id, bool keep);

#endif
