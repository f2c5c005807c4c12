/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A balloon driver that finds its device at mainbus0, with arguments of its own.
 * Pages are kept as records from a pool(9), in a tree(3) by address, so that
 * the lowest come back first; a map of bits says which batches are whole.  The
 * thread sleeps by tsleep(9), messages go through log(9) and ratecheck(9), and
 * frames come by XENMEM_populate_physmap.
 */
#include <sys/cdefs.h>
__KERNEL_RCSID(0, "$Ballast: mainbus.c $");

#if defined(_KERNEL_OPT)
#include "opt_uvm_hotplug.h"
#endif

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/bitops.h>
#include <sys/device.h>
#include <sys/errno.h>
#include <sys/kernel.h>
#include <sys/kmem.h>
#include <sys/kthread.h>
#include <sys/pool.h>
#include <sys/proc.h>
#include <sys/sysctl.h>
#include <sys/syslog.h>
#include <sys/time.h>
#include <sys/tree.h>

#include <uvm/uvm.h>

#include <xen/balloon.h>
#include <xen/hypervisor.h>
#include <xen/xen.h>
#include <xen/xenbus.h>
#include <xen/xenpmap.h>

#define	MBB_LOT		256
#define	MBB_KB(pages)	((u_quad_t)(pages) << (PAGE_SHIFT - 10))
#define	MBB_RESERVE	__BIT(8)

struct mbb_attach_args {
	const char	*mba_busname;
};

struct mbb_page {
	RB_ENTRY(mbb_page) mp_entry;
	struct vm_page	*mp_pg;
	paddr_t		mp_pa;
};
RB_HEAD(mbb_tree, mbb_page);

struct mbb_softc {
	device_t	sc_dev;
	struct mbb_tree	sc_tree;
	u_int		sc_count;
	struct pool	sc_pool;
	volatile int	sc_wanted;	/* pages */
	int		sc_minimum;
	xen_pfn_t	*sc_list;
	struct mbb_page	*sc_lot[MBB_LOT];
	size_t		sc_p2m;
	__BITMAP_TYPE(, uint32_t, 64) sc_whole;
	struct timeval	sc_complained;
};

static const struct timeval mbb_patience = { 2, 0 };
static device_t mbb_self;

static int
mbb_cmp(struct mbb_page *a, struct mbb_page *b)
{

	return a->mp_pa < b->mp_pa ? -1 : a->mp_pa > b->mp_pa;
}
RB_PROTOTYPE_STATIC(mbb_tree, mbb_page, mp_entry, mbb_cmp)
RB_GENERATE_STATIC(mbb_tree, mbb_page, mp_entry, mbb_cmp)

static int	mbb_match(device_t, cfdata_t, void *);
static void	mbb_attach(device_t, device_t, void *);
static int	mbb_print(void *, const char *);

CFATTACH_DECL_NEW(balloon, sizeof(struct mbb_softc), mbb_match, mbb_attach,
    NULL, NULL);

/* Called when xenbus is there; our place is elsewhere. */
void
balloon_xenbus_setup(void)
{
	struct mbb_attach_args mba = { .mba_busname = "balloon" };
	device_t bus = device_find_by_xname("mainbus0");

	if (bus == NULL || mbb_self != NULL)
		return;
	mbb_self = config_found(bus, &mba, mbb_print,
	    CFARGS(.iattr = "mainbus"));
}

static int
mbb_print(void *aux, const char *pnp)
{
	struct mbb_attach_args *mba = aux;

	if (pnp)
		aprint_normal("%s at %s", mba->mba_busname, pnp);
	return (UNCONF);
}

static int
mbb_match(device_t parent, cfdata_t cf, void *aux)
{
	struct mbb_attach_args *mba = aux;

	return (device_is_a(parent, "mainbus") &&
	    strcmp(mba->mba_busname, cf->cf_name) == 0);
}

static int
mbb_ask(int op)
{
	domid_t domid = DOMID_SELF;

	return (HYPERVISOR_memory_op(op, &domid));
}

static int
mbb_call(struct mbb_softc *sc, int op, int n)
{
	struct xen_memory_reservation r;
	int done;

	memset(&r, 0, sizeof(r));
	set_xen_guest_handle(r.extent_start, sc->sc_list);
	r.nr_extents = n;
	r.domid = DOMID_SELF;
	done = HYPERVISOR_memory_op(op, &r);
	if (done < n && op == XENMEM_populate_physmap)
		log(LOG_WARNING, "%s: increase reservation incomplete: "
		    "was %zu, returned %d\n", device_xname(sc->sc_dev),
		    (size_t)n, done);
	return (imax(done, 0));
}

static int
mbb_less(struct mbb_softc *sc, int n)
{
	struct mbb_page *mp;
	int have, gone, i;

	for (have = 0; have < n; have++) {
		mp = pool_get(&sc->sc_pool, PR_NOWAIT);
		if (mp == NULL)
			break;
		mp->mp_pg = uvm_pagealloc(NULL, 0, NULL, UVM_PGA_ZERO);
		if (mp->mp_pg == NULL) {
			pool_put(&sc->sc_pool, mp);
			break;
		}
		mp->mp_pa = VM_PAGE_TO_PHYS(mp->mp_pg);
		sc->sc_lot[have] = mp;
		sc->sc_list[have] = xpmap_ptom(mp->mp_pa) >> PAGE_SHIFT;
		xpmap_ptom_unmap(mp->mp_pa);
	}
	gone = have > 0 ? mbb_call(sc, XENMEM_decrease_reservation, have) : 0;
	for (i = 0; i < gone; i++) {
		mp = RB_INSERT(mbb_tree, &sc->sc_tree, sc->sc_lot[i]);
		KASSERT(mp == NULL);
		sc->sc_count++;
	}
	for (; i < have; i++) {
		mp = sc->sc_lot[i];
		xpmap_ptom_map(mp->mp_pa, ptoa((paddr_t)sc->sc_list[i]));
		uvm_pagefree(mp->mp_pg);
		pool_put(&sc->sc_pool, mp);
	}
	if (gone == MBB_LOT)
		__BITMAP_SET(sc->sc_count / MBB_LOT % 64, &sc->sc_whole);
	return (gone);
}

static int
mbb_more(struct mbb_softc *sc, int n)
{
	struct mbb_page *mp, *next;
	int got, i = 0;

	RB_FOREACH(mp, mbb_tree, &sc->sc_tree) {
		if (i == n)
			break;
		sc->sc_list[i++] = atop(mp->mp_pa);
	}
	got = mbb_call(sc, XENMEM_populate_physmap, i);
	for (i = 0, mp = RB_MIN(mbb_tree, &sc->sc_tree); i < got;
	    i++, mp = next) {
		next = RB_NEXT(mbb_tree, &sc->sc_tree, mp);
		sc->sc_lot[i] = mp;
		RB_REMOVE(mbb_tree, &sc->sc_tree, mp);
		sc->sc_count--;
		xpmap_ptom_map(mp->mp_pa, ptoa((paddr_t)sc->sc_list[i]));
		xpq_queue_machphys_update(ptoa((paddr_t)sc->sc_list[i]),
		    mp->mp_pa);
	}
	xpq_flush_queue();
	for (i = 0; i < got; i++) {
		uvm_pagefree(sc->sc_lot[i]->mp_pg);
		pool_put(&sc->sc_pool, sc->sc_lot[i]);
	}
	return (got);
}

#ifdef UVM_HOTPLUG
static int
mbb_new(struct mbb_softc *sc, int n)
{
	const paddr_t pfn = atop(pmap_pa_end);
	unsigned long *p2m;
	size_t len;
	int got, i, back;

	if (pfn + n > sc->sc_p2m) {
		len = roundup2(pfn + n, PAGE_SIZE) * 2;
		p2m = kmem_alloc(len * sizeof(p2m[0]), KM_NOSLEEP);
		if (p2m == NULL)
			return (0);
		memset(p2m, 0xff, len * sizeof(p2m[0]));
		memcpy(p2m, xpmap_phys_to_machine_mapping,
		    sc->sc_p2m * sizeof(p2m[0]));
		xpmap_phys_to_machine_mapping = p2m;
		sc->sc_p2m = len;
	}
	for (i = 0; i < n; i++)
		sc->sc_list[i] = pfn + i;
	got = mbb_call(sc, XENMEM_populate_physmap, n);
	for (i = 0; i < got; i++) {
		xpmap_ptom_map(ptoa(pfn + i), ptoa((paddr_t)sc->sc_list[i]));
		xpq_queue_machphys_update(ptoa((paddr_t)sc->sc_list[i]),
		    ptoa(pfn + i));
	}
	xpq_flush_queue();
	pmap_pa_end = ptoa(pfn + got);
	if (got == 0 || uvm_physseg_plug(pfn, got, NULL))
		return (got);
	for (i = 0; i < got && uvm_physseg_plug(pfn + i, 1, NULL); i++)
		;
	pmap_pa_end = ptoa(pfn + i);
	for (back = i; back < got; back++)
		xpmap_ptom_unmap(ptoa(pfn + back));
	memmove(sc->sc_list, sc->sc_list + i, (got - i) * sizeof(xen_pfn_t));
	for (n = got - i; n > 0; n -= back) {
		back = mbb_call(sc, XENMEM_decrease_reservation, n);
		memmove(sc->sc_list, sc->sc_list + back,
		    (n - back) * sizeof(xen_pfn_t));
		if (back == 0)
			(void)tsleep(&sc->sc_list, PWAIT, "mbbback", hz);
	}
	return (i);
}
#endif

static void
mbb_loop(void *cookie)
{
	struct mbb_softc *sc = cookie;
	int now, wanted, done, timo = 0;

	for (;;) {
		now = mbb_ask(XENMEM_current_reservation);
		wanted = sc->sc_wanted;
#ifndef UVM_HOTPLUG
		if (wanted > now + (int)sc->sc_count) {
			aprint_normal_dev(sc->sc_dev, "memory 'hot-plug' "
			    "unsupported - clipping reservation %zu => %zu "
			    "pages.\n", (size_t)wanted,
			    (size_t)now + sc->sc_count);
			sc->sc_wanted = wanted = now + sc->sc_count;
		}
#endif
		if (wanted == now) {
			timo = 0;
			(void)tsleep(sc, PVM, "balloon", 0);
			continue;
		}
		if (wanted < now)
			done = mbb_less(sc, imin(now - wanted, MBB_LOT));
		else if (!RB_EMPTY(&sc->sc_tree))
			done = mbb_more(sc, imin(wanted - now, MBB_LOT));
		else
#ifdef UVM_HOTPLUG
			done = mbb_new(sc, imin(wanted - now, MBB_LOT));
#else
			done = 0;
#endif
		if (done > 0) {
			timo = 0;
			continue;
		}
		if (timo == 0 || ratecheck(&sc->sc_complained, &mbb_patience))
			aprint_error_dev(sc->sc_dev, "WARNING: balloon could "
			    "not reach target %zu (current %zu)\n",
			    (size_t)wanted, (size_t)now);
		timo = timo == 0 ? hz : MIN(timo * 2, 512 * hz);
		if (tsleep(sc, PVM, "balloon", timo) == 0)
			timo = 0;
	}
}

static void
mbb_changed(struct xenbus_watch *w, const char **vec, unsigned int len)
{
	struct mbb_softc *sc = device_private(mbb_self);
	unsigned long kib;

	if (xenbus_read_ul(NULL, "memory", "target", &kib, 10) != 0) {
		log(LOG_ERR, "%s: couldn't read xenbus target node\n",
		    device_xname(mbb_self));
		return;
	}
	if ((int)(kib >> 2) < sc->sc_minimum) {
		log(LOG_ERR, "%s: new target %lu is below min %llu\n",
		    device_xname(mbb_self), kib,
		    (unsigned long long)MBB_KB(sc->sc_minimum));
		return;
	}
	sc->sc_wanted = kib >> 2;
	wakeup(sc);
}
static struct xenbus_watch mbb_watch = { .node = __UNCONST("memory/target"),
    .xbw_callback = mbb_changed };

static int
mbb_sysctl_get(SYSCTLFN_ARGS)
{
	struct sysctlnode node = *rnode;
	u_quad_t kb = MBB_KB(mbb_ask((intptr_t)node.sysctl_data));

	node.sysctl_data = &kb;
	return (sysctl_lookup(SYSCTLFN_CALL(&node)));
}

static int
mbb_sysctl_set(SYSCTLFN_ARGS)
{
	struct sysctlnode node = *rnode;
	struct mbb_softc *sc = device_private(mbb_self);
	int *value = node.sysctl_data, error;
	bool is_min = value == &sc->sc_minimum;
	u_quad_t kb = MBB_KB(*value);

	node.sysctl_data = &kb;
	error = sysctl_lookup(SYSCTLFN_CALL(&node));
	if (error || newp == NULL)
		return (error);
	if (kb < MBB_KB(is_min ? uvmexp.freemin + (int)MBB_RESERVE :
	    sc->sc_minimum))
		return (EPERM);
	if (is_min) {
		*value = kb >> 2;
		return (0);
	}
	if (kb > MBB_KB(mbb_ask(XENMEM_maximum_reservation)))
		return (EPERM);
	return (xenbus_printf(NULL, "memory", "target", "%llu",
	    (unsigned long long)kb));
}

static void
mbb_attach(device_t parent, device_t self, void *aux)
{
	struct mbb_softc *sc = device_private(self);
	const struct sysctlnode *node;
	int xen, balloon;

	printf(": Xen Balloon driver\n");
	mbb_self = sc->sc_dev = self;
	RB_INIT(&sc->sc_tree);
	__BITMAP_ZERO(&sc->sc_whole);
	pool_init(&sc->sc_pool, sizeof(struct mbb_page), 0, 0, 0, "mbbpl",
	    NULL, IPL_NONE);
	sc->sc_list = kmem_alloc(MBB_LOT * sizeof(xen_pfn_t), KM_SLEEP);
	sc->sc_wanted = mbb_ask(XENMEM_current_reservation);
	sc->sc_minimum = uvmexp.freemin + (int)MBB_RESERVE;
	sc->sc_p2m = atop(pmap_pa_end);
	aprint_normal_dev(self, "current reservation: %llu KiB\n",
	    (unsigned long long)MBB_KB(sc->sc_wanted));

	if (kthread_create(PRI_NONE, 0, NULL, mbb_loop, sc, NULL,
	    "mbballoon")) {
		aprint_error_dev(self, "unable to create balloon thread\n");
		kmem_free(sc->sc_list, MBB_LOT * sizeof(xen_pfn_t));
		pool_destroy(&sc->sc_pool);
		return;
	}

	sysctl_createv(NULL, 0, NULL, &node, CTLFLAG_PERMANENT, CTLTYPE_NODE,
	    "xen", NULL, NULL, 0, NULL, 0, CTL_MACHDEP, CTL_CREATE, CTL_EOL);
	xen = node->sysctl_num;
	sysctl_createv(NULL, 0, NULL, &node, CTLFLAG_PERMANENT, CTLTYPE_NODE,
	    "balloon", NULL, NULL, 0, NULL, 0, CTL_MACHDEP, xen, CTL_CREATE,
	    CTL_EOL);
	balloon = node->sysctl_num;
	sysctl_createv(NULL, 0, NULL, NULL, CTLFLAG_READONLY, CTLTYPE_QUAD,
	    "current", NULL, mbb_sysctl_get, 0,
	    (void *)(intptr_t)XENMEM_current_reservation, 0, CTL_MACHDEP, xen,
	    balloon, CTL_CREATE, CTL_EOL);
	sysctl_createv(NULL, 0, NULL, NULL, CTLFLAG_READONLY, CTLTYPE_QUAD,
	    "max", NULL, mbb_sysctl_get, 0,
	    (void *)(intptr_t)XENMEM_maximum_reservation, 0, CTL_MACHDEP, xen,
	    balloon, CTL_CREATE, CTL_EOL);
	sysctl_createv(NULL, 0, NULL, NULL, CTLFLAG_READWRITE, CTLTYPE_QUAD,
	    "target", NULL, mbb_sysctl_set, 0, __UNVOLATILE(&sc->sc_wanted),
	    0, CTL_MACHDEP, xen, balloon, CTL_CREATE, CTL_EOL);
	sysctl_createv(NULL, 0, NULL, NULL, CTLFLAG_READWRITE, CTLTYPE_QUAD,
	    "min", NULL, mbb_sysctl_set, 0, &sc->sc_minimum, 0, CTL_MACHDEP,
	    xen, balloon, CTL_CREATE, CTL_EOL);

	if (register_xenbus_watch(&mbb_watch))
		aprint_error_dev(self, "unable to watch memory/target\n");
}
