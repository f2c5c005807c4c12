/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the boot block to a running kernel, in the order of the real one: pmap,
 * segments, pages, threads, xenbus, devices.
 */
#include "guest/netbsd/kern/start.h"

#include <sys/param.h>
#include <sys/kernel.h>
#include <sys/kthread.h>
#include <uvm/uvm.h>
#include <xen/hypervisor.h>

#include "guest/lib/boot_block.h"
#include "guest/lib/debug_port.h"
#include "guest/lib/guards.h"
#include "guest/lib/heap.h"
#include "guest/netbsd/kern/agent.h"
#include "guest/netbsd/kern/audit.h"
#include "guest/netbsd/kern/autoconf.h"
#include "guest/netbsd/kern/kmem.h"
#include "guest/netbsd/kern/driver.h"
#include "guest/netbsd/kern/evtchn.h"
#include "guest/netbsd/kern/linked.h"
#include "guest/netbsd/kern/physseg_calls.h"
#include "guest/netbsd/kern/pdaemon.h"
#include "guest/netbsd/kern/pmap.h"
#include "guest/netbsd/kern/shutdown.h"
#include "guest/netbsd/kern/sysctl.h"
#include "guest/netbsd/kern/thread.h"
#include "guest/netbsd/kern/xenbus_comms.h"

/* The linker puts these around the driver's section of code. */
extern const char __start_driver_text[]
    __attribute__((__visibility__("hidden")));
extern const char __stop_driver_text[]
    __attribute__((__visibility__("hidden")));

static void guest_start(const struct boot_block *) __dead;

__attribute__((__visibility__("default"))) struct guest_image guest_image = {
    .magic = GUEST_IMAGE_MAGIC,
#ifdef UVM_HOTPLUG
    .kernel = "netbsd",
#else
    .kernel = "netbsd-static",
#endif
    .start = guest_start,
    .driver_text_start = __start_driver_text,
    .driver_text_end = __stop_driver_text,
    .threads = lwps,
    .current_thread = &current_lwp,
    .nr_threads = NTHREADS + 1,
    .heap_bytes_a_page = sizeof(struct vm_page),
};

/* The ranges of boot memory: one that begins at 0, unless Xen gives a map. */
#define NRANGES 80
static struct {
	paddr_t start; /* pfns */
	paddr_t end;
	paddr_t avail_start;
	paddr_t avail_end;
	int free_list;
	bool loaded;
} ranges[NRANGES];
static u_int nranges;

struct e820_entry {
	uint64_t address;
	uint64_t bytes;
	uint32_t type;
} __packed;
#define E820_RAM 1

/* What the boot image has of the first range is not available. */
static void
range_add(paddr_t start, paddr_t end)
{
	const paddr_t image = boot_block->image_pages;
	const struct boot_available *told =
	    nranges < boot_block->nr_available ? &boot_block->available[nranges]
					       : NULL;
	paddr_t first = told != NULL ? told->first_pfn : start;
	paddr_t behind = told != NULL ? told->end_pfn : end;

	KASSERT(nranges < NRANGES);
	KASSERT(start <= first && first <= behind && behind <= end);
	ranges[nranges].start = start;
	ranges[nranges].end = end;
	ranges[nranges].avail_start = MAX(first, image);
	ranges[nranges].avail_end = MAX(behind, image);
	ranges[nranges].free_list = told != NULL ? (int)told->free_list : 0;
	nranges++;
}

static void
boot_map_init(void)
{
	struct e820_entry entries[NRANGES];
	struct xen_memory_map map = {.nr_entries = NRANGES};

	set_xen_guest_handle(map.buffer, entries);
	if (boot_block->nr_available == 0 ||
	    xen_hypercall(__HYPERVISOR_memory_op, XENMEM_memory_map,
		(unsigned long)&map, 0, 0) != 0) {
		range_add(0, boot_block->start_info->nr_pages);
		return;
	}
	for (u_int i = 0; i < map.nr_entries; i++) {
		/* cppcheck-suppress uninitvar ; Xen has filled it */
		if (entries[i].type != E820_RAM)
			continue;
		range_add(atop(entries[i].address),
		    atop(entries[i].address + entries[i].bytes));
	}
	if (nranges == 0 || ranges[0].start != 0)
		panic("start: no memory at 0");
}

paddr_t
boot_end_pfn(void)
{
	KASSERT(nranges != 0);
	return ranges[nranges - 1].end;
}

/* Tells which loaded pages the boot code has taken out of their segments. */
static void
note_kept(void)
{
	for (u_int i = 0; i < nranges; i++) {
		paddr_t from = ranges[i].start, to;

		while (ranges[i].loaded && from < ranges[i].end) {
			for (to = from; to < ranges[i].end; to++)
				if (uvm_physseg_valid_p(
					uvm_physseg_find(to, NULL)))
					break;
			if (from < to)
				port_note(NOTE_KEPT, from, to, 0);
			from = to + 1;
		}
	}
}

/*
 * Makes segments of the memory behind the boot image; their pages become free.
 */

static void
memory_init(void)
{
	uvm_physseg_t upm;

	KASSERT(boot_block->image_pages < ranges[0].end);
	ranges[0].start = boot_block->image_pages;
	physmem = boot_block->start_info->nr_pages;
	uvm_setpagesize();
	mutex_init(&uvm_pageqlock, MUTEX_DRIVER, IPL_NONE);
	mutex_init(&uvm_fpageqlock, MUTEX_DRIVER, IPL_VM);
	physseg_enter();
	uvm_physseg_init();
	guards_check((uintptr_t)uvm_physseg_init);
	for (u_int i = 0; i < nranges; i++) {
		ranges[i].loaded = uvm_physseg_valid_p(uvm_page_physload(
		    ranges[i].start, ranges[i].end, ranges[i].avail_start,
		    ranges[i].avail_end, ranges[i].free_list));
		guards_check((uintptr_t)uvm_page_physload);
		if (!ranges[i].loaded)
			printf("memory at %#lx has no segment: there are at "
			       "most %d at boot, and free lists below %d\n",
			    (u_long)ptoa(ranges[i].start), VM_PHYSSEG_MAX,
			    VM_NFREELIST);
	}
	if (agent_boot_calls((const char *)boot_block->start_info->cmd_line))
		note_kept();
	for (upm = uvm_physseg_get_first(); uvm_physseg_valid_p(upm);
	     upm = uvm_physseg_get_next(upm))
		port_note(NOTE_PHYSLOAD, uvm_physseg_get_start(upm),
		    uvm_physseg_get_end(upm),
		    (uvm_physseg_get_end(upm) - uvm_physseg_get_start(upm)) *
			sizeof(struct vm_page));
	uvm_page_init(NULL, NULL);
	guards_check((uintptr_t)uvm_physseg_init_seg);
	physseg_leave();
}

/* Attach functions may sleep: they run on a thread, as the real bus does it. */
static void
configure_thread(void *arg __unused)
{
	const struct attach_left *left;
	bool attached;

	shutdown_init();
	linked_init();
	audit_booted();
	attached = autoconf_attach();

	kmem_sites_attached();
	left = autoconf_left();
	port_note(NOTE_ATTACHED, attached ? 1 : 0, left->bytes,
	    NOTE_ATTACH_LEFT(left->allocations, left->pools, left->nodes));
	kthread_exit(0);
}

uintptr_t driver_text, driver_text_bytes;

static void
guest_start(const struct boot_block *boot)
{
	boot_block = boot;
	guards_set();
	driver_text = (uintptr_t)__start_driver_text;
	driver_text_bytes = (uintptr_t)__stop_driver_text - driver_text;
	if (boot->magic != BOOT_BLOCK_MAGIC ||
	    boot->version != BOOT_BLOCK_VERSION)
		panic("start: not a boot block of this version");
	HYPERVISOR_shared_info = boot->shared_info;
	port_init();
	start_info_union.start_info = *boot->start_info;
	thread_init();
	heap_init();
	boot_map_init();
	pmap_init_boot();
	memory_init();
	printf("total memory = %lu KB\n", physmem << (PAGE_SHIFT - 10));
	printf("avail memory = %d KB\n", uvmexp.free << (PAGE_SHIFT - 10));
	evtchn_init();
	sysctl_tree_init();
	xenbus_init();
	pdaemon_init();
	agent_init();
	cold = 0;
	if (kthread_create(PRI_NONE, KTHREAD_MPSAFE, NULL, configure_thread,
		NULL, NULL, "configure") != 0)
		panic("start: no thread for autoconfiguration");
	thread_idle_loop();
}
