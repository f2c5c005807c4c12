/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists of pages, and the allocator's lists of free ones.
 */
#ifndef _UVM_UVM_PGLIST_H_
#define _UVM_UVM_PGLIST_H_

#include <sys/types.h>
#include <sys/queue.h>

struct vm_page;

TAILQ_HEAD(pglist, vm_page);
LIST_HEAD(pgflist, vm_page);

#define PGFL_NQUEUES 1
#define PGFL_UNKNOWN 0

struct pgfreelist {
	struct vm_page *pgfl_first; /* last freed, first out */
};

#ifdef _KERNEL
int uvm_pglistalloc(
    psize_t, paddr_t, paddr_t, paddr_t, paddr_t, struct pglist *, int, int);
void uvm_pglistfree(struct pglist *);
#endif

#endif /* !_UVM_UVM_PGLIST_H_ */
