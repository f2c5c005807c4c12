/* SPDX-License-Identifier: BSD-2-Clause */
/* A domain's memory by itself: what a guest says of its heap may be anything, and is never trusted. */
#include <check.h>
#include <errno.h>
#include <string.h>

#include "sim/domain/space.h"

static struct guest_image image;
static struct space space;

static void setup(void)
{
    memset(&space, 0, sizeof space);
    image = (struct guest_image){.magic = GUEST_IMAGE_MAGIC, .heap_bytes_a_page = 96};
}

static void teardown(void)
{
    space_free(&space);
}

static bool heap_is_zero(void)
{
    for (size_t i = 0; i < space.heap_bytes; i += 4096) {
        if (space.heap[i] != 0)
            return false;
    }
    return space.heap[space.heap_bytes - 1u] == 0;
}

START_TEST(memory_for_booting_is_there)
{
    ck_assert(space_prepare(&space, 2048, 1024, &image));
    ck_assert_uint_eq(space.heap_ready_bytes, 1024 * 96);
    ck_assert(heap_is_zero());
    space.heap[5] = 1;
    space_clean(&space, 6);
    ck_assert(space_prepare(&space, 2048, 1024, &image)); /* the same memory: nothing to be had anew */
    ck_assert_uint_eq(space.heap_ready_bytes, 1024 * 96);
    ck_assert(heap_is_zero());
}
END_TEST

START_TEST(an_image_without_sense_gets_no_heap_ahead)
{
    image.heap_bytes_a_page = UINT64_MAX;
    ck_assert(space_prepare(&space, 2048, 1024, &image));
    ck_assert_uint_eq(space.heap_ready_bytes, 0);
    ck_assert(heap_is_zero());
}
END_TEST

START_TEST(a_growing_heap_gets_memory_ahead)
{
    ck_assert(space_prepare(&space, 2048, 1024, &image));
    const uint64_t first = 100000;
    space_heap_used(&space, first);
    ck_assert_uint_eq(space.heap_ready_bytes, 1024 * 96); /* it may never grow */
    space_heap_used(&space, first + 50000);
    ck_assert_uint_eq(space.heap_ready_bytes, first + 100000);
    space_heap_used(&space, first + 50001); /* most of what is ahead is there */
    ck_assert_uint_eq(space.heap_ready_bytes, first + 100000);
    space_heap_used(&space, first + (2u << 20)); /* and never much more than is used */
    ck_assert_uint_eq(space.heap_ready_bytes, first + (2u << 20) + (256u << 10));
    ck_assert(heap_is_zero());
}
END_TEST

START_TEST(no_saying_leads_out_of_the_heap)
{
    ck_assert(space_prepare(&space, 2048, 1024, &image));
    space_heap_used(&space, 1);
    const uint64_t said[] = {
        space.heap_bytes - 1u, space.heap_bytes, space.heap_bytes + 1u, UINT64_MAX, 0, 7};
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        space_heap_used(&space, said[i]);
        ck_assert_uint_le(space.heap_ready_bytes, space.heap_bytes);
    }
    ck_assert(heap_is_zero());
    space_clean(&space, UINT64_MAX); /* its pages go back */
    ck_assert_uint_eq(space.heap_ready_bytes, 0);
    ck_assert(heap_is_zero());
}
END_TEST

/* Its huge pages, where there are any, are nothing that it could notice. */
START_TEST(a_large_guest_is_laid_out_as_a_small_one)
{
    ck_assert(space_prepare(&space, SPACE_HUGE_ENTRIES, 1024, &image));
    ck_assert_uint_eq(space.p2m_room, SPACE_HUGE_ENTRIES);
    ck_assert(space_canary_intact(&space));
    ck_assert_uint_eq(space_reach(&space, (uintptr_t)(space.p2m + space.p2m_room), 1, true), 0);
    space.p2m[SPACE_HUGE_ENTRIES - 1u] = 1;
    space.heap[space.heap_bytes - 1u] = 0;
}
END_TEST

/* What one domain left behind in a direct map, and a table that it named as its P2M, are not the next one's. */
START_TEST(the_next_domain_finds_nothing)
{
    uint64_t *own;

    image.direct_map = true;
    ck_assert(space_prepare(&space, 2048, 1024, &image));
    ck_assert_ptr_eq(space_p2m(&space), space.p2m);
    own = (void *)space.heap;
    ck_assert_int_eq(space_use_p2m(&space, (uintptr_t)own, 100), 0);
    ck_assert_ptr_eq(space_p2m(&space), own);
    ck_assert_uint_eq(space_p2m_entries(&space), 100);
    space.direct[7] = 1;
    space.direct_mfn[7] = 4711;
    space_clean(&space, 6);
    ck_assert(space_prepare(&space, 2048, 1024, &image));
    ck_assert_ptr_eq(space_p2m(&space), space.p2m);
    ck_assert_uint_eq(space_p2m_entries(&space), 2048);
    ck_assert_int_eq(space.direct[7], 0);
    ck_assert_uint_eq(space.direct_mfn[7], 0);
}
END_TEST

/* On the real Xen there is a copy of the table, which goes when another table is named; the sanitizer looks for it. */
START_TEST(another_p2m_on_the_real_xen)
{
    static uint64_t shadow[300];

    ck_assert(space_prepare(&space, 2048, 1024, &image));
    space.real_xen.base = (char *)shadow;
    space.real_xen.shadow = (void *)shadow;
    space.real_xen.shadow_bytes = sizeof shadow;
    ck_assert_int_eq(space_use_p2m(&space, (uintptr_t)shadow, 100), 0);
    ck_assert_int_eq(space_use_p2m(&space, (uintptr_t)shadow, 300), 0);
    ck_assert_uint_eq(space_p2m_entries(&space), 300);
    ck_assert_int_eq(space_use_p2m(&space, (uintptr_t)shadow, 301), EFAULT);
    ck_assert_uint_eq(space_p2m_copy(&space)[299], 0);
    space.real_xen.base = NULL;
    space_clean(&space, 0);
}
END_TEST

Suite *space_suite(void);

Suite *space_suite(void)
{
    Suite *suite = suite_create("space");
    TCase *tests = tcase_create("space");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, memory_for_booting_is_there);
    tcase_add_test(tests, an_image_without_sense_gets_no_heap_ahead);
    tcase_add_test(tests, a_growing_heap_gets_memory_ahead);
    tcase_add_test(tests, no_saying_leads_out_of_the_heap);
    tcase_add_test(tests, a_large_guest_is_laid_out_as_a_small_one);
    tcase_add_test(tests, the_next_domain_finds_nothing);
    tcase_add_test(tests, another_p2m_on_the_real_xen);
    suite_add_tcase(suite, tests);
    return suite;
}
