/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A test's driver, written for Ballast in the manner of 2023: the queues of
 * pages themselves in place of entries, a whole batch plugged at once, undone
 * as a whole, and tried again after ten seconds.
 */
#include <sys/cdefs.h>
__KERNEL_RCSID(0, "$Ballast: 2023 balloon.c $");

#if defined(_KERNEL_OPT)
#include "opt_uvm_hotplug.h"
#endif

#include <sys/param.h>
#include <sys/condvar.h>
#include <sys/device.h>
#include <sys/inttypes.h>
#include <sys/kmem.h>
#include <sys/kthread.h>
#include <sys/mutex.h>
#include <sys/sysctl.h>

#include <uvm/uvm.h>
#include <uvm/uvm_physseg.h>

#include <xen/hypervisor.h>
#include <xen/xen.h>
#include <xen/xenbus.h>
#include <xen/xenpmap.h>

#include "locators.h"

#define MAX_MFNS	(PAGE_SIZE / sizeof(xen_pfn_t))
#define RETRY_S		10
#define KIB(pages)	((u_quad_t)(pages) * (PAGE_SIZE / 1024))

struct xballoon {
	device_t	xb_dev;
	struct sysctllog *xb_log;
	struct xenbus_watch xb_watch;
	kmutex_t	xb_mtx;
	kcondvar_t	xb_cv;
	bool		xb_kicked;
	size_t		xb_target, xb_min;
	struct pglist	xb_pages;
	size_t		xb_npages;
	xen_pfn_t	*xb_mfns;
};

static struct xballoon *xballoon;

static int xballoon_match(device_t, cfdata_t, void *);
static void xballoon_attach(device_t, device_t, void *);

CFATTACH_DECL_NEW(balloon, sizeof(struct xballoon), xballoon_match,
    xballoon_attach, NULL, NULL);

static size_t
xballoon_ask(int cmd)
{
	domid_t domid = DOMID_SELF;
	long ret = HYPERVISOR_memory_op(cmd, &domid);

	return ret < 0 ? 0 : (size_t)ret;
}

static size_t
xballoon_op(struct xballoon *xb, int cmd, size_t from, size_t n)
{
	struct xen_memory_reservation r = {
		.nr_extents = n,
		.mem_flags = 0,
		.domid = DOMID_SELF,
	};
	int ret;

	set_xen_guest_handle(r.extent_start, xb->xb_mfns + from);
	ret = HYPERVISOR_memory_op(cmd, &r);
	if (ret != (int)n && cmd == XENMEM_increase_reservation)
		device_printf(xb->xb_dev, "increase reservation incomplete: "
		    "was %zu, returned %d\n", n, ret);
	return ret < 0 ? 0 : (size_t)ret;
}

static void
xballoon_set(struct xballoon *xb, paddr_t pa, size_t i)
{
	const paddr_t ma = (paddr_t)xb->xb_mfns[i] << PAGE_SHIFT;

	xpmap_ptom_map(pa, ma);
	xpq_queue_machphys_update(ma, pa);
}

static size_t
xballoon_more(struct xballoon *xb, size_t n)
{
	struct vm_page *pg;
	size_t i;

	n = xballoon_op(xb, XENMEM_increase_reservation, 0,
	    MIN(n, xb->xb_npages));
	pg = TAILQ_FIRST(&xb->xb_pages);
	for (i = 0; i < n; i++, pg = TAILQ_NEXT(pg, pageq.queue))
		xballoon_set(xb, VM_PAGE_TO_PHYS(pg), i);
	xpq_flush_queue();
	for (i = 0; i < n; i++) {
		pg = TAILQ_FIRST(&xb->xb_pages);
		TAILQ_REMOVE(&xb->xb_pages, pg, pageq.queue);
		xb->xb_npages--;
		uvm_pagefree(pg);
	}
	return n;
}

static size_t
xballoon_plug(struct xballoon *xb, size_t n)
{
#ifdef UVM_HOTPLUG
	const paddr_t pfn = atop(pmap_pa_end);
	const paddr_t end = xen_start_info.nr_p2m_frames * MAX_MFNS;
	size_t i;

	if (pfn >= end)
		return 0;
	n = xballoon_op(xb, XENMEM_increase_reservation, 0,
	    MIN(n, end - pfn));
	if (n == 0)
		return 0;
	for (i = 0; i < n; i++)
		xballoon_set(xb, ptoa(pfn + i), i);
	xpq_flush_queue();
	pmap_pa_end = ptoa(pfn + n);
	if (uvm_physseg_plug(pfn, n, NULL))
		return n;

	pmap_pa_end = ptoa(pfn);
	for (i = 0; i < n; i++)
		xpmap_ptom_unmap(ptoa(pfn + i));
	(void)xballoon_op(xb, XENMEM_decrease_reservation, 0, n);
	device_printf(xb->xb_dev, "%zu pages at %#" PRIxPADDR
	    " could not be plugged\n", n, ptoa(pfn));
#endif
	return 0;
}

static size_t
xballoon_less(struct xballoon *xb, size_t n)
{
	struct pglist taken;
	struct vm_page *pg;
	size_t i, gone;

	TAILQ_INIT(&taken);
	for (i = 0; i < n; i++) {
		pg = uvm_pagealloc(NULL, 0, NULL, UVM_PGA_ZERO);
		if (pg == NULL)
			break;
		xb->xb_mfns[i] = xpmap_ptom(VM_PAGE_TO_PHYS(pg)) >> PAGE_SHIFT;
		xpmap_ptom_unmap(VM_PAGE_TO_PHYS(pg));
		TAILQ_INSERT_TAIL(&taken, pg, pageq.queue);
	}
	gone = i == 0 ? 0 :
	    xballoon_op(xb, XENMEM_decrease_reservation, 0, i);
	for (i = 0; (pg = TAILQ_FIRST(&taken)) != NULL; i++) {
		TAILQ_REMOVE(&taken, pg, pageq.queue);
		if (i < gone) {
			TAILQ_INSERT_HEAD(&xb->xb_pages, pg, pageq.queue);
			xb->xb_npages++;
			continue;
		}
		xballoon_set(xb, VM_PAGE_TO_PHYS(pg), i);
		xpq_flush_queue();
		uvm_pagefree(pg);
	}
	return gone;
}

/* True: there is more to do later. */
static bool
xballoon_adjust(struct xballoon *xb)
{
	size_t cur, target, done;

	for (;;) {
		mutex_enter(&xb->xb_mtx);
		target = xb->xb_target;
		mutex_exit(&xb->xb_mtx);
		cur = xballoon_ask(XENMEM_current_reservation);
		if (cur == target)
			return false;
		if (cur > target)
			done = xballoon_less(xb, MIN(cur - target, MAX_MFNS));
		else if (xb->xb_npages > 0)
			done = xballoon_more(xb, MIN(target - cur, MAX_MFNS));
		else
			done = xballoon_plug(xb, MIN(target - cur, MAX_MFNS));
		if (done == 0)
			break;
	}
	device_printf(xb->xb_dev, "WARNING: balloon could not reach target "
	    "%zu (current %zu)\n", target,
	    xballoon_ask(XENMEM_current_reservation));
	return true;
}

static void
xballoon_worker(void *arg)
{
	struct xballoon *xb = arg;
	bool again = false;

	mutex_enter(&xb->xb_mtx);
	for (;;) {
		while (!xb->xb_kicked) {
			if (!again)
				cv_wait(&xb->xb_cv, &xb->xb_mtx);
			else if (cv_timedwait(&xb->xb_cv, &xb->xb_mtx,
			    mstohz(RETRY_S * 1000)) != 0)
				break;
		}
		xb->xb_kicked = false;
		mutex_exit(&xb->xb_mtx);
		again = xballoon_adjust(xb);
		mutex_enter(&xb->xb_mtx);
	}
}

static void
xballoon_changed(struct xenbus_watch *watch, const char **path, unsigned int n)
{
	struct xballoon *xb = xballoon;
	unsigned long long kib;
	size_t target, most;
	int error;

	error = xenbus_read_ull(NULL, "memory", "target", &kib, 10);
	if (error) {
		device_printf(xb->xb_dev,
		    "error %d, couldn't read xenbus target node\n", error);
		return;
	}
	target = kib / (PAGE_SIZE / 1024);
	mutex_enter(&xb->xb_mtx);
	if (target < xb->xb_min) {
		device_printf(xb->xb_dev, "new target %llu is below min %"
		    PRIu64 "\n", kib, KIB(xb->xb_min));
		mutex_exit(&xb->xb_mtx);
		return;
	}
#ifdef UVM_HOTPLUG
	most = xen_start_info.nr_p2m_frames * MAX_MFNS;
#else
	most = physmem;
#endif
	if (target > most) {
		device_printf(xb->xb_dev, "memory 'hot-plug' unsupported - "
		    "clipping reservation %zu => %zu pages.\n", target, most);
		target = most;
	}
	xb->xb_target = target;
	xb->xb_kicked = true;
	cv_signal(&xb->xb_cv);
	mutex_exit(&xb->xb_mtx);
}

static int
xballoon_sysctl_ro(SYSCTLFN_ARGS)
{
	struct sysctlnode node = *rnode;
	u_quad_t kib = KIB(xballoon_ask((int)(uintptr_t)rnode->sysctl_data));

	node.sysctl_data = &kib;
	return sysctl_lookup(SYSCTLFN_CALL(&node));
}

static int
xballoon_sysctl_min(SYSCTLFN_ARGS)
{
	struct sysctlnode node = *rnode;
	struct xballoon *xb = rnode->sysctl_data;
	const u_quad_t safe = KIB(uvmexp.freemin + 256);
	u_quad_t kib = KIB(xb->xb_min);
	int error;

	node.sysctl_data = &kib;
	error = sysctl_lookup(SYSCTLFN_CALL(&node));
	if (error || newp == NULL)
		return error;
	if (kib < safe) {
		device_printf(xb->xb_dev,
		    "cannot set min below minimum safe value (%d)\n",
		    (int)safe);
		return EPERM;
	}
	if (kib > KIB(xb->xb_target))
		return EPERM;
	mutex_enter(&xb->xb_mtx);
	xb->xb_min = howmany(kib, PAGE_SIZE / 1024);
	mutex_exit(&xb->xb_mtx);
	return 0;
}

static int
xballoon_sysctl_target(SYSCTLFN_ARGS)
{
	struct sysctlnode node = *rnode;
	struct xballoon *xb = rnode->sysctl_data;
	u_quad_t kib = KIB(xb->xb_target);
	const u_quad_t max = KIB(xballoon_ask(XENMEM_maximum_reservation));
	int error;

	node.sysctl_data = &kib;
	error = sysctl_lookup(SYSCTLFN_CALL(&node));
	if (error || newp == NULL)
		return error;
	if (kib < KIB(xb->xb_min) || kib > max) {
		if (kib > max)
			device_printf(xb->xb_dev, "new target %" PRIu64
			    " is above max %" PRIu64 "\n", kib, max);
		else
			device_printf(xb->xb_dev, "new target %" PRIu64
			    " is below min %" PRIu64 "\n", kib,
			    KIB(xb->xb_min));
		return EPERM;
	}
	error = xenbus_printf(NULL, "memory", "target", "%" PRIu64, kib);
	if (error)
		device_printf(xb->xb_dev,
		    "error %d, couldn't write xenbus target node\n", error);
	return error;
}

static void
xballoon_sysctl_init(struct xballoon *xb)
{
	const struct sysctlnode *node = NULL;

	sysctl_createv(&xb->xb_log, 0, NULL, &node, 0, CTLTYPE_NODE,
	    "machdep", NULL, NULL, 0, NULL, 0, CTL_MACHDEP, CTL_EOL);
	sysctl_createv(&xb->xb_log, 0, &node, &node, 0, CTLTYPE_NODE,
	    "xen", SYSCTL_DESCR("Xen"), NULL, 0, NULL, 0, CTL_CREATE, CTL_EOL);
	sysctl_createv(&xb->xb_log, 0, &node, &node, 0, CTLTYPE_NODE,
	    "balloon", SYSCTL_DESCR("Balloon"), NULL, 0, NULL, 0, CTL_CREATE,
	    CTL_EOL);
	sysctl_createv(&xb->xb_log, 0, &node, NULL, CTLFLAG_READONLY,
	    CTLTYPE_QUAD, "current", NULL, xballoon_sysctl_ro, 0,
	    (void *)XENMEM_current_reservation, 0, CTL_CREATE, CTL_EOL);
	sysctl_createv(&xb->xb_log, 0, &node, NULL, CTLFLAG_READONLY,
	    CTLTYPE_QUAD, "max", NULL, xballoon_sysctl_ro, 0,
	    (void *)XENMEM_maximum_reservation, 0, CTL_CREATE, CTL_EOL);
	sysctl_createv(&xb->xb_log, 0, &node, NULL, CTLFLAG_READWRITE,
	    CTLTYPE_QUAD, "min", NULL, xballoon_sysctl_min, 0, (void *)xb, 0,
	    CTL_CREATE, CTL_EOL);
	sysctl_createv(&xb->xb_log, 0, &node, NULL, CTLFLAG_READWRITE,
	    CTLTYPE_QUAD, "target", NULL, xballoon_sysctl_target, 0,
	    (void *)xb, 0, CTL_CREATE, CTL_EOL);
}

static int
xballoon_match(device_t parent, cfdata_t match, void *aux)
{
	const struct xenbusdev_attach_args *xa = aux;

	return strcmp(xa->xa_type, "balloon") == 0;
}

static void
xballoon_attach(device_t parent, device_t self, void *aux)
{
	struct xballoon *xb = device_private(self);

	aprint_normal(": Xen Balloon driver\n");
	xballoon = xb;
	xb->xb_dev = self;
	xb->xb_target = xballoon_ask(XENMEM_current_reservation);
	xb->xb_min = uvmexp.freemin + 256;
	TAILQ_INIT(&xb->xb_pages);
	mutex_init(&xb->xb_mtx, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&xb->xb_cv, "xballoon");
	xb->xb_mfns = kmem_alloc(MAX_MFNS * sizeof(*xb->xb_mfns), KM_SLEEP);
	aprint_normal_dev(self, "current reservation: %" PRIu64 " KiB\n",
	    KIB(xb->xb_target));

	if (kthread_create(PRI_NONE, KTHREAD_MPSAFE, NULL, xballoon_worker,
	    xb, NULL, "%s", device_xname(self)) != 0) {
		aprint_error_dev(self, "unable to create balloon thread\n");
		kmem_free(xb->xb_mfns, MAX_MFNS * sizeof(*xb->xb_mfns));
		return;
	}
	xballoon_sysctl_init(xb);
	xb->xb_watch.node = __UNCONST("memory/target");
	xb->xb_watch.xbw_callback = xballoon_changed;
	if (register_xenbus_watch(&xb->xb_watch) != 0)
		aprint_error_dev(self, "unable to watch memory/target\n");
	pmf_device_register(self, NULL, NULL);
}
