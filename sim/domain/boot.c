/* SPDX-License-Identifier: BSD-2-Clause */
/* The two pages that a guest reads first. */
#include "sim/domain/boot.h"

#include <assert.h>
#include <stdio.h>

#include "sim/domain/domain.h"
#include "sim/machine_state.h"

#define CONSOLE_PFN 2u /* in the boot image, as BOOT_STORE_PFN */

void boot_write_start_info(struct domain *d)
{
    struct space *space = &d->space;
    const uint64_t *p2m = space->own_p2m != NULL ? space->own_p2m : space->p2m;
    start_info_t *info = space->start_info;
    snprintf(info->magic, sizeof info->magic, "xen-3.0-x86_64");
    info->nr_pages = d->boot_pages;
    info->flags = d->config.initial ? SIF_INITDOMAIN | SIF_PRIVILEGED : 0;
    info->shared_info = (uint64_t)d->overhead.mfn[0] << PAGE_SHIFT_BITS;
    info->store_mfn = p2m[BOOT_STORE_PFN];
    info->store_evtchn = d->store_port;
    info->console.domU.mfn = p2m[CONSOLE_PFN];
    info->mfn_list = (uintptr_t)space->p2m;
    if (d->config.p2m != P2M_EXACT || d->config.nr_boot_ranges != 0)
        info->nr_p2m_frames = space->p2m_entries / P2M_ENTRIES_PER_PAGE;
    snprintf((char *)info->cmd_line, sizeof info->cmd_line, "%s", d->command_line);
    space->shared_info->vcpu_info[0].evtchn_upcall_mask = 1;
}

/* Behind the block, in its page. */
static_assert(sizeof(struct boot_block) + BOOT_RANGES_MAX * sizeof(struct boot_available) +
                      LAYOUT_RANGES_MAX * sizeof(struct boot_map_range) <=
                  PAGE_BYTES,
    "one page holds the block and what it points to");

void boot_write_available(struct boot_available *available, const struct domain_config *config)
{
    assert(config->nr_boot_ranges <= BOOT_RANGES_MAX);
    for (size_t i = 0; i < config->nr_boot_ranges; i++) {
        const struct boot_range *range = &config->boot_map[i];
        const bool all = range->available_end_pfn == 0;
        assert(all || range->available_end_pfn <= range->end_pfn);
        available[i] = (struct boot_available){
            .first_pfn = all ? range->first_pfn : range->available_first_pfn,
            .end_pfn = all ? range->end_pfn : range->available_end_pfn,
            .free_list = range->free_list,
        };
    }
}

static void write_firmware_map(struct boot_map_range *map, const struct layout_ranges *firmware)
{
    for (size_t i = 0; i < firmware->count; i++)
        map[i] =
            (struct boot_map_range){firmware->at[i].first_pfn, firmware->at[i].end_pfn, firmware->at[i].type};
}

void boot_write_block(struct domain *d)
{
    struct space *space = &d->space;
    struct boot_available *available = (void *)(space->boot + 1);
    struct boot_map_range *firmware_map = (void *)(available + BOOT_RANGES_MAX);
    *space->boot = (struct boot_block){
        .magic = BOOT_BLOCK_MAGIC,
        .version = BOOT_BLOCK_VERSION,
        .nr_stacks = SPACE_STACKS,
        .start_info = space->start_info,
        .shared_info = space->shared_info,
        .xenstore = space->xenstore,
        .m2p = d->machine->host.m2p_guest,
        .m2p_entries = d->physmap != NULL ? 0 : d->machine->host.end_mfn,
        .p2m_entries = space->p2m_entries,
        .image_pages = d->image_pages,
        .heap = space->heap,
        .heap_bytes = space->heap_bytes,
        .window = space->window,
        .window_pages = SPACE_WINDOW_PAGES,
        .stacks = space->stacks,
        .stack_bytes = SPACE_STACK_BYTES,
        .stack_stride_bytes = SPACE_STRIDE_BYTES,
        .seeded_schedule = d->machine->config.schedule_seed != 0,
        .available = available,
        .nr_available = d->config.nr_boot_ranges,
        .direct_map = space_has_direct(space) ? space->direct : NULL,
        .direct_map_pages = space_has_direct(space) ? space->direct_pages : 0,
        .firmware_map = firmware_map,
        .nr_firmware_map = d->layout.firmware.count,
        .built_pages = memory_layout_pages(&d->layout) + memory_layout_frame_buffer_pages(&d->layout),
    };
    boot_write_available(available, &d->config);
    write_firmware_map(firmware_map, &d->layout.firmware);
}
