/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where things are in a PV guest's boot memory on the real Xen. This is arithmetic only.
 *
 * The boot mapping is one to one: virtual page n is pfn n, from 0 up to the end of the boot image. In it lie, in this
 * order: the image (from 1 MiB on), start_info, the boot block, xenstore's ring, shared_info, the stacks with a hole
 * under each, the P2M with a hole behind it, the heap, the page tables. Behind its end comes the window: addresses with page tables and
 * without frames.
 *
 * A kernel that keeps all of its memory mapped has its image apart: in frames that are no pages of the guest's memory, for its
 * structures and page tables would not fit into the boot image. Its memory is in the direct map.
 */
#ifndef HARNESS_XEN_PV_LAYOUT_H
#define HARNESS_XEN_PV_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#define PV_STACKS             16u
#define PV_STACK_PAGES        4u
#define PV_STACK_STRIDE_PAGES (PV_STACK_PAGES + 1u) /* with the hole under each */
#define PV_GUEST_WINDOW_PAGES 64u

struct pv_layout { /* all pfns; stacks is where the first stack begins, above its hole */
    uint64_t start_info, boot_block, ring, shared_info, stacks, p2m, p2m_guard, heap, tables, end;
    uint64_t heap_pages;
    uint64_t nr_l2, nr_l1, nr_tables; /* page tables; one L4 and one L3 besides */
    /* Of a direct map. Its tables are behind the others: the number of its L3 among all tables, then L2s and L1s. */
    uint64_t direct_pages, direct_tables, nr_direct_l2, nr_direct_l1;
    bool apart; /* the image's pages have frames of their own */
};
#define PV_DIRECT_VA (1ull << 39) /* the second entry of the L4 */
#define PV_APART_FIRST_PFN \
    (1ull << 26) /* frames of an image apart have M2P entries from here on: no P2M goes so far */
#define PVH_SHARED_INFO_GFN \
    0xfeff8ull /* where Xen translates: the first of the gfns that libxl keeps for Xen's own pages */

/*
 * image_pages: the size of the whole boot image, which begins with the kernel's own pages. p2m_entries: room in the P2M.
 * False: it does not fit; *needed_pages would be enough.
 */
bool pv_layout_make(struct pv_layout *, uint64_t kernel_pages, uint64_t p2m_entries, uint64_t image_pages,
    uint64_t *needed_pages);
/* An image apart is as large as it has to be for such a heap, and for a direct map of so many pages, or none. */
void pv_layout_apart(struct pv_layout *, uint64_t kernel_pages, uint64_t p2m_entries, uint64_t heap_bytes,
    uint64_t direct_pages);
/* Does an access to that page of the boot mapping fault: the first one, those under stacks, and the one behind the P2M? */
bool pv_layout_is_hole(const struct pv_layout *, uint64_t pfn);
/* Pages that the tables map: the boot memory, the window, and behind it the frames of holes and of shared_info. */
uint64_t pv_layout_mapped_pages(const struct pv_layout *);

#endif
