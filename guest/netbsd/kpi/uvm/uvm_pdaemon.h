/* SPDX-License-Identifier: BSD-2-Clause */
/* The page daemon: only its wake-up, in <uvm/uvm.h>. */
#ifdef _KERNEL
#include <uvm/uvm.h>
#endif
