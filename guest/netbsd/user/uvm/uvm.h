/* SPDX-License-Identifier: BSD-2-Clause */
/* The userland view of <uvm/uvm.h>: no struct uvm for a test itself, the kernel for the file that it includes. */
#ifdef _KERNEL
#include_next <uvm/uvm.h>
#else
#include <uvm/uvm_extern.h>
#if __INCLUDE_LEVEL__ > 1
#include "../kernel_file.h"
#endif
#endif
