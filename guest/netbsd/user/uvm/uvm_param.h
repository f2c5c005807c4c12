/* SPDX-License-Identifier: BSD-2-Clause */
/* The userland view of <uvm/uvm_param.h>: nothing for a test itself, the kernel for the file that it includes. */
#ifdef _KERNEL
#include_next <uvm/uvm_param.h>
#elif __INCLUDE_LEVEL__ > 1
#include "../kernel_file.h"
#endif
