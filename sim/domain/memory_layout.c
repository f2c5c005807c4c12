/* SPDX-License-Identifier: BSD-2-Clause */
/* Ranges of gfns by rules of libxl, of the firmware hvmloader and of Xen's dom0 builder. */
#include "sim/domain/memory_layout.h"

#include <assert.h>

#define EBDA_GFN     0x9full /* the firmware's own data, up to where the VGA hole begins */
#define VGA_HOLE_GFN 0xa0ull /* no memory: a screen's */
#define VGA_HOLE_END \
    0xc0ull /* from here on an HVM guest has frames again, for ROMs, which its map does not name */
#define BIOS_GFN        0xf0ull
#define LOW_END_GFN     0x100ull   /* 1 MiB */
#define HVM_DEVICES_GFN 0xf0000ull /* libxl: 256 MiB below 4 GiB; PCI begins there, with the frame buffer */
#define HVM_SPECIAL_GFN 0xfc000ull /* hvmloader: reserved from here to 4 GiB */
#define PVH_SPECIAL_GFN 0xfeff8ull /* Xen's own pages, such as store and console */
#define PVH_SPECIAL_END 0xff000ull
#define FOUR_GIB_GFN    (1ull << 20)
_Static_assert(
    FRAME_BUFFER_PAGES_MAX == HVM_SPECIAL_GFN - HVM_DEVICES_GFN, "a frame buffer lies between them");

static void add(struct layout_ranges *ranges, uint64_t first, uint64_t end, enum memory_type type)
{
    if (first == end)
        return;
    assert(first < end && ranges->count < LAYOUT_RANGES_MAX);
    assert(ranges->count == 0 || ranges->at[ranges->count - 1u].end_pfn <= first);
    ranges->at[ranges->count++] = (struct memory_range){first, end, type};
}

static uint64_t pages_of(const struct layout_ranges *ranges)
{
    uint64_t pages = 0;
    for (size_t i = 0; i < ranges->count; i++)
        pages += ranges->at[i].end_pfn - ranges->at[i].first_pfn;
    return pages;
}

static uint64_t end_of(const struct layout_ranges *ranges)
{
    return ranges->count == 0 ? 0 : ranges->at[ranges->count - 1u].end_pfn;
}

uint64_t memory_layout_pages(const struct memory_layout *layout)
{
    return pages_of(&layout->memory);
}

uint64_t memory_layout_frame_buffer_pages(const struct memory_layout *layout)
{
    assert(layout->frame_buffer_first <= layout->frame_buffer_end);
    return layout->frame_buffer_end - layout->frame_buffer_first;
}

uint64_t memory_layout_end_gfn(const struct memory_layout *layout)
{
    return max_of(layout->frame_buffer_end, end_of(&layout->memory));
}

uint64_t memory_layout_map_end_gfn(const struct memory_layout *layout)
{
    return end_of(&layout->map);
}

void memory_layout_pvh(struct memory_layout *layout, uint64_t pages)
{
    const uint64_t low = pages < PVH_SPECIAL_GFN ? pages : PVH_SPECIAL_GFN;
    const uint64_t end = FOUR_GIB_GFN + pages - low;
    *layout = (struct memory_layout){.left_out_pages = 0};
    add(&layout->memory, 0, low, MEMORY_RAM);
    add(&layout->memory, FOUR_GIB_GFN, end, MEMORY_RAM);
    add(&layout->map, 0, low, MEMORY_RAM);
    add(&layout->map, PVH_SPECIAL_GFN, PVH_SPECIAL_END, MEMORY_RESERVED);
    add(&layout->map, FOUR_GIB_GFN, end, MEMORY_RAM);
    assert(memory_layout_pages(layout) == pages);
}

void memory_layout_hvm(struct memory_layout *layout, uint64_t pages, uint64_t frame_buffer_pages)
{
    assert(pages > LOW_END_GFN + frame_buffer_pages);
    assert(frame_buffer_pages <= FRAME_BUFFER_PAGES_MAX);
    const uint64_t memory = pages - frame_buffer_pages;
    const uint64_t low = memory < HVM_DEVICES_GFN ? memory : HVM_DEVICES_GFN;
    const uint64_t end = FOUR_GIB_GFN + memory - low;
    *layout = (struct memory_layout){
        .frame_buffer_first = HVM_DEVICES_GFN,
        .frame_buffer_end = HVM_DEVICES_GFN + frame_buffer_pages,
        .left_out_pages = VGA_HOLE_END - VGA_HOLE_GFN,
    };
    add(&layout->memory, 0, VGA_HOLE_GFN, MEMORY_RAM);
    add(&layout->memory, VGA_HOLE_END, low, MEMORY_RAM);
    add(&layout->memory, FOUR_GIB_GFN, end, MEMORY_RAM);
    add(&layout->map, 0, low, MEMORY_RAM);
    add(&layout->map, FOUR_GIB_GFN, end, MEMORY_RAM);
    add(&layout->firmware, 0, EBDA_GFN, MEMORY_RAM);
    add(&layout->firmware, EBDA_GFN, VGA_HOLE_GFN, MEMORY_RESERVED);
    add(&layout->firmware, BIOS_GFN, LOW_END_GFN, MEMORY_RESERVED);
    add(&layout->firmware, LOW_END_GFN, low, MEMORY_RAM);
    add(&layout->firmware, HVM_SPECIAL_GFN, FOUR_GIB_GFN, MEMORY_RESERVED);
    add(&layout->firmware, FOUR_GIB_GFN, end, MEMORY_RAM);
    add(&layout->kept, layout->frame_buffer_first, layout->frame_buffer_end, MEMORY_RESERVED);
    assert(memory_layout_pages(layout) + frame_buffer_pages + layout->left_out_pages == pages);
}

/* Which range of memory gives a page to the tables that Xen makes for it (ACPI): the last one above 1 MiB and below 4 GiB. */
static size_t range_of_tables(const struct layout_ranges *memory)
{
    size_t found = memory->count;
    for (size_t i = 0; i < memory->count; i++)
        if (memory->at[i].first_pfn >= LOW_END_GFN && memory->at[i].end_pfn <= FOUR_GIB_GFN)
            found = i;
    return found;
}

bool memory_layout_dom0(
    struct memory_layout *layout, const struct memory_range *host, size_t nr_host, uint64_t pages)
{
    uint64_t left = pages;
    *layout = (struct memory_layout){.left_out_pages = 0};
    assert(nr_host <= MEMORY_RANGES_MAX);
    for (size_t i = 0; i < nr_host; i++) {
        const uint64_t length = host[i].end_pfn - host[i].first_pfn;
        if (host[i].type != MEMORY_RAM)
            continue;
        add(&layout->memory, host[i].first_pfn, host[i].first_pfn + (length < left ? length : left),
            MEMORY_RAM);
        left -= length < left ? length : left;
    }
    if (left > 0)
        return false;
    const size_t tables = range_of_tables(&layout->memory);
    for (size_t i = 0, used = 0; i < nr_host; i++) {
        uint64_t end = host[i].first_pfn;
        if (host[i].type != MEMORY_RAM) {
            add(&layout->map, end, host[i].end_pfn, host[i].type);
            continue;
        }
        if (used < layout->memory.count) {
            end = layout->memory.at[used].end_pfn;
            add(&layout->map, host[i].first_pfn, end - (used == tables), MEMORY_RAM);
            add(&layout->map, end - (used == tables), end, MEMORY_ACPI);
            add(&layout->kept, end - (used == tables), end, MEMORY_ACPI);
            used++;
        }
        add(&layout->map, end, host[i].end_pfn, MEMORY_UNUSABLE);
    }
    assert(memory_layout_pages(layout) == pages);
    return true;
}
