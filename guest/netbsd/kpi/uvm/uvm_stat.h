/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * UVM's own history, as in a kernel without options UVMHIST.
 */
#ifndef _UVM_UVM_STAT_H_
#define _UVM_UVM_STAT_H_

#include <sys/kernhist.h>

#define UVMHIST_DECL(NAME)		   KERNHIST_DECL(NAME)
#define UVMHIST_DEFINE(NAME)		   KERNHIST_DEFINE(NAME)
#define UVMHIST_INIT(NAME, N)		   KERNHIST_INIT(NAME, N)
#define UVMHIST_INIT_STATIC(NAME, BUF)	   KERNHIST_INIT_STATIC(NAME, BUF)
#define UVMHIST_LOG(NAME, FMT, A, B, C, D) KERNHIST_LOG(NAME, FMT, A, B, C, D)
#define UVMHIST_CALLARGS(NAME, FMT, A, B, C, D)                                \
	KERNHIST_CALLARGS(NAME, FMT, A, B, C, D)
#define UVMHIST_CALLED(NAME) KERNHIST_CALLED(NAME)
#define UVMHIST_FUNC(FNAME)  KERNHIST_FUNC(FNAME)

#endif /* !_UVM_UVM_STAT_H_ */
