/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * UVM's inside, for page code: struct uvm and the lock of the page queues.
 */
#ifndef _UVM_UVM_H_
#define _UVM_UVM_H_

#include <sys/param.h>
#include <sys/mutex.h>
#include <uvm/uvm_extern.h>
#include <uvm/uvm_pglist.h>
#include <uvm/uvm_page.h>
#include <uvm/uvm_pdaemon.h>
#include <uvm/uvm_pdpolicy.h>
#include <uvm/uvm_stat.h>

struct uvm {
	struct pgfreelist page_free[VM_NFREELIST];
	int page_nfree_hint;
	bool page_init_done; /* uvm_page_init has returned */
	bool numa_alloc;
	struct lwp *pagedaemon_lwp;
};
extern struct uvm uvm;

/* Older files take this around uvm_pagefree and friends. */
extern kmutex_t uvm_pageqlock;
extern kmutex_t uvm_fpageqlock;

void uvm_kick_pdaemon(void);

#endif /* !_UVM_UVM_H_ */
