/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What versions of Linux call by different names, under one name for this runtime. Which of them a tree has is in
 * guest/linux/differences; what only one file asks about stands in that file.
 */
#ifndef LINUX_KERN_VERSIONS_H
#define LINUX_KERN_VERSIONS_H

#include <linux/device.h>
#include <linux/mm_inline.h>
#include <generated/differences.h>

/* A page of the cache of a file, and not of a process. */
static inline bool page_is_files(struct page *page)
{
	return folio_is_file_lru(page_folio(page));
}

#ifndef LINUX_DEVICE_FLAGS
static inline bool dev_offline(const struct device *dev)
{
	return dev->offline;
}

static inline void dev_assign_offline(struct device *dev, bool offline)
{
	dev->offline = offline;
}

static inline bool dev_offline_disabled(const struct device *dev)
{
	return dev->offline_disabled;
}
#endif

#endif
