/* $NetBSD$ */

/*
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * This file stands for the year 2016 and for somebody who reviewed the patch
 * that brought uvm_hotplug(9): every assumption is a KASSERTMSG, DEBUG
 * kernels talk, the driver is found from a hook, balloon_xenbus_setup(), that
 * the xenbus code calls once Xenstore answers, and new memory goes in at
 * pmap_pa_end in runs that get shorter when UVM does not want a long one.
 *
 * Copyright (c) 2016 by the second of three strangers.
 */

/*
 * A word on words: we give frames to the hypervisor, and the pages that lost
 * them are in the balloon; we take frames from it, and bind them to pages of
 * the balloon, or to new ones when the balloon is empty.
 */

#include <sys/cdefs.h>
__KERNEL_RCSID(0, "$NetBSD$");

#ifdef _KERNEL_OPT
#include "opt_uvm_hotplug.h"
#endif

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/inttypes.h>
#include <sys/condvar.h>
#include <sys/device.h>
#include <sys/kernel.h>
#include <sys/kmem.h>
#include <sys/kthread.h>
#include <sys/mutex.h>
#include <sys/queue.h>
#include <sys/sysctl.h>

#include <uvm/uvm.h>
#include <uvm/uvm_physseg.h>

#include <xen/xen.h>
#include <xen/hypervisor.h>
#include <xen/xenpmap.h>
#include <xen/xenbus.h>
#include <xen/balloon.h>

#define BALLOON_RUN	512	/* frames in one hypercall */
#define BALLOON_RESERVE	256	/* pages min leaves above freemin */
#define BALLOON_TRIES	8	/* fruitless steps in a row */
#define BALLOON_PAUSE	100	/* ms after the first of these */
#define BALLOON_PAUSEMAX 10000	/* ms after the last of these */

#define KIB(pages)	((uint64_t)(pages) << (PAGE_SHIFT - 10))

extern paddr_t pmap_pa_end;

/*
 * The balloon is a stack of chunks; only the first one has room.
 */
struct balloon_chunk {
	LIST_ENTRY(balloon_chunk) bc_link;
	size_t		bc_used;
	struct vm_page	*bc_page[BALLOON_RUN];
};

struct balloon_softc {
	device_t	sc_dev;
	struct sysctllog *sc_log;
	struct xenbus_watch sc_watch;

	/* Shared: under sc_lock. */
	kmutex_t	sc_lock;
	kcondvar_t	sc_cv;
	size_t		sc_target;	/* in pages */
	size_t		sc_min;		/* in pages */

	/* The thread's own. */
	LIST_HEAD(, balloon_chunk) sc_chunks;
	size_t		sc_ballooned;	/* pages in all chunks */
	xen_pfn_t	sc_frame[BALLOON_RUN];
	xen_pfn_t	sc_spare[BALLOON_RUN]; /* frames without a page */
	size_t		sc_nspare;
	size_t		sc_p2mlen;	/* entries our P2M table has */
};

static int balloon_match(device_t, cfdata_t, void *);
static void balloon_attach(device_t, device_t, void *);
static int balloon_print(void *, const char *);

static struct balloon_softc *balloon_sc;

CFATTACH_DECL_NEW(balloon, sizeof(struct balloon_softc), balloon_match,
    balloon_attach, NULL, NULL);

/*
 * Hypervisor side.
 */
static size_t
balloon_reservation(void)
{
	domid_t domid = DOMID_SELF;
	int rv;

	rv = HYPERVISOR_memory_op(XENMEM_current_reservation, &domid);
	KASSERTMSG(rv > 0, "%s: reservation %d", __func__, rv);
	return rv;
}

static size_t
balloon_limit(void)
{
	domid_t domid = DOMID_SELF;

	/* No limit is all ones, in 32 bits. */
	return (uint32_t)HYPERVISOR_memory_op(XENMEM_maximum_reservation,
	    &domid);
}

static size_t
balloon_hypercall(int op, xen_pfn_t *frame, size_t n, int *rvp)
{
	struct xen_memory_reservation res = {
		.nr_extents = n,
		.domid = DOMID_SELF,
	};

	KASSERTMSG(n > 0 && n <= BALLOON_RUN, "%s: %zu frames", __func__, n);

	set_xen_guest_handle(res.extent_start, frame);
	*rvp = HYPERVISOR_memory_op(op, &res);
	KASSERTMSG(*rvp <= (int)n, "%s: asked for %zu, got %d", __func__,
	    n, *rvp);
	return *rvp > 0 ? *rvp : 0;
}

/* Take up to n frames, into sc_frame. */
static size_t
balloon_take(struct balloon_softc *sc, size_t n)
{
	size_t got;
	int rv;

	memset(sc->sc_frame, 0, n * sizeof(sc->sc_frame[0]));
	got = balloon_hypercall(XENMEM_increase_reservation, sc->sc_frame, n,
	    &rv);
	if (got < n)
		aprint_error_dev(sc->sc_dev, "increase reservation "
		    "incomplete: was %zu, returned %d\n", n, rv);
	return got;
}

/*
 * Give n frames.  The P2M doesn't know them any longer, and no update that
 * names one of them may still be in the queue when it is gone.
 */
static size_t
balloon_give(struct balloon_softc *sc, xen_pfn_t *frame, size_t n)
{
	size_t gone;
	int rv, s;

	s = splvm();
	xpq_flush_queue();
	splx(s);

	gone = balloon_hypercall(XENMEM_decrease_reservation, frame, n, &rv);
#ifdef DEBUG
	if (gone < n)
		printf("%s: decrease reservation: was %zu, returned %d\n",
		    device_xname(sc->sc_dev), n, rv);
#endif
	return gone;
}

/*
 * Frames that lost their page, and that the hypervisor did not want back
 * then.  Offer them again.
 */
static void
balloon_give_spare(struct balloon_softc *sc)
{
	size_t gone;

	if (sc->sc_nspare == 0)
		return;

	gone = balloon_give(sc, sc->sc_spare, sc->sc_nspare);
	sc->sc_nspare -= gone;
	memmove(&sc->sc_spare[0], &sc->sc_spare[gone],
	    sc->sc_nspare * sizeof(sc->sc_spare[0]));
}

static void
balloon_bind(paddr_t pa, xen_pfn_t frame)
{

	xpmap_ptom_map(pa, ptoa((paddr_t)frame));
	xpq_queue_machphys_update(ptoa((paddr_t)frame), pa);
}

/*
 * The stack.
 */
static bool
balloon_mkroom(struct balloon_softc *sc)
{
	struct balloon_chunk *bc = LIST_FIRST(&sc->sc_chunks);

	if (bc == NULL || bc->bc_used == BALLOON_RUN) {
		bc = kmem_zalloc(sizeof(*bc), KM_NOSLEEP);
		if (bc != NULL)
			LIST_INSERT_HEAD(&sc->sc_chunks, bc, bc_link);
	}
	return bc != NULL;
}

static void
balloon_push(struct balloon_softc *sc, struct vm_page *pg)
{
	struct balloon_chunk *bc = LIST_FIRST(&sc->sc_chunks);

	KASSERTMSG(bc != NULL && bc->bc_used < BALLOON_RUN,
	    "%s: no room", __func__);
	bc->bc_page[bc->bc_used++] = pg;
	sc->sc_ballooned++;
}

static struct vm_page *
balloon_pop(struct balloon_softc *sc)
{
	struct balloon_chunk *bc;

	/* A chunk of which nothing was used may be on top. */
	while ((bc = LIST_FIRST(&sc->sc_chunks)) != NULL && bc->bc_used == 0) {
		LIST_REMOVE(bc, bc_link);
		kmem_free(bc, sizeof(*bc));
	}
	KASSERTMSG(bc != NULL, "%s: empty, but %zu are counted", __func__,
	    sc->sc_ballooned);

	sc->sc_ballooned--;
	return bc->bc_page[--bc->bc_used];
}

/*
 * Shrink by up to n pages.  Returns by how many.
 */
static size_t
balloon_shrink(struct balloon_softc *sc, size_t n)
{
	struct vm_page *page[64], *pg;
	size_t i, want, have, gone, total = 0;
	paddr_t pa;
	int s;

	n = MIN(n, BALLOON_RUN);
	while (total < n) {
		if (!balloon_mkroom(sc))
			break;
		want = MIN(n - total, __arraycount(page));
		want = MIN(want, BALLOON_RUN -
		    LIST_FIRST(&sc->sc_chunks)->bc_used);

		for (have = 0; have < want; have++) {
			if (uvmexp.free <= uvmexp.freemin)
				break;
			pg = uvm_pagealloc(NULL, 0, NULL, UVM_PGA_ZERO);
			if (pg == NULL)
				break;
			pa = VM_PAGE_TO_PHYS(pg);
			page[have] = pg;
			sc->sc_frame[have] = atop(xpmap_ptom(pa));
		}
		if (have == 0)
			break;

		s = splvm();
		for (i = 0; i < have; i++)
			xpmap_ptom_unmap(VM_PAGE_TO_PHYS(page[i]));
		splx(s);

		gone = balloon_give(sc, sc->sc_frame, have);
		for (i = 0; i < gone; i++)
			balloon_push(sc, page[i]);
		for (; i < have; i++) {
			s = splvm();
			xpmap_ptom_map(VM_PAGE_TO_PHYS(page[i]),
			    ptoa((paddr_t)sc->sc_frame[i]));
			splx(s);
			uvm_pagefree(page[i]);
		}
		total += gone;
		if (gone < want)
			break;
	}

#ifdef DEBUG
	printf("%s: gave %zu of %zu, %zu in the balloon\n",
	    device_xname(sc->sc_dev), total, n, sc->sc_ballooned);
#endif
	return total;
}

/*
 * Grow by up to n of the pages in the balloon.  Returns by how many.
 */
static size_t
balloon_refill(struct balloon_softc *sc, size_t n)
{
	struct vm_page *page[64];
	size_t before __diagused = sc->sc_ballooned;
	size_t got, i, k, lot;
	int s;

	got = balloon_take(sc, MIN(n, MIN(sc->sc_ballooned, BALLOON_RUN)));
	for (i = 0; i < got; i += lot) {
		lot = MIN(got - i, __arraycount(page));
		s = splvm();
		for (k = 0; k < lot; k++) {
			page[k] = balloon_pop(sc);
			balloon_bind(VM_PAGE_TO_PHYS(page[k]),
			    sc->sc_frame[i + k]);
		}
		xpq_flush_queue();
		splx(s);
		for (k = 0; k < lot; k++)
			uvm_pagefree(page[k]);
	}
	KASSERTMSG(before - got == sc->sc_ballooned, "%s: %zu - %zu != %zu",
	    __func__, before, got, sc->sc_ballooned);

	return got;
}

#ifdef UVM_HOTPLUG
/*
 * The domain builder made the P2M for the pages that we booted with, and put
 * other things right behind it.  For more pages we need another table.  The
 * old ones stay: somebody may be reading them at this moment, and each is
 * half the size of the next at most.
 */
static bool
balloon_p2m_extend(struct balloon_softc *sc, size_t len)
{
	unsigned long *table;
	size_t newlen, i;
	int s;

	if (len <= sc->sc_p2mlen)
		return true;

	newlen = MAX(len, 2 * sc->sc_p2mlen);
	table = kmem_alloc(newlen * sizeof(*table), KM_NOSLEEP);
	if (table == NULL)
		return false;
	for (i = sc->sc_p2mlen; i < newlen; i++)
		table[i] = INVALID_P2M_ENTRY;

	s = splvm();
	memcpy(table, xpmap_phys_to_machine_mapping,
	    sc->sc_p2mlen * sizeof(*table));
	xpmap_phys_to_machine_mapping = table;
	splx(s);
	sc->sc_p2mlen = newlen;
	return true;
}

/*
 * Grow by up to n pages that the domain never had.  Returns by how many.
 */
static size_t
balloon_hotplug(struct balloon_softc *sc, size_t n)
{
	const paddr_t pfn = atop(pmap_pa_end);
	size_t i, got, done, run, gone;
	int s;

	/* There is no place yet for another lot of lost frames. */
	if (sc->sc_nspare > 0)
		return 0;

	n = MIN(n, BALLOON_RUN);
	if (!balloon_p2m_extend(sc, atop(ptoa(pfn + n) - XPMAP_OFFSET)))
		return 0;

	got = balloon_take(sc, n);
	if (got == 0)
		return 0;

	/* UVM has the pages free before uvm_physseg_plug() returns. */
	s = splvm();
	for (i = 0; i < got; i++)
		balloon_bind(ptoa(pfn + i), sc->sc_frame[i]);
	xpq_flush_queue();
	splx(s);
	pmap_pa_end = ptoa(pfn + got);

	for (done = 0, run = got; done < got; run = MIN(run, got - done)) {
		if (uvm_physseg_plug(pfn + done, run, NULL))
			done += run;
		else if (run > 1)
			run /= 2;
		else
			break;
	}
#ifdef DEBUG
	printf("%s: plugged %zu of %zu pages\n", __func__, done, got);
#endif
	if (done == got)
		return done;

	/* Whatever UVM did not want goes back, all of it. */
	pmap_pa_end = ptoa(pfn + done);
	s = splvm();
	for (i = done; i < got; i++)
		xpmap_ptom_unmap(ptoa(pfn + i));
	splx(s);
	gone = balloon_give(sc, &sc->sc_frame[done], got - done);
	for (i = done + gone; i < got; i++)
		sc->sc_spare[sc->sc_nspare++] = sc->sc_frame[i];

	return done;
}
#else
static size_t
balloon_hotplug(struct balloon_softc *sc, size_t n)
{

	/* The thread clips the target: we ought not to get here. */
	aprint_error_dev(sc->sc_dev,
	    "List empty. Cannot be collapsed further!\n");
	return 0;
}
#endif /* UVM_HOTPLUG */

static void
balloon_thread(void *arg)
{
	struct balloon_softc *sc = arg;
	size_t now, target, step;
	u_int tries = 0, pause = BALLOON_PAUSE;

	mutex_enter(&sc->sc_lock);
	for (;;) {
		now = balloon_reservation();
#ifndef UVM_HOTPLUG
		if (sc->sc_target > now + sc->sc_ballooned) {
			aprint_normal_dev(sc->sc_dev, "memory 'hot-plug' "
			    "unsupported - clipping reservation "
			    "%zu => %zu pages.\n", sc->sc_target,
			    now + sc->sc_ballooned);
			sc->sc_target = now + sc->sc_ballooned;
		}
#endif
		target = sc->sc_target;
		if (target == now) {
			tries = 0;
			pause = BALLOON_PAUSE;
			cv_wait(&sc->sc_cv, &sc->sc_lock);
			continue;
		}
		mutex_exit(&sc->sc_lock);

		balloon_give_spare(sc);
		if (target < now)
			step = balloon_shrink(sc, now - target);
		else if (sc->sc_ballooned > 0)
			step = balloon_refill(sc, target - now);
		else
			step = balloon_hotplug(sc, target - now);

		mutex_enter(&sc->sc_lock);
		if (step > 0 || target != sc->sc_target) {
			tries = 0;
			pause = BALLOON_PAUSE;
		} else if (++tries < BALLOON_TRIES) {
			if (cv_timedwait(&sc->sc_cv, &sc->sc_lock,
			    MAX(mstohz(pause), 1)) == 0)
				tries = 0;
			pause = MIN(2 * pause, BALLOON_PAUSEMAX);
		} else {
			now = balloon_reservation();
			aprint_error_dev(sc->sc_dev, "WARNING: balloon could "
			    "not reach target %zu (current %zu)\n",
			    target, now);
			sc->sc_target = now;
		}
	}
}

/*
 * Xenstore and sysctl(8) side.
 */
static size_t
balloon_floor(void)
{

	return uvmexp.freemin + BALLOON_RESERVE;
}

static void
balloon_watch(struct xenbus_watch *watch, const char **vec, unsigned int len)
{
	struct balloon_softc *sc = balloon_sc;
	unsigned long long kib;
	size_t min, max, target, old;
	int error;

	KASSERTMSG(sc != NULL && watch == &sc->sc_watch,
	    "%s: not our watch", __func__);

	error = xenbus_read_ull(NULL, "memory", "target", &kib, 10);
	if (error) {
		aprint_error_dev(sc->sc_dev,
		    "error %d, couldn't read xenbus target node\n", error);
		return;
	}
	target = kib >> (PAGE_SHIFT - 10);
	max = balloon_limit();

	mutex_enter(&sc->sc_lock);
	min = sc->sc_min;
	old = sc->sc_target;
	if (target >= min && target <= max && target != old) {
		sc->sc_target = target;
		cv_broadcast(&sc->sc_cv);
	}
	mutex_exit(&sc->sc_lock);

	if (target < min)
		aprint_error_dev(sc->sc_dev, "new target %" PRIu64
		    " is below min %" PRIu64 "\n", (uint64_t)kib, KIB(min));
	else if (target > max)
		aprint_error_dev(sc->sc_dev, "new target %" PRIu64
		    " is above max %" PRIu64 "\n", (uint64_t)kib, KIB(max));
#ifdef DEBUG
	else if (target != old)
		printf("%s: current reservation: %zu pages => "
		    "target: %zu pages\n", device_xname(sc->sc_dev),
		    balloon_reservation(), target);
#endif
}

static int
balloon_sysctl(SYSCTLFN_ARGS)
{
	struct balloon_softc *sc = balloon_sc;
	struct sysctlnode node = *rnode;
	const char *name = rnode->sysctl_name;
	bool is_min = strcmp(name, "min") == 0;
	size_t pages, min;
	uint64_t kib;
	int error;

	mutex_enter(&sc->sc_lock);
	min = sc->sc_min;
	pages = is_min ? min : sc->sc_target;
	mutex_exit(&sc->sc_lock);
	if (strcmp(name, "current") == 0)
		pages = balloon_reservation();
	else if (strcmp(name, "max") == 0)
		pages = balloon_limit();

	kib = KIB(pages);
	node.sysctl_data = &kib;
	error = sysctl_lookup(SYSCTLFN_CALL(&node));
	if (error || newp == NULL)
		return error;

	pages = kib >> (PAGE_SHIFT - 10);
	if (is_min) {
		if (pages < balloon_floor()) {
			aprint_error_dev(sc->sc_dev, "cannot set min below "
			    "minimum safe value (%d)\n",
			    (int)KIB(balloon_floor()));
			return EPERM;
		}
		mutex_enter(&sc->sc_lock);
		sc->sc_min = pages;
		mutex_exit(&sc->sc_lock);
		return 0;
	}

	if (pages < min || pages > balloon_limit())
		return EPERM;
	error = xenbus_printf(NULL, "memory", "target", "%" PRIu64, kib);
	if (error)
		aprint_error_dev(sc->sc_dev,
		    "error %d, couldn't write xenbus target node\n", error);
	return error;
}

static void
balloon_sysctl_create(struct balloon_softc *sc)
{
	static const struct {
		const char *name, *descr;
		int flags;
	} leaf[] = {
		{ "current", "current reservation (KiB)", CTLFLAG_READONLY },
		{ "target", "target reservation (KiB)", CTLFLAG_READWRITE },
		{ "min", "lowest reservation (KiB)", CTLFLAG_READWRITE },
		{ "max", "highest reservation (KiB)", CTLFLAG_READONLY },
	};
	const struct sysctlnode *xen, *balloon;
	size_t i;

	if (sysctl_createv(&sc->sc_log, 0, NULL, NULL, 0, CTLTYPE_NODE,
	    "machdep", NULL, NULL, 0, NULL, 0, CTL_MACHDEP, CTL_EOL) ||
	    sysctl_createv(&sc->sc_log, 0, NULL, &xen, 0, CTLTYPE_NODE,
	    "xen", NULL, NULL, 0, NULL, 0, CTL_MACHDEP, CTL_CREATE,
	    CTL_EOL) ||
	    sysctl_createv(&sc->sc_log, 0, NULL, &balloon, 0, CTLTYPE_NODE,
	    "balloon", NULL, NULL, 0, NULL, 0, CTL_MACHDEP, xen->sysctl_num,
	    CTL_CREATE, CTL_EOL)) {
		aprint_error_dev(sc->sc_dev, "no sysctl nodes\n");
		return;
	}
	for (i = 0; i < __arraycount(leaf); i++)
		(void)sysctl_createv(&sc->sc_log, 0, NULL, NULL,
		    leaf[i].flags, CTLTYPE_QUAD, leaf[i].name, leaf[i].descr,
		    balloon_sysctl, 0, NULL, 0, CTL_MACHDEP, xen->sysctl_num,
		    balloon->sysctl_num, CTL_CREATE, CTL_EOL);
}

/*
 * Autoconfiguration: called by the xenbus code, once Xenstore answers.
 */
void
balloon_xenbus_setup(void)
{
	struct xenbusdev_attach_args xa;
	device_t mainbus;

	if (balloon_sc != NULL)
		return;

	mainbus = device_find_by_xname("mainbus0");
	if (mainbus == NULL) {
		aprint_normal("balloon: no mainbus0\n");
		return;
	}
	memset(&xa, 0, sizeof(xa));
	xa.xa_type = "balloon";
	xa.xa_id = 0;
	(void)config_found_ia(mainbus, "balloonbus", &xa, balloon_print);
}

static int
balloon_print(void *aux, const char *pnp)
{

	if (pnp != NULL)
		aprint_normal("balloon at %s", pnp);
	return UNCONF;
}

static int
balloon_match(device_t parent, cfdata_t cf, void *aux)
{
	struct xenbusdev_attach_args *xa = aux;

	return balloon_sc == NULL && strcmp(xa->xa_type, "balloon") == 0;
}

static void
balloon_attach(device_t parent, device_t self, void *aux)
{
	struct balloon_softc *sc = device_private(self);

	sc->sc_dev = self;
	mutex_init(&sc->sc_lock, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&sc->sc_cv, "balloon");
	LIST_INIT(&sc->sc_chunks);
	sc->sc_target = balloon_reservation();
	sc->sc_min = balloon_floor();
	sc->sc_p2mlen = atop(pmap_pa_end - XPMAP_OFFSET);

	aprint_normal(": Xen Balloon driver\n");
	aprint_normal_dev(self, "current reservation: %" PRIu64 " KiB\n",
	    KIB(sc->sc_target));

	balloon_sc = sc;
	balloon_sysctl_create(sc);
	(void)pmf_device_register(self, NULL, NULL);

	if (kthread_create(PRI_NONE, KTHREAD_MPSAFE, NULL, balloon_thread, sc,
	    NULL, "balloon")) {
		aprint_error_dev(self, "unable to create balloon thread\n");
		return;
	}

	sc->sc_watch.node = __UNCONST("memory/target");
	sc->sc_watch.xbw_callback = balloon_watch;
	if (register_xenbus_watch(&sc->sc_watch))
		aprint_error_dev(self, "unable to watch memory/target\n");
}
