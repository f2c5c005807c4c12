/*	$NetBSD$	*/

/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The hand of a NetBSD developer of the year 2021: pmf(9), MP-safe thread
 * that can be told to exit, lockless reads through atomic_loadstore(9), the
 * pages of the balloon strung together by their own pageq, sysctl nodes from
 * a SYSCTL_SETUP function, XENMEM_populate_physmap instead of increase, and,
 * with `options UVM_HOTPLUG', one uvm_physseg_plug(9) per step.
 *
 * Copyright (c) 2021 by the third of three strangers.
 */

#include <sys/cdefs.h>
__KERNEL_RCSID(0, "$NetBSD$");

#ifdef _KERNEL_OPT
#include "opt_uvm_hotplug.h"
#endif

#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/condvar.h>
#include <sys/device.h>
#include <sys/inttypes.h>
#include <sys/kernel.h>
#include <sys/kmem.h>
#include <sys/kthread.h>
#include <sys/mutex.h>
#include <sys/queue.h>
#include <sys/sysctl.h>
#include <sys/systm.h>

#include <uvm/uvm.h>
#include <uvm/uvm_physseg.h>

#include <xen/balloon.h>
#include <xen/hypervisor.h>
#include <xen/xen.h>
#include <xen/xenbus.h>
#include <xen/xenpmap.h>

#include "balloonvar.h"

/* Without hot-plug there is a limit to what we can hold. */
#ifdef UVM_HOTPLUG
#define	BALLOON_LIMIT(sc, current)	(~0UL)
#else
#define	BALLOON_LIMIT(sc, current)	((current) + (sc)->sc_npages)
#endif

extern paddr_t pmap_pa_end;

static int	balloon_match(device_t, cfdata_t, void *);
static void	balloon_attach(device_t, device_t, void *);
static int	balloon_detach(device_t, int);

static void	balloon_thread(void *);
static void	balloon_watcher(struct xenbus_watch *, const char **,
		    unsigned int);

/* A domain has one balloon at most.  sysctl and the watch look here. */
static struct balloon_softc *balloon_sc;

CFATTACH_DECL_NEW(balloon, sizeof(struct balloon_softc),
    balloon_match, balloon_attach, balloon_detach, NULL);

static int
balloon_match(device_t parent, cfdata_t match, void *aux)
{
	const struct xenbusdev_attach_args * const xa = aux;

	return strcmp(xa->xa_type, "balloon") == 0;
}

/*
 * What Xen says about us, in pages.
 */
static u_long
balloon_current(struct balloon_softc *sc)
{
	domid_t domid = DOMID_SELF;
	const long rv = HYPERVISOR_memory_op(XENMEM_current_reservation,
	    &domid);

	/* When there is no answer, be content with what we have. */
	return rv >= 0 ? rv : atomic_load_relaxed(&sc->sc_target);
}

static u_long
balloon_max(void)
{
	domid_t domid = DOMID_SELF;
	const long rv = HYPERVISOR_memory_op(XENMEM_maximum_reservation,
	    &domid);

	/* Unlimited is 2^32 - 1, which may have come through an int. */
	return rv >= 0 ? rv : UINT32_MAX;
}

static u_long
balloon_safeguard(void)
{

	return uvmexp.freemin + BALLOON_SAFEGUARD;
}

/*
 * Returns how many of the n frames Xen has dealt with, 0 to n, and leaves
 * what it said in *rvp.
 */
static size_t
balloon_memory_op(int op, xen_pfn_t *frames, size_t n, int *rvp)
{
	struct xen_memory_reservation res;

	memset(&res, 0, sizeof(res));
	set_xen_guest_handle(res.extent_start, frames);
	res.nr_extents = n;
	res.domid = DOMID_SELF;

	*rvp = HYPERVISOR_memory_op(op, &res);
	return *rvp <= 0 ? 0 : MIN((size_t)*rvp, n);
}

/*
 * Join a frame and a page.  Xen has set its M2P for a populated frame already;
 * with the update it is so wherever the frame came from.
 */
static void
balloon_join(paddr_t pa, xen_pfn_t frame)
{
	const paddr_t ma = ptoa((paddr_t)frame);

	xpmap_ptom_map(pa, ma);
	xpq_queue_machphys_update(ma, pa);
}

/*
 * The balloon gets bigger, the domain gets smaller, by n pages at most.
 */
static size_t
balloon_inflate(struct balloon_softc *sc, size_t n)
{
	struct balloon_pageq pages = TAILQ_HEAD_INITIALIZER(pages);
	struct vm_page *pg;
	size_t have, gone, i;
	int rv, s;

	n = MIN(n, BALLOON_BATCH);

	for (have = 0; have < n; have++) {
		/* Zeroed, because others will get to see it. */
		pg = uvm_pagealloc(NULL, 0, NULL, UVM_PGA_ZERO);
		if (pg == NULL)
			break;
		TAILQ_INSERT_TAIL(&pages, pg, pageq.queue);
		sc->sc_frames[have] = atop(xpmap_ptom(VM_PAGE_TO_PHYS(pg)));
	}
	if (have == 0)
		return 0;

	s = splvm();
	TAILQ_FOREACH(pg, &pages, pageq.queue)
		xpmap_ptom_unmap(VM_PAGE_TO_PHYS(pg));
	/* Don't give away a frame that the queue still speaks of. */
	xpq_flush_queue();
	splx(s);

	gone = balloon_memory_op(XENMEM_decrease_reservation, sc->sc_frames,
	    have, &rv);

	for (i = 0; (pg = TAILQ_FIRST(&pages)) != NULL; i++) {
		TAILQ_REMOVE(&pages, pg, pageq.queue);
		if (i < gone) {
			TAILQ_INSERT_HEAD(&sc->sc_pages, pg, pageq.queue);
			sc->sc_npages++;
			continue;
		}
		/* Xen did not take this one: it is as good as ever. */
		s = splvm();
		xpmap_ptom_map(VM_PAGE_TO_PHYS(pg),
		    ptoa((paddr_t)sc->sc_frames[i]));
		splx(s);
		uvm_pagefree(pg);
	}

	if (gone < have)
		device_printf(sc->sc_dev, "decrease reservation incomplete: "
		    "was %zu, returned %d\n", have, rv);
	return gone;
}

/*
 * Ask Xen for frames for the n pfns that are in sc_frames, where the frames
 * will be afterwards.
 */
static size_t
balloon_populate(struct balloon_softc *sc, size_t n)
{
	size_t got;
	int rv;

	got = balloon_memory_op(XENMEM_populate_physmap, sc->sc_frames, n,
	    &rv);
	if (got < n)
		device_printf(sc->sc_dev, "increase reservation incomplete: "
		    "was %zu, returned %d\n", n, rv);
	return got;
}

/*
 * The balloon gets smaller, the domain gets bigger, by n pages at most.
 */
static size_t
balloon_deflate(struct balloon_softc *sc, size_t n)
{
	struct balloon_pageq pages = TAILQ_HEAD_INITIALIZER(pages);
	struct vm_page *pg;
	size_t got, i;
	int s;

	n = MIN(n, MIN(sc->sc_npages, BALLOON_BATCH));
	i = 0;
	TAILQ_FOREACH(pg, &sc->sc_pages, pageq.queue) {
		if (i == n)
			break;
		sc->sc_frames[i++] = atop(VM_PAGE_TO_PHYS(pg));
	}
	KASSERT(i == n);

	got = balloon_populate(sc, n);
	if (got == 0)
		return 0;

	s = splvm();
	for (i = 0; i < got; i++) {
		pg = TAILQ_FIRST(&sc->sc_pages);
		TAILQ_REMOVE(&sc->sc_pages, pg, pageq.queue);
		TAILQ_INSERT_TAIL(&pages, pg, pageq.queue);
		balloon_join(VM_PAGE_TO_PHYS(pg), sc->sc_frames[i]);
	}
	xpq_flush_queue();
	splx(s);
	sc->sc_npages -= got;

	while ((pg = TAILQ_FIRST(&pages)) != NULL) {
		TAILQ_REMOVE(&pages, pg, pageq.queue);
		uvm_pagefree(pg);
	}

	return got;
}

#ifdef UVM_HOTPLUG
/*
 * The P2M that the domain builder left us has no entry to spare, and what is
 * behind it isn't ours.  Move to a bigger one, if need be.  The one before
 * is kept, as another CPU may be looking something up in it.
 */
static bool
balloon_p2m_reserve(struct balloon_softc *sc, u_long len)
{
	unsigned long *p2m;
	u_long newlen, i;
	int s;

	if (len <= sc->sc_p2mlen)
		return true;

	/* To the maximum in one go, when that is within reason. */
	newlen = MAX(len, MIN(balloon_max(), 8 * len));
	p2m = kmem_alloc(newlen * sizeof(*p2m), KM_NOSLEEP);
	if (p2m == NULL)
		return false;

	s = splvm();
	for (i = 0; i < sc->sc_p2mlen; i++)
		p2m[i] = xpmap_phys_to_machine_mapping[i];
	for (; i < newlen; i++)
		p2m[i] = INVALID_P2M_ENTRY;
	membar_producer();
	xpmap_phys_to_machine_mapping = p2m;
	splx(s);
	sc->sc_p2mlen = newlen;
	return true;
}

/*
 * UVM would not have these frames.  Nothing names them any more, so that
 * they must not stay in the reservation.
 */
static void
balloon_return(struct balloon_softc *sc, size_t n)
{
	size_t gone = 0;
	u_int ms;
	int rv = 0, s;

	s = splvm();
	xpq_flush_queue();
	splx(s);

	for (ms = BALLOON_PAUSE_FIRST; gone < n; ms *= 2) {
		gone += balloon_memory_op(XENMEM_decrease_reservation,
		    &sc->sc_frames[gone], n - gone, &rv);
		if (gone == n || ms > BALLOON_PAUSE_LAST)
			break;
		kpause("balloon", false, mstohz(ms), NULL);
	}
	if (gone < n)
		device_printf(sc->sc_dev, "%zu frames lost (%d)\n", n - gone,
		    rv);
}

/*
 * The balloon is empty, but the domain may grow: plug pages, n at most,
 * behind all others.
 */
static size_t
balloon_plug(struct balloon_softc *sc, size_t n)
{
	const paddr_t start = pmap_pa_end;
	size_t got, i;
	int s;

	n = MIN(n, BALLOON_BATCH);
	if (!balloon_p2m_reserve(sc, atop(start) + n))
		return 0;

	for (i = 0; i < n; i++)
		sc->sc_frames[i] = atop(start) + i;
	got = balloon_populate(sc, n);
	if (got == 0)
		return 0;

	s = splvm();
	for (i = 0; i < got; i++)
		balloon_join(start + ptoa(i), sc->sc_frames[i]);
	xpq_flush_queue();
	splx(s);

	/* Some of the pages will be in use before the call returns. */
	pmap_pa_end = start + ptoa(got);
	if (uvm_physseg_plug(atop(start), got, NULL))
		return got;

	device_printf(sc->sc_dev, "couldn't plug %zu pages\n", got);
	pmap_pa_end = start;
	s = splvm();
	for (i = 0; i < got; i++)
		xpmap_ptom_unmap(start + ptoa(i));
	splx(s);
	balloon_return(sc, got);

	return 0;
}

#else
static size_t
balloon_plug(struct balloon_softc *sc, size_t n)
{

	device_printf(sc->sc_dev, "List empty. Cannot be collapsed further!\n");
	return 0;
}
#endif /* UVM_HOTPLUG */

static u_long
balloon_clip(struct balloon_softc *sc, u_long current, u_long target)
{
	const u_long limit = BALLOON_LIMIT(sc, current);

	if (target <= limit)
		return target;

	device_printf(sc->sc_dev, "memory 'hot-plug' unsupported - clipping "
	    "reservation %zu => %zu pages.\n", (size_t)target, (size_t)limit);
	atomic_store_relaxed(&sc->sc_target, limit);
	return limit;
}

static void
balloon_thread(void *cookie)
{
	struct balloon_softc * const sc = cookie;
	u_int generation, ms = BALLOON_PAUSE_FIRST;
	u_long current, target;
	size_t moved;

	mutex_enter(&sc->sc_lock);
	while (!sc->sc_dying) {
		current = balloon_current(sc);
		target = balloon_clip(sc, current, sc->sc_target);
		generation = sc->sc_generation;
		if (target == current) {
			ms = BALLOON_PAUSE_FIRST;
			cv_wait(&sc->sc_cv, &sc->sc_lock);
			continue;
		}
		mutex_exit(&sc->sc_lock);

		if (target < current)
			moved = balloon_inflate(sc, current - target);
		else if (sc->sc_npages > 0)
			moved = balloon_deflate(sc, target - current);
		else
			moved = balloon_plug(sc, target - current);

		mutex_enter(&sc->sc_lock);
		if (moved > 0 || sc->sc_generation != generation) {
			ms = BALLOON_PAUSE_FIRST;
			continue;
		}
		if (ms <= BALLOON_PAUSE_LAST) {
			if (sc->sc_dying || cv_timedwait(&sc->sc_cv,
			    &sc->sc_lock, mstohz(ms)) == 0)
				ms = BALLOON_PAUSE_FIRST;
			else
				ms *= 2;
			continue;
		}

		current = balloon_current(sc);
		device_printf(sc->sc_dev, "WARNING: balloon could not reach "
		    "target %zu (current %zu)\n", (size_t)target,
		    (size_t)current);
		atomic_store_relaxed(&sc->sc_target, current);
		ms = BALLOON_PAUSE_FIRST;
	}
	sc->sc_running = false;
	cv_broadcast(&sc->sc_cv);
	mutex_exit(&sc->sc_lock);

	kthread_exit(0);
}

/*
 * A target comes, from Xenstore or from within, in KiB.
 */
static int
balloon_set_target(struct balloon_softc *sc, uint64_t kib, bool justcheck)
{
	const uint64_t max = BALLOON_TO_KIB(balloon_max());
	const u_long pages = BALLOON_TO_PAGES(kib);
	uint64_t min;
	int error = 0;

	mutex_enter(&sc->sc_lock);
	min = BALLOON_TO_KIB(sc->sc_min);
	if (kib < min || kib > max) {
		error = EPERM;
	} else if (!justcheck) {
		atomic_store_relaxed(&sc->sc_target, pages);
		atomic_inc_uint(&sc->sc_generation);
		cv_broadcast(&sc->sc_cv);
	}
	mutex_exit(&sc->sc_lock);

	if (kib < min)
		device_printf(sc->sc_dev, "new target %" PRIu64
		    " is below min %" PRIu64 "\n", kib, min);
	else if (kib > max)
		device_printf(sc->sc_dev, "new target %" PRIu64
		    " is above max %" PRIu64 "\n", kib, max);

	return error;
}

static void
balloon_watcher(struct xenbus_watch *watch, const char **vec,
    unsigned int veclen)
{
	struct balloon_softc * const sc = balloon_sc;
	unsigned long long kib;
	int error;

	error = xenbus_read_ull(NULL, "memory", "target", &kib, 10);
	if (error) {
		device_printf(sc->sc_dev,
		    "error %d, couldn't read xenbus target node\n", error);
		return;
	}
	(void)balloon_set_target(sc, kib, false);
}

/*
 * Listen to Xenstore.  Attach calls this, and whoever else thinks that the
 * time has come may call it too.
 */
void
balloon_xenbus_setup(void)
{
	struct balloon_softc * const sc = balloon_sc;

	if (sc == NULL || atomic_swap_uint(&sc->sc_watched, 1) != 0)
		return;

	sc->sc_watch.node = __UNCONST("memory/target");
	sc->sc_watch.xbw_callback = balloon_watcher;
	if (register_xenbus_watch(&sc->sc_watch) != 0) {
		aprint_error_dev(sc->sc_dev,
		    "unable to watch memory/target\n");
		atomic_swap_uint(&sc->sc_watched, 0);
	}
}

static void
balloon_attach(device_t parent, device_t self, void *aux)
{
	struct balloon_softc * const sc = device_private(self);

	aprint_normal(": Xen Balloon driver\n");
	if (balloon_sc != NULL) {
		aprint_error_dev(self, "there is one already\n");
		return;
	}

	sc->sc_dev = self;
	mutex_init(&sc->sc_lock, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&sc->sc_cv, "balloon");
	TAILQ_INIT(&sc->sc_pages);
	sc->sc_frames = kmem_alloc(BALLOON_BATCH * sizeof(*sc->sc_frames),
	    KM_SLEEP);
	sc->sc_p2mlen = atop(pmap_pa_end);
	sc->sc_target = balloon_current(sc);
	sc->sc_min = balloon_safeguard();

	aprint_normal_dev(self, "current reservation: %" PRIu64 " KiB\n",
	    BALLOON_TO_KIB(sc->sc_target));

	sc->sc_running = true;
	if (kthread_create(PRI_NONE, KTHREAD_MPSAFE, NULL, balloon_thread, sc,
	    NULL, "%s", device_xname(self)) != 0) {
		aprint_error_dev(self, "unable to create balloon thread\n");
		sc->sc_running = false;
	}

	balloon_sc = sc;
	balloon_xenbus_setup();

	if (!pmf_device_register(self, NULL, NULL))
		aprint_error_dev(self, "couldn't establish power handler\n");
}

static int
balloon_detach(device_t self, int flags)
{
	struct balloon_softc * const sc = device_private(self);

	if (sc != balloon_sc)
		return 0;

	/* The pages in the balloon would be lost. */
	if (sc->sc_npages > 0)
		return EBUSY;

	if (atomic_swap_uint(&sc->sc_watched, 1) != 0)
		unregister_xenbus_watch(&sc->sc_watch);

	mutex_enter(&sc->sc_lock);
	sc->sc_dying = true;
	cv_broadcast(&sc->sc_cv);
	while (sc->sc_running)
		cv_wait(&sc->sc_cv, &sc->sc_lock);
	mutex_exit(&sc->sc_lock);

	balloon_sc = NULL;
	pmf_device_deregister(self);
	kmem_free(sc->sc_frames, BALLOON_BATCH * sizeof(*sc->sc_frames));
	cv_destroy(&sc->sc_cv);
	mutex_destroy(&sc->sc_lock);

	return 0;
}

/*
 * machdep.xen.balloon.  The nodes are there from boot; without a balloon
 * they answer ENXIO.
 */
static int
balloon_sysctl_current(SYSCTLFN_ARGS)
{
	struct sysctlnode node = *rnode;
	uint64_t kib;

	if (balloon_sc == NULL)
		return ENXIO;

	kib = BALLOON_TO_KIB(balloon_current(balloon_sc));
	node.sysctl_data = &kib;
	return sysctl_lookup(SYSCTLFN_CALL(&node));
}

static int
balloon_sysctl_max(SYSCTLFN_ARGS)
{
	struct sysctlnode node = *rnode;
	uint64_t kib;

	if (balloon_sc == NULL)
		return ENXIO;

	kib = BALLOON_TO_KIB(balloon_max());
	node.sysctl_data = &kib;
	return sysctl_lookup(SYSCTLFN_CALL(&node));
}

static int
balloon_sysctl_min(SYSCTLFN_ARGS)
{
	struct balloon_softc * const sc = balloon_sc;
	struct sysctlnode node = *rnode;
	uint64_t kib;
	int error;

	if (sc == NULL)
		return ENXIO;

	kib = BALLOON_TO_KIB(atomic_load_relaxed(&sc->sc_min));
	node.sysctl_data = &kib;
	error = sysctl_lookup(SYSCTLFN_CALL(&node));
	if (error || newp == NULL)
		return error;

	if (kib < BALLOON_TO_KIB(balloon_safeguard())) {
		device_printf(sc->sc_dev,
		    "cannot set min below minimum safe value (%d)\n",
		    (int)BALLOON_TO_KIB(balloon_safeguard()));
		return EPERM;
	}

	mutex_enter(&sc->sc_lock);
	atomic_store_relaxed(&sc->sc_min, BALLOON_TO_PAGES(kib));
	mutex_exit(&sc->sc_lock);
	return 0;
}

static int
balloon_sysctl_target(SYSCTLFN_ARGS)
{
	struct balloon_softc * const sc = balloon_sc;
	struct sysctlnode node = *rnode;
	uint64_t kib;
	int error;

	if (sc == NULL)
		return ENXIO;

	kib = BALLOON_TO_KIB(atomic_load_relaxed(&sc->sc_target));
	node.sysctl_data = &kib;
	error = sysctl_lookup(SYSCTLFN_CALL(&node));
	if (error || newp == NULL)
		return error;

	error = balloon_set_target(sc, kib, true);
	if (error)
		return error;

	/* Let the outside know.  The watch will fire, and we act then. */
	error = xenbus_printf(NULL, "memory", "target", "%" PRIu64, kib);
	if (error)
		device_printf(sc->sc_dev,
		    "error %d, couldn't write xenbus target node\n", error);
	return error;
}

SYSCTL_SETUP(balloon_sysctl_setup, "machdep.xen.balloon subtree setup")
{
	const struct sysctlnode *node;

	sysctl_createv(clog, 0, NULL, &node, CTLFLAG_PERMANENT, CTLTYPE_NODE,
	    "machdep", NULL, NULL, 0, NULL, 0, CTL_MACHDEP, CTL_EOL);
	sysctl_createv(clog, 0, &node, &node, CTLFLAG_PERMANENT, CTLTYPE_NODE,
	    "xen", SYSCTL_DESCR("Xen"), NULL, 0, NULL, 0,
	    CTL_CREATE, CTL_EOL);
	sysctl_createv(clog, 0, &node, &node, CTLFLAG_PERMANENT, CTLTYPE_NODE,
	    "balloon", SYSCTL_DESCR("Memory balloon"), NULL, 0, NULL, 0,
	    CTL_CREATE, CTL_EOL);

	sysctl_createv(clog, 0, &node, NULL,
	    CTLFLAG_PERMANENT | CTLFLAG_READONLY, CTLTYPE_QUAD,
	    "current", SYSCTL_DESCR("Reservation, in KiB"),
	    balloon_sysctl_current, 0, NULL, 0, CTL_CREATE, CTL_EOL);
	sysctl_createv(clog, 0, &node, NULL,
	    CTLFLAG_PERMANENT | CTLFLAG_READWRITE, CTLTYPE_QUAD,
	    "target", SYSCTL_DESCR("Reservation aimed at, in KiB"),
	    balloon_sysctl_target, 0, NULL, 0, CTL_CREATE, CTL_EOL);
	sysctl_createv(clog, 0, &node, NULL,
	    CTLFLAG_PERMANENT | CTLFLAG_READWRITE, CTLTYPE_QUAD,
	    "min", SYSCTL_DESCR("Lowest reservation to accept, in KiB"),
	    balloon_sysctl_min, 0, NULL, 0, CTL_CREATE, CTL_EOL);
	sysctl_createv(clog, 0, &node, NULL,
	    CTLFLAG_PERMANENT | CTLFLAG_READONLY, CTLTYPE_QUAD,
	    "max", SYSCTL_DESCR("Highest reservation Xen allows, in KiB"),
	    balloon_sysctl_max, 0, NULL, 0, CTL_CREATE, CTL_EOL);
}
