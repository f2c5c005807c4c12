/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * balloon(4): moves pages between this domain and Xen until the domain has as
 * many as memory/target in XenStore says.  It shrinks by giving free pages of
 * UVM's to Xen, and grows by getting frames for them again.  With options
 * UVM_HOTPLUG it also grows past boot memory, with uvm_hotplug(9).
 *
 * One thread does all of this in steps, and reads the target before each. How
 * much memory is enough is not decided here: that is dom0's business.
 *
 * Units: XenStore and sysctl(9) speak KiB, everything inside counts pages.
 */

#include <sys/cdefs.h>
__KERNEL_RCSID(0, "$Ballast: balloon.c $");

#ifdef _KERNEL_OPT
#include "opt_uvm_hotplug.h"
#endif

#include <sys/param.h>
#include <sys/types.h>
#include <sys/systm.h>
#include <sys/inttypes.h>
#include <sys/condvar.h>
#include <sys/device.h>
#include <sys/errno.h>
#include <sys/kernel.h>
#include <sys/kthread.h>
#include <sys/mutex.h>
#include <sys/queue.h>
#include <sys/sysctl.h>

#include <uvm/uvm.h>
#include <uvm/uvm_extern.h>
#include <uvm/uvm_page.h>
#include <uvm/uvm_physseg.h>

#include <xen/xen.h>
#include <xen/hypervisor.h>
#include <xen/xenbus.h>
#include <xen/xenpmap.h>

#include "locators.h"

/* A step moves as many frames as their numbers fit in a page. */
#define BALLOON_STEP (PAGE_SIZE / sizeof(xen_pfn_t))

/* The kernel keeps so many pages more than UVM's own lower limit. */
#define BALLOON_RESERVE 256

/* Pauses between attempts that moved nothing, in seconds. */
#define BALLOON_PAUSE_MIN 1
#define BALLOON_PAUSE_MAX 3600

#define BALLOON_KIB_SHIFT  (PAGE_SHIFT - 10)
#define BALLOON_KIB(pages) ((uint64_t)(pages) << BALLOON_KIB_SHIFT)

struct balloon_softc {
	device_t sc_dev;
	struct sysctllog *sc_sysctllog;
	struct xenbus_watch sc_watch;

	kmutex_t sc_lock;      /* for the members up to the blank line */
	kcondvar_t sc_cv;      /* sc_written became true */
	bool sc_written;       /* memory/target was, and not read since */
	size_t sc_target;      /* pages */
	size_t sc_min;	       /* pages */
	kcondvar_t sc_step_cv; /* one of the next two changed */
	bool sc_stepping;      /* the thread is in a step */
	bool sc_suspended;     /* it must not begin one */

	/* Only the thread uses these. */
	uint64_t sc_asked;	/* memory/target as it was read last, KiB */
	size_t sc_current;	/* pages that the domain has */
	bool sc_told;		/* the log says why the target is far */
	struct pglist sc_pages; /* ballooned, the latest at the end */
	size_t sc_npages;
	xen_pfn_t sc_mfns[BALLOON_STEP];   /* of the present step */
	xen_pfn_t sc_spares[BALLOON_STEP]; /* in no table, to be given back */
	size_t sc_nspares;
};

enum balloon_outcome {
	BALLOON_DONE,	/* the target is reached */
	BALLOON_MOVED,	/* pages moved toward it */
	BALLOON_REFUSED /* nothing moved; try again later */
};

static int balloon_match(device_t, cfdata_t, void *);
static void balloon_attach(device_t, device_t, void *);

CFATTACH_DECL_NEW(balloon, sizeof(struct balloon_softc), balloon_match,
    balloon_attach, NULL, NULL);

/*
 * Xen.
 */

/* Asks Xen for a count of pages.  SIZE_MAX: there is no limit, or no answer. */
static size_t
balloon_query(u_int op)
{
	domid_t domid = DOMID_SELF;
	const long pages = HYPERVISOR_memory_op(op, &domid);

	KASSERT(op == XENMEM_current_reservation ||
		op == XENMEM_maximum_reservation);
	return pages < 0 ? SIZE_MAX : (size_t)pages;
}

/* The maximum in KiB, as nodes and messages show it. */
static uint64_t
balloon_max_kib(void)
{
	const size_t pages = balloon_query(XENMEM_maximum_reservation);

	return pages == SIZE_MAX ? BALLOON_KIB(UINT32_MAX) : BALLOON_KIB(pages);
}

/*
 * Counts the domain's pages.  Xen's count may be higher: it still has a frame
 * that was released while somebody else maps it.  Such a frame must not be
 * released twice.
 */
static size_t
balloon_current(struct balloon_softc *sc)
{
	const size_t pages = balloon_query(XENMEM_current_reservation);

	if (pages < sc->sc_current)
		sc->sc_current = pages;
	return sc->sc_current;
}

/*
 * Gets or releases frames.  Returns how many were done, from the first one on;
 * it is no error when Xen does fewer.
 */
static size_t
balloon_reserve(u_int op, xen_pfn_t *mfns, size_t nframes, int *answer)
{
	struct xen_memory_reservation reservation;

	KASSERT(nframes > 0);
	KASSERT(nframes <= BALLOON_STEP);
	memset(&reservation, 0, sizeof(reservation));
	set_xen_guest_handle(reservation.extent_start, mfns);
	reservation.nr_extents = nframes;
	reservation.extent_order = 0;
	reservation.domid = DOMID_SELF;

	*answer = (int)HYPERVISOR_memory_op(op, &reservation);
	return *answer < 0 ? 0 : MIN((size_t)*answer, nframes);
}

/* Gets frames from Xen into sc_mfns. */
static size_t
balloon_acquire(struct balloon_softc *sc, size_t nframes)
{
	uint64_t target, max;
	int answer;
	const size_t got = balloon_reserve(
	    XENMEM_increase_reservation, sc->sc_mfns, nframes, &answer);

	sc->sc_current += got;
	if (got == nframes || sc->sc_told)
		return got;
	sc->sc_told = true;
	device_printf(sc->sc_dev,
	    "increase reservation incomplete: "
	    "was %zu, returned %d\n",
	    nframes, answer);
	target = BALLOON_KIB(sc->sc_target);
	max = balloon_max_kib();
	if (target > max)
		device_printf(sc->sc_dev,
		    "new target %" PRIu64 " is above max %" PRIu64 "\n", target,
		    max);
	return got;
}

/* Gives frames back to Xen. */
static size_t
balloon_release(struct balloon_softc *sc, xen_pfn_t *mfns, size_t nframes)
{
	int answer;
	const size_t taken = balloon_reserve(
	    XENMEM_decrease_reservation, mfns, nframes, &answer);

	KASSERT(taken <= sc->sc_current);
	sc->sc_current -= taken;
	if (taken < nframes && !sc->sc_told) {
		sc->sc_told = true;
		device_printf(sc->sc_dev,
		    "decrease reservation incomplete: "
		    "was %zu, returned %d\n",
		    nframes, answer);
	}
	return taken;
}

/*
 * Enters a frame in the P2M, and in the M2P with the next flush.  UVM must not
 * have the page before that.
 */
static void
balloon_bind(paddr_t pa, xen_pfn_t mfn)
{
	const paddr_t ma = (paddr_t)mfn << PAGE_SHIFT;

	xpmap_ptom_map(pa, ma);
	xpq_queue_machphys_update(ma, pa);
}

/*
 * Shrink.
 */

/*
 * Xen took only the first of n pages: the others get their frames back, which
 * the M2P still names.
 */
static void
balloon_shrink_less(
    struct balloon_softc *sc, struct pglist *pages, size_t taken, size_t n)
{
	struct vm_page *pg = TAILQ_FIRST(pages), *next;

	KASSERT(taken < n);
	for (size_t i = 0; i < n; i++, pg = next) {
		next = TAILQ_NEXT(pg, pageq.queue);
		if (i < taken)
			continue;
		TAILQ_REMOVE(pages, pg, pageq.queue);
		xpmap_ptom_map(
		    VM_PAGE_TO_PHYS(pg), (paddr_t)sc->sc_mfns[i] << PAGE_SHIFT);
		uvm_pagefree(pg);
	}
}

/*
 * Pages are zeroed before they go to Xen, since nobody else should see what
 * they held.  Those that Xen does not take get their frames back and are free
 * as before.
 */
static bool
balloon_shrink(struct balloon_softc *sc, size_t npages)
{
	struct pglist pages;
	struct vm_page *pg;
	size_t n, taken;

	KASSERT(npages > 0);
	KASSERT(npages <= BALLOON_STEP);
	TAILQ_INIT(&pages);
	for (n = 0; n < npages; n++) {
		pg = uvm_pagealloc(NULL, 0, NULL, UVM_PGA_ZERO);
		if (pg == NULL)
			break;
		TAILQ_INSERT_TAIL(&pages, pg, pageq.queue);
		sc->sc_mfns[n] =
		    xpmap_ptom_masked(VM_PAGE_TO_PHYS(pg)) >> PAGE_SHIFT;
		xpmap_ptom_unmap(VM_PAGE_TO_PHYS(pg));
	}
	if (n < npages && !sc->sc_told) {
		sc->sc_told = true;
		device_printf(sc->sc_dev,
		    "out of free pages: "
		    "wanted %zu, got %zu\n",
		    npages, n);
	}
	if (n == 0)
		return false;

	taken = balloon_release(sc, sc->sc_mfns, n);
	if (taken < n)
		balloon_shrink_less(sc, &pages, taken, n);
	TAILQ_CONCAT(&sc->sc_pages, &pages, pageq.queue);
	sc->sc_npages += taken;
	return taken > 0;
}

/*
 * Grow.
 */

/* Gets frames for pages that were ballooned before, and frees the pages. */
static bool
balloon_refill(struct balloon_softc *sc, size_t npages)
{
	struct vm_page *pg;
	size_t got, i;

	KASSERT(npages > 0);
	KASSERT(npages <= sc->sc_npages);
	got = balloon_acquire(sc, npages);
	pg = TAILQ_LAST(&sc->sc_pages, pglist);
	for (i = 0; i < got; i++, pg = TAILQ_PREV(pg, pglist, pageq.queue))
		balloon_bind(VM_PAGE_TO_PHYS(pg), sc->sc_mfns[i]);
	xpq_flush_queue();
	for (i = 0; i < got; i++) {
		pg = TAILQ_LAST(&sc->sc_pages, pglist);
		TAILQ_REMOVE(&sc->sc_pages, pg, pageq.queue);
		sc->sc_npages--;
		uvm_pagefree(pg);
	}
	return got > 0;
}

/*
 * Gives back frames that could not be used.  Xen may take fewer of them: then
 * the others stay, and nothing grows before they are gone.
 */
static bool
balloon_release_spares(struct balloon_softc *sc)
{
	size_t taken;

	if (sc->sc_nspares == 0)
		return true;
	KASSERT(sc->sc_nspares <= BALLOON_STEP);
	taken = balloon_release(sc, sc->sc_spares, sc->sc_nspares);
	sc->sc_nspares -= taken;
	memmove(sc->sc_spares, sc->sc_spares + taken,
	    sc->sc_nspares * sizeof(sc->sc_spares[0]));
	return sc->sc_nspares == 0;
}

#ifdef UVM_HOTPLUG

/* The end of the P2M, whose length the builder of the domain has chosen. */
static size_t
balloon_p2m_end(void)
{
	const size_t per_frame = PAGE_SIZE / sizeof(xen_pfn_t);

	return xen_start_info.nr_p2m_frames == 0
		   ? xen_start_info.nr_pages
		   : xen_start_info.nr_p2m_frames * per_frame;
}

/* How many pages could still be plugged behind the end of memory. */
static size_t
balloon_plug_room(void)
{
	const size_t p2m_end = balloon_p2m_end();
	const size_t pa_end = atop(pmap_pa_end);

	return p2m_end > pa_end ? p2m_end - pa_end : 0;
}

/* UVM may use the pages before plug returns, so pmap must know them before. */
static bool
balloon_plug_run(paddr_t pfn, size_t npages)
{
	const paddr_t pa_end = pmap_pa_end;

	KASSERT(ptoa(pfn) == pa_end);
	KASSERT(npages > 0);
	pmap_pa_end = ptoa(pfn + npages);
	if (uvm_physseg_plug(pfn, npages, NULL))
		return true;
	pmap_pa_end = pa_end;
	return false;
}

/*
 * Plugs as much of a run as can be plugged from its start: a part that is
 * refused is halved, down to one page.  Returns how many pages are in.
 */
static size_t
balloon_plug_most(paddr_t pfn, size_t npages)
{
	size_t plugged = 0, refused = npages;
	bool more = false;

	if (balloon_plug_run(pfn, npages))
		return npages;
	while (refused > 1) {
		const size_t half = refused / 2;

		KASSERT(plugged + refused <= npages);
		more = balloon_plug_run(pfn + plugged, half);
		if (more) {
			plugged += half;
			refused -= half;
		} else
			refused = half;
	}
	/* The last page was refused only with others: it is tried alone. */
	if (more && balloon_plug_run(pfn + plugged, 1))
		plugged++;
	return plugged;
}

/*
 * Clears a frame's M2P entry, since no pfn has the frame any more.  The queue
 * of updates takes addresses only, and none means "no pfn".
 */
static void
balloon_unname(xen_pfn_t mfn)
{
	mmu_update_t update = {
	    .ptr = ((uint64_t)mfn << PAGE_SHIFT) | MMU_MACHPHYS_UPDATE,
	    .val = INVALID_P2M_ENTRY};
	int done = 0;

	/* Xen refuses it for a frame that the domain lost: that is as good. */
	(void)HYPERVISOR_mmu_update(&update, 1, &done, DOMID_SELF);
}

/* Plugs new pages at the end of memory, as far as the P2M has room. */
static bool
balloon_plug(struct balloon_softc *sc, size_t npages)
{
	const paddr_t pfn = atop(pmap_pa_end);
	size_t got, plugged, i;

	KASSERT(npages <= balloon_plug_room());
	KASSERT(sc->sc_nspares == 0);
	got = balloon_acquire(sc, npages);
	if (got == 0)
		return false;
	for (i = 0; i < got; i++)
		balloon_bind(ptoa(pfn + i), sc->sc_mfns[i]);
	xpq_flush_queue();
	plugged = balloon_plug_most(pfn, got);
	if (plugged == got)
		return true;

	if (!sc->sc_told) {
		sc->sc_told = true;
		device_printf(sc->sc_dev,
		    "memory 'hot-plug' refused: "
		    "%zu of %zu pages plugged\n",
		    plugged, got);
	}
	for (i = plugged; i < got; i++) {
		xpmap_ptom_unmap(ptoa(pfn + i));
		sc->sc_spares[sc->sc_nspares++] = sc->sc_mfns[i];
	}
	if (!balloon_release_spares(sc)) {
		for (i = 0; i < sc->sc_nspares; i++)
			balloon_unname(sc->sc_spares[i]);
	}
	return plugged > 0;
}

#endif /* UVM_HOTPLUG */

static bool
balloon_grow(struct balloon_softc *sc, size_t npages)
{
	KASSERT(sc->sc_nspares == 0);
	if (sc->sc_npages > 0)
		return balloon_refill(sc, MIN(npages, sc->sc_npages));
#ifdef UVM_HOTPLUG
	npages = MIN(npages, balloon_plug_room());
	if (npages > 0)
		return balloon_plug(sc, npages);
#endif
	if (!sc->sc_told) {
		sc->sc_told = true;
		device_printf(
		    sc->sc_dev, "List empty. Cannot be collapsed further!\n");
	}
	return false;
}

/*
 * The target.
 */

/* Limits a target to what can be reached when Xen gives all it is asked for. */
static size_t
balloon_clip(struct balloon_softc *sc, size_t target)
{
	size_t limit = balloon_current(sc) - sc->sc_nspares + sc->sc_npages;

#ifdef UVM_HOTPLUG
	limit += balloon_plug_room();
	if (target > limit)
		device_printf(sc->sc_dev,
		    "P2M ends at page %zu - "
		    "clipping reservation %zu => %zu pages.\n",
		    balloon_p2m_end(), target, limit);
#else
	if (target > limit)
		device_printf(sc->sc_dev,
		    "memory 'hot-plug' unsupported - "
		    "clipping reservation %zu => %zu pages.\n",
		    target, limit);
#endif
	return MIN(target, limit);
}

/* A target below the minimum is refused, and the one before it stays. */
static void
balloon_set_target(struct balloon_softc *sc, uint64_t kib)
{
	const size_t current = balloon_current(sc);
	size_t target = kib >> BALLOON_KIB_SHIFT;
	size_t before, floor;

	sc->sc_told = false;
	mutex_enter(&sc->sc_lock);
	floor = sc->sc_min;
	before = sc->sc_target;
	if (target >= floor)
		sc->sc_target = target = balloon_clip(sc, target);
	mutex_exit(&sc->sc_lock);

	if (target < floor)
		device_printf(sc->sc_dev,
		    "new target %" PRIu64 " is below min %" PRIu64 "\n", kib,
		    BALLOON_KIB(floor));
	else if (target != current && target != before)
		device_printf(sc->sc_dev,
		    "current reservation: %zu pages => "
		    "target: %zu pages\n",
		    current, target);
}

/*
 * The watch only wakes the thread, which reads XenStore before each step: it
 * sees a target that comes meanwhile, and never takes an old one for the last.
 */
static int
balloon_read_target(struct balloon_softc *sc)
{
	unsigned long long kib;
	bool written;
	int error;

	mutex_enter(&sc->sc_lock);
	written = sc->sc_written;
	sc->sc_written = false;
	mutex_exit(&sc->sc_lock);

	error = xenbus_read_ull(NULL, "memory", "target", &kib, 10);
	if (error) {
		device_printf(sc->sc_dev,
		    "error %d, couldn't read xenbus target node\n", error);
		/* The target that was written is still to be read. */
		sc->sc_asked = UINT64_MAX;
		return error;
	}
	if (written || kib != sc->sc_asked) {
		sc->sc_asked = kib;
		balloon_set_target(sc, kib);
	}
	return 0;
}

static void
balloon_target_written(struct xenbus_watch *watch, const char **path __unused,
    unsigned int len __unused)
{
	struct balloon_softc *sc =
	    (struct balloon_softc *)((char *)watch -
				     offsetof(struct balloon_softc, sc_watch));

	mutex_enter(&sc->sc_lock);
	sc->sc_written = true;
	cv_signal(&sc->sc_cv);
	mutex_exit(&sc->sc_lock);
}

/*
 * The thread.
 */

static enum balloon_outcome
balloon_step(struct balloon_softc *sc)
{
	size_t current, target;
	bool moved;

	(void)balloon_current(sc);
	mutex_enter(&sc->sc_lock);
	target = sc->sc_target;
	KASSERT(target >= sc->sc_min || target >= sc->sc_current);
	mutex_exit(&sc->sc_lock);

	if (!balloon_release_spares(sc))
		return BALLOON_REFUSED;
	current = sc->sc_current;
	if (target == current)
		return BALLOON_DONE;
	if (target < current)
		moved = balloon_shrink(sc, MIN(current - target, BALLOON_STEP));
	else
		moved = balloon_grow(sc, MIN(target - current, BALLOON_STEP));
	return moved ? BALLOON_MOVED : BALLOON_REFUSED;
}

/*
 * A step is never interrupted by a suspension: frames that wait in it to be
 * entered would be others afterwards.
 */
static enum balloon_outcome
balloon_step_whole(struct balloon_softc *sc)
{
	enum balloon_outcome outcome;

	mutex_enter(&sc->sc_lock);
	while (sc->sc_suspended)
		cv_wait(&sc->sc_step_cv, &sc->sc_lock);
	KASSERT(!sc->sc_stepping);
	sc->sc_stepping = true;
	mutex_exit(&sc->sc_lock);

	outcome = balloon_step(sc);

	mutex_enter(&sc->sc_lock);
	KASSERT(sc->sc_stepping);
	sc->sc_stepping = false;
	cv_broadcast(&sc->sc_step_cv);
	mutex_exit(&sc->sc_lock);
	return outcome;
}

/* Tells what was plugged, once for all steps. */
static void
balloon_tell_plugged(struct balloon_softc *sc, paddr_t end_before)
{
	if (pmap_pa_end != end_before)
		device_printf(sc->sc_dev,
		    "memory 'hot-plug': frames 0x%" PRIxPADDR " - 0x%" PRIxPADDR
		    " plugged\n",
		    atop(end_before), atop(pmap_pa_end) - 1);
}

/*
 * Goes on as long as pages move.  A refusal right after a move is tried again
 * at once: when Xen or UVM gives only now and then, a pause each time would
 * take too long.
 */
static enum balloon_outcome
balloon_work(struct balloon_softc *sc, bool *moved)
{
	enum balloon_outcome outcome = BALLOON_REFUSED, before;
	const paddr_t end = pmap_pa_end;
	int error;

	*moved = false;
	sc->sc_told = false;
	do {
		before = outcome;
		outcome = BALLOON_REFUSED;
		error = balloon_read_target(sc);
		if (error)
			break;
		outcome = balloon_step_whole(sc);
		if (outcome == BALLOON_MOVED)
			*moved = true;
	} while (outcome == BALLOON_MOVED ||
		 (outcome == BALLOON_REFUSED && before == BALLOON_MOVED));

	balloon_tell_plugged(sc, end);
	if (outcome == BALLOON_REFUSED && !error)
		device_printf(sc->sc_dev,
		    "WARNING: balloon could not reach "
		    "target %zu (current %zu)\n",
		    sc->sc_target, sc->sc_current);
	return outcome;
}

/*
 * Waits until memory/target is written or the pause is over.  A pause of 0 does
 * not end by itself.
 */
static bool
balloon_wait(struct balloon_softc *sc, u_int pause_s)
{
	bool written;

	KASSERT(pause_s <= BALLOON_PAUSE_MAX);
	mutex_enter(&sc->sc_lock);
	while (!sc->sc_written) {
		if (pause_s == 0)
			cv_wait(&sc->sc_cv, &sc->sc_lock);
		else if (cv_timedwait(&sc->sc_cv, &sc->sc_lock,
			     (int)mstohz(pause_s * 1000)) != 0)
			break;
	}
	written = sc->sc_written;
	mutex_exit(&sc->sc_lock);
	return written;
}

static void
balloon_thread(void *cookie)
{
	struct balloon_softc *sc = cookie;
	u_int pause_s = 0;
	bool moved;

	for (;;) {
		if (balloon_wait(sc, pause_s))
			pause_s = 0;
		if (balloon_work(sc, &moved) == BALLOON_DONE)
			pause_s = 0;
		else if (moved || pause_s == 0)
			pause_s = BALLOON_PAUSE_MIN;
		else
			pause_s = MIN(pause_s * 2, BALLOON_PAUSE_MAX);
	}
}

/*
 * sysctl(9): machdep.xen.balloon, in KiB.
 */

static int
balloon_sysctl_current(SYSCTLFN_ARGS)
{
	struct sysctlnode node = *rnode;
	u_quad_t kib = BALLOON_KIB(balloon_query(XENMEM_current_reservation));

	node.sysctl_data = &kib;
	return sysctl_lookup(SYSCTLFN_CALL(&node));
}

static int
balloon_sysctl_max(SYSCTLFN_ARGS)
{
	struct sysctlnode node = *rnode;
	u_quad_t kib = balloon_max_kib();

	node.sysctl_data = &kib;
	return sysctl_lookup(SYSCTLFN_CALL(&node));
}

/* With fewer pages than these the kernel would not live. */
static size_t
balloon_safeguard(void)
{
	return (size_t)uvmexp.freemin + BALLOON_RESERVE;
}

static int
balloon_sysctl_min(SYSCTLFN_ARGS)
{
	struct sysctlnode node = *rnode;
	struct balloon_softc *sc = rnode->sysctl_data;
	u_quad_t kib;
	size_t pages, target;
	int error;

	mutex_enter(&sc->sc_lock);
	kib = BALLOON_KIB(sc->sc_min);
	mutex_exit(&sc->sc_lock);
	node.sysctl_data = &kib;
	error = sysctl_lookup(SYSCTLFN_CALL(&node));
	if (error || newp == NULL)
		return error;

	if (kib < BALLOON_KIB(balloon_safeguard())) {
		device_printf(sc->sc_dev,
		    "cannot set min below minimum safe value (%d)\n",
		    (int)BALLOON_KIB(balloon_safeguard()));
		return EPERM;
	}
	/* A part of a page that must stay counts as a page. */
	pages =
	    (kib >> BALLOON_KIB_SHIFT) + ((kib & (BALLOON_KIB(1) - 1)) != 0);
	mutex_enter(&sc->sc_lock);
	target = sc->sc_target;
	if (pages <= target)
		sc->sc_min = pages;
	mutex_exit(&sc->sc_lock);
	if (pages > target) {
		device_printf(sc->sc_dev,
		    "cannot set min above target %" PRIu64 "\n",
		    BALLOON_KIB(target));
		return EPERM;
	}
	return 0;
}

/* The value is written to XenStore; the watch on it does the rest. */
static int
balloon_sysctl_target(SYSCTLFN_ARGS)
{
	struct sysctlnode node = *rnode;
	struct balloon_softc *sc = rnode->sysctl_data;
	u_quad_t kib;
	uint64_t min, max;
	int error;

	mutex_enter(&sc->sc_lock);
	kib = BALLOON_KIB(sc->sc_target);
	min = BALLOON_KIB(sc->sc_min);
	mutex_exit(&sc->sc_lock);
	node.sysctl_data = &kib;
	error = sysctl_lookup(SYSCTLFN_CALL(&node));
	if (error || newp == NULL)
		return error;

	max = balloon_max_kib();
	if (kib < min) {
		device_printf(sc->sc_dev,
		    "new target %" PRIu64 " is below min %" PRIu64 "\n", kib,
		    min);
		return EPERM;
	}
	if (kib > max) {
		device_printf(sc->sc_dev,
		    "new target %" PRIu64 " is above max %" PRIu64 "\n", kib,
		    max);
		return EPERM;
	}
	error = xenbus_printf(NULL, "memory", "target", "%" PRIu64, kib);
	if (error)
		device_printf(sc->sc_dev,
		    "error %d, couldn't write xenbus target node\n", error);
	return error;
}

static void
balloon_sysctl_leaf(struct balloon_softc *sc, const struct sysctlnode *parent,
    int flags, const char *name, const char *description, sysctlfn function)
{
	const int error = sysctl_createv(&sc->sc_sysctllog, 0, &parent, NULL,
	    flags, CTLTYPE_QUAD, name, description, function, 0, (void *)sc, 0,
	    CTL_CREATE, CTL_EOL);

	if (error)
		aprint_error_dev(sc->sc_dev,
		    "error %d, couldn't create sysctl node %s\n", error, name);
}

static void
balloon_sysctl_setup(struct balloon_softc *sc)
{
	const struct sysctlnode *node = NULL;
	int error;

	error =
	    sysctl_createv(&sc->sc_sysctllog, 0, NULL, &node, 0, CTLTYPE_NODE,
		"machdep", NULL, NULL, 0, NULL, 0, CTL_MACHDEP, CTL_EOL);
	if (error == 0)
		error = sysctl_createv(&sc->sc_sysctllog, 0, &node, &node, 0,
		    CTLTYPE_NODE, "xen", "Xen", NULL, 0, NULL, 0, CTL_CREATE,
		    CTL_EOL);
	if (error == 0)
		error = sysctl_createv(&sc->sc_sysctllog, 0, &node, &node, 0,
		    CTLTYPE_NODE, "balloon", "Xen memory balloon", NULL, 0,
		    NULL, 0, CTL_CREATE, CTL_EOL);
	if (error) {
		aprint_error_dev(sc->sc_dev,
		    "error %d, couldn't create sysctl nodes\n", error);
		return;
	}
	balloon_sysctl_leaf(sc, node, CTLFLAG_READONLY, "current",
	    "Memory reservation in KiB", balloon_sysctl_current);
	balloon_sysctl_leaf(sc, node, CTLFLAG_READWRITE, "target",
	    "Memory reservation to reach, in KiB", balloon_sysctl_target);
	balloon_sysctl_leaf(sc, node, CTLFLAG_READWRITE, "min",
	    "Lowest target accepted, in KiB", balloon_sysctl_min);
	balloon_sysctl_leaf(sc, node, CTLFLAG_READONLY, "max",
	    "Highest reservation that Xen allows, in KiB", balloon_sysctl_max);
}

/*
 * autoconf(9).
 */

static int
balloon_match(device_t parent __unused, cfdata_t match, void *aux)
{
	const struct xenbusdev_attach_args *xa = aux;

	if (strcmp(xa->xa_type, "balloon") != 0)
		return 0;
	return match->cf_loc == NULL ||
	       match->cf_loc[XENBUSCF_ID] == XENBUSCF_ID_DEFAULT ||
	       match->cf_loc[XENBUSCF_ID] == xa->xa_id;
}

static bool
balloon_suspend(device_t dev, const pmf_qual_t *qual __unused)
{
	struct balloon_softc *sc = device_private(dev);

	mutex_enter(&sc->sc_lock);
	KASSERT(!sc->sc_suspended);
	sc->sc_suspended = true;
	while (sc->sc_stepping)
		cv_wait(&sc->sc_step_cv, &sc->sc_lock);
	mutex_exit(&sc->sc_lock);
	return true;
}

static bool
balloon_resume(device_t dev, const pmf_qual_t *qual __unused)
{
	struct balloon_softc *sc = device_private(dev);

	mutex_enter(&sc->sc_lock);
	KASSERT(sc->sc_suspended);
	sc->sc_suspended = false;
	cv_broadcast(&sc->sc_step_cv);
	mutex_exit(&sc->sc_lock);
	return true;
}

static void
balloon_attach(device_t parent __unused, device_t self, void *aux __unused)
{
	struct balloon_softc *sc = device_private(self);

	aprint_normal(": Xen Balloon driver\n");
	sc->sc_dev = self;
	sc->sc_current = balloon_query(XENMEM_current_reservation);
	sc->sc_target = sc->sc_current;
	sc->sc_min = balloon_safeguard();
	sc->sc_asked = UINT64_MAX;
	TAILQ_INIT(&sc->sc_pages);
	mutex_init(&sc->sc_lock, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&sc->sc_cv, "balloon");
	cv_init(&sc->sc_step_cv, "balloonst");
	aprint_normal_dev(self, "current reservation: %" PRIu64 " KiB\n",
	    BALLOON_KIB(sc->sc_current));

	sc->sc_watch.node = __UNCONST("memory/target");
	sc->sc_watch.xbw_callback = balloon_target_written;
	if (register_xenbus_watch(&sc->sc_watch) != 0) {
		aprint_error_dev(self, "unable to watch memory/target\n");
		goto fail_watch;
	}
	if (kthread_create(PRI_NONE, KTHREAD_MPSAFE, NULL, balloon_thread, sc,
		NULL, "%s", device_xname(self)) != 0) {
		aprint_error_dev(self, "unable to create balloon thread\n");
		goto fail_thread;
	}
	balloon_sysctl_setup(sc);
	if (!pmf_device_register(self, balloon_suspend, balloon_resume))
		aprint_error_dev(self, "couldn't establish power handler\n");
	return;

fail_thread:
	unregister_xenbus_watch(&sc->sc_watch);
fail_watch:
	cv_destroy(&sc->sc_step_cv);
	cv_destroy(&sc->sc_cv);
	mutex_destroy(&sc->sc_lock);
}
