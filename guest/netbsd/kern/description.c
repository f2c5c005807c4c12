/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's description of itself, as guest/abi/kernel.h wants it. What it
 * can do only because of the driver in it, as to plug pages, the build adds.
 */
#include "guest/netbsd/kern/description.h"

#include "guest/abi/kernel.h"

#ifdef UVM_HOTPLUG
#define VARIANT                                                                \
	"about NetBSD's kernel interface under balloon.c and uvm_physseg.c, "  \
	"with UVM_HOTPLUG\n"                                                   \
	"design netbsd 2026 hot-plug at the end of memory in runs, refused "   \
	"ones "                                                                \
	"halved, frames that were not plugged given back\n"
#else
#define VARIANT                                                                \
	"about the same without UVM_HOTPLUG: segments in a static array\n"
#endif

#define SITE(id, words, refusal, source)                                       \
	"site " words " | " refusal " | " source "\n"
#define CALL(function, parameters) "call " #function parameters "\n"
#define COMMAND(word, run)	   "command " word "\n"
#define NODE(id, word, name)	   "node " word " " name " kib\n"

#define FUNCTIONS                                                              \
	"function plug uvm_physseg_plug\n"                                     \
	"function unplug uvm_physseg_unplug\n"

#define COUNTERS                                                               \
	"counter managed the sum of all segments\n"                            \
	"counter free uvmexp.free\n"                                           \
	"counter total uvmexp.npages\n"                                        \
	"counter present physmem\n"                                            \
	"counter memory-end pmap_pa_end\n"                                     \
	"counter heap live kmem allocations\n"                                 \
	"counter heap-bytes bytes of live kmem allocations\n"                  \
	"counter segment-heap live allocations of physseg code\n"              \
	"counter segment-heap-bytes bytes of live allocations of physseg "     \
	"code\n"                                                               \
	"counter idle-objects idle objects of pool caches\n"                   \
	"counter idle pages of idle objects of pool caches\n"                  \
	"counter failures failed allocations\n"                                \
	"counter idle-failures failed allocations beside idle objects\n"       \
	"counter draining the page daemon is wanted\n"                         \
	"counter heap-touched-bytes touched bytes of the heap\n"               \
	"counter ballooned ballooned pages\n"

/*
 * The boot image: the kernel itself, its stacks and Xen's pages as the larger
 * PV image takes them; then struct vm_page, and what else grows with memory.
 */
#define MEMORY                                                                 \
	"segments 1 uvm_physseg_get_first, uvm_physseg_get_next\n"             \
	"image 320 128\n"                                                      \
	"p2m builder\n"

#define SAYS                                                                   \
	"says moving current reservation: {current:pages} pages => target: "   \
	"{target:pages} pages\n"                                               \
	"says short could not reach target {target} (current {current})\n"     \
	"says clipped clipping reservation {from:pages} => {to:pages} pages\n" \
	"says below-min new target {target:kib} is below min {limit:kib}\n"    \
	"says above-max new target {target:kib} is above max {limit:kib}\n"    \
	"says incomplete reservation incomplete: was {asked}, returned "       \
	"{got}\n"                                                              \
	"says plugged memory 'hot-plug': frames \n"                            \
	"says plugged memory 'hot-plug': frames {first} - {last} plugged\n"

static const char rows[] KERNEL_DESCRIPTION =
    "family netbsd\nversion NetBSD 7 to 10\n" VARIANT NETBSD_SITES(SITE)
	NETBSD_CALLS(CALL) NETBSD_COMMANDS(COMMAND) NETBSD_NODES(NODE)
	    FUNCTIONS COUNTERS MEMORY SAYS;
