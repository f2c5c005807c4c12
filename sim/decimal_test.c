/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers as decimal digits, beside what snprintf writes. */
#include "sim/decimal.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>

Suite *decimal_suite(void);

START_TEST(as_snprintf_writes_it)
{
    char wanted[DECIMAL_ROOM], got[DECIMAL_ROOM];

    for (uint64_t power = 1, last = 0; power > last; last = power, power *= 10) {
        const uint64_t numbers[] = {power - 1, power, UINT64_MAX / power};

        for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
            const int bytes = snprintf(wanted, sizeof wanted, "%" PRIu64, numbers[i]);

            ck_assert_uint_eq(decimal_write(got, numbers[i]), (size_t)bytes);
            ck_assert_str_eq(got, wanted);
        }
    }
}
END_TEST

Suite *decimal_suite(void)
{
    Suite *suite = suite_create("decimal");
    TCase *all = tcase_create("all");

    tcase_add_test(all, as_snprintf_writes_it);
    suite_add_tcase(suite, all);
    return suite;
}
