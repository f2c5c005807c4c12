/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The userland view of <sys/param.h>: the C library's, with amd64's own. The
 * page, assertions and messages come with it for a test that says _KERNEL.
 */
#ifndef _BALLAST_USER_SYS_PARAM_H
#define _BALLAST_USER_SYS_PARAM_H

#include <sys/types.h>
#include_next <sys/param.h>
#include <errno.h>
#include <machine/param.h>

#ifndef rounddown
#define rounddown(x, y) (((x) / (y)) * (y))
#endif
#ifndef roundup2
#define roundup2(x, m)	 ((((x)-1) | ((m)-1)) + 1)
#define rounddown2(x, m) ((x) & ~((__typeof__(x))((m)-1)))
#endif

#ifdef _KERNEL
#include <machine/vmparam.h>
#include <sys/systm.h>

#ifndef mstohz
#define mstohz(ms) ((ms)*hz / 1000)
#endif
#endif

#endif
