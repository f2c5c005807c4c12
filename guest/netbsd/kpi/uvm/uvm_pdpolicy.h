/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The page daemon's policy, as far as page code calls it.
 */
#ifndef _UVM_UVM_PDPOLICY_H_
#define _UVM_UVM_PDPOLICY_H_

#include <sys/types.h>

struct vm_page;

void uvmpdpol_init(void);
void uvmpdpol_reinit(void); /* memory came or went: limits anew */
void uvmpdpol_estimatepageable(int *, int *);
bool uvmpdpol_pageisqueued_p(struct vm_page *);
void uvmpdpol_pageactivate(struct vm_page *);
void uvmpdpol_pagedeactivate(struct vm_page *);
void uvmpdpol_pagedequeue(struct vm_page *);
void uvmpdpol_pageenqueue(struct vm_page *);
bool uvmpdpol_needsscan_p(void);

#endif /* !_UVM_UVM_PDPOLICY_H_ */
