/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Devices and their files in sysfs, as far as memory blocks and the balloon have them: /sys/devices/system/BUS/DEVICE/FILE,
 * and /sys/devices/system/BUS/FILE.
 */
#include <linux/cpu.h>
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/memory.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "bridge.h"
#include "runtime.h"
#include "versions.h"

#define SYSTEM	   "/sys/devices/system/"
#define XEN_MEMORY SYSTEM "xen_memory/xen_memory0/"
#define MODULES	   "/sys/module/"
#define NR_BUSES   8

#ifdef LINUX_CONST_BUS
#define CONST_BUS const
#else
#define CONST_BUS
#endif

struct known_device {
	struct list_head list;
	struct device *dev;
	char name[32];
};

static struct {
	CONST_BUS struct bus_type *type;
	const struct attribute_group **groups;
} buses[NR_BUSES];
static LIST_HEAD(devices);
static DEFINE_MUTEX(hotplug_lock);

void lock_device_hotplug(void)
{
	mutex_lock(&hotplug_lock);
}

void unlock_device_hotplug(void)
{
	mutex_unlock(&hotplug_lock);
}

int lock_device_hotplug_sysfs(void)
{
	lock_device_hotplug();
	return 0;
}

int subsys_system_register(CONST_BUS struct bus_type *type, const struct attribute_group **groups)
{
	for (unsigned int i = 0; i < NR_BUSES; i++) {
		if (buses[i].type)
			continue;
		buses[i].type = type;
		buses[i].groups = groups;
		return 0;
	}
	return -ENOMEM;
}

void bus_unregister(CONST_BUS struct bus_type *type)
{
	for (unsigned int i = 0; i < NR_BUSES; i++)
		if (buses[i].type == type)
			buses[i].type = NULL;
}

int device_register(struct device *dev)
{
	struct known_device *known = kzalloc(sizeof(*known), GFP_KERNEL);

	kref_init(&dev->kobj.kref); /* also of one that can't be registered: its owner puts it */
	if (!known)
		return -ENOMEM;
	known->dev = dev;
	snprintf(known->name, sizeof(known->name), "%s%u", dev->bus->dev_name, dev->id);
	list_add_tail(&known->list, &devices);
	/* Whoever plays udev (`on DOM uevent …`) hears of it here. */
	if (system_state == SYSTEM_RUNNING)
		(void)bridge_fault(BRIDGE_UEVENT, 0, dev->id);
	return 0;
}

void device_unregister(struct device *dev)
{
	struct known_device *known, *next;

	list_for_each_entry_safe (known, next, &devices, list) {
		if (known->dev != dev)
			continue;
		list_del(&known->list);
		kfree(known);
	}
	put_device(dev);
}

struct device *get_device(struct device *dev)
{
	if (dev)
		kref_get(&dev->kobj.kref);
	return dev;
}

static void released(struct kref *kref)
{
	struct device *dev = container_of(kref, struct device, kobj.kref);

	if (dev->release)
		dev->release(dev);
}

void put_device(struct device *dev)
{
	if (dev)
		kref_put(&dev->kobj.kref, released);
}

int bus_for_each_dev(CONST_BUS struct bus_type *type, struct device *start, void *data,
		     int (*function)(struct device *dev, void *data))
{
	struct known_device *known, *next;
	int error = 0;

	BUG_ON(start);
	list_for_each_entry_safe (known, next, &devices, list) {
		if (known->dev->bus != type)
			continue;
		error = function(known->dev, data);
		if (error)
			break;
	}
	return error;
}

int device_online(struct device *dev)
{
	int error;

	if (!dev_offline(dev))
		return 1;
	error = dev->bus->online(dev);
	if (error == 0)
		dev_assign_offline(dev, false);
	return error;
}

int device_offline(struct device *dev)
{
	int error;

	if (dev_offline(dev))
		return 1;
	if (dev_offline_disabled(dev))
		return -EPERM;
	error = dev->bus->offline(dev);
	if (error == 0)
		dev_assign_offline(dev, true);
	return error;
}

/* --- attributes of a plain number --- */

#define EXT_VALUE(type) (*(type *)container_of(attr, struct dev_ext_attribute, attr)->var)

ssize_t device_show_ulong(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%lx\n", EXT_VALUE(unsigned long));
}

ssize_t device_store_ulong(struct device *dev, struct device_attribute *attr, const char *buf,
			   size_t count)
{
	unsigned long value;
	int error = kstrtoul(buf, 0, &value);

	if (error)
		return error;
	EXT_VALUE(unsigned long) = value;
	return count;
}

ssize_t device_show_bool(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", EXT_VALUE(bool));
}

ssize_t device_store_bool(struct device *dev, struct device_attribute *attr, const char *buf,
			  size_t count)
{
	bool value;

	if (kstrtobool(buf, &value))
		return -EINVAL;
	EXT_VALUE(bool) = value;
	return count;
}

/* --- the attribute that the core of devices gives each one that can go offline --- */

static ssize_t online_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", !dev_offline(dev));
}

static ssize_t online_store(struct device *dev, struct device_attribute *attr, const char *buf,
			    size_t count)
{
	bool online;
	int error = kstrtobool(buf, &online);

	if (error)
		return error;
	error = lock_device_hotplug_sysfs();
	if (error)
		return error;
	error = online ? device_online(dev) : device_offline(dev);
	unlock_device_hotplug();
	return error < 0 ? error : count;
}

static DEVICE_ATTR_RW(online);

/* --- files by their paths --- */

/* The part of the path up to a slash; `path` is put behind it. */
static size_t component(const char **path, const char **start)
{
	const char *end = strchrnul(*path, '/');
	const size_t bytes = end - *path;

	*start = *path;
	*path = *end == '/' ? end + 1 : end;
	return bytes;
}

static bool same(const char *name, const char *start, size_t bytes)
{
	return strlen(name) == bytes && strncmp(name, start, bytes) == 0;
}

static struct attribute *in_groups(const struct attribute_group **groups, const char *path)
{
	for (; groups && *groups; groups++) {
		const struct attribute_group *group = *groups;
		const size_t bytes = group->name ? strlen(group->name) : 0;
		const char *rest = path;

		if (group->name) {
			if (strncmp(path, group->name, bytes) != 0 || path[bytes] != '/')
				continue;
			rest += bytes + 1;
		}
		for (struct attribute **attr = group->attrs; *attr; attr++)
			if (strcmp((*attr)->name, rest) == 0)
				return *attr;
	}
	return NULL;
}

/* Finds the file, and the device that it is of; NULL: it is the bus's own. */
static struct attribute *find_file(const char *path, struct device **dev)
{
	const char *bus, *rest;
	size_t bytes;
	struct known_device *known;

	*dev = NULL;
	if (strncmp(path, SYSTEM, strlen(SYSTEM)) != 0)
		return NULL;
	path += strlen(SYSTEM);
	bytes = component(&path, &bus);
	for (unsigned int i = 0; i < NR_BUSES; i++) {
		struct attribute *attr;

		if (!buses[i].type || !same(buses[i].type->name, bus, bytes))
			continue;
		attr = in_groups(buses[i].groups, path);
		if (attr)
			return attr;
		list_for_each_entry (known, &devices, list) {
			const size_t name = strlen(known->name);

			if (known->dev->bus != buses[i].type ||
			    strncmp(path, known->name, name) != 0 || path[name] != '/')
				continue;
			rest = path + name + 1;
			*dev = known->dev;
			if (known->dev->bus->online && strcmp(rest, "online") == 0)
				return &dev_attr_online.attr;
			return in_groups(known->dev->groups, rest);
		}
	}
	return NULL;
}

/* What tools read that follow a balloon; the rest of Linux's own file is about what is not there. */
static int cat_meminfo(char *text, unsigned long room)
{
	snprintf(text, room,
		 "MemTotal:       %8lu kB\nMemFree:        %8lu kB\nMemAvailable:   %8ld kB\n"
		 "Cached:         %8lu kB\nAnonPages:      %8lu kB\n",
		 totalram_pages() << (PAGE_SHIFT - 10),
		 global_zone_page_state(NR_FREE_PAGES) << (PAGE_SHIFT - 10),
		 si_mem_available() << (PAGE_SHIFT - 10), linux_cached_pages() << (PAGE_SHIFT - 10),
		 linux_process_pages() << (PAGE_SHIFT - 10));
	return 0;
}

int linux_agent_cat(const char *path, char *text, unsigned long room)
{
	static char buf[PAGE_SIZE];
	struct device *dev;
	struct attribute *attr = find_file(path, &dev);
	struct device_attribute *of_device = container_of(attr, struct device_attribute, attr);
	ssize_t bytes;

	if (strcmp(path, "/proc/meminfo") == 0)
		return cat_meminfo(text, room);
	/* A bus's files have the same functions: their first argument is one that none of them looks at. */
	if (strncmp(path, MODULES, strlen(MODULES)) == 0)
		bytes = parameter_cat(path + strlen(MODULES), buf);
	else if (!attr)
		return ENOENT;
	else if (!of_device->show)
		return EACCES;
	else
		bytes = of_device->show(dev, of_device, buf);
	if (bytes < 0)
		return (int)-bytes;
	memcpy(text, buf, min_t(size_t, bytes, room - 1));
	text[min_t(size_t, bytes, room - 1)] = '\0';
	return 0;
}

/* The driver's own files are the only way past XenStore to give it a target. */
static void tell_target(void)
{
	char text[32];

	if (linux_agent_cat(XEN_MEMORY "target_kb", text, sizeof(text)) == 0)
		bridge_note_target(linux_as_xen_counts(simple_strtoul(text, NULL, 10)));
}

int linux_agent_echo(const char *path, const char *value)
{
	char line[256];
	bool sets_target;
	struct device *dev;
	struct attribute *attr = find_file(path, &dev);
	struct device_attribute *of_device = container_of(attr, struct device_attribute, attr);
	ssize_t bytes;

	if (strcmp(path, "/proc/sys/vm/drop_caches") == 0) {
		(void)linux_drop_caches();
		return 0;
	}
	if (!attr)
		return ENOENT;
	if (!of_device->store || !(attr->mode & 0222))
		return EACCES;
	snprintf(line, sizeof(line), "%s\n", value);
	sets_target = strncmp(path, XEN_MEMORY "target", strlen(XEN_MEMORY "target")) == 0;
	if (sets_target)
		preempt_disable(); /* the harness hears of it before the driver acts */
	bytes = of_device->store(dev, of_device, line, strlen(line));
	if (sets_target) {
		tell_target();
		preempt_enable();
	}
	return bytes < 0 ? (int)-bytes : 0;
}
