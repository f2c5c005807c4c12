/* SPDX-License-Identifier: BSD-2-Clause */
/* The userland view of <sys/param.h>: the C library's, with amd64's page, and messages of the kernel. */
#ifndef _BALLAST_USER_SYS_PARAM_H
#define _BALLAST_USER_SYS_PARAM_H

#include <sys/types.h>
#include_next <sys/param.h>
#include <errno.h>
#include <machine/param.h>
#include <machine/vmparam.h>
#include <sys/systm.h>

extern int hz;
#ifndef mstohz
#define mstohz(ms) ((ms)*hz / 1000)
#endif

#endif
