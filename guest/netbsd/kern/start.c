/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Start of day: from the boot block to a running kernel, in the order of the
 * real one: pmap, segments, pages, threads, xenbus, devices.
 */
#include "guest/netbsd/kern/kern.h"

#include <sys/kthread.h>
#include <uvm/uvm.h>

const struct boot_block *boot_block;
struct port_counters counters;

static void guest_start(const struct boot_block *) __dead;

__attribute__((__visibility__("default"))) struct guest_image guest_image = {
	.magic = GUEST_IMAGE_MAGIC,
	.kernel = "netbsd",
	.start = guest_start,
	.driver_text_start = __start_driver_text,
	.driver_text_end = __stop_driver_text,
};

/* The memory behind the boot image becomes one segment, and its pages free. */
static void
memory_init(void)
{
	paddr_t start = boot_block->image_pages;
	paddr_t end = boot_block->start_info->nr_pages;

	KASSERT(start < end);
	physmem = end;
	uvm_setpagesize();
	mutex_init(&uvm_pageqlock, MUTEX_DRIVER, IPL_NONE);
	mutex_init(&uvm_fpageqlock, MUTEX_DRIVER, IPL_VM);
	physseg_enter();
	uvm_physseg_init();
	(void)uvm_page_physload(start, end, start, end, VM_FREELIST_DEFAULT);
	port_note(NOTE_PHYSLOAD, start, end, 0);
	uvm_page_init(NULL, NULL);
	physseg_leave();
}

/* What may sleep at attach time runs as a thread, as the real bus does. */
static void
configure_thread(void *arg __unused)
{
	bool attached = autoconf_attach();

	port_note(NOTE_ATTACHED, attached ? 1 : 0, 0, 0);
	kthread_exit(0);
}

static void
guest_start(const struct boot_block *boot)
{
	boot_block = boot;
	if (boot->magic != BOOT_BLOCK_MAGIC ||
	    boot->version != BOOT_BLOCK_VERSION)
		panic("start: not a boot block of this version");
	HYPERVISOR_shared_info = boot->shared_info;
	port_init();
	start_info_union.start_info = *boot->start_info;
	thread_init();
	kmem_init();
	pmap_init_boot();
	memory_init();
	printf("total memory = %lu KB\n", physmem << (PAGE_SHIFT - 10));
	printf("avail memory = %d KB\n", uvmexp.free << (PAGE_SHIFT - 10));
	evtchn_init();
	sysctl_tree_init();
	xenbus_init();
	agent_init();
	cold = 0;
	if (kthread_create(PRI_NONE, KTHREAD_MPSAFE, NULL, configure_thread,
	    NULL, NULL, "configure") != 0)
		panic("start: no thread for autoconfiguration");
	thread_idle_loop();
}
