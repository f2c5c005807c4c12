/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A balloon driver without a thread of its own: a workqueue(9) does the work, a
 * callout(9) hands it over again when it got stuck, event counters keep score,
 * and kernhist(9) would tell the story.  Pages wait on a list of UVM's.
 */
#include <sys/cdefs.h>
__KERNEL_RCSID(0, "$Ballast: workqueue.c $");

#ifdef _KERNEL_OPT
#include "opt_uvm_hotplug.h"
#include "opt_uvmhist.h"
#endif

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/kernel.h>
#include <sys/bitops.h>
#include <sys/callout.h>
#include <sys/device.h>
#include <sys/evcnt.h>
#include <sys/kernhist.h>
#include <sys/kmem.h>
#include <sys/mutex.h>
#include <sys/sysctl.h>
#include <sys/workqueue.h>

#include <machine/cpu.h>

#include <uvm/uvm.h>
#include <uvm/uvm_stat.h>
#include <uvm/uvm_physseg.h>

#include <xen/hypervisor.h>
#include <xen/xenpmap.h>
#include <xen/xenbus.h>

#include "locators.h"

KERNHIST_DECL(balloonhist);
KERNHIST_DEFINE(balloonhist);

#define	STEP		512
#define	PAUSE_MIN_S	1
#define	PAUSE_MAX_S	512
#define	KIB(pages)	((uint64_t)(pages) << (PAGE_SHIFT - 10))

CTASSERT(STEP == PAGE_SIZE / sizeof(xen_pfn_t));

struct wqb_softc {
	device_t		sc_dev;
	kmutex_t		sc_lock;	/* IPL_VM: callouts come, too */
	size_t			sc_target;
	size_t			sc_min;
	bool			sc_handed;	/* the work is in the queue */
	struct workqueue	*sc_wq;
	struct work		sc_work;
	callout_t		sc_again;
	u_int			sc_failures;	/* in a row */

	struct pglist		sc_pages;	/* of the balloon */
	size_t			sc_npages;
	xen_pfn_t		sc_frames[STEP];
	size_t			sc_p2mlen;

	struct evcnt		sc_ev_up, sc_ev_down, sc_ev_stuck;
	struct sysctllog	*sc_log;
	struct xenbus_watch	*sc_watch;
};

static struct wqb_softc *wqb_softc;
static struct evcnt wqb_targets = EVCNT_INITIALIZER(EVCNT_TYPE_MISC, NULL,
    "balloon", "targets");
EVCNT_ATTACH_STATIC(wqb_targets);

static int wqb_match(device_t, cfdata_t, void *);
static void wqb_attach(device_t, device_t, void *);
static int wqb_detach(device_t, int);

CFATTACH_DECL3_NEW(balloon, sizeof(struct wqb_softc), wqb_match, wqb_attach,
    wqb_detach, NULL, NULL, NULL, DVF_DETACH_SHUTDOWN);

static size_t
wqb_ask(int op)
{
	domid_t self = DOMID_SELF;
	long answer = HYPERVISOR_memory_op(op, &self);

	return answer < 0 ? 0 : (size_t)answer;
}

static size_t
wqb_reservation(int op, xen_pfn_t *frames, size_t n)
{
	struct xen_memory_reservation r = { .nr_extents = n,
	    .domid = DOMID_SELF };
	long done;

	set_xen_guest_handle(r.extent_start, frames);
	done = HYPERVISOR_memory_op(op, &r);
	return done < 0 ? 0 : (size_t)done;
}

static void
wqb_bind(paddr_t pa, xen_pfn_t frame)
{

	xpmap_ptom_map(pa, (paddr_t)frame << PAGE_SHIFT);
	xpq_queue_machphys_update((paddr_t)frame << PAGE_SHIFT, pa);
}

static size_t
wqb_shrink(struct wqb_softc *sc, size_t n)
{
	struct pglist taken;
	struct vm_page *pg;
	size_t have, gone, i;

	KERNHIST_FUNC(__func__);
	KERNHIST_CALLARGS(balloonhist, "n=%jd", (uintmax_t)n, 0, 0, 0);

	TAILQ_INIT(&taken);
	for (have = 0; have < n; have++) {
		pg = uvm_pagealloc(NULL, 0, NULL, UVM_PGA_ZERO);
		if (pg == NULL)
			break;
		TAILQ_INSERT_TAIL(&taken, pg, pageq.queue);
		sc->sc_frames[have] = atop(xpmap_ptom(VM_PAGE_TO_PHYS(pg)));
		xpmap_ptom_unmap(VM_PAGE_TO_PHYS(pg));
	}
	if (have == 0)
		return 0;
	gone = wqb_reservation(XENMEM_decrease_reservation, sc->sc_frames,
	    have);
	for (i = 0; (pg = TAILQ_FIRST(&taken)) != NULL; i++) {
		TAILQ_REMOVE(&taken, pg, pageq.queue);
		if (i < gone) {
			TAILQ_INSERT_TAIL(&sc->sc_pages, pg, pageq.queue);
			sc->sc_npages++;
			continue;
		}
		wqb_bind(VM_PAGE_TO_PHYS(pg), sc->sc_frames[i]);
		xpq_flush_queue();
		uvm_pagefree(pg);
	}
	sc->sc_ev_down.ev_count += gone;
	KERNHIST_LOG(balloonhist, "gone=%jd", (uintmax_t)gone, 0, 0, 0);
	return gone;
}

static size_t
wqb_refill(struct wqb_softc *sc, size_t n)
{
	struct vm_page *pg;
	size_t got, i;

	UVMHIST_FUNC(__func__);
	UVMHIST_CALLED(maphist);

	n = MIN(n, sc->sc_npages);
	got = wqb_reservation(XENMEM_increase_reservation, sc->sc_frames, n);
	if (got < n)
		aprint_error_dev(sc->sc_dev, "increase reservation incomplete:"
		    " was %zu, returned %d\n", n, (int)got);
	i = 0;
	TAILQ_FOREACH(pg, &sc->sc_pages, pageq.queue) {
		if (i == got)
			break;
		wqb_bind(VM_PAGE_TO_PHYS(pg), sc->sc_frames[i++]);
	}
	xpq_flush_queue();
	while (i-- > 0) {
		pg = TAILQ_FIRST(&sc->sc_pages);
		TAILQ_REMOVE(&sc->sc_pages, pg, pageq.queue);
		sc->sc_npages--;
		uvm_pagefree(pg);
	}
	sc->sc_ev_up.ev_count += got;
	return got;
}

#ifdef UVM_HOTPLUG
/* A table of our own when the domain builder's has no room left. */
static bool
wqb_p2m_room(struct wqb_softc *sc, size_t len)
{
	unsigned long *table;
	size_t bigger;

	if (len <= sc->sc_p2mlen)
		return true;
	bigger = (size_t)1 << (ilog2((uint64_t)len - 1) + 1);
	table = kmem_zalloc(bigger * sizeof(*table), KM_NOSLEEP);
	if (table == NULL)
		return false;
	memcpy(table, xpmap_phys_to_machine_mapping,
	    sc->sc_p2mlen * sizeof(*table));
	for (size_t i = sc->sc_p2mlen; i < bigger; i++)
		table[i] = INVALID_P2M_ENTRY;
	membar_producer();
	xpmap_phys_to_machine_mapping = table;
	sc->sc_p2mlen = bigger;
	return true;
}

static size_t
wqb_plug(struct wqb_softc *sc, size_t n)
{
	const paddr_t pfn = atop(pmap_pa_end);
	size_t got, i, done = 0, run;

	if (!wqb_p2m_room(sc, pfn + n))
		return 0;
	got = wqb_reservation(XENMEM_increase_reservation, sc->sc_frames, n);
	if (got < n)
		aprint_error_dev(sc->sc_dev, "increase reservation incomplete:"
		    " was %zu, returned %d\n", n, (int)got);
	if (got == 0)
		return 0;
	for (i = 0; i < got; i++)
		wqb_bind(ptoa(pfn + i), sc->sc_frames[i]);
	xpq_flush_queue();
	pmap_pa_end = ptoa(pfn + got);
	for (run = got; run > 0 && done < got; run = MIN(run, got - done)) {
		if (uvm_physseg_plug(pfn + done, run, NULL))
			done += run;
		else
			run /= 2;
	}
	pmap_pa_end = ptoa(pfn + done);
	for (i = done; i < got; i++)
		xpmap_ptom_unmap(ptoa(pfn + i));
	i = done;
	while (i < got) {
		size_t gone = wqb_reservation(XENMEM_decrease_reservation,
		    &sc->sc_frames[i], got - i);

		i += gone;
		if (gone == 0)
			kpause("blnback", false, hz, NULL);
	}
	sc->sc_ev_up.ev_count += done;
	return done;
}
#endif /* UVM_HOTPLUG */

/* Hands the work over, unless it was and has not begun. */
static void
wqb_kick(struct wqb_softc *sc)
{

	mutex_spin_enter(&sc->sc_lock);
	if (!sc->sc_handed) {
		sc->sc_handed = true;
		workqueue_enqueue(sc->sc_wq, &sc->sc_work, NULL);
	}
	mutex_spin_exit(&sc->sc_lock);
}

static void
wqb_again(void *cookie)
{

	wqb_kick(cookie);
}

static void
wqb_work(struct work *wk, void *cookie)
{
	struct wqb_softc *sc = cookie;
	size_t now, target, moved;

	KASSERT(wk == &sc->sc_work);
	callout_stop(&sc->sc_again);
	mutex_spin_enter(&sc->sc_lock);
	sc->sc_handed = false;
	mutex_spin_exit(&sc->sc_lock);

	for (;;) {
		now = wqb_ask(XENMEM_current_reservation);
		mutex_spin_enter(&sc->sc_lock);
		target = sc->sc_target;
		mutex_spin_exit(&sc->sc_lock);
#ifndef UVM_HOTPLUG
		if (target > now + sc->sc_npages) {
			aprint_normal_dev(sc->sc_dev, "memory 'hot-plug' "
			    "unsupported - clipping reservation "
			    "%zu => %zu pages.\n", target, now + sc->sc_npages);
			target = now + sc->sc_npages;
			mutex_spin_enter(&sc->sc_lock);
			sc->sc_target = target;
			mutex_spin_exit(&sc->sc_lock);
		}
#endif
		if (target == now) {
			sc->sc_failures = 0;
			return;
		}
		if (target < now)
			moved = wqb_shrink(sc, MIN(now - target, STEP));
		else if (sc->sc_npages > 0)
			moved = wqb_refill(sc, MIN(target - now, STEP));
		else
#ifdef UVM_HOTPLUG
			moved = wqb_plug(sc, MIN(target - now, STEP));
#else
			moved = 0;
#endif
		if (moved == 0)
			break;
		sc->sc_failures = 0;
	}
	sc->sc_ev_stuck.ev_count++;
	aprint_error_dev(sc->sc_dev, "WARNING: balloon could not reach target "
	    "%zu (current %zu)\n", target, now);
	callout_schedule(&sc->sc_again,
	    hz * (PAUSE_MIN_S << MIN(sc->sc_failures, ilog2(PAUSE_MAX_S))));
	sc->sc_failures++;
}

static void
wqb_watch(struct xenbus_watch *watch, const char **path, unsigned int npath)
{
	struct wqb_softc *sc = wqb_softc;
	unsigned long long kib;
	size_t pages;
	int error;

	KASSERT(watch == sc->sc_watch);
	wqb_targets.ev_count++;
	error = xenbus_read_ull(NULL, "memory", "target", &kib, 0);
	if (error != 0) {
		aprint_error_dev(sc->sc_dev,
		    "error %d, couldn't read xenbus target node\n", error);
		return;
	}
	pages = kib >> (PAGE_SHIFT - 10);
	if (pages < sc->sc_min) {
		aprint_error_dev(sc->sc_dev, "new target %llu is below min %"
		    PRIu64 "\n", kib, KIB(sc->sc_min));
		return;
	}
	mutex_spin_enter(&sc->sc_lock);
	sc->sc_target = pages;
	mutex_spin_exit(&sc->sc_lock);
	sc->sc_failures = 0;
	wqb_kick(sc);
}

static int
wqb_node(SYSCTLFN_ARGS)
{
	struct sysctlnode node = *rnode;
	struct wqb_softc *sc = wqb_softc;
	uint64_t kib;
	int error;

	switch (rnode->sysctl_name[0]) {
	case 'c':
		kib = KIB(wqb_ask(XENMEM_current_reservation));
		break;
	case 't':
		kib = KIB(sc->sc_target);
		break;
	case 'm':
		kib = rnode->sysctl_name[1] == 'i' ? KIB(sc->sc_min) :
		    KIB(wqb_ask(XENMEM_maximum_reservation));
		break;
	default:
		return EINVAL;
	}
	node.sysctl_data = &kib;
	error = sysctl_lookup(SYSCTLFN_CALL(&node));
	if (error != 0 || newp == NULL)
		return error;
	if (rnode->sysctl_name[0] == 'm') {
		if (kib < KIB(uvmexp.freemin + 256))
			return EPERM;
		sc->sc_min = kib >> (PAGE_SHIFT - 10);
		return 0;
	}
	if (kib < KIB(sc->sc_min) ||
	    kib > KIB(wqb_ask(XENMEM_maximum_reservation)))
		return EPERM;
	return xenbus_printf(NULL, "memory", "target", "%" PRIu64, kib);
}

static void
wqb_nodes(struct wqb_softc *sc)
{
	static const struct { const char *name; int flags; } leaves[] = {
		{ "current", CTLFLAG_READONLY }, { "max", CTLFLAG_READONLY },
		{ "target", CTLFLAG_READWRITE }, { "min", CTLFLAG_READWRITE },
	};
	const struct sysctlnode *xen = NULL, *balloon = NULL;

	if (sysctl_createv(&sc->sc_log, 0, NULL, &xen, CTLFLAG_PERMANENT,
	    CTLTYPE_NODE, "xen", SYSCTL_DESCR("Xen"), NULL, 0, NULL, 0,
	    CTL_MACHDEP, CTL_CREATE, CTL_EOL) != 0 ||
	    sysctl_createv(&sc->sc_log, 0, &xen, &balloon, 0, CTLTYPE_NODE,
	    "balloon", NULL, NULL, 0, NULL, 0, CTL_CREATE, CTL_EOL) != 0)
		return;
	for (u_int i = 0; i < __arraycount(leaves); i++)
		sysctl_createv(&sc->sc_log, 0, &balloon, NULL, leaves[i].flags,
		    CTLTYPE_QUAD, leaves[i].name, NULL, wqb_node, 0, NULL, 0,
		    CTL_CREATE, CTL_EOL);
}

static int
wqb_match(device_t parent, cfdata_t cf, void *aux)
{
	struct xenbusdev_attach_args *xa = aux;

	return strcmp(xa->xa_type, "balloon") == 0 &&
	    (cf->cf_loc[XENBUSCF_ID] == XENBUSCF_ID_DEFAULT ||
	    cf->cf_loc[XENBUSCF_ID] == xa->xa_id);
}

static void
wqb_attach(device_t parent, device_t self, void *aux)
{
	struct wqb_softc *sc = device_private(self);

	aprint_naive("\n");
	aprint_normal(": Xen Balloon driver\n");
	sc->sc_dev = self;
	sc->sc_target = wqb_ask(XENMEM_current_reservation);
	sc->sc_min = uvmexp.freemin + 256;
	sc->sc_p2mlen = atop(pmap_pa_end);
	TAILQ_INIT(&sc->sc_pages);
	mutex_init(&sc->sc_lock, MUTEX_DEFAULT, IPL_VM);
	callout_init(&sc->sc_again, CALLOUT_MPSAFE);
	callout_setfunc(&sc->sc_again, wqb_again, sc);
	evcnt_attach_dynamic(&sc->sc_ev_up, EVCNT_TYPE_MISC, NULL,
	    device_xname(self), "pages got");
	evcnt_attach_dynamic(&sc->sc_ev_down, EVCNT_TYPE_MISC, NULL,
	    device_xname(self), "pages given");
	evcnt_attach_dynamic(&sc->sc_ev_stuck, EVCNT_TYPE_MISC, &sc->sc_ev_up,
	    device_xname(self), "stuck");
	aprint_normal_dev(self, "current reservation: %" PRIu64 " KiB\n",
	    KIB(sc->sc_target));
	if (workqueue_create(&sc->sc_wq, device_xname(self), wqb_work, sc,
	    PRI_NONE, IPL_VM, WQ_MPSAFE) != 0) {
		aprint_error_dev(self, "unable to create balloon thread\n");
		evcnt_detach(&sc->sc_ev_stuck);
		evcnt_detach(&sc->sc_ev_down);
		evcnt_detach(&sc->sc_ev_up);
		callout_destroy(&sc->sc_again);
		mutex_destroy(&sc->sc_lock);
		return;
	}
	wqb_softc = sc;
	wqb_nodes(sc);
	sc->sc_watch = kmem_zalloc(sizeof(*sc->sc_watch), KM_SLEEP);
	sc->sc_watch->node = kmem_strdup("memory/target", KM_SLEEP);
	sc->sc_watch->xbw_callback = wqb_watch;
	if (register_xenbus_watch(sc->sc_watch) != 0)
		aprint_error_dev(self, "unable to watch memory/target\n");
	pmf_device_register(self, NULL, NULL);
}

static int
wqb_detach(device_t self, int flags)
{
	struct wqb_softc *sc = device_private(self);

	if (sc->sc_npages != 0 && (flags & DETACH_FORCE) == 0)
		return EBUSY;
	unregister_xenbus_watch(sc->sc_watch);
	kmem_strfree(sc->sc_watch->node);
	kmem_free(sc->sc_watch, sizeof(*sc->sc_watch));
	callout_halt(&sc->sc_again, NULL);
	workqueue_wait(sc->sc_wq, &sc->sc_work);
	workqueue_destroy(sc->sc_wq);
	callout_destroy(&sc->sc_again);
	sysctl_teardown(&sc->sc_log);
	evcnt_detach(&sc->sc_ev_stuck);
	evcnt_detach(&sc->sc_ev_down);
	evcnt_detach(&sc->sc_ev_up);
	pmf_device_deregister(self);
	mutex_destroy(&sc->sc_lock);
	return 0;
}
