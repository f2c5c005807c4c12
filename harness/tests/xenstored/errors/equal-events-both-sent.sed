# SPDX-License-Identifier: BSD-2-Clause
# An event that is equal to one which waits is sent, too.
# file: sim/xenstore/queue.c
s/if (is_queued(domain, m))/if (is_queued(domain, m) \&\& domain->queue_bytes > QUOTA_QUEUE_BYTES)/
