/*	$NetBSD$	*/

/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The hand of a NetBSD/xen developer of the year 2013, some time before
 * uvm_hotplug(9) was in the tree: the driver hangs off xenbus(4), the pages
 * it took from the domain sit on an SLIST as pool_cache(9) objects whose
 * constructor allocates the page, the physical-to-machine table is indexed
 * in place, and a reservation above what the domain booted with is clipped.
 */

/*
 * Copyright (c) 2013 by the first of three strangers.
 *
 * Redistribution and use in source and binary forms, with or without
 * modification, are permitted provided that the following conditions
 * are met:
 * 1. Redistributions of source code must retain the above copyright
 *    notice, this list of conditions and the following disclaimer.
 * 2. Redistributions in binary form must reproduce the above copyright
 *    notice, this list of conditions and the following disclaimer in the
 *    documentation and/or other materials provided with the distribution.
 *
 * THIS SOFTWARE IS PROVIDED BY THE AUTHOR ``AS IS'' AND ANY EXPRESS OR
 * IMPLIED WARRANTIES ARE DISCLAIMED.  IN NO EVENT SHALL THE AUTHOR BE LIABLE
 * FOR ANY DAMAGES ARISING IN ANY WAY OUT OF THE USE OF THIS SOFTWARE.
 */

#include <sys/cdefs.h>
__KERNEL_RCSID(0, "$NetBSD$");

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/inttypes.h>
#include <sys/device.h>
#include <sys/condvar.h>
#include <sys/kernel.h>
#include <sys/kmem.h>
#include <sys/kthread.h>
#include <sys/mutex.h>
#include <sys/pool.h>
#include <sys/queue.h>
#include <sys/sysctl.h>

#include <uvm/uvm.h>

#include <xen/xen.h>
#include <xen/hypervisor.h>
#include <xen/xenpmap.h>
#include <xen/xenbus.h>
#include <xen/balloon.h>

#include "locators.h"

/*
 * One step moves no more frames than a page can name.
 */
#define	BALLOON_STEP		512

/*
 * Pages that min may never take from the domain, on top of what the page
 * daemon wants to see free.
 */
#define	BALLOON_SAFEGUARD	256

/*
 * A step that got nowhere is tried again after a pause.  The pause doubles
 * from a quarter of a second; after BALLOON_TRIES of them we give up.
 */
#define	BALLOON_TRIES		6

#define	PAGES_TO_KIB(p)		((uint64_t)(p) << (PAGE_SHIFT - 10))
#define	KIB_TO_PAGES(k)		((size_t)((k) >> (PAGE_SHIFT - 10)))

/* What stands for a page that is in the balloon. */
struct balloon_page {
	SLIST_ENTRY(balloon_page) bp_entries;
	struct vm_page		*bp_pg;
};

SLIST_HEAD(balloon_plist, balloon_page);

struct balloon_softc {
	device_t		sc_dev;
	struct sysctllog	*sc_log;

	kmutex_t		sc_mtx;		/* guards target, min; with cv */
	kcondvar_t		sc_cv;
	size_t			sc_target;	/* pages */
	uint64_t		sc_min;		/* KiB */

	kmutex_t		sc_plist_mtx;	/* spin: guards the list */
	struct balloon_plist	sc_plist;
	size_t			sc_nplist;

	pool_cache_t		sc_pool;
	xen_pfn_t		*sc_mfns;	/* BALLOON_STEP, thread only */
	struct balloon_page	**sc_batch;	/* BALLOON_STEP, thread only */
};

static int	balloon_match(device_t, cfdata_t, void *);
static void	balloon_attach(device_t, device_t, void *);

static int	balloon_page_ctor(void *, void *, int);
static void	balloon_page_dtor(void *, void *);
static void	balloon_page_insert(struct balloon_softc *,
		    struct balloon_page *);
static struct balloon_page *balloon_page_remove(struct balloon_softc *);

static size_t	balloon_current(void);
static size_t	balloon_maximum(void);
static uint64_t	balloon_safe_min(void);
static int	balloon_memory_op(int, xen_pfn_t *, size_t);
static void	balloon_p2m_set(paddr_t, unsigned long);

static size_t	balloon_inflate(struct balloon_softc *, size_t);
static size_t	balloon_deflate(struct balloon_softc *, size_t);
static size_t	balloon_clip(struct balloon_softc *, size_t, size_t);
static void	balloon_thread(void *);

static int	balloon_xenbus_attach(struct balloon_softc *);
static void	balloon_xenbus_watcher(struct xenbus_watch *, const char **,
		    unsigned int);

static void	balloon_sysctl_init(struct balloon_softc *);
static int	balloon_sysctl_current(SYSCTLFN_PROTO);
static int	balloon_sysctl_target(SYSCTLFN_PROTO);
static int	balloon_sysctl_min(SYSCTLFN_PROTO);
static int	balloon_sysctl_max(SYSCTLFN_PROTO);

/* There is one balloon in a domain, and the watch has to find it. */
static struct balloon_softc *balloon_sc;
static struct xenbus_watch balloon_watch;

CFATTACH_DECL_NEW(balloon, sizeof(struct balloon_softc),
    balloon_match, balloon_attach, NULL, NULL);

/*
 * Autoconfiguration.
 */
static int
balloon_match(device_t parent, cfdata_t match, void *aux)
{
	struct xenbusdev_attach_args *xa = aux;

	if (strcmp(xa->xa_type, "balloon") != 0)
		return (0);

	if (match->cf_loc[XENBUSCF_ID] != XENBUSCF_ID_DEFAULT &&
	    match->cf_loc[XENBUSCF_ID] != xa->xa_id)
		return (0);

	return (1);
}

static void
balloon_attach(device_t parent, device_t self, void *aux)
{
	struct balloon_softc *sc = device_private(self);
	size_t current;

	aprint_normal(": Xen Balloon driver\n");

	if (balloon_sc != NULL) {
		aprint_error_dev(self, "only one balloon per domain\n");
		return;
	}

	sc->sc_dev = self;

	mutex_init(&sc->sc_mtx, MUTEX_DEFAULT, IPL_NONE);
	mutex_init(&sc->sc_plist_mtx, MUTEX_DEFAULT, IPL_VM);
	cv_init(&sc->sc_cv, "balloon");
	SLIST_INIT(&sc->sc_plist);
	sc->sc_nplist = 0;

	sc->sc_pool = pool_cache_init(sizeof(struct balloon_page), 0, 0, 0,
	    "xen_bl", NULL, IPL_NONE, balloon_page_ctor, balloon_page_dtor,
	    NULL);
	sc->sc_mfns = kmem_alloc(BALLOON_STEP * sizeof(*sc->sc_mfns),
	    KM_SLEEP);
	sc->sc_batch = kmem_alloc(BALLOON_STEP * sizeof(*sc->sc_batch),
	    KM_SLEEP);

	current = balloon_current();
	sc->sc_target = current;
	sc->sc_min = balloon_safe_min();

	aprint_normal_dev(self, "current reservation: %" PRIu64 " KiB\n",
	    PAGES_TO_KIB(current));

	balloon_sc = sc;
	balloon_sysctl_init(sc);

	if (kthread_create(PRI_NONE, 0, NULL, balloon_thread, sc, NULL,
	    "%s", device_xname(self)) != 0) {
		aprint_error_dev(self, "unable to create balloon thread\n");
		goto fail;
	}

	/* From here on the world may tell us to change our size. */
	if (balloon_xenbus_attach(sc) != 0)
		aprint_error_dev(self, "unable to watch memory/target\n");

	if (!pmf_device_register(self, NULL, NULL))
		aprint_error_dev(self, "couldn't establish power handler\n");
	return;

 fail:
	sysctl_teardown(&sc->sc_log);
	balloon_sc = NULL;
	kmem_free(sc->sc_batch, BALLOON_STEP * sizeof(*sc->sc_batch));
	kmem_free(sc->sc_mfns, BALLOON_STEP * sizeof(*sc->sc_mfns));
	pool_cache_destroy(sc->sc_pool);
	cv_destroy(&sc->sc_cv);
	mutex_destroy(&sc->sc_plist_mtx);
	mutex_destroy(&sc->sc_mtx);
}

/*
 * The pages.  An object of the cache always owns a page of UVM's: the
 * constructor takes it, the destructor returns it.  The object must have a
 * machine frame again before it may be destructed.
 */
static int
balloon_page_ctor(void *arg, void *obj, int flags)
{
	struct balloon_page *bp = obj;

	/* Zeroed: the next owner has no business with what was in it. */
	bp->bp_pg = uvm_pagealloc(NULL, 0, NULL, UVM_PGA_ZERO);
	return (bp->bp_pg == NULL ? ENOMEM : 0);
}

static void
balloon_page_dtor(void *arg, void *obj)
{
	struct balloon_page *bp = obj;

	mutex_enter(&uvm_pageqlock);
	uvm_pagefree(bp->bp_pg);
	mutex_exit(&uvm_pageqlock);
	bp->bp_pg = NULL;
}

static void
balloon_page_insert(struct balloon_softc *sc, struct balloon_page *bp)
{

	mutex_spin_enter(&sc->sc_plist_mtx);
	SLIST_INSERT_HEAD(&sc->sc_plist, bp, bp_entries);
	sc->sc_nplist++;
	mutex_spin_exit(&sc->sc_plist_mtx);
}

static struct balloon_page *
balloon_page_remove(struct balloon_softc *sc)
{
	struct balloon_page *bp;

	mutex_spin_enter(&sc->sc_plist_mtx);
	bp = SLIST_FIRST(&sc->sc_plist);
	if (bp != NULL) {
		SLIST_REMOVE_HEAD(&sc->sc_plist, bp_entries);
		KASSERT(sc->sc_nplist > 0);
		sc->sc_nplist--;
	}
	mutex_spin_exit(&sc->sc_plist_mtx);
	return (bp);
}

/*
 * What the hypervisor says about us, in pages.
 */
static size_t
balloon_current(void)
{
	static size_t last;	/* should the hypervisor ever not tell */
	domid_t domid = DOMID_SELF;
	int rc;

	rc = HYPERVISOR_memory_op(XENMEM_current_reservation, &domid);
	if (rc >= 0)
		last = rc;
	return (last);
}

static size_t
balloon_maximum(void)
{
	domid_t domid = DOMID_SELF;
	int rc;

	/*
	 * A domain without a limit is told 2^32 - 1 pages, which is negative
	 * in an int.
	 */
	rc = HYPERVISOR_memory_op(XENMEM_maximum_reservation, &domid);
	return (rc < 0 ? UINT32_MAX : (size_t)rc);
}

/* The lowest value that min accepts, in KiB. */
static uint64_t
balloon_safe_min(void)
{

	return (PAGES_TO_KIB(uvmexp.freemin + BALLOON_SAFEGUARD));
}

/*
 * Give frames to the hypervisor, or get some.  Returns how many were moved.
 */
static int
balloon_memory_op(int cmd, xen_pfn_t *mfns, size_t nframes)
{
	struct xen_memory_reservation res;

	memset(&res, 0, sizeof(res));
	xenguest_handle(res.extent_start) = mfns;
	res.nr_extents = nframes;
	res.address_bits = 0;
	res.domid = DOMID_SELF;

	return (HYPERVISOR_memory_op(cmd, &res));
}

static void
balloon_p2m_set(paddr_t pa, unsigned long mfn)
{

	xpmap_phys_to_machine_mapping[(pa - XPMAP_OFFSET) >> PAGE_SHIFT] = mfn;
}

/*
 * Inflate the balloon: at most npages of the domain's memory go to the
 * hypervisor.  Returns the number of pages that went.
 */
static size_t
balloon_inflate(struct balloon_softc *sc, size_t npages)
{
	struct balloon_page *bp;
	xen_pfn_t *mfns = sc->sc_mfns;
	paddr_t pa;
	size_t i, n, done;
	int rc, s;

	npages = MIN(npages, BALLOON_STEP);

	for (n = 0; n < npages; n++) {
		bp = pool_cache_get(sc->sc_pool, PR_NOWAIT);
		if (bp == NULL)
			break;		/* UVM keeps the rest for itself */
		sc->sc_batch[n] = bp;
		mfns[n] = xpmap_ptom(VM_PAGE_TO_PHYS(bp->bp_pg)) >> PAGE_SHIFT;
	}
	if (n == 0)
		return (0);

	/*
	 * Nobody may find these frames through our table any more, and
	 * nothing that is still queued may speak of them either.
	 */
	s = splvm();
	for (i = 0; i < n; i++)
		balloon_p2m_set(VM_PAGE_TO_PHYS(sc->sc_batch[i]->bp_pg),
		    INVALID_P2M_ENTRY);
	xpq_flush_queue();
	splx(s);

	rc = balloon_memory_op(XENMEM_decrease_reservation, mfns, n);
	done = rc > 0 ? MIN((size_t)rc, n) : 0;

	for (i = 0; i < done; i++)
		balloon_page_insert(sc, sc->sc_batch[i]);

	/* The hypervisor stops at the first frame it won't have. */
	for (; i < n; i++) {
		bp = sc->sc_batch[i];
		pa = VM_PAGE_TO_PHYS(bp->bp_pg);
		s = splvm();
		balloon_p2m_set(pa, mfns[i]);
		splx(s);
		pool_cache_destruct_object(sc->sc_pool, bp);
	}

	if (done < n)
		aprint_error_dev(sc->sc_dev, "decrease reservation incomplete: "
		    "was %zu, returned %d\n", n, rc);

	return (done);
}

/*
 * Deflate the balloon: at most npages pages come back to the domain.
 * Returns the number of pages that came.
 */
static size_t
balloon_deflate(struct balloon_softc *sc, size_t npages)
{
	struct balloon_page *bp;
	xen_pfn_t *mfns = sc->sc_mfns;
	paddr_t pa;
	size_t i, n;
	int rc, s;

	npages = MIN(npages, BALLOON_STEP);
	npages = MIN(npages, sc->sc_nplist);
	if (npages == 0) {
		aprint_error_dev(sc->sc_dev,
		    "List empty. Cannot be collapsed further!\n");
		return (0);
	}

	memset(mfns, 0, npages * sizeof(*mfns));
	rc = balloon_memory_op(XENMEM_increase_reservation, mfns, npages);
	n = rc > 0 ? MIN((size_t)rc, npages) : 0;
	if (n < npages)
		aprint_error_dev(sc->sc_dev, "increase reservation incomplete: "
		    "was %zu, returned %d\n", npages, rc);
	if (n == 0)
		return (0);

	/* Only this thread removes from the list, so that n are there. */
	s = splvm();
	for (i = 0; i < n; i++) {
		bp = balloon_page_remove(sc);
		KASSERT(bp != NULL);
		sc->sc_batch[i] = bp;
		pa = VM_PAGE_TO_PHYS(bp->bp_pg);
		balloon_p2m_set(pa, mfns[i]);
		xpq_queue_machphys_update((paddr_t)mfns[i] << PAGE_SHIFT, pa);
	}
	xpq_flush_queue();
	splx(s);

	/*
	 * A plain pool_cache_put() would keep the page in the cache.  UVM
	 * is to have it now.
	 */
	for (i = 0; i < n; i++)
		pool_cache_destruct_object(sc->sc_pool, sc->sc_batch[i]);

	return (n);
}

/*
 * The highest reservation we can make use of is what is left of the boot
 * time pages plus those that are in the balloon.
 */
static size_t
balloon_clip(struct balloon_softc *sc, size_t current, size_t target)
{
	size_t limit = current + sc->sc_nplist;

	if (target <= limit)
		return (target);

	aprint_normal_dev(sc->sc_dev,
	    "memory 'hot-plug' unsupported - clipping reservation "
	    "%zu => %zu pages.\n", target, limit);
	return (limit);
}

static void
balloon_thread(void *cookie)
{
	struct balloon_softc *sc = cookie;
	size_t current, target, moved;
	int tries = 0;

	mutex_enter(&sc->sc_mtx);
	for (;;) {
		current = balloon_current();
		if (sc->sc_target > current)
			sc->sc_target = balloon_clip(sc, current,
			    sc->sc_target);
		target = sc->sc_target;

		if (target == current) {
			tries = 0;
			cv_wait(&sc->sc_cv, &sc->sc_mtx);
			continue;
		}
		mutex_exit(&sc->sc_mtx);

		if (target < current)
			moved = balloon_inflate(sc, current - target);
		else
			moved = balloon_deflate(sc, target - current);

		mutex_enter(&sc->sc_mtx);
		if (moved > 0 || sc->sc_target != target) {
			tries = 0;
			continue;
		}

		if (tries < BALLOON_TRIES) {
			/* 0 means that there is a new target for us. */
			if (cv_timedwait(&sc->sc_cv, &sc->sc_mtx,
			    MAX(hz / 4, 1) << tries++) == 0)
				tries = 0;
			continue;
		}

		current = balloon_current();
		aprint_error_dev(sc->sc_dev, "WARNING: balloon could not "
		    "reach target %zu (current %zu)\n", target, current);
		sc->sc_target = current;
		tries = 0;
	}
	/* NOTREACHED */
}

/*
 * Xenstore.
 */
static int
balloon_xenbus_attach(struct balloon_softc *sc)
{

	balloon_watch.node = __UNCONST("memory/target");
	balloon_watch.xbw_callback = balloon_xenbus_watcher;

	return (register_xenbus_watch(&balloon_watch));
}

static void
balloon_xenbus_watcher(struct xenbus_watch *watch, const char **vec,
    unsigned int len)
{
	struct balloon_softc *sc = balloon_sc;
	unsigned long long val;
	uint64_t target, min, max;
	size_t pages, current;
	bool news = false;
	int error;

	error = xenbus_read_ull(NULL, "memory", "target", &val, 0);
	if (error != 0) {
		aprint_error_dev(sc->sc_dev,
		    "error %d, couldn't read xenbus target node\n", error);
		return;
	}
	target = val;
	max = PAGES_TO_KIB(balloon_maximum());
	current = balloon_current();
	pages = KIB_TO_PAGES(target);

	mutex_enter(&sc->sc_mtx);
	min = sc->sc_min;
	if (PAGES_TO_KIB(pages) >= min && target <= max &&
	    pages != sc->sc_target) {
		sc->sc_target = pages;
		cv_signal(&sc->sc_cv);
		news = true;
	}
	mutex_exit(&sc->sc_mtx);

	if (news)
		aprint_normal_dev(sc->sc_dev, "current reservation: "
		    "%zu pages => target: %zu pages\n", current, pages);
	else if (PAGES_TO_KIB(pages) < min)
		aprint_error_dev(sc->sc_dev, "new target %" PRIu64
		    " is below min %" PRIu64 "\n", target, min);
	else if (target > max)
		aprint_error_dev(sc->sc_dev, "new target %" PRIu64
		    " is above max %" PRIu64 "\n", target, max);
}

/*
 * sysctl(8) nodes.
 */
static void
balloon_sysctl_init(struct balloon_softc *sc)
{
	const struct sysctlnode *node = NULL;
	struct sysctllog **log = &sc->sc_log;
	int error;

	error = sysctl_createv(log, 0, NULL, &node, 0, CTLTYPE_NODE,
	    "machdep", NULL, NULL, 0, NULL, 0, CTL_MACHDEP, CTL_EOL);
	if (error == 0)
		error = sysctl_createv(log, 0, &node, &node, 0, CTLTYPE_NODE,
		    "xen", "Xen top level node", NULL, 0, NULL, 0,
		    CTL_CREATE, CTL_EOL);
	if (error == 0)
		error = sysctl_createv(log, 0, &node, &node, 0, CTLTYPE_NODE,
		    "balloon", "Memory balloon", NULL, 0, NULL, 0,
		    CTL_CREATE, CTL_EOL);
	if (error == 0)
		error = sysctl_createv(log, 0, &node, NULL, CTLFLAG_READONLY,
		    CTLTYPE_QUAD, "current", "Reservation of now, in KiB",
		    balloon_sysctl_current, 0, (void *)sc, 0,
		    CTL_CREATE, CTL_EOL);
	if (error == 0)
		error = sysctl_createv(log, 0, &node, NULL, CTLFLAG_READWRITE,
		    CTLTYPE_QUAD, "target", "Reservation wanted, in KiB",
		    balloon_sysctl_target, 0, (void *)sc, 0,
		    CTL_CREATE, CTL_EOL);
	if (error == 0)
		error = sysctl_createv(log, 0, &node, NULL, CTLFLAG_READWRITE,
		    CTLTYPE_QUAD, "min", "Lowest reservation, in KiB",
		    balloon_sysctl_min, 0, (void *)sc, 0,
		    CTL_CREATE, CTL_EOL);
	if (error == 0)
		error = sysctl_createv(log, 0, &node, NULL, CTLFLAG_READONLY,
		    CTLTYPE_QUAD, "max", "Highest reservation, in KiB",
		    balloon_sysctl_max, 0, (void *)sc, 0,
		    CTL_CREATE, CTL_EOL);
	if (error != 0)
		aprint_error_dev(sc->sc_dev,
		    "couldn't create sysctl nodes (%d)\n", error);
}

static int
balloon_sysctl_current(SYSCTLFN_ARGS)
{
	struct sysctlnode node = *rnode;
	uint64_t val;

	val = PAGES_TO_KIB(balloon_current());
	node.sysctl_data = &val;
	return (sysctl_lookup(SYSCTLFN_CALL(&node)));
}

static int
balloon_sysctl_max(SYSCTLFN_ARGS)
{
	struct sysctlnode node = *rnode;
	uint64_t val;

	val = PAGES_TO_KIB(balloon_maximum());
	node.sysctl_data = &val;
	return (sysctl_lookup(SYSCTLFN_CALL(&node)));
}

static int
balloon_sysctl_min(SYSCTLFN_ARGS)
{
	struct sysctlnode node = *rnode;
	struct balloon_softc *sc = node.sysctl_data;
	uint64_t val;
	int error;

	mutex_enter(&sc->sc_mtx);
	val = sc->sc_min;
	mutex_exit(&sc->sc_mtx);

	node.sysctl_data = &val;
	error = sysctl_lookup(SYSCTLFN_CALL(&node));
	if (error != 0 || newp == NULL)
		return (error);

	if (val < balloon_safe_min()) {
		aprint_error_dev(sc->sc_dev,
		    "cannot set min below minimum safe value (%d)\n",
		    (int)balloon_safe_min());
		return (EPERM);
	}

	mutex_enter(&sc->sc_mtx);
	sc->sc_min = val;
	mutex_exit(&sc->sc_mtx);
	return (0);
}

static int
balloon_sysctl_target(SYSCTLFN_ARGS)
{
	struct sysctlnode node = *rnode;
	struct balloon_softc *sc = node.sysctl_data;
	uint64_t val, min;
	int error;

	mutex_enter(&sc->sc_mtx);
	val = PAGES_TO_KIB(sc->sc_target);
	min = sc->sc_min;
	mutex_exit(&sc->sc_mtx);

	node.sysctl_data = &val;
	error = sysctl_lookup(SYSCTLFN_CALL(&node));
	if (error != 0 || newp == NULL)
		return (error);

	if (PAGES_TO_KIB(KIB_TO_PAGES(val)) < min ||
	    val > PAGES_TO_KIB(balloon_maximum()))
		return (EPERM);

	/* The watch on this node does the rest. */
	error = xenbus_printf(NULL, "memory", "target", "%" PRIu64, val);
	if (error != 0)
		aprint_error_dev(sc->sc_dev,
		    "error %d, couldn't write xenbus target node\n", error);

	return (error);
}
