/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is done in another way for a domain that Xen translates for (type=pvh) when it is built on the real Xen: by the calls of a
 * toolstack, in the order in which they stand here. domain_steps.h has those that any domain is built by.
 */
#ifndef HARNESS_XEN_TRANSLATED_STEPS_H
#define HARNESS_XEN_TRANSLATED_STEPS_H

#include "harness/xen/domain_steps.h"

/* Room for Xen's tables, before there is any memory. The domain exists, and has a vcpu. */
bool translated_fill_pool(struct build *);
/* Memory where its layout has it, and frames for an image apart. What this process writes to is looked up: it is told gfns only. */
bool translated_populate(struct build *);
/* Xen's shared page becomes one of its gfns. */
bool translated_place_shared_info(struct build *);
/* As a kernel asks for: an event makes its upcall due, and then ends any wait. No upcall comes, for interrupts stay off. */
bool translated_ask_for_upcalls(struct build *);
/* Its vcpu begins in 64-bit mode, on the page tables that were written. */
bool translated_set_vcpu(struct build *, uint64_t stack_va, uint64_t start_info_va, uint64_t boot_block_va);

#endif
