/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * netbsd-2017-page: hot-plug a page at a time, as Cherry G. Mathew and Santhosh
 * Raju proposed it for NetBSD with uvm_hotplug(9) in 2016 and 2017.
 *
 * When the balloon's list is empty, frames are got from Xen, and for each of
 * them its P2M and M2P entries are made, pmap_pa_end is moved one page up and
 * uvm_physseg_plug() is called for that page. A plug that fails ends the loop:
 * the entries and the end of memory are undone for its page, and the frames
 * from there on, which nothing names yet, are given back to Xen.
 *
 * The proposal asked whether a TLB flush is needed there. docs/flushes.md
 * answers it; xpq_flush_queue() stands before each plug, since UVM may use a
 * page as soon as it is plugged.
 */
#include <sys/cdefs.h>
__KERNEL_RCSID(0, "$Ballast: netbsd-2017-page.c $");

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/condvar.h>
#include <sys/device.h>
#include <sys/kthread.h>
#include <sys/mutex.h>
#include <sys/queue.h>

#include <uvm/uvm.h>
#include <uvm/uvm_page.h>
#include <uvm/uvm_physseg.h>

#include <xen/hypervisor.h>
#include <xen/xen.h>
#include <xen/xenbus.h>
#include <xen/xenpmap.h>

#include "guest/abi/design.h"

DESIGN("netbsd-2017-page", "2017-02",
    "hot-plug at the end of memory, page by page; a failed plug ends the step");
FEATURE("hotplug");

#define STEP	    (PAGE_SIZE / sizeof(xen_pfn_t))
#define RESERVE	    256 /* pages that the kernel keeps above uvmexp.freemin */
#define PAUSE_MAX_S 3600

struct page_softc {
	device_t sc_dev;
	struct xenbus_watch sc_watch;
	kmutex_t sc_lock;
	kcondvar_t sc_cv;
	bool sc_written; /* memory/target was, since it was read last */
	size_t sc_target, sc_current;
	struct pglist sc_pages; /* ballooned */
	size_t sc_npages;
	xen_pfn_t sc_mfns[STEP];
};

static int page_match(device_t, cfdata_t, void *);
static void page_attach(device_t, device_t, void *);

CFATTACH_DECL_NEW(
    balloon, sizeof(struct page_softc), page_match, page_attach, NULL, NULL);

static size_t
page_reserve(u_int op, xen_pfn_t *mfns, size_t n)
{
	struct xen_memory_reservation reservation = {
	    .nr_extents = n, .domid = DOMID_SELF};
	int answer;

	KASSERT(n <= STEP);
	set_xen_guest_handle(reservation.extent_start, mfns);
	answer = HYPERVISOR_memory_op(op, &reservation);
	return answer < 0 ? 0 : (size_t)answer;
}

static void
page_bind(paddr_t pa, xen_pfn_t mfn)
{

	xpmap_ptom_map(pa, (paddr_t)mfn << PAGE_SHIFT);
	xpq_queue_machphys_update((paddr_t)mfn << PAGE_SHIFT, pa);
}

static bool
page_shrink(struct page_softc *sc, size_t npages)
{
	struct pglist pages;
	struct vm_page *pg;
	size_t n, gone;

	TAILQ_INIT(&pages);
	for (n = 0; n < npages; n++) {
		pg = uvm_pagealloc(NULL, 0, NULL, UVM_PGA_ZERO);
		if (pg == NULL)
			break;
		TAILQ_INSERT_TAIL(&pages, pg, pageq.queue);
		sc->sc_mfns[n] = atop(xpmap_ptom_masked(VM_PAGE_TO_PHYS(pg)));
		xpmap_ptom_unmap(VM_PAGE_TO_PHYS(pg));
	}
	gone = n > 0 ? page_reserve(XENMEM_decrease_reservation, sc->sc_mfns, n)
		     : 0;
	for (size_t i = 0; i < n; i++) {
		pg = TAILQ_FIRST(&pages);
		TAILQ_REMOVE(&pages, pg, pageq.queue);
		if (i < gone) {
			TAILQ_INSERT_TAIL(&sc->sc_pages, pg, pageq.queue);
			continue;
		}
		xpmap_ptom_map(
		    VM_PAGE_TO_PHYS(pg), (paddr_t)sc->sc_mfns[i] << PAGE_SHIFT);
		uvm_pagefree(pg);
	}
	sc->sc_npages += gone;
	sc->sc_current -= gone;
	return gone > 0;
}

static bool
page_refill(struct page_softc *sc, size_t npages)
{
	struct vm_page *pg;
	size_t got;

	got = page_reserve(XENMEM_increase_reservation, sc->sc_mfns,
	    MIN(npages, sc->sc_npages));
	for (size_t i = 0; i < got; i++) {
		pg = TAILQ_FIRST(&sc->sc_pages);
		TAILQ_REMOVE(&sc->sc_pages, pg, pageq.queue);
		page_bind(VM_PAGE_TO_PHYS(pg), sc->sc_mfns[i]);
		xpq_flush_queue();
		uvm_pagefree(pg);
	}
	sc->sc_npages -= got;
	sc->sc_current += got;
	return got > 0;
}

/* A page at the end of memory, with its frame. False: nothing is left of it. */
static bool
page_plug_one(xen_pfn_t mfn)
{
	const paddr_t pa = pmap_pa_end;

	page_bind(pa, mfn);
	xpq_flush_queue();
	pmap_pa_end += PAGE_SIZE;
	if (uvm_physseg_plug(atop(pa), 1, NULL))
		return true;
	pmap_pa_end = pa;
	xpmap_ptom_unmap(pa);
	return false;
}

static bool
page_plug(struct page_softc *sc, size_t npages)
{
	const size_t p2m_end = xen_start_info.nr_p2m_frames == 0
				   ? xen_start_info.nr_pages
				   : xen_start_info.nr_p2m_frames * STEP;
	const size_t room = p2m_end - MIN(p2m_end, atop(pmap_pa_end));
	size_t got, plugged;

	if (room == 0)
		return false;
	got = page_reserve(
	    XENMEM_increase_reservation, sc->sc_mfns, MIN(npages, room));
	for (plugged = 0; plugged < got; plugged++)
		if (!page_plug_one(sc->sc_mfns[plugged]))
			break;
	sc->sc_current += plugged;
	for (size_t back = plugged; back < got;) {
		const size_t gone = page_reserve(XENMEM_decrease_reservation,
		    &sc->sc_mfns[back], got - back);

		back += gone;
		if (gone == 0)
			kpause("blnback", false, hz, NULL);
	}
	return plugged > 0;
}

static size_t
page_read_target(struct page_softc *sc)
{
	const size_t least = uvmexp.freemin + RESERVE;
	unsigned long long kib;

	if (xenbus_read_ull(NULL, "memory", "target", &kib, 10) != 0)
		return sc->sc_target;
	if (atop(kib * 1024) < least)
		device_printf(sc->sc_dev, "new target %llu is below min %zu\n",
		    kib, (size_t)ptoa(least) / 1024);
	else
		sc->sc_target = atop(kib * 1024);
	return sc->sc_target;
}

/* Goes toward the target as long as pages move. True: it is reached. */
static bool
page_work(struct page_softc *sc)
{
	const paddr_t end = pmap_pa_end;
	bool moved = true;
	size_t target;

	do {
		target = page_read_target(sc);
		if (target < sc->sc_current)
			moved =
			    page_shrink(sc, MIN(sc->sc_current - target, STEP));
		else if (target > sc->sc_current && sc->sc_npages > 0)
			moved =
			    page_refill(sc, MIN(target - sc->sc_current, STEP));
		else if (target > sc->sc_current)
			moved =
			    page_plug(sc, MIN(target - sc->sc_current, STEP));
	} while (moved && target != sc->sc_current);
	if (pmap_pa_end != end)
		device_printf(sc->sc_dev,
		    "memory 'hot-plug': frames 0x%zx - 0x%zx plugged\n",
		    (size_t)atop(end), (size_t)atop(pmap_pa_end) - 1);
	if (!moved)
		device_printf(sc->sc_dev,
		    "WARNING: balloon could not reach "
		    "target %zu (current %zu)\n",
		    target, sc->sc_current);
	return moved;
}

static void
page_thread(void *cookie)
{
	struct page_softc *sc = cookie;
	int pause_s = 0;

	for (;;) {
		mutex_enter(&sc->sc_lock);
		while (!sc->sc_written) {
			if (cv_timedwait(
				&sc->sc_cv, &sc->sc_lock, pause_s * hz) != 0)
				break;
		}
		if (sc->sc_written)
			pause_s = 0;
		sc->sc_written = false;
		mutex_exit(&sc->sc_lock);
		if (page_work(sc))
			pause_s = 0;
		else
			pause_s = MIN(MAX(1, pause_s * 2), PAUSE_MAX_S);
	}
}

static void
page_written(struct xenbus_watch *watch, const char **path __unused,
    unsigned int len __unused)
{
	struct page_softc *sc =
	    (struct page_softc *)((char *)watch -
				  offsetof(struct page_softc, sc_watch));

	mutex_enter(&sc->sc_lock);
	sc->sc_written = true;
	cv_signal(&sc->sc_cv);
	mutex_exit(&sc->sc_lock);
}

static int
page_match(device_t parent __unused, cfdata_t match __unused, void *aux)
{
	const struct xenbusdev_attach_args *xa = aux;

	return strcmp(xa->xa_type, "balloon") == 0;
}

static void
page_attach(device_t parent __unused, device_t self, void *aux __unused)
{
	struct page_softc *sc = device_private(self);
	domid_t domid = DOMID_SELF;

	aprint_normal(": a page at a time\n");
	sc->sc_dev = self;
	sc->sc_current =
	    HYPERVISOR_memory_op(XENMEM_current_reservation, &domid);
	sc->sc_target = sc->sc_current;
	TAILQ_INIT(&sc->sc_pages);
	mutex_init(&sc->sc_lock, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&sc->sc_cv, "balloon");
	sc->sc_watch.node = __UNCONST("memory/target");
	sc->sc_watch.xbw_callback = page_written;
	if (register_xenbus_watch(&sc->sc_watch) != 0)
		aprint_error_dev(self, "unable to watch memory/target\n");
	else if (kthread_create(PRI_NONE, KTHREAD_MPSAFE, NULL, page_thread, sc,
		     NULL, "%s", device_xname(self)) != 0) {
		aprint_error_dev(self, "unable to create thread\n");
		unregister_xenbus_watch(&sc->sc_watch);
	}
}
