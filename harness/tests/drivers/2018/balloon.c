/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A test's driver, written for Ballast in the manner of 2018: pages that were
 * given up on an SLIST of entries, then new ones plugged one by one at the end
 * of memory, and an undo that gives the rest of a batch back.
 */
#include <sys/cdefs.h>
__KERNEL_RCSID(0, "$Ballast: 2018 balloon.c $");

#if defined(_KERNEL_OPT)
#include "opt_uvm_hotplug.h"
#endif

#include <sys/inttypes.h>
#include <sys/device.h>
#include <sys/param.h>

#include <sys/atomic.h>
#include <sys/condvar.h>
#include <sys/kernel.h>
#include <sys/kmem.h>
#include <sys/kthread.h>
#include <sys/mutex.h>
#include <sys/pool.h>
#include <sys/queue.h>
#include <sys/sysctl.h>

#include <xen/xen.h>
#include <xen/xenbus.h>
#include <xen/balloon.h>

#include <uvm/uvm.h>
#include <uvm/uvm_physseg.h>
#include <xen/xenpmap.h>

#include "locators.h"

#define VB_BATCH	((int)(PAGE_SIZE / sizeof(xen_pfn_t)))
#define VB_KEEP		256

struct vb_page {
	struct vm_page *vp_pg;
	SLIST_ENTRY(vb_page) vp_link;
};

struct vb_softc {
	device_t	vb_dev;
	struct sysctllog *vb_clog;
	struct xenbus_watch vb_watch;
	kmutex_t	vb_lock;
	kcondvar_t	vb_cond;
	size_t		vb_want;	/* pages; vb_lock */
	size_t		vb_floor;
	bool		vb_changed;	/* vb_lock */
	kmutex_t	vb_list_lock;
	SLIST_HEAD(, vb_page) vb_list;
	size_t		vb_nlist;	/* vb_list_lock */
	pool_cache_t	vb_cache;
};

static struct vb_softc *vb_the;
static xen_pfn_t vb_mfns[PAGE_SIZE / sizeof(xen_pfn_t)];

static int vb_match(device_t, cfdata_t, void *);
static void vb_attach(device_t, device_t, void *);

CFATTACH_DECL_NEW(balloon, sizeof(struct vb_softc), vb_match, vb_attach,
    NULL, NULL);

static inline u_quad_t
vb_kib(size_t pages)
{
	return (u_quad_t)ptoa(pages) / 1024;
}

static size_t
vb_reservation(unsigned int which)
{
	domid_t domid = DOMID_SELF;
	long rc = HYPERVISOR_memory_op(which, &domid);

	KASSERT(rc > 0);
	return rc;
}

static int
vb_page_ctor(void *arg __unused, void *obj, int flags __unused)
{
	struct vb_page *vp = obj;

	vp->vp_pg = uvm_pagealloc(NULL, 0, NULL, UVM_PGA_ZERO);
	return vp->vp_pg != NULL ? 0 : ENOMEM;
}

static void
vb_page_dtor(void *arg __unused, void *obj)
{
	struct vb_page *vp = obj;

	uvm_pagefree(vp->vp_pg);
	vp->vp_pg = NULL;
}

static int
vb_xen(unsigned int op, xen_pfn_t *mfns, int n)
{
	struct xen_memory_reservation r;

	memset(&r, 0, sizeof(r));
	set_xen_guest_handle(r.extent_start, mfns);
	r.nr_extents = n;
	r.domid = DOMID_SELF;
	return HYPERVISOR_memory_op(op, &r);
}

static void
vb_connect(paddr_t pa, xen_pfn_t mfn)
{
	const paddr_t ma = (paddr_t)mfn << PAGE_SHIFT;

#ifdef DEBUG
	if (xpmap_ptom_isvalid(pa))
		panic("%s: %#" PRIxPADDR " has a frame", __func__, pa);
#endif
	xpmap_ptom_map(pa, ma);
	xpq_queue_machphys_update(ma, pa);
	xpq_flush_queue();
}

#ifdef UVM_HOTPLUG
static bool
vb_append(xen_pfn_t mfn)
{
	const paddr_t pa = pmap_pa_end;

	if (atop(pa) >= xen_start_info.nr_p2m_frames *
	    (PAGE_SIZE / sizeof(xen_pfn_t)))
		return false;
	vb_connect(pa, mfn);
	pmap_pa_end = pa + PAGE_SIZE;
	if (uvm_physseg_plug(atop(pa), 1, NULL))
		return true;
	pmap_pa_end = pa;
	xpmap_ptom_unmap(pa);
	return false;
}
#endif

/* Returns the pages that came, or a negative number. */
static int
vb_more(struct vb_softc *sc, int n)
{
	struct vb_page *vp;
	int got, i, back;

	got = vb_xen(XENMEM_increase_reservation, vb_mfns, n);
	if (got != n)
		device_printf(sc->vb_dev, "increase reservation incomplete: "
		    "was %zu, returned %d\n", (size_t)n, got);
	for (i = 0; i < got; i++) {
		mutex_enter(&sc->vb_list_lock);
		vp = SLIST_FIRST(&sc->vb_list);
		if (vp != NULL) {
			SLIST_REMOVE_HEAD(&sc->vb_list, vp_link);
			sc->vb_nlist--;
		}
		mutex_exit(&sc->vb_list_lock);
		if (vp != NULL) {
			vb_connect(VM_PAGE_TO_PHYS(vp->vp_pg), vb_mfns[i]);
			pool_cache_put(sc->vb_cache, vp);
			continue;
		}
#ifdef UVM_HOTPLUG
		if (vb_append(vb_mfns[i]))
			continue;
#endif
		device_printf(sc->vb_dev,
		    "List empty. Cannot be collapsed further!\n");
		break;
	}
	/* Entries that were put back hold their pages until they are drained. */
	pool_cache_invalidate(sc->vb_cache);
	if (i < got) {
		back = vb_xen(XENMEM_decrease_reservation, vb_mfns + i,
		    got - i);
		if (back != got - i)
			panic("%s: %d of %d frames can't be given back",
			    __func__, got - i - back, got - i);
	}
	return got < 0 ? got : i;
}

static int
vb_less(struct vb_softc *sc, int n)
{
	struct vb_page *vp;
	paddr_t pa;
	int i, rc;

	for (i = 0; i < n; i++) {
		vp = pool_cache_get(sc->vb_cache, PR_WAITOK);
		if (vp == NULL)
			break;
		pa = VM_PAGE_TO_PHYS(vp->vp_pg);
		vb_mfns[i] = xpmap_ptom(pa) >> PAGE_SHIFT;
		xpmap_ptom_unmap(pa);
		mutex_enter(&sc->vb_list_lock);
		SLIST_INSERT_HEAD(&sc->vb_list, vp, vp_link);
		sc->vb_nlist++;
		mutex_exit(&sc->vb_list_lock);
	}
	if (i == 0)
		return 0;
	rc = vb_xen(XENMEM_decrease_reservation, vb_mfns, i);
	if (rc != i)
		panic("%s: error %d, couldn't release %d pages", __func__, rc,
		    i);
	return i;
}

static void
vb_thread(void *cookie)
{
	struct vb_softc *sc = cookie;
	size_t now, want;
	int rc, n;

	for (;;) {
		mutex_enter(&sc->vb_lock);
		while (!sc->vb_changed)
			cv_wait(&sc->vb_cond, &sc->vb_lock);
		sc->vb_changed = false;
		want = sc->vb_want;
		mutex_exit(&sc->vb_lock);

		for (;;) {
			now = vb_reservation(XENMEM_current_reservation);
			if (now == want)
				break;
			if (now > want) {
				n = MIN(now - want, (size_t)VB_BATCH);
				rc = vb_less(sc, n);
			} else {
				n = MIN(want - now, (size_t)VB_BATCH);
				rc = vb_more(sc, n);
			}
			if (rc != n)
				break;
			mutex_enter(&sc->vb_lock);
			want = sc->vb_want;
			mutex_exit(&sc->vb_lock);
		}
		now = vb_reservation(XENMEM_current_reservation);
		if (now != want)
			device_printf(sc->vb_dev, "WARNING: balloon could not "
			    "reach target %zu (current %zu)\n", want, now);
	}
}

static void
vb_target_watch(struct xenbus_watch *watch, const char **vec __unused,
    unsigned int len __unused)
{
	struct vb_softc *sc = vb_the;
	unsigned long long kib;
	size_t want, now, most;
	int error;

	error = xenbus_read_ull(NULL, watch->node, NULL, &kib, 10);
	if (error != 0) {
		device_printf(sc->vb_dev,
		    "error %d, couldn't read xenbus target node\n", error);
		return;
	}
	want = atop(kib * 1024);
	now = vb_reservation(XENMEM_current_reservation);
	mutex_enter(&sc->vb_list_lock);
	most = now + sc->vb_nlist;
	mutex_exit(&sc->vb_list_lock);
#ifdef UVM_HOTPLUG
	most = MAX(most, xen_start_info.nr_p2m_frames *
	    (PAGE_SIZE / sizeof(xen_pfn_t)));
#endif
	mutex_enter(&sc->vb_lock);
	if (want < sc->vb_floor) {
		mutex_exit(&sc->vb_lock);
		device_printf(sc->vb_dev, "new target %llu is below min %"
		    PRIu64 "\n", kib, vb_kib(sc->vb_floor));
		return;
	}
	if (want > most) {
		device_printf(sc->vb_dev, "memory 'hot-plug' unsupported - "
		    "clipping reservation %zu => %zu pages.\n", want, most);
		want = most;
	}
	if (want != now)
		device_printf(sc->vb_dev, "current reservation: %zu pages => "
		    "target: %zu pages\n", now, want);
	sc->vb_want = want;
	sc->vb_changed = true;
	cv_signal(&sc->vb_cond);
	mutex_exit(&sc->vb_lock);
}

/* All four; which one is told by its name. */
static int
vb_sysctl(SYSCTLFN_ARGS)
{
	struct sysctlnode node = *rnode;
	struct vb_softc *sc = vb_the;
	u_quad_t kib;
	int error;

	switch (rnode->sysctl_name[0]) {
	case 'c':
		kib = vb_kib(vb_reservation(XENMEM_current_reservation));
		break;
	case 't':
		kib = vb_kib(sc->vb_want);
		break;
	case 'm':
		kib = rnode->sysctl_name[1] == 'i' ? vb_kib(sc->vb_floor) :
		    vb_kib(vb_reservation(XENMEM_maximum_reservation));
		break;
	default:
		return EINVAL;
	}
	node.sysctl_data = &kib;
	error = sysctl_lookup(SYSCTLFN_CALL(&node));
	if (error != 0 || newp == NULL)
		return error;
	if (rnode->sysctl_name[0] == 'm') {
		if (kib < vb_kib(uvmexp.freemin + VB_KEEP)) {
			device_printf(sc->vb_dev, "cannot set min below "
			    "minimum safe value (%d)\n",
			    (int)vb_kib(uvmexp.freemin + VB_KEEP));
			return EPERM;
		}
		mutex_enter(&sc->vb_lock);
		sc->vb_floor = atop(kib * 1024);
		mutex_exit(&sc->vb_lock);
		return 0;
	}
	if (kib < vb_kib(sc->vb_floor)) {
		device_printf(sc->vb_dev, "new target %" PRIu64
		    " is below min %" PRIu64 "\n", kib, vb_kib(sc->vb_floor));
		return EPERM;
	}
	if (kib > vb_kib(vb_reservation(XENMEM_maximum_reservation))) {
		device_printf(sc->vb_dev, "new target %" PRIu64
		    " is above max %" PRIu64 "\n", kib,
		    vb_kib(vb_reservation(XENMEM_maximum_reservation)));
		return EPERM;
	}
	error = xenbus_printf(NULL, "memory", "target", "%" PRIu64, kib);
	if (error != 0)
		device_printf(sc->vb_dev,
		    "error %d, couldn't write xenbus target node\n", error);
	return error;
}

static void
vb_sysctl_init(struct vb_softc *sc)
{
	static const struct {
		const char *name, *descr;
		int flags;
	} leaves[] = {
		{ "current", "Domain's current memory reservation from "
		    "hypervisor, in KiB.", CTLFLAG_READONLY },
		{ "target", "Target memory reservation for domain, in KiB.",
		    CTLFLAG_READWRITE },
		{ "min", "Minimum amount of memory the domain reserves, "
		    "in KiB.", CTLFLAG_READWRITE },
		{ "max", "Maximum amount of memory the domain can use, "
		    "in KiB.", CTLFLAG_READONLY },
	};
	static const char *const dirs[] = { "machdep", "xen", "balloon" };
	const struct sysctlnode *node = NULL;

	for (size_t i = 0; i < __arraycount(dirs); i++)
		sysctl_createv(&sc->vb_clog, 0, i == 0 ? NULL : &node, &node,
		    CTLFLAG_PERMANENT, CTLTYPE_NODE, dirs[i], NULL, NULL, 0,
		    NULL, 0, i == 0 ? CTL_MACHDEP : CTL_CREATE, CTL_EOL);
	for (size_t i = 0; i < __arraycount(leaves); i++)
		sysctl_createv(&sc->vb_clog, 0, &node, NULL,
		    CTLFLAG_PERMANENT | leaves[i].flags, CTLTYPE_QUAD,
		    leaves[i].name, SYSCTL_DESCR(leaves[i].descr), vb_sysctl, 0,
		    NULL, 0, CTL_CREATE, CTL_EOL);
}

static int
vb_match(device_t parent __unused, cfdata_t match, void *aux)
{
	const struct xenbusdev_attach_args *xa = aux;

	return strcmp(xa->xa_type, "balloon") == 0 &&
	    (match->cf_loc[XENBUSCF_ID] == XENBUSCF_ID_DEFAULT ||
	    match->cf_loc[XENBUSCF_ID] == xa->xa_id);
}

static void
vb_attach(device_t parent __unused, device_t self, void *aux __unused)
{
	struct vb_softc *sc = device_private(self);
	int error;

	KASSERT(vb_the == NULL);
	vb_the = sc;
	aprint_normal(": Xen Balloon driver\n");
	sc->vb_dev = self;
	mutex_init(&sc->vb_lock, MUTEX_DEFAULT, IPL_NONE);
	mutex_init(&sc->vb_list_lock, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&sc->vb_cond, "xenballn");
	SLIST_INIT(&sc->vb_list);
	sc->vb_cache = pool_cache_init(sizeof(struct vb_page), 0, 0, 0,
	    "vbpage", NULL, IPL_NONE, vb_page_ctor, vb_page_dtor, NULL);
	KASSERT(sc->vb_cache != NULL);
	sc->vb_want = vb_reservation(XENMEM_current_reservation);
	sc->vb_floor = uvmexp.freemin + VB_KEEP;
	aprint_normal_dev(self, "current reservation: %" PRIu64 " KiB\n",
	    vb_kib(sc->vb_want));

	vb_sysctl_init(sc);
	sc->vb_watch.node = __UNCONST("memory/target");
	sc->vb_watch.xbw_callback = vb_target_watch;
	error = register_xenbus_watch(&sc->vb_watch);
	if (error != 0) {
		aprint_error_dev(self, "unable to watch memory/target\n");
		goto bad;
	}
	error = kthread_create(PRI_NONE, KTHREAD_MPSAFE, NULL, vb_thread, sc,
	    NULL, "%s", device_xname(self));
	if (error != 0) {
		aprint_error_dev(self, "unable to create balloon thread\n");
		unregister_xenbus_watch(&sc->vb_watch);
		goto bad;
	}
	(void)pmf_device_register(self, NULL, NULL);
	return;
bad:
	sysctl_teardown(&sc->vb_clog);
	pool_cache_destroy(sc->vb_cache);
	cv_destroy(&sc->vb_cond);
	mutex_destroy(&sc->vb_list_lock);
	mutex_destroy(&sc->vb_lock);
}
