/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's C library: all of it is in <sys/systm.h> here. */
#ifndef _LIB_LIBKERN_LIBKERN_H_
#define _LIB_LIBKERN_LIBKERN_H_

#ifdef _KERNEL
#include <sys/systm.h>
#endif

#endif /* !_LIB_LIBKERN_LIBKERN_H_ */
