/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's description of itself, as guest/abi/kernel.h wants it. The build adds the version and the files. */
#include "guest/linux/kern/description.h"

#include "guest/abi/kernel.h"

#define SITE(id, words, refusal, source) "site " words " | " refusal " | " source "\n"

#define COUNTERS                                                                                   \
	"counter managed present pages of all zones\n"                                             \
	"counter free NR_FREE_PAGES\n"                                                             \
	"counter heap live kmalloc allocations\n"                                                  \
	"counter ballooned pages of PageOffline\n"

#define NODES                                                                                      \
	"node target " LINUX_XEN_MEMORY "target_kb kib\n"                                          \
	"node current " LINUX_XEN_MEMORY "info/current_kb kib\n"

static const char rows[] KERNEL_DESCRIPTION =
	"family linux\nversion " LINUX_VERSION "\n"
	"about Linux's balloon driver over its own memory management, one CPU, PV\n" LINUX_SITES(
		SITE) NODES "function plug online_pages\n"
			    "function unplug offline_pages\n" COUNTERS
			    "segments 32768 walk_system_ram_range\n"
			    "image 2048 0\n"
			    "p2m builder\n"
			    "feature hotplug\n";
