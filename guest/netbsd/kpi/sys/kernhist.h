/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernhist(9), as in a kernel without options KERNHIST: nothing is kept.
 */
#ifndef _SYS_KERNHIST_H_
#define _SYS_KERNHIST_H_

#include <sys/cdefs.h>

#define KERNHIST_DECL(NAME)   struct __kernhist
#define KERNHIST_DEFINE(NAME) struct __kernhist
#define KERNHIST_INIT(NAME, N)                                                 \
	do {                                                                   \
	} while (0)
#define KERNHIST_INITIALIZER(NAME, BUF)                                        \
	{                                                                      \
		0                                                              \
	}
#define KERNHIST_INIT_STATIC(NAME, BUF)                                        \
	do {                                                                   \
	} while (0)
#define KERNHIST_LINK_STATIC(NAME)                                             \
	do {                                                                   \
	} while (0)
#define KERNHIST_LOG(NAME, FMT, A, B, C, D)                                    \
	do {                                                                   \
	} while (0)
#define KERNHIST_CALLARGS(NAME, FMT, A, B, C, D)                               \
	do {                                                                   \
	} while (0)
#define KERNHIST_CALLED(NAME)                                                  \
	do {                                                                   \
	} while (0)
#define KERNHIST_CALLED_5(NAME, I, J, K, L)                                    \
	do {                                                                   \
	} while (0)
#define KERNHIST_FUNC(FNAME)                                                   \
	do {                                                                   \
	} while (0)
#define KERNHIST_DUMP(NAME)                                                    \
	do {                                                                   \
	} while (0)

#endif /* !_SYS_KERNHIST_H_ */
