/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From Xen's memory map to Linux's page allocator, in the order of setup_arch() and start_kernel(); and what the
 * architecture brings to it: zones, struct pages, memory that is added.
 */
#if __has_include(<linux/bootmem_info.h>)
#include <linux/bootmem_info.h>
#endif
#include <linux/highmem.h>
#include <linux/ioport.h>
#include <linux/memblock.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/swap.h>
#include <asm/e820/api.h>
#include <asm/bootparam.h>
#include <asm/dma.h>
#include <asm/xen/hypercall.h>
#include <asm/xen/hypervisor.h>
#include <asm/processor.h>
#include <asm/setup.h>
#include <asm/x86_init.h>
#include <xen/balloon.h>
#include <xen/page.h>
#include <xen/xen.h>
#include "xen-ops.h"
#include "internal.h" /* of mm */
#if __has_include("page_alloc.h")
#include "page_alloc.h"
#endif

#include "bridge.h"
#include "runtime.h"

#define KERNEL_PHYS	0x10000ul /* where Linux's image begins in the boot image */
#define START_INFO_PHYS (KERNEL_PHYS + PAGE_SIZE)
#define PHYSICAL_BITS	46

unsigned long page_offset_base, vmemmap_base, phys_base;
#ifdef LINUX_FIVE_LEVELS
unsigned int pgdir_shift = 39,
	     ptrs_per_p4d = 1; /* as the head of a kernel leaves them that has four */
#endif
unsigned long physmem_end,
	direct_map_physmem_end; /* names of one, in newer and in the newest versions */
unsigned long max_pfn_mapped, highest_memmap_pfn;
struct x86_init_ops x86_init;
struct boot_params boot_params;
struct cpuinfo_x86 boot_cpu_data;
pteval_t __default_kernel_pte_mask = ~0ul, __supported_pte_mask = ~0ul;
struct mm_struct init_mm;
void *high_memory __weak; /* newer versions have it in mm_init.c */

extern char _text[];

static unsigned long boot_start_pfn; /* behind the boot image */

bool memory_comes_on_demand(void)
{
	return bridge.built_pages > bridge.boot_pages;
}

/* Where each zone ends. */
static void zone_limits(unsigned long *ends)
{
	ends[ZONE_DMA] = min3(MAX_DMA_PFN, max_low_pfn, low_memory_pages());
	ends[ZONE_DMA32] = min3(MAX_DMA32_PFN, max_low_pfn, low_memory_pages());
	ends[ZONE_NORMAL] = max_low_pfn;
}

#ifdef LINUX_ZONE_LIMITS
void __init arch_zone_limits_init(unsigned long *ends)
{
	zone_limits(ends);
}

static void structs_init(void)
{
	mm_core_init_early();
}
#else
static void structs_init(void)
{
	unsigned long ends[MAX_NR_ZONES] = {0};

	sparse_init();
	zone_limits(ends);
	free_area_init(ends);
}
#endif

/* Linux's addresses: its image, the direct map and the struct pages. */
static void addresses_init(void)
{
	BUILD_BUG_ON(sizeof(struct page) != BRIDGE_STRUCT_PAGE_BYTES);
	page_offset_base = (unsigned long)bridge.direct;
	vmemmap_base = (unsigned long)bridge.structs;
	phys_base = KERNEL_PHYS - ((unsigned long)_text - __START_KERNEL_map);
	physmem_end = direct_map_physmem_end = (1ul << PHYSICAL_BITS) - 1;
	iomem_resource.end = physmem_end;
	boot_cpu_data.x86_phys_bits = PHYSICAL_BITS;
	boot_cpu_data.x86_cache_alignment = SMP_CACHE_BYTES;
	boot_start_pfn = bridge.image_pages;
	/* Newer versions want to know that their start_info lies in memory: in the boot image, as the builder has it. */
	xen_start_info = memcpy(__va(START_INFO_PHYS), xen_start_info, sizeof(*xen_start_info));
	/* The builder's P2M is the last part of the boot image, and not where a PC has a hole. */
	xen_start_info->first_p2m_pfn = bridge.image_pages - xen_start_info->nr_p2m_frames;
}

/*
 * Xen's memory map of a translated guest, and the range that a PC's firmware has, as the kernel's PVH entry code puts them
 * into what boot loaders leave.
 */
static char *__init translated_memory_setup(void)
{
	mem_map_via_hcall(&boot_params);
	boot_params.e820_table[boot_params.e820_entries++] = (struct boot_e820_entry){
		.addr = ISA_START_ADDRESS,
		.size = ISA_END_ADDRESS - ISA_START_ADDRESS,
		.type = E820_TYPE_RESERVED,
	};
	return e820__memory_setup_default();
}

/* An HVM guest's boot loader asks the firmware. */
static char *__init firmware_memory_setup(void)
{
	const unsigned long *range = bridge.firmware_map;

	for (unsigned long i = 0; i < bridge.nr_firmware_map; i++, range += 3)
		boot_params.e820_table[boot_params.e820_entries++] = (struct boot_e820_entry){
			.addr = PFN_PHYS(range[0]),
			.size = PFN_PHYS(range[1] - range[0]),
			.type = range[2],
		};
	return e820__memory_setup_default();
}

/* Where an HVM guest's devices are, its frame buffer among them: its ACPI tables say that this is the PCI bus's. */
static struct resource pci_bus = {
	.name = "PCI Bus 0000:00",
	.start = 0xf0000000,
	.end = 0xfbffffff,
	.flags = IORESOURCE_MEM,
};

void memory_init(void)
{
	addresses_init();
	p2m_init();
	memblock_reserve(0, PFN_PHYS(bridge.image_pages));
	max_pfn_mapped = bridge.boot_pages - 1;
	x86_init.resources.memory_setup = xen_pv_domain()	? xen_memory_setup
					  : bridge.firmware_map ? firmware_memory_setup
								: translated_memory_setup;
	e820__memory_setup();
	parameters_early(bridge.command_line);
	e820__finish_early_params();
	max_pfn = e820__end_of_ram_pfn();
	max_low_pfn = max_pfn;
	max_possible_pfn = max_pfn;
	high_memory = (void *)__va(PFN_PHYS(max_pfn) - 1) + 1;
	if (max_pfn > bridge.direct_pages)
		panic("memory ends at page %#lx, behind the direct map's %#lx", max_pfn,
		      bridge.direct_pages);
	e820__memblock_setup();
	memblock_set_current_limit(PFN_PHYS(min(max_pfn, low_memory_pages())));
	memblock_set_node(0, PHYS_ADDR_MAX, &memblock.memory, 0);
	node_set_online(0);
	if (xen_pv_domain())
		xen_remap_memory();
	max_pfn_mapped = max_pfn;
	structs_init();
	e820__reserve_resources();
	if (bridge.firmware_map)
		BUG_ON(request_resource(&iomem_resource, &pci_bus) != 0);
#ifdef LINUX_MM_CORE_INIT
	mm_core_init();
#else
	build_all_zonelists(NULL);
	memblock_free_all();
	mem_init_print_info();
	slab_init();
#endif
	setup_per_cpu_pageset();
}

#ifdef LINUX_MM_CORE_INIT
/* What mm_core_init() calls of the architecture and of the slab. */
#ifndef LINUX_ZONE_LIMITS
void __init mem_init(void)
{
	memblock_free_all();
}
#endif

void __init kmem_cache_init(void);
void __init kmem_cache_init(void)
{
	slab_init();
}
#endif

/* --- added memory --- */

int arch_add_memory(int nid, u64 start, u64 size, struct mhp_params *params)
{
	const unsigned long pfn = PFN_DOWN(start), pages = PFN_DOWN(size);
	int error;

	if (WARN_ON_ONCE(start + size - 1 > physmem_end) || pfn + pages > bridge.direct_pages)
		return -ERANGE;
	error = __add_pages(nid, pfn, pages, params);
	WARN_ON_ONCE(error);
	if (error == 0 && params->pgmap == NULL) /* a device's own is never to go online */
		added_note(pfn, pages);
	if (pfn + pages > max_pfn) {
		max_pfn = max_low_pfn = pfn + pages;
		high_memory = (void *)__va(PFN_PHYS(max_pfn) - 1) + 1;
	}
	return error;
}

#ifdef LINUX_REMOVE_PGMAP
void arch_remove_memory(u64 start, u64 size, struct vmem_altmap *altmap, struct dev_pagemap *pgmap)
{
	added_online_or_gone(PFN_DOWN(start), PFN_DOWN(size));
	__remove_pages(PFN_DOWN(start), PFN_DOWN(size), altmap, pgmap);
}
#else
void arch_remove_memory(u64 start, u64 size, struct vmem_altmap *altmap)
{
	added_online_or_gone(PFN_DOWN(start), PFN_DOWN(size));
	__remove_pages(PFN_DOWN(start), PFN_DOWN(size), altmap);
}
#endif

#ifdef LINUX_RESOURCE_ALIGNF
typedef resource_alignf alignment;
#else
typedef resource_size_t (*alignment)(void *, const struct resource *, resource_size_t,
				     resource_size_t);
#endif

/* The driver's call of allocate_resource(), as the next one: the build has renamed it there. */
int ballast_allocate_resource(struct resource *root, struct resource *new, resource_size_t size,
			      resource_size_t min, resource_size_t max, resource_size_t align,
			      alignment alignf, void *data);
int ballast_allocate_resource(struct resource *root, struct resource *new, resource_size_t size,
			      resource_size_t min, resource_size_t max, resource_size_t align,
			      alignment alignf, void *data)
{
	const int error = bridge_fault(BRIDGE_RESOURCE, 0, PFN_DOWN(size));

	return error ? -error : allocate_resource(root, new, size, min, max, align, alignf, data);
}

/* The driver's call of add_memory_resource(). */
int ballast_add_memory_resource(int nid, struct resource *res, mhp_t flags)
{
	const int error =
		bridge_fault(BRIDGE_ADD_MEMORY, PFN_DOWN(res->start), PFN_DOWN(resource_size(res)));

	return error ? -error : add_memory_resource(nid, res, flags);
}

/* A memory block goes online or offline: calls of drivers/base/memory.c. That is when its pages become memory. */
int ballast_online_pages(unsigned long pfn, unsigned long pages, struct zone *zone,
			 struct memory_group *group)
{
	int error;

	bridge_note_plug(1, pfn, pages, 0);
	error = -bridge_fault(BRIDGE_ONLINE, pfn, pages);
	if (error == 0)
		error = online_pages(pfn, pages, zone, group);
	if (error == 0)
		added_online_or_gone(pfn, pages);
	bridge_note_plug(0, pfn, pages, error == 0);
	return error;
}

/*
 * Pages of a block that hold its own page structures: they become memory without ever being free. The direct map has them, for their
 * frames were there when the block was added; others are mapped by whoever binds their frames.
 */
#ifdef LINUX_MEMMAP_INACCESSIBLE
#define INACCESSIBLE_PARAMETER , bool inaccessible
#define INACCESSIBLE	       , inaccessible
#else
#define INACCESSIBLE_PARAMETER
#define INACCESSIBLE
#endif
static void map_directly(unsigned long pfn, unsigned long pages, bool mapped)
{
	for (unsigned long at = pfn; xen_pv_domain() && at < pfn + pages; at++)
		BUG_ON(HYPERVISOR_update_va_mapping((unsigned long)__va(PFN_PHYS(at)),
						    mapped ? mfn_pte(pfn_to_mfn(at), PAGE_KERNEL)
							   : __pte_ma(0),
						    mapped ? 0 : UVMF_INVLPG) != 0);
}

int ballast_init_memmap_on_memory(unsigned long pfn, unsigned long pages,
				  struct zone *zone INACCESSIBLE_PARAMETER);
int ballast_init_memmap_on_memory(unsigned long pfn, unsigned long pages,
				  struct zone *zone INACCESSIBLE_PARAMETER)
{
	int error;

	map_directly(pfn, pages, true);
	bridge_note_plug(1, pfn, pages, 0);
	error = mhp_init_memmap_on_memory(pfn, pages, zone INACCESSIBLE);
	bridge_note_plug(0, pfn, pages, error == 0);
	if (error == 0) {
		added_online_or_gone(pfn, pages);
		pages_note(true, pfn, pages);
		pages_note(false, pfn, pages);
	}
	return error;
}

/* They stop being memory when the block goes offline, or could not go online. */
void ballast_deinit_memmap_on_memory(unsigned long pfn, unsigned long pages);
void ballast_deinit_memmap_on_memory(unsigned long pfn, unsigned long pages)
{
	bridge_note_unplug(1, pfn, pages, 0);
	mhp_deinit_memmap_on_memory(pfn, pages);
	bridge_note_unplug(0, pfn, pages, 1);
	map_directly(pfn, pages, false);
}

int ballast_offline_pages(unsigned long pfn, unsigned long pages, struct zone *zone,
			  struct memory_group *group)
{
	const unsigned long begun = vain_begin();
	int error;

	drain_all_pages(
		NULL); /* offline_pages() would, and what is on the CPU's lists counts as in use */
	bridge_note_unplug(1, pfn, pages, 0);
	migrate_begin();
	error = offline_pages(pfn, pages, zone, group);
	migrate_end();
	vain_end(begun, error);
	/* All of them were free, but for those that a driver had before, and kept as if they were offline. */
	for (unsigned long at = pfn; error == 0 && at < pfn + pages; at++)
		if (!PageOffline(pfn_to_page(at)))
			pages_note(false, at, 1);
	bridge_note_unplug(0, pfn, pages, error == 0);
	return error;
}

/* clear_page() of the direct map: the frame is zeroed, and what the runtime itself may have kept there. */
void linux_clear_page(void *address);
void linux_clear_page(void *address)
{
	const unsigned long pfn = (address - (void *)page_offset_base) >> PAGE_SHIFT;

	if (pfn >= bridge.direct_pages)
		panic("clear_page: an address outside the direct map");
	bridge_zero_frame(pfn);
}

void linux_clear_pages(void *address, unsigned long bytes);
void linux_clear_pages(void *address, unsigned long bytes)
{
	BUG_ON(bytes % PAGE_SIZE != 0);
	for (unsigned long at = 0; at < bytes; at += PAGE_SIZE)
		linux_clear_page(address + at);
}

/* --- what the harness asks --- */

/* Pages on free lists that have no frame: of designs that give them one as they leave the allocator. */
unsigned long __weak linux_absent_pages(void)
{
	return 0;
}

unsigned long linux_free_pages(void)
{
	const unsigned long pages = global_zone_page_state(NR_FREE_PAGES);

	return pages - min(pages, linux_absent_pages()); /* some may be on the CPU's own lists */
}

struct visit {
	void (*each)(struct visit *, unsigned long pfn, unsigned long end);
	unsigned long pages, ballooned, unpopulated;
	bool structs_told;
};

/* Online memory behind the boot image, by the resources that describe it and the sections that are online. */
static int visit_range(unsigned long pfn, unsigned long pages, void *argument)
{
	struct visit *visit = argument;
	const unsigned long end = pfn + pages;
	unsigned long first = 0, section_end;

	for (pfn = max(pfn, boot_start_pfn); pfn < end; pfn = section_end) {
		const bool online = online_section_nr(pfn_to_section_nr(pfn));

		section_end = min(end, SECTION_ALIGN_UP(pfn + 1));
		if (online && first == 0)
			first = pfn;
		if (first != 0 && !online)
			visit->each(visit, first, pfn);
		if (first != 0 && online && section_end == end)
			visit->each(visit, first, end);
		if (!online)
			first = 0;
	}
	return 0;
}

static void note_boot(struct visit *visit, unsigned long pfn, unsigned long end)
{
	visit->pages += end - pfn;
	bridge_note_boot(pfn, end, visit->structs_told ? 0 : vmemmap_bytes);
	visit->structs_told = true;
	pages_note_boot(pfn, end);
}

static unsigned long boot_managed, boot_present;
/*
 * Pages that Xen gave a translated guest and Linux has no memory for: the driver leaves them out of its counts. That of a newer version
 * asks Xen what a dom0 has.
 */
static unsigned long hidden_pages;
#ifdef LINUX_BALLOON_ASKS_XEN
#define DOM0_IS_COUNTED_BY_XEN true
#else
#define DOM0_IS_COUNTED_BY_XEN false
#endif

static unsigned long present_pages(void)
{
	unsigned long present = 0;
	struct zone *zone;

	for_each_zone (zone)
		present += zone->present_pages;
	return present;
}

static unsigned long zones_managed_pages(void)
{
	unsigned long managed = 0;
	struct zone *zone;

	for_each_zone (zone)
		managed += zone_managed_pages(zone);
	return managed;
}

/* Free pages that are in no free block as large as a page table's reach, which is 2 MiB. */
static unsigned long fragmented_pages(void)
{
	unsigned long pages = 0;
	struct zone *zone;

	for_each_zone (zone)
		for (unsigned int order = 0; 1ul << order < PTRS_PER_PTE; order++)
			pages += zone->free_area[order].nr_free << order;
	return pages;
}

void memory_note_boot(void)
{
	struct visit visit = {.each = note_boot};

	(void)walk_system_ram_range(0, bridge.direct_pages, &visit, visit_range);
	boot_managed = visit.pages;
	boot_present = present_pages();
	if (!xen_pv_domain() && !(xen_initial_domain() && DOM0_IS_COUNTED_BY_XEN))
		hidden_pages = bridge.built_pages - get_num_physpages();
}

/* Present pages of all zones, without those of the boot image. */
unsigned long linux_managed_pages(void)
{
	return boot_managed == 0 ? 0 : boot_managed + present_pages() - boot_present;
}

/* Pages that Linux says it has, and those that the driver has taken from it, or given to who maps others' frames there: together they
 * don't change when the balloon moves. */
unsigned long linux_total_pages(void)
{
	return totalram_pages() + balloon_stats.balloon_low + balloon_stats.balloon_high +
	       balloon_stats.target_unpopulated;
}

static void note_segment(struct visit *visit, unsigned long pfn, unsigned long end)
{
	for (unsigned long at = pfn; at < end; at++)
		visit->ballooned += PageOffline(pfn_to_page(at));
	visit->unpopulated += backend_unpopulated_pages(pfn, end);
	visit->pages += end - pfn;
	bridge_note_segment(pfn, end, end - pfn);
}

static unsigned long ballooned;

unsigned long linux_ballooned_pages(void)
{
	return ballooned;
}

/* As the driver counts, as Xen does. */
unsigned long linux_as_xen_counts(unsigned long kib)
{
	return kib + hidden_pages * (PAGE_SIZE / 1024);
}

static void note_node(int target, const char *path)
{
	char text[64];
	const int error = linux_agent_cat(path, text, sizeof(text));

	bridge_note_node(target, error ? 0 : linux_as_xen_counts(simple_strtoul(text, NULL, 10)),
			 error);
}

void linux_audit(void)
{
	struct visit visit = {.each = note_segment};

	pages_audit();
	bridge_note_audit_begin(present_pages(), zones_managed_pages(), fragmented_pages());
	(void)walk_system_ram_range(0, bridge.direct_pages, &visit, visit_range);
	ballooned = visit.ballooned + visit.unpopulated + linux_absent_pages() +
		    backend_ballooned_pages();
	bridge_note_audit_end(vmemmap_bytes, visit.unpopulated);
	if (linux_reclaimed_pages() != 0)
		bridge_note_reclaimed(linux_reclaimed_pages());
	vain_tell();
	note_node(1, "/sys/devices/system/xen_memory/xen_memory0/target_kb");
	note_node(0, "/sys/devices/system/xen_memory/xen_memory0/info/current_kb");
}
