/* SPDX-License-Identifier: BSD-2-Clause */
/* Objects that own pages: only named here, no driver of Ballast's has one. */
#ifndef _UVM_UVM_OBJECT_H_
#define _UVM_UVM_OBJECT_H_

struct uvm_object;

#endif /* !_UVM_UVM_OBJECT_H_ */
