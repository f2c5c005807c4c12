/* SPDX-License-Identifier: BSD-2-Clause */
/* Each difference between Xen's answer and the model's is recorded, and nothing else is. */
#include "harness/xen/guest_compare.h"

#include "harness/xen/fake_guest.h"
#include "harness/xen/guest_arguments.h"
#include "sim/domain/vcpu.h"

Suite *guest_compare_suite(void);

#define STRUCTURE_VA (5 * PAGE_BYTES)
#define LIST_VA      (6 * PAGE_BYTES)
#define DONE_VA      (7 * PAGE_BYTES)

static struct fake_guest fake;
static struct vcpu vcpu;
static struct guest_call call;

static void set_up(void)
{
    fake_guest_new(&fake);
}

static void tear_down(void)
{
    fake_guest_free(&fake);
}

static void asked(uint64_t op, uint64_t a1, uint64_t a2, uint64_t a3)
{
    vcpu = (struct vcpu){.op = op, .arg = {a1, a2, a3, DOMID_SELF}};
    guest_arguments_translate(&fake.guest, &vcpu, &call);
}

static void answered(int64_t xen_result, int64_t model_result)
{
    call.xen_result = xen_result;
    call.model_result = model_result;
    guest_compare_call(&fake.guest, &call);
}

static void ck_told(const char *wanted)
{
    ck_assert_uint_eq(fake.run.counts.differences, 1);
    ck_assert_uint_eq(fake.nr_differences, 1);
    ck_assert_ptr_nonnull(strstr(fake.differences[0], wanted));
}

static void ask_reservation(void)
{
    asked(__HYPERVISOR_memory_op, XENMEM_current_reservation, STRUCTURE_VA, 0);
}

START_TEST(nothing_differs)
{
    ask_reservation();
    answered(4096, 4096);
    ck_assert_uint_eq(fake.run.counts.hypercalls, 1);
    ck_assert_uint_eq(fake.run.counts.differences, 0);
}
END_TEST

START_TEST(the_answers_differ)
{
    ask_reservation();
    answered(4096, 4095);
    ck_told("XENMEM_current_reservation of 0 (order 0): Xen answers 4096, the model 4095");
}
END_TEST

START_TEST(the_reservation_differs)
{
    fake.xen->domain[fake.domain.domid].reservation_pages++;
    ask_reservation();
    answered(1, 1);
    ck_told("after XENMEM_current_reservation the reservation is 4097 pages on Xen, 4096 in the model");
}
END_TEST

START_TEST(the_maximum_differs)
{
    fake.xen->domain[fake.domain.domid].maximum_pages--;
    ask_reservation();
    answered(1, 1);
    ck_told("the maximum is");
}
END_TEST

START_TEST(free_memory_differs)
{
    fake.xen->free_pages--;
    ask_reservation();
    answered(1, 1);
    ck_told("the host's free memory is");
}
END_TEST

/* What the kernel has touched by itself is populated on Xen only: entries and the frames that wait differ by as much. */
START_TEST(what_is_owed_differs)
{
    struct test_guest *pvh;
    const struct domain_config config = {
        .name = "pvh", .memory_pages = 1024, .maxmem_pages = 1536, .pvh = true};

    ck_assert_int_eq(test_guest_build(&config, &pvh), BUILD_OK);
    fake.guest.domain = pvh->domain;
    fake.domain.domid = domain_id(pvh->domain);
    fake_guest_agree(&fake);
    fake.xen->domain[fake.domain.domid].pod_entries = 700;
    fake.xen->domain[fake.domain.domid].pod_cache_pages = 188;
    ask_reservation();
    answered(1, 1);
    ck_assert_uint_eq(fake.run.counts.differences, 0);
    fake.xen->domain[fake.domain.domid].pod_cache_pages = 189;
    ask_reservation();
    answered(1, 1);
    ck_told("511 entries on demand");
}
END_TEST

START_TEST(many_differences_are_counted_and_few_recorded)
{
    for (unsigned i = 0; i < 50; i++) {
        ask_reservation();
        answered(1, 2);
    }
    ck_assert_uint_eq(fake.run.counts.differences, 50);
    ck_assert_uint_eq(fake.nr_differences, 20);
}
END_TEST

/* A populate of two frames: Xen gives this one and the next, the model two that it has. */
static void populate(uint64_t xen_mfn)
{
    uint64_t *list = fake_guest_at(&fake, LIST_VA);

    list[0] = 5000;
    list[1] = 5001;
    fake_guest_reservation(&fake, STRUCTURE_VA, LIST_VA, 2, 0);
    asked(__HYPERVISOR_memory_op, XENMEM_populate_physmap, STRUCTURE_VA, 0);
    uint64_t *shown = shadow_list(&fake.guest.memory, SHADOW_FIRST_LIST, 2);
    for (unsigned i = 0; i < 2; i++) {
        list[i] = xen_mfn + i;
        shown[i] = fake_guest_model_mfn(&fake, 100 + i); /* as if the model had given these */
        fake.xen->m2p[xen_mfn + i] = 100 + i;
    }
}

START_TEST(new_frames_are_joined)
{
    populate(7000);
    answered(2, 2);
    ck_assert_uint_eq(fake.run.counts.differences, 0);
    ck_assert_uint_eq(frame_pairs_model(fake.run.pairs, 7001), fake_guest_model_mfn(&fake, 101));
    ck_assert_uint_eq(frame_pairs_model(fake.run.pairs, FIRST_XEN_MFN + 101), PAIR_STRANGER);
}
END_TEST

START_TEST(only_frames_that_both_gave_are_joined)
{
    populate(7000);
    answered(1, 2);
    ck_told("XENMEM_populate_physmap of 2 (order 0): Xen answers 1, the model 2");
    ck_assert_uint_eq(frame_pairs_model(fake.run.pairs, 7000), fake_guest_model_mfn(&fake, 100));
    ck_assert_uint_eq(frame_pairs_model(fake.run.pairs, 7001), PAIR_STRANGER);
}
END_TEST

START_TEST(an_m2p_entry_differs)
{
    populate(7000);
    fake.xen->m2p[7001] = 3;
    answered(2, 2);
    ck_told("after XENMEM_populate_physmap the M2P entry of one frame is 0x3 on Xen, 0x65 in the model");
}
END_TEST

START_TEST(where_a_decrease_ends_is_told)
{
    uint64_t *list = fake_guest_at(&fake, LIST_VA);

    list[0] = FIRST_XEN_MFN + 50;
    list[1] = FIRST_XEN_MFN + 51;
    fake_guest_reservation(&fake, STRUCTURE_VA, LIST_VA, 2, 0);
    asked(__HYPERVISOR_memory_op, XENMEM_decrease_reservation, STRUCTURE_VA, 0);
    answered(2, 1);
    ck_assert_uint_eq(fake.nr_differences, 2);
    ck_assert_ptr_nonnull(strstr(fake.differences[1], "they part at extent 1: frame 0x803 on Xen"));
}
END_TEST

START_TEST(new_frames_without_a_list)
{
    /* The model gives the guest one frame, and Xen another, and nobody says which. */
    fake_guest_reservation(&fake, STRUCTURE_VA, 0, 1, 0);
    asked(__HYPERVISOR_memory_op, XENMEM_increase_reservation, STRUCTURE_VA, 0);
    ck_assert_int_eq(reserve(fake.model, XENMEM_increase_reservation, NULL, 1, 0), 1);
    fake.xen->owner[7500] = fake.domain.domid;
    fake_guest_agree(&fake);
    answered(1, 1);
    ck_assert_uint_eq(fake.run.counts.differences, 0);
    uint64_t model = frame_pairs_model(fake.run.pairs, 7500);
    ck_assert_uint_ne(model, PAIR_STRANGER);
    ck_assert_uint_eq(frame_owner(stage.machine, MFN(model)), fake.domain.domid);
    ck_assert(!fake.guest.new_frames.begun);
}
END_TEST

static void update_m2p(uint32_t xen_done, uint32_t model_done)
{
    uint64_t *list = fake_guest_at(&fake, LIST_VA);

    list[0] = (FIRST_XEN_MFN + 30ull) << PAGE_SHIFT_BITS | MMU_MACHPHYS_UPDATE;
    list[1] = 30;
    asked(__HYPERVISOR_mmu_update, LIST_VA, 1, DONE_VA);
    *(uint32_t *)fake_guest_at(&fake, DONE_VA) = xen_done;
    *shadow_count(&fake.guest.memory) = model_done;
    answered(0, 0);
}

START_TEST(updates_agree)
{
    update_m2p(1, 1);
    ck_assert_uint_eq(fake.run.counts.differences, 0);
}
END_TEST

START_TEST(updates_done_differ)
{
    update_m2p(1, 0);
    ck_told("mmu_update: Xen did 1, the model 0");
}
END_TEST

START_TEST(an_updated_entry_differs)
{
    fake.xen->m2p[FIRST_XEN_MFN + 30] = 31;
    update_m2p(1, 1);
    ck_told("after mmu_update the M2P entry of one frame is 0x1f on Xen, 0x1e in the model");
}
END_TEST

START_TEST(exchanged_counts_differ)
{
    struct xen_memory_exchange *op = fake_guest_at(&fake, STRUCTURE_VA);

    *op = (struct xen_memory_exchange){
        .in = {.nr_extents = 1, .domid = DOMID_SELF}, .out = {.nr_extents = 1, .domid = DOMID_SELF}};
    op->in.extent_start.p = (xen_pfn_t *)LIST_VA;
    op->out.extent_start.p = (xen_pfn_t *)DONE_VA;
    *(uint64_t *)fake_guest_at(&fake, LIST_VA) = FIRST_XEN_MFN + 60;
    asked(__HYPERVISOR_memory_op, XENMEM_exchange, STRUCTURE_VA, 0);
    op->nr_exchanged = 1;
    answered(0, 0);
    ck_told("XENMEM_exchange: Xen exchanged 1, the model 0");
}
END_TEST

Suite *guest_compare_suite(void)
{
    Suite *suite = suite_create("guest_compare");
    TCase *tests = tcase_create("told");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, nothing_differs);
    tcase_add_test(tests, the_answers_differ);
    tcase_add_test(tests, the_reservation_differs);
    tcase_add_test(tests, the_maximum_differs);
    tcase_add_test(tests, free_memory_differs);
    tcase_add_test(tests, what_is_owed_differs);
    tcase_add_test(tests, many_differences_are_counted_and_few_recorded);
    tcase_add_test(tests, new_frames_are_joined);
    tcase_add_test(tests, only_frames_that_both_gave_are_joined);
    tcase_add_test(tests, an_m2p_entry_differs);
    tcase_add_test(tests, where_a_decrease_ends_is_told);
    tcase_add_test(tests, new_frames_without_a_list);
    tcase_add_test(tests, updates_agree);
    tcase_add_test(tests, updates_done_differ);
    tcase_add_test(tests, an_updated_entry_differs);
    tcase_add_test(tests, exchanged_counts_differ);
    suite_add_tcase(suite, tests);
    return suite;
}
