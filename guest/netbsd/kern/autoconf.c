/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * autoconf(9): one bus, xenbus0, and on it one device, the balloon.
 */
#include "guest/netbsd/kern/autoconf.h"

#include <sys/param.h>
#include <sys/device.h>
#include <xen/xenbus.h>

#include "guest/lib/heap.h"
#include "guest/netbsd/kern/console.h"

#include "locators.h"

struct device {
	char dv_xname[16];
	int dv_unit;
	cfdata_t dv_cfdata;
	device_t dv_parent;
	void *dv_private;
	bool dv_active;
};

extern struct cfattach balloon_ca __attribute__((__weak__));

static int balloon_loc[XENBUSCF_NLOCS] = {XENBUSCF_ID_DEFAULT};
static struct cfdata xenbus_cfdata = {
    .cf_name = "xenbus", .cf_atname = "xenbus"};
static struct cfdata balloon_cfdata = {
    .cf_name = "balloon", .cf_atname = "balloon", .cf_loc = balloon_loc};
static struct device xenbus_device = {
    .dv_xname = "xenbus0", .dv_cfdata = &xenbus_cfdata, .dv_active = true};
static struct device balloon_device = {.dv_xname = "balloon0",
    .dv_cfdata = &balloon_cfdata,
    .dv_parent = &xenbus_device};

/* True: a driver matched, and its attach function has returned. */
bool
autoconf_attach(void)
{
	struct xenbusdev_attach_args xa = {
	    .xa_type = "balloon", .xa_id = XENBUSCF_ID_DEFAULT};
	device_t dev = &balloon_device;
	bool zeroed;

	if (&balloon_ca == NULL ||
	    balloon_ca.ca_match(&xenbus_device, dev->dv_cfdata, &xa) == 0)
		return false;
	if (balloon_ca.ca_devsize != 0) {
		dev->dv_private = heap_get(balloon_ca.ca_devsize, &zeroed);
		if (dev->dv_private == NULL)
			panic("autoconf: no memory for %s", dev->dv_xname);
		memset(dev->dv_private, 0, balloon_ca.ca_devsize);
	}
	dev->dv_active = true;
	printf("%s at %s", dev->dv_xname, xenbus_device.dv_xname);
	balloon_ca.ca_attach(&xenbus_device, dev, &xa);
	console_flush();
	return true;
}

const char *
device_xname(device_t dev)
{
	return dev->dv_xname;
}

const char *
device_cfname(device_t dev)
{
	return dev->dv_cfdata->cf_name;
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
	return dev == &xenbus_device ? DV_BUS : DV_DULL;
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
int
config_interrupts(device_t dev, void (*func)(device_t))
{
	func(dev);
	return 0;
}

int
config_mountroot(device_t dev, void (*func)(device_t))
{
	func(dev);
	return 0;
}

void
config_pending_incr(device_t dev __unused)
{
}

void
config_pending_decr(device_t dev __unused)
{
}

/*
 * pmf(9). There is one device; its functions are called when the domain is
 * saved and when it is restored.
 */
static bool (*balloon_suspend)(device_t, const pmf_qual_t *);
static bool (*balloon_resume)(device_t, const pmf_qual_t *);

bool
autoconf_suspend(void)
{
	return balloon_suspend == NULL ||
	       balloon_suspend(&balloon_device, NULL);
}

bool
autoconf_resume(void)
{
	return balloon_resume == NULL || balloon_resume(&balloon_device, NULL);
}

bool
pmf_device_register1(device_t dev,
    bool (*suspend)(device_t, const pmf_qual_t *),
    bool (*resume)(device_t, const pmf_qual_t *),
    bool (*shutdown)(device_t, int) __unused)
{
	if (dev == NULL)
		return false;
	if (dev == &balloon_device) {
		balloon_suspend = suspend;
		balloon_resume = resume;
	}
	return true;
}

bool
pmf_device_register(device_t dev, bool (*suspend)(device_t, const pmf_qual_t *),
    bool (*resume)(device_t, const pmf_qual_t *))
{
	return pmf_device_register1(dev, suspend, resume, NULL);
}

void
pmf_device_deregister(device_t dev __unused)
{
}
