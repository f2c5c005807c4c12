/* SPDX-License-Identifier: BSD-2-Clause */
/* Every number has a name or is shown as itself. */
#include "reports/recording_for_tests.h"

#include "reports/names.h"

Suite *names_suite(void);

static char room[NAME_ROOM];

/* A new type without a name would be left out of what programs read. */
START_TEST(each_type_of_record_has_one)
{
    for (uint16_t type = 1; type < NR_RECORD_TYPES; type++)
        ck_assert_msg(name_of_record(type) != NULL, "type %u has no name", type);
    ck_assert_ptr_null(name_of_record(0));
    ck_assert_ptr_null(name_of_record(NR_RECORD_TYPES));
    ck_assert_str_eq(name_of_record(REC_END), "END");
}
END_TEST

START_TEST(hypercalls)
{
    ck_assert_str_eq(name_of_hypercall(__HYPERVISOR_memory_op, XENMEM_exchange, room), "XENMEM_exchange");
    ck_assert_str_eq(name_of_hypercall(__HYPERVISOR_memory_op, 61, room), "XENMEM 61");
    ck_assert_str_eq(name_of_hypercall(__HYPERVISOR_mmu_update, 7, room), "mmu_update");
    ck_assert_str_eq(name_of_hypercall(UINT32_MAX, 0, room), "hypercall 4294967295");
}
END_TEST

START_TEST(what_no_table_knows)
{
    ck_assert_str_eq(name_of_invariant(INVARIANT_NO_LEAK, room), "no-leak");
    ck_assert_str_eq(name_of_invariant(99, room), "invariant 99");
    ck_assert_str_eq(name_of_site(NULL, UINT32_MAX, room), "site 4294967295");
    ck_assert_str_eq(name_of_node(UINT64_MAX, room), "node 18446744073709551615");
    ck_assert_str_eq(name_of_node(0, room), "node 0");
    ck_assert_str_eq(name_of_xenstore_op(XS_WRITE, room), "write");
    ck_assert_str_eq(name_of_xenstore_op(77, room), "request 77");
    ck_assert_str_eq(name_of_errno(12, room), "ENOMEM");
    ck_assert_str_eq(name_of_errno(-12, room), "error -12");
    ck_assert_str_eq(name_of_errno(INT64_MAX, room), "error 9223372036854775807");
    ck_assert_str_eq(name_of_verdict(1), "NO VERDICT");
    ck_assert_str_eq(name_of_verdict(-1), "NO VERDICT");
    ck_assert_str_eq(name_of_verdict(7), "TIMEOUT");
    ck_assert_str_eq(name_of_end(99), "gone");
}
END_TEST

Suite *names_suite(void)
{
    Suite *suite = suite_create("reports/names");
    TCase *tests = tcase_create("names");

    tcase_add_test(tests, each_type_of_record_has_one);
    tcase_add_test(tests, hypercalls);
    tcase_add_test(tests, what_no_table_knows);
    suite_add_tcase(suite, tests);
    return suite;
}
