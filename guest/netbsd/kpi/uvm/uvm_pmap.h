/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pmap(9), as far as page code and drivers use it without address spaces.
 */
#ifndef _UVM_UVM_PMAP_H_
#define _UVM_UVM_PMAP_H_

#include <sys/types.h>
#include <machine/pmap.h>

struct vm_page;

void pmap_zero_page(paddr_t);
void pmap_copy_page(paddr_t, paddr_t);
void pmap_page_protect(struct vm_page *, vm_prot_t);
bool pmap_clear_modify(struct vm_page *);
bool pmap_clear_reference(struct vm_page *);

#endif /* !_UVM_UVM_PMAP_H_ */
