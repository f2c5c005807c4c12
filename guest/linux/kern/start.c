/* SPDX-License-Identifier: BSD-2-Clause */
/* From the boot block to Linux's own start: memory for its tables, and what it asks of the boot block. */
#include "guest/abi/boot.h"
#include "guest/abi/paging.h"
#include "guest/lib/boot_block.h"
#include "guest/lib/debug_port.h"
#include "guest/lib/heap.h"
#include "guest/lib/services.h"
#include "guest/linux/kern/bridge.h"

#define PTES_OF_TABLE 512

/* The linker puts these around the driver's section of code. */
extern const char __start_driver_text[], __stop_driver_text[];

static void guest_start(const struct boot_block *) __attribute__((noreturn));

__attribute__((__visibility__("default"))) struct guest_image guest_image = {
	.magic = GUEST_IMAGE_MAGIC,
	.kernel = LINUX_NAME,
	.start = guest_start,
	.driver_text_start = __start_driver_text,
	.driver_text_end = __stop_driver_text,
	.direct_map = 1,
};

struct bridge bridge;
_Static_assert(sizeof(struct boot_map_range) == 3 * sizeof(unsigned long),
	       "the bridge has it as plain numbers");

void *bridge_table(unsigned long bytes)
{
	bool zeroed;
	void *memory = heap_get(bytes, &zeroed);

	if (memory == NULL || !zeroed)
		panic("start: no memory for a table of %lu bytes", bytes);
	return memory;
}

static void guest_start(const struct boot_block *boot)
{
	unsigned long struct_pages;

	boot_block = boot;
	if (boot->magic != BOOT_BLOCK_MAGIC || boot->version != BOOT_BLOCK_VERSION)
		panic("start: not a boot block of this version");
	if (boot->direct_map == NULL)
		panic("start: this machine gives no direct map, which Linux needs");
	port_init();
	heap_init();
	bridge = (struct bridge){
		.start_info = boot->start_info,
		.shared_info = boot->shared_info,
		.xenstore = boot->xenstore,
		.builder_p2m = boot_p2m(),
		.m2p = boot->m2p,
		.p2m_entries = boot->p2m_entries,
		.m2p_entries = boot->m2p_entries,
		.boot_pages = boot->start_info->nr_pages,
		.image_pages = boot->image_pages,
		.built_pages = boot->built_pages,
		.firmware_map = boot->nr_firmware_map != 0 ? &boot->firmware_map->first_pfn : NULL,
		.nr_firmware_map = boot->nr_firmware_map,
		.command_line = (const char *)boot->start_info->cmd_line,
		.direct = boot->direct_map,
		.direct_pages = boot->direct_map_pages,
		.stacks = boot->stacks,
		.nr_stacks = boot->nr_stacks,
		.stack_bytes = boot->stack_bytes,
		.stack_stride_bytes = boot->stack_stride_bytes,
		.seeded_schedule = boot->seeded_schedule != 0,
	};
	bridge.structs = bridge_table(bridge.direct_pages * BRIDGE_STRUCT_PAGE_BYTES);
	struct_pages = bridge.direct_pages * BRIDGE_STRUCT_PAGE_BYTES / PAGE_BYTES;
	bridge.struct_pfns = bridge_table((struct_pages + 1) * sizeof(*bridge.struct_pfns));
	bridge.struct_table_pfns = bridge_table((struct_pages / PTES_OF_TABLE + 1) *
						sizeof(*bridge.struct_table_pfns));
	bridge.p2m = bridge_table(bridge.direct_pages * sizeof(*bridge.p2m));
	counters.heap_touched_bytes = ~0ul; /* struct pages lie wherever there is memory */
	linux_start();
}
