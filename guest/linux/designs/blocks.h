/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What designs share in which user space puts memory online and offline (blocks.c): sections are added and stay offline, which makes
 * a directory of sysfs and an event each. `echo online > /sys/devices/system/memory/memoryN/state` uses them, as a user or a rule
 * of udev's may do; `echo offline` gives them up.
 */
#ifndef LINUX_DESIGNS_BLOCKS_H
#define LINUX_DESIGNS_BLOCKS_H

#include <linux/types.h>

/* A design's: do sections have frames as soon as they are there, or when they go online? */
extern const bool blocks_come_with_frames;

/* Called by design_start(). */
void blocks_start(void);
/* Adds so many pages of sections. Gives the pages, or 0. */
unsigned long blocks_add(unsigned long pages);
/* Pages of sections that are there and offline. */
unsigned long blocks_offline_pages(void);

#endif
