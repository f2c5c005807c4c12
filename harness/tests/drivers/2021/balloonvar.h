/*	$NetBSD$	*/

/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The hand of a NetBSD developer of the year 2021: the private side of the
 * balloon driver beside it.  What the rest of the kernel may know about the
 * driver is in <xen/balloon.h>.
 *
 * Copyright (c) 2021 by the third of three strangers.
 */

#ifndef _XEN_BALLOONVAR_H_
#define _XEN_BALLOONVAR_H_

#include <sys/condvar.h>
#include <sys/device.h>
#include <sys/mutex.h>
#include <sys/queue.h>
#include <sys/types.h>

#include <uvm/uvm_extern.h>
#include <uvm/uvm_page.h>

#include <xen/xen.h>
#include <xen/xenbus.h>

/* Never more frames in a hypercall than fit in a page. */
#define	BALLOON_BATCH		512

/* The safeguard: what min leaves to the domain on top of freemin. */
#define	BALLOON_SAFEGUARD	256

/* Pauses after a step that moved nothing, in ms: 250, 500, ... 16000. */
#define	BALLOON_PAUSE_FIRST	250
#define	BALLOON_PAUSE_LAST	16000

#define	BALLOON_KIB_SHIFT	(PAGE_SHIFT - 10)
#define	BALLOON_TO_KIB(np)	((uint64_t)(np) << BALLOON_KIB_SHIFT)
#define	BALLOON_TO_PAGES(kib)	((u_long)((kib) >> BALLOON_KIB_SHIFT))

TAILQ_HEAD(balloon_pageq, vm_page);

/*
 * Locking:
 *
 *	a	atomic_ops(3); written with sc_lock held, read without
 *	l	sc_lock
 *	t	used by the balloon thread only, once it runs
 *	:	stable after attach
 */
struct balloon_softc {
	device_t		sc_dev;		/* :  */
	kmutex_t		sc_lock;
	kcondvar_t		sc_cv;		/* l  work, or time to go */
	u_long			sc_target;	/* a  in pages */
	u_long			sc_min;		/* a  in pages */
	volatile u_int		sc_generation;	/* a  counts new targets */
	volatile u_int		sc_watched;	/* a  watch is registered */
	bool			sc_running;	/* l  there is a thread */
	bool			sc_dying;	/* l  it has to exit */
	struct xenbus_watch	sc_watch;	/* :  */

	struct balloon_pageq	sc_pages;	/* t  pages without a frame */
	u_long			sc_npages;	/* t  how many */
	xen_pfn_t		*sc_frames;	/* t  BALLOON_BATCH of them */
	u_long			sc_p2mlen;	/* t  entries in the P2M */
};

#endif /* _XEN_BALLOONVAR_H_ */
