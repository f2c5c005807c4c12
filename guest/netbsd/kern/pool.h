/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All pools at once.
 */
#ifndef KERN_POOL_H
#define KERN_POOL_H

/* At rest: reports writes to free and idle objects. */
void pool_check_all(void);

/* Memory is short: what idle objects hold goes back. */
void pool_drain_all(void);

#endif /* !KERN_POOL_H */
