/* SPDX-License-Identifier: BSD-2-Clause */
/* The stream against the numbers that its authors' program gives for the seeds 0 and 1234567. */
#include "sim/random.h"

#include <check.h>

Suite *random_suite(void);

START_TEST(the_known_stream)
{
    static const uint64_t known[] = {6457827717110365317ull, 3203168211198807973ull, 9817491932198370423ull,
        4593380528125082431ull, 16408922859458223821ull};
    uint64_t state = 1234567;

    for (unsigned i = 0; i < sizeof known / sizeof known[0]; i++)
        ck_assert_uint_eq(random_next(&state), known[i]);
    ck_assert_uint_eq(random_mixed(0), 0xe220a8397b1dcdafull);
    ck_assert_uint_eq(random_mixed(1234567), known[0]);
}
END_TEST

Suite *random_suite(void)
{
    Suite *suite = suite_create("random");
    TCase *tests = tcase_create("random");

    tcase_add_test(tests, the_known_stream);
    suite_add_tcase(suite, tests);
    return suite;
}
