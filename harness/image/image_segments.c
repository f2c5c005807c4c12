/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the program headers of a loaded object. */
#include "harness/image/image_segments.h"

#include <assert.h>
#include <dlfcn.h>
#include <link.h>
#include <stddef.h>

#include "sim/types.h"

/* Where the part that the loader makes read-only ends, rounded down to a page as the loader does; 0: there is none. */
static uint64_t relro_end(const struct dl_phdr_info *info)
{
    uint64_t end = 0;

    for (unsigned p = 0; p < info->dlpi_phnum; p++)
        if (info->dlpi_phdr[p].p_type == PT_GNU_RELRO)
            end = info->dlpi_addr + info->dlpi_phdr[p].p_vaddr + info->dlpi_phdr[p].p_memsz;
    return end & ~(PAGE_BYTES - 1);
}

static void take_segment(struct image_segments *found, const ElfW(Phdr) * header, uint64_t read_only_end)
{
    uint64_t start = found->base + header->p_vaddr, end = start + header->p_memsz;

    assert(start <= end);
    if ((header->p_flags & PF_X) != 0) {
        found->text_start = (char *)start;
        found->text_end = (char *)end;
    } else if ((header->p_flags & PF_W) != 0 && end > read_only_end) {
        found->data_start = (char *)(start > read_only_end ? start : read_only_end);
        found->data_end = (char *)end;
        found->writable++;
    }
}

/* Called for each loaded object, until it returns 1. */
static int look_at_object(struct dl_phdr_info *info, size_t bytes, void *context)
{
    struct image_segments *found = context;

    (void)bytes;
    if (info->dlpi_addr != found->base)
        return 0;
    for (unsigned p = 0; p < info->dlpi_phnum; p++)
        if (info->dlpi_phdr[p].p_type == PT_LOAD)
            take_segment(found, &info->dlpi_phdr[p], relro_end(info));
    return 1;
}

bool image_segments_find(void *handle, struct image_segments *found)
{
    struct link_map *map;

    if (dlinfo(handle, RTLD_DI_LINKMAP, &map) != 0)
        return false;
    *found = (struct image_segments){.base = map->l_addr};
    return dl_iterate_phdr(look_at_object, found) == 1 && found->text_start != NULL;
}
