/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Quotas: the defaults of Xen 4.17's xenstored (tools/xenstore/xenstored_core.c). dom0 has none.
 * Where xenstored compares with `>`, one more than the number is let through, and here, too.
 */
#ifndef SIM_XENSTORE_QUOTA_H
#define SIM_XENSTORE_QUOTA_H

#define QUOTA_NODES             1000u /* owned by a domain: ENOSPC */
#define QUOTA_ENTRY_BYTES       2048u /* a node with its permissions and its children's names: ENOSPC */
#define QUOTA_WATCHES           128u  /* `>`: E2BIG */
#define QUOTA_TRANSACTIONS      10u   /* `>`: ENOSPC */
#define QUOTA_TRANSACTION_NODES 1024u /* looked at in one transaction: ENOSPC */
#define QUOTA_PERMS             5u    /* of one node: ENOSPC */
#define QUOTA_OUTSTANDING       20u   /* answers not yet in the ring; no further request is read meanwhile */
#define QUOTA_QUEUE_BYTES       (256u << 10) /* in place of xenstored's memory quota: events past it are lost */

#endif
