/* SPDX-License-Identifier: BSD-2-Clause */
/* The model sees its own frame numbers, as far as the guest's lists reach, and the guest's memory stays as it is. */
#include "harness/xen/guest_arguments.h"

#include "harness/xen/fake_guest.h"
#include "sim/domain/vcpu.h"

Suite *guest_arguments_suite(void);

#define STRUCTURE_VA (5 * PAGE_BYTES)
#define LIST_VA      (6 * PAGE_BYTES)
#define DONE_VA      (7 * PAGE_BYTES)
/* The last entries before the hole under the first stack. */
#define HOLE_VA      ((FAKE_GUEST_STACKS - 1) * PAGE_BYTES)

static struct fake_guest fake;
static struct vcpu vcpu;
static struct guest_call call;

static void set_up(void)
{
    fake_guest_new(&fake);
    vcpu = (struct vcpu){0};
}

static void tear_down(void)
{
    fake_guest_free(&fake);
}

static void translate(uint64_t op, uint64_t a1, uint64_t a2, uint64_t a3)
{
    vcpu.op = op;
    vcpu.arg[0] = a1;
    vcpu.arg[1] = a2;
    vcpu.arg[2] = a3;
    vcpu.arg[3] = DOMID_SELF;
    guest_arguments_translate(&fake.guest, &vcpu, &call);
    ck_assert_uint_eq(call.op, op);
    ck_assert_uint_eq(call.arg[1], a2);
}

static const struct xen_memory_reservation *shown_reservation(void)
{
    ck_assert(call.translated);
    return (const struct xen_memory_reservation *)(const void *)vcpu.arg[1];
}

static uint64_t *list_at(uint64_t va, uint64_t first_pfn, uint64_t count)
{
    uint64_t *list = fake_guest_at(&fake, va);

    for (uint64_t i = 0; i < count; i++)
        list[i] = FIRST_XEN_MFN + first_pfn + i;
    return list;
}

START_TEST(a_list_of_frames)
{
    uint64_t *list = list_at(LIST_VA, 10, 3);

    list[1] = 7;                   /* of the machine, and nobody's */
    list[2] = FAKE_XEN_FRAMES + 5; /* past the machine's end */
    fake_guest_reservation(&fake, STRUCTURE_VA, LIST_VA, 3, 0);
    translate(__HYPERVISOR_memory_op, XENMEM_decrease_reservation, STRUCTURE_VA, 0);
    const uint64_t *shown = (const uint64_t *)shown_reservation()->extent_start.p;
    ck_assert_uint_eq(shown[0], fake_guest_model_mfn(&fake, 10));
    ck_assert_uint_eq(shown[1], PAIR_STRANGER);
    ck_assert_uint_eq(shown[2], FAKE_XEN_FRAMES + 5);
    ck_assert_ptr_eq(shown + 3, fake.guest.memory.shadow + fake.guest.memory.shadow_bytes);
    ck_assert_uint_eq(list[0], FIRST_XEN_MFN + 10);
    ck_assert_uint_eq(call.nr_extents, 3);
    ck_assert(!call.incomparable);
}
END_TEST

START_TEST(entries_of_a_call_that_goes_on)
{
    list_at(LIST_VA, 10, 3);
    fake_guest_reservation(&fake, STRUCTURE_VA, LIST_VA, 3, 0);
    translate(__HYPERVISOR_memory_op, XENMEM_decrease_reservation | 2u << MEMORY_OP_BITS, STRUCTURE_VA, 0);
    const uint64_t *shown = (const uint64_t *)shown_reservation()->extent_start.p;
    ck_assert_uint_eq(call.start, 2);
    ck_assert_uint_eq(shown[1], FIRST_XEN_MFN + 11); /* done before: nobody looks at it */
    ck_assert_uint_eq(shown[2], fake_guest_model_mfn(&fake, 12));
}
END_TEST

START_TEST(a_list_that_ends_too_early)
{
    list_at(HOLE_VA - 2 * sizeof(uint64_t), 10, 2);
    fake_guest_reservation(&fake, STRUCTURE_VA, HOLE_VA - 2 * sizeof(uint64_t), 5, 0);
    translate(__HYPERVISOR_memory_op, XENMEM_decrease_reservation, STRUCTURE_VA, 0);
    const struct xen_memory_reservation *shown = shown_reservation();
    const uint64_t *list = (const uint64_t *)shown->extent_start.p;
    ck_assert_uint_eq(shown->nr_extents, 5);
    ck_assert_uint_eq(list[1], fake_guest_model_mfn(&fake, 11));
    /* Behind them the shadow ends, too: what the model can reach is what the guest could. */
    ck_assert_ptr_eq(list + 2, fake.guest.memory.shadow + fake.guest.memory.shadow_bytes);
}
END_TEST

START_TEST(a_list_that_is_out_of_reach)
{
    static const uint64_t lists[] = {0, 8, HOLE_VA, FAKE_GUEST_MAPPED * PAGE_BYTES, HYPERVISOR_VIRT_START};

    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        fake_guest_reservation(&fake, STRUCTURE_VA, lists[i], 5, 0);
        translate(__HYPERVISOR_memory_op, XENMEM_decrease_reservation, STRUCTURE_VA, 0);
        ck_assert_uint_eq((uint64_t)shown_reservation()->extent_start.p, lists[i]);
    }
}
END_TEST

START_TEST(a_structure_that_is_out_of_reach)
{
    translate(__HYPERVISOR_memory_op, XENMEM_decrease_reservation, FAKE_GUEST_MAPPED * PAGE_BYTES - 8, 0);
    ck_assert(!call.translated);
    ck_assert_uint_eq(vcpu.arg[1], FAKE_GUEST_MAPPED * PAGE_BYTES - 8);
    translate(__HYPERVISOR_memory_op, XENMEM_decrease_reservation, PAGE_BYTES - 8, 0);
    ck_assert(!call.translated);
    ck_assert_uint_eq(vcpu.arg[1], PAGE_BYTES - 8);
}
END_TEST

START_TEST(an_increase_without_a_list)
{
    fake_guest_reservation(&fake, STRUCTURE_VA, 0, 5, 0);
    translate(__HYPERVISOR_memory_op, XENMEM_increase_reservation, STRUCTURE_VA, 0);
    ck_assert(fake.guest.new_frames.begun);
    ck_assert_uint_eq(fake.guest.new_frames.nr_before, FAKE_GUEST_PAGES);
    /* The next call has a list: nothing is left of this one. */
    fake_guest_reservation(&fake, STRUCTURE_VA, LIST_VA, 5, 0);
    translate(__HYPERVISOR_memory_op, XENMEM_increase_reservation, STRUCTURE_VA, 0);
    ck_assert(!fake.guest.new_frames.begun);
}
END_TEST

START_TEST(an_increase_into_page_tables)
{
    /* They can be read, and not written. */
    fake_guest_reservation(&fake, STRUCTURE_VA, FAKE_GUEST_TABLES * PAGE_BYTES, 1, 0);
    translate(__HYPERVISOR_memory_op, XENMEM_increase_reservation, STRUCTURE_VA, 0);
    ck_assert(fake.guest.new_frames.begun);
    ck_assert_uint_eq((uint64_t)shown_reservation()->extent_start.p, FAKE_GUEST_TABLES * PAGE_BYTES);
}
END_TEST

START_TEST(extents_that_are_neighbours_on_xen_only)
{
    list_at(LIST_VA, 10, 1);
    fake_guest_reservation(&fake, STRUCTURE_VA, LIST_VA, 1, 1);
    const uint64_t row_mfn = host_end_mfn(stage.machine) - 3, elsewhere_mfn = fake_guest_model_mfn(&fake, 40);

    frame_pairs_join(fake.run.pairs, FIRST_XEN_MFN + 10, row_mfn);
    frame_pairs_join(fake.run.pairs, FIRST_XEN_MFN + 11, row_mfn + 1);
    translate(__HYPERVISOR_memory_op, XENMEM_decrease_reservation, STRUCTURE_VA, 0);
    ck_assert(!call.incomparable);
    frame_pairs_join(fake.run.pairs, FIRST_XEN_MFN + 11, elsewhere_mfn);
    translate(__HYPERVISOR_memory_op, XENMEM_decrease_reservation, STRUCTURE_VA, 0);
    ck_assert(call.incomparable);
}
END_TEST

static void exchange(const uint64_t *pfns, uint64_t count)
{
    struct xen_memory_exchange *op = fake_guest_at(&fake, STRUCTURE_VA);
    uint64_t *list = fake_guest_at(&fake, LIST_VA);

    for (uint64_t i = 0; i < count; i++)
        list[i] = FIRST_XEN_MFN + pfns[i];
    *op = (struct xen_memory_exchange){
        .in = {.nr_extents = count, .domid = DOMID_SELF}, .out = {.nr_extents = count, .domid = DOMID_SELF}};
    op->in.extent_start.p = (xen_pfn_t *)LIST_VA;
    op->out.extent_start.p = (xen_pfn_t *)DONE_VA;
    translate(__HYPERVISOR_memory_op, XENMEM_exchange, STRUCTURE_VA, 0);
    ck_assert(call.translated);
}

START_TEST(an_exchange)
{
    *(uint64_t *)fake_guest_at(&fake, DONE_VA) = 900; /* a pfn: it stays */
    exchange((const uint64_t[]){20, 21}, 2);
    const struct xen_memory_exchange *shown = (const struct xen_memory_exchange *)(const void *)vcpu.arg[1];
    ck_assert_uint_eq(((const uint64_t *)shown->in.extent_start.p)[1], fake_guest_model_mfn(&fake, 21));
    ck_assert_uint_eq(((const uint64_t *)shown->out.extent_start.p)[0], 900);
    ck_assert(!call.incomparable);
}
END_TEST

START_TEST(an_exchange_in_which_a_frame_may_come_back)
{
    exchange((const uint64_t[]){20, 20, 21}, 3); /* at once: it is gone on both */
    ck_assert(!call.incomparable);
    exchange((const uint64_t[]){20, 21, 20}, 3);
    ck_assert(call.incomparable);
    exchange((const uint64_t[]){20, FAKE_GUEST_PAGES + 1}, 2); /* a frame that the model doesn't know */
    ck_assert(call.incomparable);
    exchange((const uint64_t[]){FAKE_GUEST_PAGES + 1}, 1); /* alone: nothing was given before it */
    ck_assert(!call.incomparable);
}
END_TEST

START_TEST(updates_of_the_m2p)
{
    uint64_t *list = fake_guest_at(&fake, LIST_VA);

    list[0] = (FIRST_XEN_MFN + 30ull) << PAGE_SHIFT_BITS | MMU_MACHPHYS_UPDATE;
    list[1] = 77;
    translate(__HYPERVISOR_mmu_update, LIST_VA, 1, DONE_VA);
    const uint64_t *shown = (const uint64_t *)vcpu.arg[0];
    ck_assert_uint_eq(shown[0], fake_guest_model_mfn(&fake, 30) << PAGE_SHIFT_BITS | MMU_MACHPHYS_UPDATE);
    ck_assert_uint_eq(shown[1], 77);
    ck_assert_uint_eq(vcpu.arg[2], (uint64_t)shadow_count(&fake.guest.memory));
    translate(__HYPERVISOR_mmu_update, LIST_VA, 1, HOLE_VA); /* the count can't be written */
    ck_assert_uint_eq(vcpu.arg[2], HOLE_VA);
    translate(__HYPERVISOR_mmu_update, HOLE_VA, 1, DONE_VA);
    ck_assert(!call.translated);
    ck_assert_uint_eq(vcpu.arg[0], HOLE_VA);
}
END_TEST

START_TEST(a_mapping)
{
    const uint64_t flags = PTE_PRESENT | PTE_WRITABLE | PTE_DIRTY, high = 1ull << 63;
    uint64_t xen = (FIRST_XEN_MFN + 31ull) << PAGE_SHIFT_BITS;

    translate(__HYPERVISOR_update_va_mapping, 0x1000, xen | flags | high, 0);
    ck_assert_uint_eq(vcpu.arg[1], fake_guest_model_mfn(&fake, 31) << PAGE_SHIFT_BITS | flags | high);
    translate(
        __HYPERVISOR_update_va_mapping, 0x1000, xen, 0); /* not present: whatever it says, it maps nothing */
    ck_assert_uint_eq(vcpu.arg[1], xen);
}
END_TEST

START_TEST(calls_that_name_no_frames)
{
    translate(__HYPERVISOR_memory_op, XENMEM_current_reservation, STRUCTURE_VA, 0);
    ck_assert(!call.translated);
    ck_assert_uint_eq(vcpu.arg[1], STRUCTURE_VA);
}
END_TEST

Suite *guest_arguments_suite(void)
{
    Suite *suite = suite_create("guest_arguments");
    TCase *tests = tcase_create("translation");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, a_list_of_frames);
    tcase_add_test(tests, entries_of_a_call_that_goes_on);
    tcase_add_test(tests, a_list_that_ends_too_early);
    tcase_add_test(tests, a_list_that_is_out_of_reach);
    tcase_add_test(tests, a_structure_that_is_out_of_reach);
    tcase_add_test(tests, an_increase_without_a_list);
    tcase_add_test(tests, an_increase_into_page_tables);
    tcase_add_test(tests, extents_that_are_neighbours_on_xen_only);
    tcase_add_test(tests, an_exchange);
    tcase_add_test(tests, an_exchange_in_which_a_frame_may_come_back);
    tcase_add_test(tests, updates_of_the_m2p);
    tcase_add_test(tests, a_mapping);
    tcase_add_test(tests, calls_that_name_no_frames);
    suite_add_tcase(suite, tests);
    return suite;
}
