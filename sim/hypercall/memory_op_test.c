/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The reservation calls and queries against what was measured on Xen 4.17 (docs/xen-semantics.md): each
 * test is some rows of its tables.
 */
#include <errno.h>

#include "sim/machine_state.h"
#include "sim/test_guest.h"

#define GUEST_PAGES 4096u
#define ROOM_PAGES  8192u /* from the guest's memory to its maximum */

static struct test_guest *p;
static uint64_t *list, *p2m;

static uint64_t reservation(void)
{
    uint64_t pages = domain_reservation_pages(p->domain);
    ck_assert_uint_eq(domain_counted_pages(p->domain), pages);
    ck_assert_uint_eq(host_counted_free_pages(stage.machine), host_free_pages(stage.machine));
    return pages;
}

static void setup(void)
{
    stage_open(64 * 1024);
    p = test_guest_new("p", GUEST_PAGES, GUEST_PAGES + ROOM_PAGES);
    domain_set_maximum_kib(p->domain, 4 * (GUEST_PAGES + ROOM_PAGES));
    list = test_guest_list(p);
    p2m = test_guest_p2m(p);
}

static void teardown(void)
{
    stage_close();
}

/* A frame of the guest's that nothing maps. */
static uint64_t loose(uint64_t n)
{
    return p2m[p->boot->image_pages + n];
}

static long decrease(uint64_t nr)
{
    return reserve(p, XENMEM_decrease_reservation, list, nr, 0);
}

static long map_frame(unsigned slot, uint64_t mfn)
{
    return ask(p, __HYPERVISOR_update_va_mapping, (uintptr_t)p->boot->window + slot * PAGE_BYTES,
        mfn << PAGE_SHIFT_BITS | 1, UVMF_INVLPG, 0);
}

static long unmap_slot(unsigned slot)
{
    return ask(
        p, __HYPERVISOR_update_va_mapping, (uintptr_t)p->boot->window + slot * PAGE_BYTES, 0, UVMF_INVLPG, 0);
}

START_TEST(boot_memory_is_as_a_builder_leaves_it)
{
    ck_assert_uint_eq(reservation(), GUEST_PAGES);
    ck_assert_uint_eq(p->boot->start_info->nr_pages, GUEST_PAGES);
    ck_assert_uint_eq(p->boot->p2m_entries, GUEST_PAGES + ROOM_PAGES);
    ck_assert_uint_eq(p->boot->start_info->nr_p2m_frames * 512, p->boot->p2m_entries);
    for (uint64_t pfn = 0; pfn < GUEST_PAGES; pfn++)
        ck_assert_uint_eq(p->boot->m2p[p2m[pfn]], pfn);
    for (uint64_t pfn = GUEST_PAGES; pfn < p->boot->p2m_entries; pfn++)
        ck_assert_uint_eq(p2m[pfn], UINT64_MAX);
    ck_assert_uint_eq(host_overhead_pages(stage.machine), 21);
    ck_assert_uint_eq(host_free_pages(stage.machine), 64 * 1024 - 21 - GUEST_PAGES);
    ck_assert_str_eq(p->boot->start_info->magic, "xen-3.0-x86_64");
}
END_TEST

START_TEST(decrease_releases_unmapped_frames)
{
    uint64_t mfn = list[0] = loose(0);
    ck_assert_int_eq(decrease(1), 1);
    ck_assert_uint_eq(reservation(), GUEST_PAGES - 1);
    ck_assert_uint_eq(p->boot->m2p[mfn], UINT64_MAX);
    ck_assert_uint_eq(list[0], mfn);
    ck_assert_uint_eq(frame_owner(stage.machine, MFN(mfn)), OWNER_FREE);
    ck_assert_int_eq(decrease(1), 0); /* the same frame again, in a later call */
    for (unsigned i = 0; i < 512; i++)
        list[i] = loose(1 + i);
    ck_assert_int_eq(decrease(512), 512);
    ck_assert_uint_eq(reservation(), GUEST_PAGES - 513);
}
END_TEST

START_TEST(decrease_of_what_is_not_ours_gives_0)
{
    struct test_guest *other = test_guest_new("other", 1024, 1024);
    uint64_t free_mfn = 0;
    for (uint64_t mfn = host_first_mfn(stage.machine); free_mfn == 0; mfn++) {
        if (frame_owner(stage.machine, MFN(mfn)) == OWNER_FREE)
            free_mfn = mfn;
    }
    const uint64_t bad[] = {0, UINT64_MAX, free_mfn, test_guest_p2m(other)[900], host_end_mfn(stage.machine),
        1ull << 40, host_first_mfn(stage.machine) - 1};
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        list[0] = bad[i];
        ck_assert_int_eq(decrease(1), 0);
        ck_assert_uint_eq(reservation(), GUEST_PAGES);
    }
    ck_assert_uint_eq(domain_counted_pages(other->domain), 1024);
}
END_TEST

START_TEST(decrease_stops_at_the_first_bad_frame)
{
    list[0] = list[1] = loose(0);
    ck_assert_int_eq(decrease(2), 1); /* the same one twice in a call */
    ck_assert_uint_eq(reservation(), GUEST_PAGES - 1);
    list[0] = loose(1);
    list[1] = 0;
    list[2] = loose(2);
    ck_assert_int_eq(decrease(3), 1);
    ck_assert_uint_eq(reservation(), GUEST_PAGES - 2);
    ck_assert_uint_eq(frame_owner(stage.machine, MFN(loose(2))), domain_id(p->domain));
}
END_TEST

START_TEST(a_mapped_frame_goes_at_its_unmap)
{
    uint64_t mfn = list[0] = loose(0);
    ck_assert_int_eq(map_frame(3, mfn), 0);
    ck_assert_int_eq(decrease(1), 1);
    ck_assert_uint_eq(reservation(), GUEST_PAGES);
    ck_assert_uint_eq(p->boot->m2p[mfn], p->boot->image_pages);
    ck_assert(frame_release_pending(stage.machine, MFN(mfn)));
    ck_assert_int_eq(decrease(1), 1); /* a second time */
    ck_assert_uint_eq(reservation(), GUEST_PAGES);
    ck_assert_int_eq(map_frame(4, mfn), 0); /* as long as a mapping is left */
    ck_assert_int_eq(unmap_slot(3), 0);
    ck_assert_uint_eq(reservation(), GUEST_PAGES);
    ck_assert_int_eq(unmap_slot(4), 0);
    ck_assert_uint_eq(reservation(), GUEST_PAGES - 1);
    ck_assert_uint_eq(p->boot->m2p[mfn], UINT64_MAX);
    ck_assert_int_eq(map_frame(3, mfn), -EBUSY);
}
END_TEST

START_TEST(tables_and_shared_info_answer_1_and_stay)
{
    list[0] = p2m[0]; /* the boot image: mapped by the boot page tables */
    ck_assert_int_eq(decrease(1), 1);
    list[0] = p->boot->start_info->shared_info >> PAGE_SHIFT_BITS;
    ck_assert_int_eq(decrease(1), 1);
    ck_assert_uint_eq(reservation(), GUEST_PAGES);
}
END_TEST

START_TEST(decrease_of_nothing)
{
    ck_assert_int_eq(decrease(0), 0);
    ck_assert_int_eq(reserve(p, XENMEM_decrease_reservation, NULL, 5, 0), 0);
    ck_assert_int_eq(reserve(p, XENMEM_decrease_reservation, (void *)0x10, 5, 0), 0);
    ck_assert_uint_eq(reservation(), GUEST_PAGES);
}
END_TEST

START_TEST(decrease_of_higher_orders)
{
    /* Whole extents to give: Xen hands out aligned ones. */
    ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, list, 3, 9), 3);
    ck_assert_uint_eq(reservation(), GUEST_PAGES + 1536);
    uint64_t block = list[0], second = list[1], third = list[2];
    ck_assert_uint_eq(block % 512, 0);
    list[0] = second + 7;
    ck_assert_int_eq(decrease(1), 1);
    list[0] = second;
    ck_assert_int_eq(reserve(p, XENMEM_decrease_reservation, list, 1, 9), 0);
    ck_assert_uint_eq(reservation(), GUEST_PAGES + 1536 - 8); /* the seven in front of the hole went */
    list[0] = block;
    ck_assert_int_eq(reserve(p, XENMEM_decrease_reservation, list, 1, 9), 1);
    ck_assert_uint_eq(reservation(), GUEST_PAGES + 1024 - 8);
    list[0] = third + 5; /* misaligned is fine */
    ck_assert_int_eq(reserve(p, XENMEM_decrease_reservation, list, 1, 1), 1);
    ck_assert_uint_eq(reservation(), GUEST_PAGES + 1024 - 10);
    list[0] = third;
    ck_assert_int_eq(reserve(p, XENMEM_decrease_reservation, list, 1, 13), 0);
    ck_assert_uint_eq(reservation(), GUEST_PAGES + 1024 - 10);
}
END_TEST

START_TEST(increase_gives_frames_with_an_invalid_m2p)
{
    ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, list, 1, 0), 1);
    ck_assert_uint_eq(reservation(), GUEST_PAGES + 1);
    ck_assert_uint_eq(p->boot->m2p[list[0]], UINT64_MAX);
    ck_assert_uint_eq(frame_owner(stage.machine, MFN(list[0])), domain_id(p->domain));
    ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, NULL, 5, 0), 5);
    ck_assert_uint_eq(reservation(), GUEST_PAGES + 6);
    ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, list, 0, 0), 0);
}
END_TEST

START_TEST(increase_stops_at_the_maximum)
{
    for (unsigned i = 0; i < ROOM_PAGES + 10; i++)
        list[i] = 0x1234;
    ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, list, ROOM_PAGES + 10, 0), ROOM_PAGES);
    ck_assert_uint_eq(list[ROOM_PAGES], 0x1234);
    ck_assert_uint_ne(list[ROOM_PAGES - 1], 0x1234);
    ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, list, 1, 0), 0);
    ck_assert_uint_eq(reservation(), GUEST_PAGES + ROOM_PAGES);
}
END_TEST

START_TEST(no_extent_that_does_not_fit_under_the_maximum)
{
    domain_set_maximum_kib(p->domain, 4 * (GUEST_PAGES + 300));
    ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, list, 1, 9), 0);
    ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, list, 600, 0), 300);
}
END_TEST

START_TEST(orders_and_flags_of_increase)
{
    ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, list, 1, 10), 0);
    ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, list, 1, 4000000000u), 0);
    const struct {
        unsigned flags;
        long answer;
    } rows[] = {
        {XENMEMF_populate_on_demand, 1},
        {1u << 25, 1},
        {32, 1},
        {24, 1},
        {13, 0},
        {1, 0},
        {XENMEMF_exact_node(1), 0},
        {XENMEMF_node(1), 1},
        {XENMEMF_exact_node(0), 0},
    };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_int_eq(reserve_with(p, XENMEM_increase_reservation, list, 1, 0, rows[i].flags, DOMID_SELF),
            rows[i].answer);
    p->domain->privileged = true;
    ck_assert_int_eq(
        reserve_with(p, XENMEM_increase_reservation, list, 1, 0, XENMEMF_exact_node(0), DOMID_SELF), 1);
    ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, list, 1, 12), 1);
}
END_TEST

START_TEST(an_unwritable_list_leaks)
{
    void *in_xen = (void *)(uintptr_t)p->boot->m2p; /* refused before anything is done */
    ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, in_xen, 1, 0), 0);
    ck_assert_uint_eq(reservation(), GUEST_PAGES);
    ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, (void *)0x10, 1, 0), 0);
    ck_assert_uint_eq(reservation(), GUEST_PAGES + 1);
    uint64_t *last_three = (void *)(p->boot->stacks + p->boot->stack_bytes - 3 * sizeof(uint64_t));
    ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, last_three, 5, 0), 3);
    ck_assert_uint_eq(reservation(), GUEST_PAGES + 5);
}
END_TEST

START_TEST(populate_sets_the_m2p_itself)
{
    list[0] = GUEST_PAGES + 3;
    list[1] = GUEST_PAGES + 4;
    ck_assert_int_eq(reserve(p, XENMEM_populate_physmap, list, 2, 0), 2);
    ck_assert_uint_eq(p->boot->m2p[list[0]], GUEST_PAGES + 3);
    ck_assert_uint_eq(p->boot->m2p[list[1]], GUEST_PAGES + 4);
    ck_assert_uint_eq(p2m[GUEST_PAGES + 3], UINT64_MAX);
    ck_assert_uint_eq(reservation(), GUEST_PAGES + 2);

    uint64_t before = loose(0);
    list[0] = p->boot->image_pages; /* over an occupied one */
    ck_assert_int_eq(reserve(p, XENMEM_populate_physmap, list, 1, 0), 1);
    ck_assert_uint_eq(p->boot->m2p[list[0]], p->boot->image_pages);
    ck_assert_uint_eq(p->boot->m2p[before], p->boot->image_pages);
    ck_assert_int_eq(reserve(p, XENMEM_populate_physmap, NULL, 1, 0), 0);
    ck_assert_int_eq(
        reserve_with(p, XENMEM_populate_physmap, list, 1, 0, XENMEMF_populate_on_demand, DOMID_SELF), 0);
    ck_assert_uint_eq(reservation(), GUEST_PAGES + 3);
    for (unsigned i = 0; i < ROOM_PAGES; i++)
        list[i] = GUEST_PAGES + i;
    ck_assert_int_eq(reserve(p, XENMEM_populate_physmap, list, ROOM_PAGES, 0), ROOM_PAGES - 3);
}
END_TEST

START_TEST(m2p_updates)
{
    ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, list, 3, 0), 3);
    uint64_t mine[3] = {list[0], list[1], list[2]};
    mmu_update_t *update = (void *)list;
    unsigned *done = (void *)(p->boot->heap + 128 * PAGE_BYTES);
    update[0] = (mmu_update_t){mine[0] << 12 | MMU_MACHPHYS_UPDATE, 77};
    update[1] = (mmu_update_t){mine[1] << 12 | MMU_MACHPHYS_UPDATE, 1ull << 50}; /* nonsense is accepted */
    ck_assert_int_eq(ask(p, __HYPERVISOR_mmu_update, (uintptr_t)update, 2, (uintptr_t)done, DOMID_SELF), 0);
    ck_assert_uint_eq(*done, 2);
    ck_assert_uint_eq(p->boot->m2p[mine[0]], 77);
    ck_assert_uint_eq(p->boot->m2p[mine[1]], 1ull << 50);
    update[1].ptr = MMU_MACHPHYS_UPDATE; /* mfn 0: Xen's */
    update[2] = (mmu_update_t){mine[2] << 12 | MMU_MACHPHYS_UPDATE, 78};
    ck_assert_int_eq(
        ask(p, __HYPERVISOR_mmu_update, (uintptr_t)update, 3, (uintptr_t)done, DOMID_SELF), -EINVAL);
    ck_assert_uint_eq(*done, 1);
    ck_assert_uint_eq(p->boot->m2p[mine[2]], UINT64_MAX);
    ck_assert_int_eq(ask(p, __HYPERVISOR_mmu_update, 0x10, 1, (uintptr_t)done, DOMID_SELF), -EFAULT);
    ck_assert_uint_eq(*done, 0);
    ck_assert_int_eq(ask(p, __HYPERVISOR_mmu_update, (uintptr_t)update, 1, 0, DOMID_SELF), 0);
    ck_assert_int_eq(ask(p, __HYPERVISOR_mmu_update, (uintptr_t)update, 1, 0, 0), -EPERM);
    ck_assert_int_eq(ask(p, __HYPERVISOR_mmu_update, (uintptr_t)update, 1, 0, 99), -ESRCH);
}
END_TEST

/* What was updated is told in pairs, also of a frame that was released and is still mapped. */
START_TEST(m2p_updates_are_told)
{
    ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, list, 3, 0), 3);
    const uint64_t mine[3] = {list[0], list[1], list[2]};
    mmu_update_t *update = (void *)list;
    ck_assert_int_eq(map_frame(0, mine[1]), 0);
    list[0] = mine[1];
    ck_assert_int_eq(decrease(1), 1);
    for (unsigned i = 0; i < 3; i++)
        update[i] = (mmu_update_t){mine[i] << 12 | MMU_MACHPHYS_UPDATE, 500 + i};
    ck_assert_int_eq(ask(p, __HYPERVISOR_mmu_update, (uintptr_t)update, 3, 0, DOMID_SELF), 0);
    for (unsigned i = 0; i < 3; i++) {
        ck_assert_uint_eq(p->boot->m2p[mine[i]], 500 + i);
        ck_assert_uint_eq(stage.machine->frame_list[2 * i], mine[i]);
        ck_assert_uint_eq(stage.machine->frame_list[2 * i + 1], 500 + i);
    }
}
END_TEST

START_TEST(a_lowered_maximum)
{
    ck_assert_int_eq(domain_set_maximum_kib(p->domain, 4 * 1000 + 3), 0);
    ck_assert_uint_eq(domain_maximum_pages(p->domain), 1000);
    ck_assert_uint_eq(reservation(), GUEST_PAGES);
    ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, list, 1, 0), 0);
    list[0] = GUEST_PAGES;
    ck_assert_int_eq(reserve(p, XENMEM_populate_physmap, list, 1, 0), 0);
    ck_assert_int_eq(domain_set_maximum_kib(p->domain, 0), 0);
    ck_assert_uint_eq(domain_maximum_pages(p->domain), 0);
    ck_assert_int_eq(domain_set_maximum_kib(p->domain, UINT64_MAX), 0);
    ck_assert_uint_eq(domain_maximum_pages(p->domain), 4294967295u);
}
END_TEST

struct e820 {
    uint64_t start, bytes;
    uint32_t type;
} __attribute__((packed));

static long memory_map_of(struct test_guest *guest, unsigned room)
{
    struct xen_memory_map *map = (void *)guest->boot->heap;
    struct e820 *entries = (void *)(map + 1);

    *map = (struct xen_memory_map){.nr_entries = room};
    set_xen_guest_handle(map->buffer, (void *)entries);
    const long answer = ask(guest, __HYPERVISOR_memory_op, XENMEM_memory_map, (uintptr_t)map, 0, 0);
    return answer == 0 ? (long)map->nr_entries : answer;
}

/* What a toolstack gave a PV domain, in the layout of a BIOS; a short buffer has the first of it. */
START_TEST(a_memory_map_that_was_given)
{
    struct domain_config config = {.name = "mapped",
        .memory_pages = GUEST_PAGES,
        .maxmem_pages = GUEST_PAGES,
        .extra_kib = 1024,
        .command_line = "",
        .memory_map = {{0, 256, MEMORY_RAM}, {256, 512, MEMORY_RESERVED}, {4096, 8192, MEMORY_RAM}},
        .nr_memory_ranges = 3,
        .kernel = test_kernel()};
    struct test_guest *mapped;
    const struct e820 *entries;

    ck_assert_int_eq(test_guest_build(&config, &mapped), BUILD_OK);
    stage_run();
    ck_assert_int_eq(memory_map_of(mapped, 8), 3);
    entries = (void *)(mapped->boot->heap + sizeof(struct xen_memory_map));
    ck_assert(entries[1].start == 256 * PAGE_BYTES && entries[1].bytes == 256 * PAGE_BYTES);
    ck_assert_uint_eq(entries[1].type, 2);
    ck_assert(entries[2].start == 4096 * PAGE_BYTES && entries[2].bytes == 4096 * PAGE_BYTES);
    ck_assert_uint_eq(entries[2].type, 1);
    ck_assert_int_eq(memory_map_of(mapped, 1), 1);
    ck_assert_int_eq(memory_map_of(p, 8), -ENOSYS);
}
END_TEST

START_TEST(queries)
{
    domid_t *domid = (void *)list;
    *domid = DOMID_SELF;
    ck_assert_int_eq(
        ask(p, __HYPERVISOR_memory_op, XENMEM_current_reservation, (uintptr_t)domid, 0, 0), GUEST_PAGES);
    ck_assert_int_eq(ask(p, __HYPERVISOR_memory_op, XENMEM_maximum_reservation, (uintptr_t)domid, 0, 0),
        GUEST_PAGES + ROOM_PAGES);
    ck_assert_int_eq(ask(p, __HYPERVISOR_memory_op, XENMEM_current_reservation, 0x10, 0, 0), -EFAULT);
    *domid = 99;
    ck_assert_int_eq(
        ask(p, __HYPERVISOR_memory_op, XENMEM_current_reservation, (uintptr_t)domid, 0, 0), -ESRCH);
    ck_assert_int_eq(
        ask(p, __HYPERVISOR_memory_op, XENMEM_maximum_reservation, (uintptr_t)domid, 0, 0), -ESRCH);
    *domid = 0;
    ck_assert_int_eq(
        ask(p, __HYPERVISOR_memory_op, XENMEM_current_reservation, (uintptr_t)domid, 0, 0), -EPERM);
    ck_assert_int_eq(ask(p, __HYPERVISOR_memory_op, XENMEM_memory_map, (uintptr_t)domid, 0, 0), -ENOSYS);
    ck_assert_int_eq(ask(p, __HYPERVISOR_memory_op, 60, (uintptr_t)domid, 0, 0), -ENOSYS);
    ck_assert_int_eq(ask(p, 63, 0, 0, 0, 0), -ENOSYS);
    ck_assert_int_eq(ask(p, __HYPERVISOR_console_io, 0, 0, 0, 0), -EPERM);
    ck_assert_int_eq(ask(p, __HYPERVISOR_xen_version, 0, 0, 0, 0), 4 << 16 | 17);
}
END_TEST

START_TEST(bad_arguments_of_reservation_calls)
{
    ck_assert_int_eq(ask(p, __HYPERVISOR_memory_op, XENMEM_increase_reservation, 0x10, 0, 0), 0);
    ck_assert_int_eq(
        ask(p, __HYPERVISOR_memory_op, XENMEM_increase_reservation, (uintptr_t)p->boot->window, 0, 0), 0);
    ck_assert_int_eq(reserve_with(p, XENMEM_increase_reservation, list, 1, 0, 0, 99), 0);
    ck_assert_int_eq(reserve_with(p, XENMEM_decrease_reservation, list, 1, 0, 0, 99), 0);
    ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, NULL, 1ull << 26, 0), 0);
    ck_assert_uint_eq(reservation(), GUEST_PAGES);
    ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, NULL, (1ull << 26) - 1, 0), ROOM_PAGES);
    ck_assert_uint_eq(reservation(), GUEST_PAGES + ROOM_PAGES);
}
END_TEST

START_TEST(start_extent)
{
    for (unsigned i = 0; i < 4; i++)
        list[i] = loose(i);
    ck_assert_int_eq(reserve(p, XENMEM_decrease_reservation | 2 << 6, list, 4, 0), 4);
    ck_assert_uint_eq(reservation(), GUEST_PAGES - 2);
    ck_assert_uint_eq(frame_owner(stage.machine, MFN(list[0])), domain_id(p->domain));
    ck_assert_int_eq(reserve(p, XENMEM_decrease_reservation | 7 << 6, list, 4, 0), 7);
    ck_assert_uint_eq(reservation(), GUEST_PAGES - 2);
}
END_TEST

START_TEST(the_host_runs_dry)
{
    stage_close();
    stage_open(GUEST_PAGES + 21 + 2300);
    p = test_guest_new("p", GUEST_PAGES, GUEST_PAGES + ROOM_PAGES);
    domain_set_maximum_kib(p->domain, 4 * (GUEST_PAGES + ROOM_PAGES));
    list = test_guest_list(p);
    ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, list, 4096, 0), 2300);
    ck_assert_uint_eq(host_free_pages(stage.machine), 0);
    uint64_t given = list[17];
    ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, list, 4096, 0), 0);
    struct test_guest *late;
    struct domain_config config = {.name = "late", .memory_pages = 1024, .maxmem_pages = 1024};
    ck_assert_int_eq(test_guest_build(&config, &late), BUILD_NO_HOST_MEMORY);
    list[0] = given;
    ck_assert_int_eq(decrease(1), 1);
    ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, list, 4096, 0), 1);
    ck_assert_uint_eq(list[0], given);
}
END_TEST

START_TEST(domctl_is_for_dom0)
{
    ck_assert_int_eq(ask(p, __HYPERVISOR_domctl, (uintptr_t)list, 0, 0, 0), -EACCES); /* version */
    ((uint32_t *)list)[1] = 0x15;
    ck_assert_int_eq(ask(p, __HYPERVISOR_domctl, (uintptr_t)list, 0, 0, 0), -EPERM);
    ck_assert_int_eq(ask(p, __HYPERVISOR_domctl, 0x10, 0, 0, 0), -EFAULT);
}
END_TEST

START_TEST(faults_shorten_or_refuse)
{
    struct fault_spec spec = {.site = FAULT_SITE_INCREASE_RESERVATION,
        .when = FAULT_CALL,
        .n = 2,
        .has_short = true,
        .shortened_to = 3};
    ck_assert(fault_arm(domain_faults(p->domain), &spec));
    ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, list, 10, 0), 10);
    ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, list, 10, 0), 3);
    ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, list, 10, 0), 10);
    ck_assert_uint_eq(reservation(), GUEST_PAGES + 23);

    spec = (struct fault_spec){
        .site = FAULT_SITE_DECREASE_RESERVATION_ERRNO, .when = FAULT_CALL, .n = 1, .error = 5};
    ck_assert(fault_arm(domain_faults(p->domain), &spec));
    list[0] = loose(0);
    ck_assert_int_eq(decrease(1), -5);
    ck_assert_uint_eq(reservation(), GUEST_PAGES + 23);

    spec = (struct fault_spec){.site = FAULT_SITE_MMU_UPDATE, .when = FAULT_CALL, .n = 1, .error = EINVAL};
    ck_assert(fault_arm(domain_faults(p->domain), &spec));
    mmu_update_t *update = (void *)list;
    update[0] = (mmu_update_t){loose(0) << 12 | MMU_MACHPHYS_UPDATE, 77};
    ck_assert_int_eq(ask(p, __HYPERVISOR_mmu_update, (uintptr_t)update, 1, 0, DOMID_SELF), -EINVAL);
    ck_assert_uint_ne(p->boot->m2p[loose(0)], 77);
    ck_assert_uint_eq(fault_fired(domain_faults(p->domain)), 3);

    spec = (struct fault_spec){.site = (enum fault_site)TEST_SITE_PAGE_ALLOC, .when = FAULT_EVERY, .n = 2};
    ck_assert(fault_arm(domain_faults(p->domain), &spec));
    unsigned long port = PORT_GATE_BASE + PORT_FAULT;
    ck_assert_int_eq(ask(p, port, TEST_SITE_PAGE_ALLOC, 0, 1, 0), 0);
    ck_assert_int_ne(ask(p, port, TEST_SITE_PAGE_ALLOC, 0, 1, 0), 0);
    ck_assert_int_eq(ask(p, port, TEST_SITE_ADD_HEAP, 0, 1, 0), 0);
    ck_assert_int_eq(ask(p, port, 9999, 0, 1, 0), 0);
}
END_TEST

START_TEST(contents_stay_with_the_frame)
{
    unsigned long write = PORT_GATE_BASE + PORT_PAGE_WRITE, read = PORT_GATE_BASE + PORT_PAGE_READ;
    unsigned long va = (uintptr_t)p->boot->window + 5 * PAGE_BYTES + 17;
    ck_assert_int_eq(ask(p, read, va, 0, 0, 0), -1);
    ck_assert_int_eq(ask(p, write, va, 4711, 0, 0), -EFAULT);
    ck_assert_int_eq(ask(p, write, 0x10, 4711, 0, 0), -EFAULT);
    uint64_t mfn = loose(0);
    ck_assert_int_eq(map_frame(5, mfn), 0);
    ck_assert_int_eq(ask(p, write, va, 4711, 0, 0), 0);
    ck_assert_int_eq(ask(p, read, va, 0, 0, 0), 4711);
    ck_assert_int_eq(map_frame(5, loose(1)), 0); /* another in its place */
    ck_assert_int_eq(ask(p, read, va, 0, 0, 0), 0);
    ck_assert_uint_eq(frame_mappings(stage.machine, MFN(mfn)), 0);
    list[0] = mfn;
    ck_assert_int_eq(decrease(1), 1);
    ck_assert_uint_eq(frame_stamp(stage.machine, MFN(mfn)), 4711); /* Xen doesn't scrub for the living */
    ck_assert_int_eq(reserve(p, XENMEM_increase_reservation, list, 1, 0), 1);
    ck_assert_uint_eq(list[0], mfn);
    ck_assert_uint_eq(frame_stamp(stage.machine, MFN(mfn)), 4711);
    machine_destroy_domain(stage.machine, p->domain, DOMAIN_END_DESTROY);
    ck_assert_uint_eq(frame_stamp(stage.machine, MFN(mfn)), 0); /* but for the dead */
    ck_assert_uint_eq(host_free_pages(stage.machine), 64 * 1024);
    ck_assert_uint_eq(host_overhead_pages(stage.machine), 0);
}
END_TEST

START_TEST(scrub_domheap_scrubs_for_the_living_too)
{
    stage_close();
    stage_open_with((struct machine_config){.seed = 1, .host_pages = 64 * 1024, .scrub_domheap = true});
    p = test_guest_new("p", GUEST_PAGES, GUEST_PAGES);
    list = test_guest_list(p);
    p2m = test_guest_p2m(p);
    uint64_t mfn = list[0] = loose(0);
    ck_assert_int_eq(map_frame(0, mfn), 0);
    ck_assert_int_eq(ask(p, PORT_GATE_BASE + PORT_PAGE_WRITE, (uintptr_t)p->boot->window, 4711, 0, 0), 0);
    ck_assert_int_eq(unmap_slot(0), 0);
    ck_assert_int_eq(decrease(1), 1);
    ck_assert_uint_eq(frame_stamp(stage.machine, MFN(mfn)), 0);
}
END_TEST

Suite *memory_op_suite(void);
Suite *memory_op_suite(void)
{
    Suite *suite = suite_create("memory_op");
    TCase *tests = tcase_create("measured");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, boot_memory_is_as_a_builder_leaves_it);
    tcase_add_test(tests, decrease_releases_unmapped_frames);
    tcase_add_test(tests, decrease_of_what_is_not_ours_gives_0);
    tcase_add_test(tests, decrease_stops_at_the_first_bad_frame);
    tcase_add_test(tests, a_mapped_frame_goes_at_its_unmap);
    tcase_add_test(tests, tables_and_shared_info_answer_1_and_stay);
    tcase_add_test(tests, decrease_of_nothing);
    tcase_add_test(tests, decrease_of_higher_orders);
    tcase_add_test(tests, increase_gives_frames_with_an_invalid_m2p);
    tcase_add_test(tests, increase_stops_at_the_maximum);
    tcase_add_test(tests, no_extent_that_does_not_fit_under_the_maximum);
    tcase_add_test(tests, orders_and_flags_of_increase);
    tcase_add_test(tests, an_unwritable_list_leaks);
    tcase_add_test(tests, populate_sets_the_m2p_itself);
    tcase_add_test(tests, m2p_updates);
    tcase_add_test(tests, m2p_updates_are_told);
    tcase_add_test(tests, a_lowered_maximum);
    tcase_add_test(tests, queries);
    tcase_add_test(tests, a_memory_map_that_was_given);
    tcase_add_test(tests, bad_arguments_of_reservation_calls);
    tcase_add_test(tests, start_extent);
    tcase_add_test(tests, the_host_runs_dry);
    tcase_add_test(tests, domctl_is_for_dom0);
    tcase_add_test(tests, faults_shorten_or_refuse);
    tcase_add_test(tests, contents_stay_with_the_frame);
    tcase_add_test(tests, scrub_domheap_scrubs_for_the_living_too);
    suite_add_tcase(suite, tests);
    return suite;
}
