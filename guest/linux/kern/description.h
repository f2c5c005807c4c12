/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What this kernel says of itself (guest/abi/kernel.h) where its own code needs the same facts: fault sites, numbered as
 * enum bridge_site, and files of sysfs that have the driver's values.
 */
#ifndef LINUX_KERN_DESCRIPTION_H
#define LINUX_KERN_DESCRIPTION_H

/* X(ID, "name and options", "what a refusal is", "why it may be") */
#define LINUX_SITES(X)                                                                             \
	X(ALLOC_PAGE, "alloc_page interface", "NULL to the balloon driver",                        \
	  "mm/page_alloc.c: alloc_page may return NULL")                                           \
	X(KMALLOC, "kmalloc interface", "NULL", "mm/slab: kmalloc may return NULL")                \
	X(ADD_MEMORY, "add_memory_resource interface pages errno", "-errno= (ENOMEM)",             \
	  "mm/memory_hotplug.c: it returns an error when memory can't be added")                   \
	X(ONLINE, "online_pages interface pages errno ends=plug", "-errno= (ENOMEM)",              \
	  "mm/memory_hotplug.c: it returns an error before anybody is asked")                      \
	X(KTHREAD, "kthread_create interface errno bars=nothing", "-errno= (ENOMEM)",              \
	  "kernel/kthread.c: kthread_create returns an error pointer")                             \
	X(RESOURCE, "allocate_resource interface errno", "-errno= (EBUSY)",                        \
	  "kernel/resource.c: it returns an error when no such range is free")                     \
	X(UEVENT, "uevent interface bars=nothing", "an error that nobody looks at",                \
	  "lib/kobject_uevent.c: it returns an error; udev is played by `on`")                     \
	X(MEMMAP, "memmap interface", "NULL to who adds memory",                                   \
	  "mm/sparse-vmemmap.c: alloc_pages_node may return NULL for struct pages")                \
	X(GOING_ONLINE, "memory_going_online interface pages errno", "-errno= (ENOMEM)",           \
	  "mm/memory_hotplug.c: a notifier of MEM_GOING_ONLINE may refuse it")                     \
	X(GOING_OFFLINE, "memory_going_offline interface pages errno", "-errno= (ENOMEM)",         \
	  "mm/memory_hotplug.c: a notifier of MEM_GOING_OFFLINE may refuse it")

/* X("command that is typed inside the guest", what runs it) */
#define LINUX_COMMANDS(X)                                                                          \
	X("cat", run_cat)                                                                          \
	X("echo", run_echo)                                                                        \
	X("backend", run_backend)                                                                  \
	X("hold", workload_hold)                                                                   \
	X("churn", workload_churn)                                                                 \
	X("verify", run_verify)                                                                    \
	X("release", run_release)                                                                  \
	X("cache", run_cache)                                                                      \
	X("fill", run_fill)

#define LINUX_XEN_MEMORY "/sys/devices/system/xen_memory/xen_memory0/"

#endif
