/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * autoconf(9): mainbus0, hypervisor0 on it, xenbus0 on that. The balloon is
 * attached in the place where NetBSD's xenbus_probe does it, by whichever way
 * the driver was written for:
 *
 * - It has a cfattach: xenbus offers it a device of the type "balloon".
 * - It has balloon_xenbus_setup(), which the bus calls. That function may call
 *   config_found itself, with another parent, and then is not offered a device;
 *   or register the watch; or do everything, where there is no cfattach.
 */
#include "guest/netbsd/kern/autoconf.h"

#include <sys/param.h>
#include <sys/systm.h>
#include <xen/balloon.h>
#include <xen/xenbus.h>

#include "guest/lib/debug_port.h"
#include "guest/lib/heap.h"
#include "guest/netbsd/kern/console.h"
#include "guest/netbsd/kern/description.h"
#include "guest/netbsd/kern/pool.h"
#include "guest/netbsd/kern/spl.h"
#include "guest/netbsd/kern/sysctl.h"
#include "guest/netbsd/kern/thread.h"
#include "guest/netbsd/kern/xenbus_watch.h"

#include "locators.h"

struct device {
	char dv_xname[16];
	int dv_unit;
	cfdata_t dv_cfdata;
	device_t dv_parent;
	void *dv_private;
	bool dv_active;
	bool (*dv_suspend)(device_t, const pmf_qual_t *);
	bool (*dv_resume)(device_t, const pmf_qual_t *);
};

/* Of the driver: either may be missing. */
extern struct cfattach balloon_ca __attribute__((__weak__));
void balloon_xenbus_setup(void) __attribute__((__weak__));
/* There when the driver calls config_found: config_found.c. */
extern const bool __autoconf_driver_finds __attribute__((__weak__));

#define NBALLOONS 4

static int balloon_loc[XENBUSCF_NLOCS] = {XENBUSCF_ID_DEFAULT};
static struct cfdata balloon_cfdata = {
    .cf_name = "balloon", .cf_atname = "balloon", .cf_loc = balloon_loc};
static struct cfdata bus_cfdata[] = {
    {.cf_name = "mainbus", .cf_atname = "mainbus"},
    {.cf_name = "hypervisor", .cf_atname = "hypervisor"},
    {.cf_name = "xenbus", .cf_atname = "xenbus"},
};
static struct device buses[] = {
    {.dv_xname = "mainbus0", .dv_cfdata = &bus_cfdata[0], .dv_active = true},
    {.dv_xname = "hypervisor0",
	.dv_cfdata = &bus_cfdata[1],
	.dv_parent = &buses[0],
	.dv_active = true},
    {.dv_xname = "xenbus0",
	.dv_cfdata = &bus_cfdata[2],
	.dv_parent = &buses[1],
	.dv_active = true},
};
static device_t const xenbus = &buses[2];
static struct device balloons[NBALLOONS];
static int nballoons;

static const void *refused_at; /* in the driver; NULL: nothing was refused */
static struct attach_left left;

void
autoconf_refused(const void *return_address)
{
	refused_at = return_address;
}

const struct attach_left *
autoconf_left(void)
{
	return &left;
}

static struct attach_left
held_now(void)
{
	return (struct attach_left){.bytes = counters.heap_live_bytes,
	    .allocations = counters.heap_live,
	    .pools = pool_count(),
	    .nodes = sysctl_nodes};
}

static uint64_t
more(uint64_t now, uint64_t before)
{
	return now > before ? now - before : 0;
}

/* An attach that failed is judged as a plug that failed: by what is left. */
static void
attach_ended(const struct attach_left *before)
{
	const struct attach_left now = held_now();

	if (refused_at == NULL || xenbus_driver_has_watch() ||
	    thread_driver_has_any())
		return;
	left.bytes += more(now.bytes, before->bytes);
	left.allocations += more(now.allocations, before->allocations);
	left.pools += more(now.pools, before->pools);
	left.nodes += more(now.nodes, before->nodes);
	counters.attach_refused = (uint64_t)(uintptr_t)refused_at;
}

static void
attach(device_t parent, void *aux, cfprint_t print)
{
	device_t dev = &balloons[nballoons];
	struct context_before before;
	struct attach_left held;
	bool zeroed;

	KASSERT(nballoons < NBALLOONS);
	*dev = (struct device){.dv_unit = nballoons++,
	    .dv_cfdata = &balloon_cfdata,
	    .dv_parent = parent,
	    .dv_active = true};
	(void)snprintf(
	    dev->dv_xname, sizeof(dev->dv_xname), "balloon%d", dev->dv_unit);
	if (balloon_ca.ca_devsize != 0) {
		dev->dv_private = heap_get(balloon_ca.ca_devsize, &zeroed);
		if (dev->dv_private == NULL)
			panic("autoconf: no memory for %s", dev->dv_xname);
		memset(dev->dv_private, 0, balloon_ca.ca_devsize);
	}
	printf("%s at %s", dev->dv_xname, device_xname(parent));
	if (print != NULL)
		(void)print(aux, NULL);
	context_begin(&before);
	refused_at = NULL;
	held = held_now();
	balloon_ca.ca_attach(parent, dev, aux);
	attach_ended(&held);
	context_end(&before, "attach of ", dev->dv_xname,
	    (uintptr_t)balloon_ca.ca_attach);
	console_flush();
}

/* NULL: no driver matches, or there are too many devices. */
device_t
__autoconf_found(device_t parent, void *aux, cfprint_t print)
{
	static const char *const ends[] = {[QUIET] = "",
	    [UNCONF] = " not configured\n",
	    [UNSUPP] = " unsupported\n"};
	int end;

	KASSERT(parent != NULL);
	if (&balloon_ca != NULL && nballoons < NBALLOONS &&
	    balloon_ca.ca_match(parent, &balloon_cfdata, aux) > 0) {
		attach(parent, aux, print);
		return &balloons[nballoons - 1];
	}
	if (print != NULL) {
		end = print(aux, device_xname(parent));
		if (end >= QUIET && end <= UNSUPP)
			printf("%s", ends[end]);
		console_flush();
	}
	return NULL;
}

/* autoconf(9): what is on the same bus and is no balloon belongs to others. */
static void
offer_another(void)
{
	struct xenbusdev_attach_args xa = {.xa_type = "console", .xa_id = 0};

	if (balloon_ca.ca_match(xenbus, &balloon_cfdata, &xa) > 0)
		port_misuse_by((uintptr_t)balloon_ca.ca_match,
		    "match of balloon: it takes a device of the type %s",
		    xa.xa_type);
}

/* True: there is a driver, and it has attached. */
bool
autoconf_attach(void)
{
	struct xenbusdev_attach_args xa = {.xa_type = "balloon", .xa_id = 0};

	if (&balloon_ca != NULL && &__autoconf_driver_finds == NULL) {
		offer_another();
		(void)__autoconf_found(xenbus, &xa, NULL);
	}
	if (balloon_xenbus_setup != NULL && !xenbus_driver_watches())
		balloon_xenbus_setup();
	console_flush();
	return nballoons != 0 ||
	       (&balloon_ca == NULL && balloon_xenbus_setup != NULL);
}

device_t
device_find_by_xname(const char *name)
{
	for (size_t i = 0; i < __arraycount(buses); i++)
		if (strcmp(buses[i].dv_xname, name) == 0)
			return &buses[i];
	for (int i = 0; i < nballoons; i++)
		if (strcmp(balloons[i].dv_xname, name) == 0)
			return &balloons[i];
	return NULL;
}

device_t
device_find_by_driver_unit(const char *name, int unit)
{
	char xname[sizeof(buses[0].dv_xname)];

	(void)snprintf(xname, sizeof(xname), "%s%d", name, unit);
	return device_find_by_xname(xname);
}

const char *
device_xname(device_t dev)
{
	return dev->dv_xname;
}

int
device_unit(device_t dev)
{
	return dev->dv_unit;
}

void *
device_private(device_t dev)
{
	return dev == NULL ? NULL : dev->dv_private;
}

device_t
device_parent(device_t dev)
{
	return dev->dv_parent;
}

cfdata_t
device_cfdata(device_t dev)
{
	return dev->dv_cfdata;
}

devclass_t
device_class(device_t dev)
{
	return dev >= buses && dev < buses + __arraycount(buses) ? DV_BUS
								 : DV_DULL;
}

bool
device_is_active(device_t dev)
{
	return dev->dv_active;
}

bool
device_is_enabled(device_t dev)
{
	return dev->dv_active;
}

bool
device_is_a(device_t dev, const char *name)
{
	return strcmp(dev->dv_cfdata->cf_name, name) == 0;
}

int
device_locator(device_t dev, u_int k)
{
	KASSERT(k < XENBUSCF_NLOCS);
	return dev->dv_cfdata->cf_loc[k];
}

/*
 * Devices attach on a thread here, when interrupts work already: nothing has to
 * be put off.
 */
void
config_interrupts(device_t dev, void (*func)(device_t))
{
	func(dev);
}

void
config_mountroot(device_t dev, void (*func)(device_t))
{
	func(dev);
}

void
config_pending_incr(device_t dev __unused)
{
}

void
config_pending_decr(device_t dev __unused)
{
}

static bool
call_pmf(device_t dev, bool (*function)(device_t, const pmf_qual_t *),
    const char *what)
{
	struct context_before before;
	bool done;

	if (function == NULL)
		return true;
	context_begin(&before);
	done = function(dev, NULL);
	context_end(&before, what, dev->dv_xname, (uintptr_t)function);
	return done;
}

/* pmf(9): called when the domain is saved and when it is restored. */
bool
autoconf_suspend(void)
{
	bool ok = true;

	for (int i = nballoons; ok && i-- > 0;)
		ok = call_pmf(
		    &balloons[i], balloons[i].dv_suspend, "suspend of ");
	return ok;
}

bool
autoconf_resume(void)
{
	bool ok = true, resumed;

	for (int i = 0; i < nballoons; i++) {
		refused_at = NULL;
		resumed =
		    call_pmf(&balloons[i], balloons[i].dv_resume, "resume of ");
		/* The kernel takes it for suspended from now on. */
		if (!resumed && refused_at == NULL)
			port_misuse_by((uintptr_t)balloons[i].dv_resume,
			    "resume of %s: it returned false, and nothing was "
			    "refused to it",
			    balloons[i].dv_xname);
		ok &= resumed;
	}
	return ok;
}

bool
pmf_device_register1(device_t dev,
    bool (*suspend)(device_t, const pmf_qual_t *),
    bool (*resume)(device_t, const pmf_qual_t *),
    bool (*shutdown)(device_t, int) __unused)
{
	if (dev == NULL)
		return false;
	dev->dv_suspend = suspend;
	dev->dv_resume = resume;
	return true;
}

bool
pmf_device_register(device_t dev, bool (*suspend)(device_t, const pmf_qual_t *),
    bool (*resume)(device_t, const pmf_qual_t *))
{
	return pmf_device_register1(dev, suspend, resume, NULL);
}

void
pmf_device_deregister(device_t dev)
{
	(void)pmf_device_register1(dev, NULL, NULL, NULL);
}
