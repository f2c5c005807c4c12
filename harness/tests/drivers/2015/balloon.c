/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A test's driver, written for Ballast in the manner of 2015: the names and
 * habits of files of that year, and a hot-plug patch with its known faults.
 * It is here to be wrong where such files are.
 */
#include <sys/cdefs.h>
__KERNEL_RCSID(0, "$Ballast: 2015 balloon.c $");

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

#define BLN_STEP	(PAGE_SIZE / sizeof(xen_pfn_t))
#define BLN_RESERVE	256
#define PG2KB(n)	((uint64_t)(n) << (PAGE_SHIFT - 10))
#define KB2PG(k)	((size_t)((k) >> (PAGE_SHIFT - 10)))

/* A page that the domain has and Xen has not. */
struct bln_entry {
	struct vm_page *be_pg;
	SLIST_ENTRY(bln_entry) be_next;
};

struct bln_softc {
	device_t sc_self;
	struct sysctllog *sc_log;
	kmutex_t sc_mtx;		/* target, minimum */
	kcondvar_t sc_wake;
	size_t sc_target;
	size_t sc_min;
	pool_cache_t sc_entries;
	SLIST_HEAD(, bln_entry) sc_list;
	size_t sc_listed;
	xen_pfn_t *sc_frames;
};

static struct xenbus_watch bln_watch;
static struct bln_softc *bln_sc;

static int bln_match(device_t, cfdata_t, void *);
static void bln_attach(device_t, device_t, void *);

CFATTACH_DECL_NEW(balloon, sizeof(struct bln_softc), bln_match, bln_attach,
    NULL, NULL);

static size_t
bln_pages(int op)
{
	int s = splvm();
	domid_t self = DOMID_SELF;
	long n = HYPERVISOR_memory_op(op, &self);

	splx(s);
	return n < 0 ? 0 : (size_t)n;
}

static int
bln_entry_ctor(void *arg, void *obj, int flags)
{
	struct bln_entry *be = obj;

	be->be_pg = uvm_pagealloc(NULL, 0, NULL, UVM_PGA_ZERO);
	return be->be_pg == NULL ? ENOMEM : 0;
}

static void
bln_entry_dtor(void *arg, void *obj)
{
	struct bln_entry *be = obj;

	uvm_pagefree(be->be_pg);
}

static int
bln_memory_op(int op, xen_pfn_t *frames, size_t n)
{
	struct xen_memory_reservation res = {
		.nr_extents = n,
		.extent_order = 0,
		.address_bits = 0,
		.domid = DOMID_SELF
	};
	int s, got;

	xenguest_handle(res.extent_start) = frames;
	s = splvm();
	got = HYPERVISOR_memory_op(op, &res);
	splx(s);
	return got;
}

/* A frame behind a pfn, in both directions. */
static void
bln_bind(paddr_t pa, xen_pfn_t mfn)
{
	int s = splvm();

	xpmap_phys_to_machine_mapping[(pa - XPMAP_OFFSET) >> PAGE_SHIFT] = mfn;
	xpq_queue_machphys_update((paddr_t)mfn << PAGE_SHIFT, pa);
	xpq_flush_queue();
	splx(s);
}

#ifdef UVM_HOTPLUG
/* One page behind the last. */
static bool
bln_plug_one(xen_pfn_t mfn)
{
	paddr_t pa = pmap_pa_end;

	bln_bind(pa, mfn);
	pmap_pa_end += PAGE_SIZE;
	if (!uvm_physmem_plug(atop(pa), 1, NULL)) {
		pmap_pa_end = pa;
		xpmap_phys_to_machine_mapping[atop(pa)] = INVALID_P2M_ENTRY;
		return false;
	}
	return true;
}
#endif

static size_t
bln_grow(struct bln_softc *sc, size_t n)
{
	struct bln_entry *be;
	size_t i;
	int got;

	got = bln_memory_op(XENMEM_increase_reservation, sc->sc_frames, n);
	if (got < (int)n)
		device_printf(sc->sc_self, "increase reservation incomplete: "
		    "was %zu, returned %d\n", n, got);
	if (got <= 0)
		return 0;
	for (i = 0; i < (size_t)got; i++) {
		be = SLIST_FIRST(&sc->sc_list);
		if (be != NULL) {
			bln_bind(VM_PAGE_TO_PHYS(be->be_pg), sc->sc_frames[i]);
			SLIST_REMOVE_HEAD(&sc->sc_list, be_next);
			sc->sc_listed--;
			pool_cache_put(sc->sc_entries, be);
			continue;
		}
#ifdef UVM_HOTPLUG
		if (!bln_plug_one(sc->sc_frames[i]))
			break;
#else
		device_printf(sc->sc_self,
		    "List empty. Cannot be collapsed further!\n");
		break;
#endif
	}
	return i;
}

static size_t
bln_shrink(struct bln_softc *sc, size_t n)
{
	struct bln_entry *be;
	paddr_t pa;
	size_t i;
	int gone;

	for (i = 0; i < n; i++) {
		be = pool_cache_get(sc->sc_entries, PR_WAITOK);
		if (be == NULL)
			break;
		pa = VM_PAGE_TO_PHYS(be->be_pg);
		sc->sc_frames[i] = xpmap_ptom(pa) >> PAGE_SHIFT;
		xpmap_phys_to_machine_mapping[(pa - XPMAP_OFFSET) >> PAGE_SHIFT]
		    = INVALID_P2M_ENTRY;
		SLIST_INSERT_HEAD(&sc->sc_list, be, be_next);
		sc->sc_listed++;
	}
	if (i == 0)
		return 0;
	gone = bln_memory_op(XENMEM_decrease_reservation, sc->sc_frames, i);
	if (gone != (int)i)
		panic("balloon: decrease reservation failed: was %zu, "
		    "returned %d", i, gone);
	return i;
}

static void
bln_thread(void *cookie)
{
	struct bln_softc *sc = cookie;
	size_t current, target, diff, done;

	for (;;) {
		mutex_enter(&sc->sc_mtx);
		while ((target = sc->sc_target) ==
		    (current = bln_pages(XENMEM_current_reservation)))
			cv_wait(&sc->sc_wake, &sc->sc_mtx);
		mutex_exit(&sc->sc_mtx);

		diff = target > current ? target - current : current - target;
		diff = MIN(diff, BLN_STEP);
		if (target > current)
			done = bln_grow(sc, diff);
		else
			done = bln_shrink(sc, diff);
		if (done == diff)
			continue;

		/* This is as far as it goes. */
		current = bln_pages(XENMEM_current_reservation);
		device_printf(sc->sc_self, "WARNING: balloon could not reach "
		    "target %zu (current %zu)\n", target, current);
		mutex_enter(&sc->sc_mtx);
		if (sc->sc_target == target)
			sc->sc_target = current;
		mutex_exit(&sc->sc_mtx);
	}
}

static void
bln_new_target(struct xenbus_watch *watch, const char **vec, unsigned int len)
{
	struct bln_softc *sc = bln_sc;
	unsigned long long kb;
	size_t target;
	int error;

	error = xenbus_read_ull(NULL, bln_watch.node, NULL, &kb, 0);
	if (error) {
		device_printf(sc->sc_self,
		    "error %d, couldn't read xenbus target node\n", error);
		return;
	}
	target = KB2PG(kb);
	if (target < sc->sc_min) {
		device_printf(sc->sc_self, "new target %llu is below min %"
		    PRIu64 "\n", kb, PG2KB(sc->sc_min));
		return;
	}
#ifndef UVM_HOTPLUG
	if (target > bln_pages(XENMEM_current_reservation) + sc->sc_listed) {
		size_t most = bln_pages(XENMEM_current_reservation) +
		    sc->sc_listed;

		device_printf(sc->sc_self, "memory 'hot-plug' unsupported - "
		    "clipping reservation %zu => %zu pages.\n", target, most);
		target = most;
	}
#endif
	mutex_enter(&sc->sc_mtx);
	sc->sc_target = target;
	cv_signal(&sc->sc_wake);
	mutex_exit(&sc->sc_mtx);
}

static int
bln_sysctl_number(SYSCTLFN_ARGS)
{
	struct sysctlnode node = *rnode;
	u_quad_t kb;

	kb = PG2KB(bln_pages(strcmp(rnode->sysctl_name, "max") == 0 ?
	    XENMEM_maximum_reservation : XENMEM_current_reservation));
	node.sysctl_data = &kb;
	return sysctl_lookup(SYSCTLFN_CALL(&node));
}

static int
bln_sysctl_min(SYSCTLFN_ARGS)
{
	struct sysctlnode node = *rnode;
	u_quad_t kb = PG2KB(bln_sc->sc_min);
	int error;

	node.sysctl_data = &kb;
	error = sysctl_lookup(SYSCTLFN_CALL(&node));
	if (error || newp == NULL)
		return error;
	if (KB2PG(kb) < (size_t)uvmexp.freemin + BLN_RESERVE) {
		device_printf(bln_sc->sc_self,
		    "cannot set min below minimum safe value (%d)\n",
		    (int)PG2KB(uvmexp.freemin + BLN_RESERVE));
		return EPERM;
	}
	bln_sc->sc_min = KB2PG(kb);
	return 0;
}

static int
bln_sysctl_target(SYSCTLFN_ARGS)
{
	struct sysctlnode node = *rnode;
	u_quad_t kb = PG2KB(bln_sc->sc_target);
	int error;

	node.sysctl_data = &kb;
	error = sysctl_lookup(SYSCTLFN_CALL(&node));
	if (error || newp == NULL)
		return error;
	if (KB2PG(kb) < bln_sc->sc_min ||
	    KB2PG(kb) > bln_pages(XENMEM_maximum_reservation))
		return EPERM;
	error = xenbus_printf(NULL, "memory", "target", "%" PRIu64, kb);
	if (error)
		device_printf(bln_sc->sc_self,
		    "error %d, couldn't write xenbus target node\n", error);
	return error;
}

static void
bln_sysctl_setup(struct bln_softc *sc)
{
	const struct sysctlnode *node = NULL;

	sysctl_createv(&sc->sc_log, 0, NULL, &node, 0, CTLTYPE_NODE,
	    "machdep", NULL, NULL, 0, NULL, 0, CTL_MACHDEP, CTL_EOL);
	sysctl_createv(&sc->sc_log, 0, &node, &node, 0, CTLTYPE_NODE,
	    "xen", NULL, NULL, 0, NULL, 0, CTL_CREATE, CTL_EOL);
	sysctl_createv(&sc->sc_log, 0, &node, &node, 0, CTLTYPE_NODE,
	    "balloon", NULL, NULL, 0, NULL, 0, CTL_CREATE, CTL_EOL);
	sysctl_createv(&sc->sc_log, 0, &node, NULL, CTLFLAG_READONLY,
	    CTLTYPE_QUAD, "current", NULL, bln_sysctl_number, 0, NULL, 0,
	    CTL_CREATE, CTL_EOL);
	sysctl_createv(&sc->sc_log, 0, &node, NULL, CTLFLAG_READWRITE,
	    CTLTYPE_QUAD, "target", NULL, bln_sysctl_target, 0, NULL, 0,
	    CTL_CREATE, CTL_EOL);
	sysctl_createv(&sc->sc_log, 0, &node, NULL, CTLFLAG_READWRITE,
	    CTLTYPE_QUAD, "min", NULL, bln_sysctl_min, 0, NULL, 0,
	    CTL_CREATE, CTL_EOL);
	sysctl_createv(&sc->sc_log, 0, &node, NULL, CTLFLAG_READONLY,
	    CTLTYPE_QUAD, "max", NULL, bln_sysctl_number, 0, NULL, 0,
	    CTL_CREATE, CTL_EOL);
}

static int
bln_match(device_t parent, cfdata_t match, void *aux)
{
	struct xenbusdev_attach_args *xa = aux;

	if (strcmp(xa->xa_type, "balloon") != 0)
		return 0;
	if (match->cf_loc[XENBUSCF_ID] != XENBUSCF_ID_DEFAULT &&
	    match->cf_loc[XENBUSCF_ID] != xa->xa_id)
		return 0;
	return 1;
}

static void
bln_attach(device_t parent, device_t self, void *aux)
{
	struct bln_softc *sc = device_private(self);

	aprint_normal(": Xen Balloon driver\n");
	bln_sc = sc;
	sc->sc_self = self;
	sc->sc_target = bln_pages(XENMEM_current_reservation);
	sc->sc_min = uvmexp.freemin + BLN_RESERVE;
	sc->sc_frames = kmem_alloc(BLN_STEP * sizeof(xen_pfn_t), KM_SLEEP);
	SLIST_INIT(&sc->sc_list);
	mutex_init(&sc->sc_mtx, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&sc->sc_wake, "balloon");
	sc->sc_entries = pool_cache_init(sizeof(struct bln_entry), 0, 0, 0,
	    "xen_balloon", NULL, IPL_NONE, bln_entry_ctor, bln_entry_dtor,
	    NULL);
	aprint_normal_dev(self, "current reservation: %" PRIu64 " KiB\n",
	    PG2KB(sc->sc_target));
#ifdef DIAGNOSTIC
	aprint_normal_dev(self, "max reservation: %" PRIu64 " KiB\n",
	    PG2KB(bln_pages(XENMEM_maximum_reservation)));
#endif
	bln_sysctl_setup(sc);
	if (kthread_create(PRI_NONE, KTHREAD_MPSAFE, NULL, bln_thread, sc,
	    NULL, "xen_balloon") != 0) {
		aprint_error_dev(self, "unable to create balloon thread\n");
		return;
	}
	bln_watch.node = __UNCONST("memory/target");
	bln_watch.xbw_callback = bln_new_target;
	if (register_xenbus_watch(&bln_watch) != 0)
		aprint_error_dev(self, "unable to watch memory/target\n");
}
