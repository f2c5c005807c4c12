/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Machine-independent parameters and the small macros that every file uses.
 */
#ifndef _SYS_PARAM_H_
#define _SYS_PARAM_H_

/* Somewhere in 10.x: files that ask for a version get the newer branch. */
#ifndef __NetBSD_Version__
#define __NetBSD_Version__ 1000000000
#endif
#define __NetBSD_Prereq__(M, m, p)                                             \
	(((M)*100000000 + (m)*1000000 + (p)*100) <= __NetBSD_Version__)

#include <sys/types.h>
#include <sys/errno.h>
#include <machine/param.h>
#include <machine/vmparam.h>
#include <machine/pte.h>

#define MAXPATHLEN     1024
#define MAXHOSTNAMELEN 256
#define NBBY	       8

#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

#define howmany(x, y)	 (((x) + ((y)-1)) / (y))
#define roundup(x, y)	 ((((x) + ((y)-1)) / (y)) * (y))
#define rounddown(x, y)	 (((x) / (y)) * (y))
#define roundup2(x, m)	 ((((x)-1) | ((m)-1)) + 1)
#define rounddown2(x, m) ((x) & ~((__typeof__(x))((m)-1)))
#define powerof2(x)	 ((((x)-1) & (x)) == 0)

#define setbit(a, i) ((a)[(i) / NBBY] |= 1 << ((i) % NBBY))
#define clrbit(a, i) ((a)[(i) / NBBY] &= ~(1 << ((i) % NBBY)))
#define isset(a, i)  ((a)[(i) / NBBY] & (1 << ((i) % NBBY)))
#define isclr(a, i)  (((a)[(i) / NBBY] & (1 << ((i) % NBBY))) == 0)

#ifndef offsetof
#define offsetof(type, member) __builtin_offsetof(type, member)
#endif

/* priorities */
#define PRI_NONE    (-1)
#define PRI_USER    0
#define PRI_KERNEL  64
#define PRI_KTHREAD 96
#define PRI_IDLE    0
#define PRI_BIO	    80
#define PVM	    36
#define PWAIT	    32
#define PZERO	    22
#define PSOCK	    24
#define PCATCH	    0x100
#define PNORELOCK   0x200

/* milliseconds to ticks, at least one for each part of a tick */
#define mstohz(ms)                                                             \
	(__predict_false((ms) >= 0x20000) ? (((ms) + 0u) / 1000u) * hz         \
					  : (((ms) + 0u) * hz) / 1000u)
#define hztoms(t)                                                              \
	(__predict_false((t) >= 0x20000) ? (((t) + 0u) / hz) * 1000u           \
					 : (((t) + 0u) * 1000u) / hz)

/*
 * NetBSD's headers bring these along by ways that change with the years: here
 * they come with the first header that every file includes.
 */
#include <sys/atomic.h>
#include <sys/inttypes.h>
#include <sys/systm.h>
#include <sys/kernel.h>
#include <sys/proc.h>

#endif /* !_SYS_PARAM_H_ */
