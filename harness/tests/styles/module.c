/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A balloon driver as a module(9): what is global is set up once(9), nodes are
 * made by SYSCTL_SETUP, the thread begins when interrupts work, and ends with
 * the device.  Pages come and go as lists of UVM's, percpu(9) counters and SDT
 * probes tell of it, and localcount(9) keeps the softc in its place.
 */
#include <sys/cdefs.h>
__KERNEL_RCSID(0, "$Ballast: module.c $");

#ifdef _KERNEL_OPT
#include "opt_uvm_hotplug.h"
#endif

#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/condvar.h>
#include <sys/cpu.h>
#include <sys/device.h>
#include <sys/inttypes.h>
#include <sys/kcpuset.h>
#include <sys/kmem.h>
#include <sys/kthread.h>
#include <sys/localcount.h>
#include <sys/module.h>
#include <sys/mutex.h>
#include <sys/once.h>
#include <sys/percpu.h>
#include <sys/sdt.h>
#include <sys/sysctl.h>
#include <sys/xcall.h>

#include <uvm/uvm.h>
#include <uvm/uvm_extern.h>
#include <uvm/uvm_pglist.h>
#include <uvm/uvm_physseg.h>

#include <xen/hypervisor.h>
#include <xen/xenbus.h>
#include <xen/xenpmap.h>

MODULE(MODULE_CLASS_DRIVER, balloon, "xenbus");

SDT_PROVIDER_DEFINE(balloon);
SDT_PROBE_DEFINE2(balloon, driver, step, start, "size_t"/*now*/,
    "size_t"/*target*/);
SDT_PROBE_DEFINE1(balloon, driver, step, done, "size_t"/*moved*/);

#define BATCH 512U

struct modball_count {
	uint64_t mc_up, mc_down;
};

struct modball_softc {
	device_t sc_dev;
	kmutex_t *sc_lock;
	kcondvar_t sc_cv;
	struct localcount sc_users;
	lwp_t *sc_lwp;
	bool sc_dying;
	volatile u_long sc_target;
	u_long sc_floor;
	struct pglist sc_free;		/* ballooned */
	u_long sc_nfree;
	xen_pfn_t *sc_mfn;
	u_long sc_p2m_pages;
	struct xenbus_watch *sc_watch;
};

static once_t modball_once;
static kmutex_t modball_global_lock;
static kcondvar_t modball_global_cv;
static percpu_t *modball_counts;
static struct modball_softc *modball_sc;
static const struct sysctlnode *modball_node;

static int modball_match(device_t, cfdata_t, void *);
static void modball_attach(device_t, device_t, void *);
static int modball_detach(device_t, int);
static void modball_start(device_t);

CFATTACH_DECL_NEW(balloon, sizeof(struct modball_softc), modball_match,
    modball_attach, modball_detach, NULL);

static int
modball_init(void)
{
	kcpuset_t *cpus;

	mutex_init(&modball_global_lock, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&modball_global_cv, "ballgone");
	modball_counts = percpu_alloc(sizeof(struct modball_count));
	kcpuset_create(&cpus, true);
	kcpuset_copy(cpus, kcpuset_running);
	KASSERT(kcpuset_isset(cpus, cpu_index(curcpu())));
	KASSERT(kcpuset_countset(cpus) == ncpu);
	kcpuset_destroy(cpus);
	return 0;
}

static int
balloon_modcmd(modcmd_t cmd, void *opaque)
{
	switch (cmd) {
	case MODULE_CMD_INIT:
		return RUN_ONCE(&modball_once, modball_init);
	case MODULE_CMD_FINI:
		return EBUSY;
	default:
		return ENOTTY;
	}
}

static struct modball_softc *
modball_acquire(void)
{
	struct modball_softc *sc;

	mutex_enter(&modball_global_lock);
	sc = modball_sc;
	if (sc != NULL)
		localcount_acquire(&sc->sc_users);
	mutex_exit(&modball_global_lock);
	return sc;
}

static void
modball_release(struct modball_softc *sc)
{
	localcount_release(&sc->sc_users, &modball_global_cv,
	    &modball_global_lock);
}

static u_long
modball_pages(int what)
{
	domid_t me = DOMID_SELF;
	int n = HYPERVISOR_memory_op(what, &me);

	return n < 0 ? 0 : n;
}

static u_long
modball_op(struct modball_softc *sc, int what, u_long first, u_long n)
{
	struct xen_memory_reservation res;
	int rv;

	memset(&res, 0, sizeof(res));
	set_xen_guest_handle(res.extent_start, &sc->sc_mfn[first]);
	res.nr_extents = n;
	res.domid = DOMID_SELF;
	rv = HYPERVISOR_memory_op(what, &res);
	if (rv != (int)n && what == XENMEM_increase_reservation)
		device_printf(sc->sc_dev, "increase reservation incomplete: "
		    "was %lu, returned %d\n", n, rv);
	return rv < 0 ? 0 : rv;
}

static void
modball_join(paddr_t pa, xen_pfn_t mfn)
{
	xpmap_ptom_map(pa, ptoa((paddr_t)mfn));
	xpq_queue_machphys_update(ptoa((paddr_t)mfn), pa);
}

static u_long
modball_down(struct modball_softc *sc, u_long n)
{
	struct modball_count *count;
	struct pglist got;
	struct vm_page *pg;
	u_long i, gone;

	TAILQ_INIT(&got);
	while (n > 0 && uvm_pglistalloc(ptoa(n), 0, ~(paddr_t)0, PAGE_SIZE, 0,
	    &got, n, 0) != 0)
		n /= 2;
	if (n == 0)
		return 0;
	i = 0;
	TAILQ_FOREACH(pg, &got, pageq.queue) {
		paddr_t pa = VM_PAGE_TO_PHYS(pg);

		pmap_zero_page(pa);
		sc->sc_mfn[i++] = atop(xpmap_ptom(pa));
		xpmap_ptom_unmap(pa);
	}
	KASSERTMSG(i == n, "%lu pages of %lu", i, n);
	gone = modball_op(sc, XENMEM_decrease_reservation, 0, n);
	for (i = 0; i < gone; i++) {
		pg = TAILQ_FIRST(&got);
		TAILQ_REMOVE(&got, pg, pageq.queue);
		TAILQ_INSERT_HEAD(&sc->sc_free, pg, pageq.queue);
	}
	sc->sc_nfree += gone;
	TAILQ_FOREACH(pg, &got, pageq.queue)
		modball_join(VM_PAGE_TO_PHYS(pg), sc->sc_mfn[i++]);
	xpq_flush_queue();
	uvm_pglistfree(&got);

	count = percpu_getref(modball_counts);
	count->mc_down += gone;
	percpu_putref(modball_counts);
	return gone;
}

static u_long
modball_up(struct modball_softc *sc, u_long n)
{
	struct modball_count *count;
	struct pglist back;
	struct vm_page *pg;
	u_long i, got;

	got = modball_op(sc, XENMEM_increase_reservation, 0,
	    MIN(n, sc->sc_nfree));
	TAILQ_INIT(&back);
	for (i = 0; i < got; i++) {
		pg = TAILQ_FIRST(&sc->sc_free);
		TAILQ_REMOVE(&sc->sc_free, pg, pageq.queue);
		TAILQ_INSERT_TAIL(&back, pg, pageq.queue);
		modball_join(VM_PAGE_TO_PHYS(pg), sc->sc_mfn[i]);
	}
	sc->sc_nfree -= got;
	xpq_flush_queue();
	uvm_pglistfree(&back);

	count = percpu_getref(modball_counts);
	count->mc_up += got;
	percpu_putref(modball_counts);
	return got;
}

#ifdef UVM_HOTPLUG
static u_long
modball_plug(struct modball_softc *sc, u_long n)
{
	paddr_t first = atop(pmap_pa_end);
	u_long got, i, back;

	if (first + n > sc->sc_p2m_pages) {
		u_long more = MAX(first + n,
		    modball_pages(XENMEM_maximum_reservation));
		unsigned long *p2m = kmem_alloc(more * sizeof(*p2m),
		    KM_NOSLEEP);

		if (p2m == NULL)
			return 0;
		for (i = 0; i < more; i++)
			p2m[i] = i < sc->sc_p2m_pages ?
			    xpmap_phys_to_machine_mapping[i] :
			    INVALID_P2M_ENTRY;
		membar_release();
		xpmap_phys_to_machine_mapping = p2m;
		sc->sc_p2m_pages = more;
		xc_barrier(0);
	}
	got = modball_op(sc, XENMEM_increase_reservation, 0, n);
	for (i = 0; i < got; i++)
		modball_join(ptoa(first + i), sc->sc_mfn[i]);
	xpq_flush_queue();
	pmap_pa_end = ptoa(first + got);
	for (i = 0; i < got && uvm_physseg_plug(first + i, 1, NULL); i++) {
		if (i == 0 && got > 1 &&
		    uvm_physseg_plug(first + 1, got - 1, NULL)) {
			i = got;
			break;
		}
	}
	if (i == got)
		return got;
	for (back = i; back < got; back++)
		xpmap_ptom_unmap(ptoa(first + back));
	pmap_pa_end = ptoa(first + i);
	for (back = i; back < got;
	    back += modball_op(sc, XENMEM_decrease_reservation, back,
	    got - back))
		preempt();
	return i;
}
#endif

static void
modball_thread(void *arg)
{
	struct modball_softc *sc = arg;
	u_long now, target, moved;
	int ticks = hz;

	mutex_enter(sc->sc_lock);
	while (!sc->sc_dying) {
		now = modball_pages(XENMEM_current_reservation);
		target = atomic_load_relaxed(&sc->sc_target);
#ifndef UVM_HOTPLUG
		if (target > now + sc->sc_nfree) {
			device_printf(sc->sc_dev, "memory 'hot-plug' "
			    "unsupported - clipping reservation %lu => %lu "
			    "pages.\n", target, now + sc->sc_nfree);
			target = now + sc->sc_nfree;
			atomic_store_relaxed(&sc->sc_target, target);
		}
#endif
		if (now == target) {
			ticks = hz;
			cv_wait(&sc->sc_cv, sc->sc_lock);
			continue;
		}
		mutex_exit(sc->sc_lock);
		SDT_PROBE2(balloon, driver, step, start, now, target);
		if (target < now)
			moved = modball_down(sc, MIN(now - target, BATCH));
		else if (sc->sc_nfree != 0)
			moved = modball_up(sc, MIN(target - now, BATCH));
#ifdef UVM_HOTPLUG
		else
			moved = modball_plug(sc, MIN(target - now, BATCH));
#else
		else
			moved = 0;
#endif
		SDT_PROBE1(balloon, driver, step, done, moved);
		mutex_enter(sc->sc_lock);
		if (moved != 0) {
			ticks = hz;
			continue;
		}
		device_printf(sc->sc_dev, "WARNING: balloon could not reach "
		    "target %lu (current %lu)\n", target, now);
		if (cv_timedwait(&sc->sc_cv, sc->sc_lock, ticks) == EWOULDBLOCK)
			ticks = MIN(ticks * 2, 600 * hz);
		else
			ticks = hz;
	}
	mutex_exit(sc->sc_lock);
	kthread_exit(0);
}

static void
modball_target(struct xenbus_watch *watch, const char **vec, unsigned int len)
{
	struct modball_softc *sc = modball_acquire();
	unsigned long long kib;

	if (sc == NULL)
		return;
	if (xenbus_read_ull(NULL, "memory", "target", &kib, 10) == 0 &&
	    kib / (PAGE_SIZE / 1024) >= sc->sc_floor) {
		mutex_enter(sc->sc_lock);
		atomic_store_relaxed(&sc->sc_target, kib / (PAGE_SIZE / 1024));
		cv_broadcast(&sc->sc_cv);
		mutex_exit(sc->sc_lock);
	} else
		device_printf(sc->sc_dev, "no new target\n");
	modball_release(sc);
}

static int
modball_sysctl(SYSCTLFN_ARGS)
{
	struct sysctlnode node = *rnode;
	struct modball_softc *sc = modball_acquire();
	u_quad_t kib, min;
	const char which = rnode->sysctl_name[2];
	int error;

	if (sc == NULL)
		return ENXIO;
	min = (u_quad_t)sc->sc_floor * (PAGE_SIZE / 1024);
	kib = which == 'n' ? min : (u_quad_t)(PAGE_SIZE / 1024) *
	    (which == 'r' && rnode->sysctl_name[0] == 't' ? sc->sc_target :
	    modball_pages(which == 'x' ? XENMEM_maximum_reservation :
	    XENMEM_current_reservation));
	node.sysctl_data = &kib;
	error = sysctl_lookup(SYSCTLFN_CALL(&node));
	if (error == 0 && newp != NULL) {
		if (which == 'n') {
			if (kib < (uvmexp.freemin + 256) * (PAGE_SIZE / 1024))
				error = EPERM;
			else
				sc->sc_floor = kib / (PAGE_SIZE / 1024);
		} else if (kib < min || kib / (PAGE_SIZE / 1024) >
		    modball_pages(XENMEM_maximum_reservation))
			error = EPERM;
		else
			error = xenbus_printf(NULL, "memory", "target",
			    "%" PRIu64, (uint64_t)kib);
	}
	modball_release(sc);
	return error;
}

SYSCTL_SETUP(sysctl_machdep_balloon_setup, "machdep.xen.balloon")
{
	const struct sysctlnode *xen;

	if (sysctl_createv(clog, 0, NULL, &xen, CTLFLAG_PERMANENT,
	    CTLTYPE_NODE, "xen", NULL, NULL, 0, NULL, 0,
	    CTL_MACHDEP, CTL_CREATE, CTL_EOL) != 0)
		return;
	if (sysctl_createv(clog, 0, &xen, &modball_node, CTLFLAG_PERMANENT,
	    CTLTYPE_NODE, "balloon", NULL, NULL, 0, NULL, 0,
	    CTL_CREATE, CTL_EOL) != 0)
		return;
	sysctl_createv(clog, 0, &modball_node, NULL,
	    CTLFLAG_PERMANENT | CTLFLAG_READONLY, CTLTYPE_QUAD, "current",
	    NULL, modball_sysctl, 0, NULL, 0, CTL_CREATE, CTL_EOL);
	sysctl_createv(clog, 0, &modball_node, NULL,
	    CTLFLAG_PERMANENT | CTLFLAG_READONLY, CTLTYPE_QUAD, "max",
	    NULL, modball_sysctl, 0, NULL, 0, CTL_CREATE, CTL_EOL);
	sysctl_createv(clog, 0, &modball_node, NULL,
	    CTLFLAG_PERMANENT | CTLFLAG_READWRITE, CTLTYPE_QUAD, "target",
	    NULL, modball_sysctl, 0, NULL, 0, CTL_CREATE, CTL_EOL);
	sysctl_createv(clog, 0, &modball_node, NULL,
	    CTLFLAG_PERMANENT | CTLFLAG_READWRITE, CTLTYPE_QUAD, "min",
	    NULL, modball_sysctl, 0, NULL, 0, CTL_CREATE, CTL_EOL);
}

static int
modball_match(device_t parent, cfdata_t match, void *aux)
{
	const struct xenbusdev_attach_args *xa = aux;

	return strcmp(xa->xa_type, "balloon") == 0;
}

static void
modball_attach(device_t parent, device_t self, void *aux)
{
	struct modball_softc *sc = device_private(self);

	aprint_normal(": Xen Balloon driver\n");
	sc->sc_dev = self;
	sc->sc_lock = mutex_obj_alloc(MUTEX_DEFAULT, IPL_NONE);
	cv_init(&sc->sc_cv, "balloon");
	localcount_init(&sc->sc_users);
	TAILQ_INIT(&sc->sc_free);
	sc->sc_mfn = kmem_alloc(BATCH * sizeof(*sc->sc_mfn), KM_SLEEP);
	sc->sc_target = modball_pages(XENMEM_current_reservation);
	sc->sc_floor = uvmexp.freemin + 256;
	sc->sc_p2m_pages = atop(pmap_pa_end);
	device_printf(self, "current reservation: %lu KiB\n",
	    sc->sc_target * (PAGE_SIZE / 1024));
	mutex_enter(&modball_global_lock);
	modball_sc = sc;
	mutex_exit(&modball_global_lock);
	config_interrupts(self, modball_start);
}

static void
modball_start(device_t self)
{
	struct modball_softc *sc = device_private(self);
	int error;

	error = kthread_create(PRI_NONE, KTHREAD_MPSAFE | KTHREAD_MUSTJOIN,
	    NULL, modball_thread, sc, &sc->sc_lwp, "%s", device_xname(self));
	if (error) {
		aprint_error_dev(self, "unable to create balloon thread: %d\n",
		    error);
		mutex_enter(&modball_global_lock);
		modball_sc = NULL;
		mutex_exit(&modball_global_lock);
		kmem_free(sc->sc_mfn, BATCH * sizeof(*sc->sc_mfn));
		cv_destroy(&sc->sc_cv);
		mutex_obj_free(sc->sc_lock);
		return;
	}
	sc->sc_watch = kmem_zalloc(sizeof(*sc->sc_watch), KM_SLEEP);
	sc->sc_watch->node = kmem_asprintf("%s/%s", "memory", "target");
	sc->sc_watch->xbw_callback = modball_target;
	if ((error = register_xenbus_watch(sc->sc_watch)) != 0)
		aprint_error_dev(self, "unable to watch memory/target: %d\n",
		    error);
}

static int
modball_detach(device_t self, int flags)
{
	struct modball_softc *sc = device_private(self);

	unregister_xenbus_watch(sc->sc_watch);
	mutex_enter(&modball_global_lock);
	modball_sc = NULL;
	localcount_drain(&sc->sc_users, &modball_global_cv,
	    &modball_global_lock);
	mutex_exit(&modball_global_lock);
	localcount_fini(&sc->sc_users);
	mutex_enter(sc->sc_lock);
	sc->sc_dying = true;
	cv_broadcast(&sc->sc_cv);
	mutex_exit(sc->sc_lock);
	kthread_join(sc->sc_lwp);
	kmem_strfree(sc->sc_watch->node);
	kmem_free(sc->sc_watch, sizeof(*sc->sc_watch));
	kmem_free(sc->sc_mfn, BATCH * sizeof(*sc->sc_mfn));
	cv_destroy(&sc->sc_cv);
	mutex_obj_free(sc->sc_lock);
	return 0;
}
