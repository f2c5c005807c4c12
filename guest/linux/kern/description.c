/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's description of itself, as guest/abi/kernel.h wants it. The build adds the version and the files. */
#include "guest/linux/kern/description.h"

#include "guest/abi/kernel.h"

#define SITE(id, words, refusal, source) "site " words " | " refusal " | " source "\n"

#define COMMAND(word, run) "command " word "\n"

/* What is so of Linux's own driver; a design may count its pages in another way, and waits as it likes. */
#ifdef LINUX_DESIGN
#define OWN_DRIVER ""
#else
#define OWN_DRIVER                                                                                 \
	"counter total totalram with the balloon\n"                                                \
	"waiver progress its pauses end at max_schedule_delay, and after max_retry_count of them " \
	"it sleeps for an hour\n"
#endif

#define COUNTERS                                                                                   \
	"counter managed present pages of all zones\n"                                             \
	"counter free NR_FREE_PAGES\n"                                                             \
	"counter heap live kmalloc allocations\n"                                                  \
	"counter ballooned pages of PageOffline\n"

#define NODES                                                                                      \
	"node target " LINUX_XEN_MEMORY "target_kb kib\n"                                          \
	"node current " LINUX_XEN_MEMORY "info/current_kb kib\n"

/* The size of a section is a constant, too; x86-64's is 128 MiB. */
#ifndef LINUX_SECTION_BITS
#define SECTION	      "128m"
#define SECTION_PAGES "32768"
#elif LINUX_SECTION_BITS == 22
#define SECTION	      "4m"
#define SECTION_PAGES "1024"
#elif LINUX_SECTION_BITS == 29
#define SECTION	      "512m"
#define SECTION_PAGES "131072"
#else
#error a size of sections that nothing is known of
#endif

#ifdef CONFIG_XEN_BALLOON_MEMORY_HOTPLUG
#ifdef CONFIG_MEMORY_HOTPLUG_DEFAULT_ONLINE
#define ABOUT "Linux's balloon driver and memory management; added memory goes online by itself"
#elif defined(LINUX_SECTION_BITS)
#define ABOUT "Linux's balloon driver and memory management; sections of " SECTION
#else
#define ABOUT "Linux's balloon driver and memory management, as Debian configures them"
#endif
#define PLUGS                                                                                      \
	"function plug online_pages\n"                                                             \
	"function unplug offline_pages\n"                                                          \
	"segments " SECTION_PAGES " walk_system_ram_range\n"                                       \
	"feature hotplug\n"
#else
#define ABOUT "the same without XEN_BALLOON_MEMORY_HOTPLUG: it grows up to its boot memory"
#define PLUGS ""
#endif

/* Choices: words of Linux's own command line, of the runtime's (choices.c), and kernels that the build makes beside this one. */
#define CHOICES                                                                                    \
	"choice auto_online on cmdline memhp_default_state=online\n"                               \
	"choice auto_online off cmdline memhp_default_state=offline\n"                             \
	"choice memmap_on_memory on cmdline memory_hotplug.memmap_on_memory=1\n"                   \
	"choice memmap_on_memory off\n"                                                            \
	"choice memory_block 128m cmdline ballast.memory_block_mib=128\n"                          \
	"choice memory_block 256m cmdline ballast.memory_block_mib=256\n"                          \
	"choice memory_block 512m cmdline ballast.memory_block_mib=512\n"                          \
	"choice memory_block 1g cmdline ballast.memory_block_mib=1024\n"                           \
	"choice memory_block 2g cmdline ballast.memory_block_mib=2048\n"                           \
	"choice lowmem 32m cmdline ballast.lowmem=32m\n"                                           \
	"choice lowmem 64m cmdline ballast.lowmem=64m\n"                                           \
	"choice lowmem 896m cmdline ballast.lowmem=896m\n"                                         \
	"choice unpopulated on\n"                                                                  \
	"choice unpopulated off cmdline ballast.unpopulated=0\n"
#ifndef CONFIG_XEN_BALLOON_MEMORY_HOTPLUG
#define KINDS "choice hotplug off\n"
#elif defined(LINUX_SECTION_BITS) || defined(CONFIG_MEMORY_HOTPLUG_DEFAULT_ONLINE)
#define KINDS "choice hotplug on\nchoice section " SECTION "\n"
#else
#define KINDS                                                                                      \
	"choice hotplug on\n"                                                                      \
	"choice hotplug off kernel -static\n"                                                      \
	"choice section " SECTION "\n"                                                             \
	"choice section 4m kernel -section-4m\n"                                                   \
	"choice section 512m kernel -section-512m\n"
#endif

static const char rows[] KERNEL_DESCRIPTION =
	"family linux\n"
	"version " LINUX_VERSION "\n"
	"file kernel " LINUX_VERSION " linux\n"
	"about " ABOUT "\n"
	"image 2048 0\n"
	"feature direct-map\n"
	"p2m builder\n"
	"feature pvh\n"
	"feature hvm\n" LINUX_SITES(SITE) LINUX_COMMANDS(COMMAND)
		NODES COUNTERS OWN_DRIVER PLUGS CHOICES KINDS;
