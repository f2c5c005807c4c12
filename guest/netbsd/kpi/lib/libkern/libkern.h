/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's C library: all of it is in <sys/systm.h> here. */
#ifndef _LIB_LIBKERN_LIBKERN_H_
#define _LIB_LIBKERN_LIBKERN_H_

#include <sys/systm.h>

#endif /* !_LIB_LIBKERN_LIBKERN_H_ */
