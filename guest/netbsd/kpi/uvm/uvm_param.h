/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Between addresses and page numbers.
 */
#ifndef _UVM_UVM_PARAM_H_
#define _UVM_UVM_PARAM_H_

#include <sys/param.h>

#define atop(x)	      ((paddr_t)(x) >> PAGE_SHIFT)
#define ptoa(x)	      ((paddr_t)(x) << PAGE_SHIFT)
#define round_page(x) (((vaddr_t)(x) + PAGE_MASK) & ~(vaddr_t)PAGE_MASK)
#define trunc_page(x) ((vaddr_t)(x) & ~(vaddr_t)PAGE_MASK)

#endif /* !_UVM_UVM_PARAM_H_ */
