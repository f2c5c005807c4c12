/* SPDX-License-Identifier: BSD-2-Clause */
/* Sets of domids against a plain array. */
#include "sim/domset.h"

#include <check.h>

#include "sim/random.h"
#include "sim/types.h"

Suite *domset_suite(void);

static struct domset set;
static bool member[DOMID_LIMIT];

static unsigned next_of(unsigned domid)
{
    while (domid < DOMID_LIMIT && !member[domid])
        domid++;
    return domid < DOMID_LIMIT ? domid : 0;
}

START_TEST(as_a_plain_array)
{
    uint64_t chance = 1;

    for (unsigned round = 0; round < 20000; round++) {
        /* Few far apart, so that whole words and groups of words are empty between them. */
        unsigned domid =
            (unsigned)(random_next(&chance) % 16 * (DOMID_LIMIT / 16) + random_next(&chance) % 3 + 1);
        bool add = random_next(&chance) % 3 == 0;

        if (add)
            domset_add(&set, domid);
        else
            domset_remove(&set, domid);
        member[domid] = add;
        ck_assert_int_eq(domset_has(&set, domid), add);
        if (round % 100 == 0) {
            unsigned from = (unsigned)(random_next(&chance) % DOMID_LIMIT), count = 0;
            ck_assert_uint_eq(domset_next(&set, from), next_of(from));
            for (unsigned i = 0; i < DOMID_LIMIT; i++)
                count += member[i];
            ck_assert_uint_eq(set.count, count);
        }
    }
}
END_TEST

START_TEST(at_the_edges)
{
    static struct domset few;

    ck_assert_uint_eq(domset_next(&few, 1), 0);
    domset_add(&few, DOMID_DOM0);
    domset_add(&few, DOMID_DOM0);
    ck_assert_uint_eq(few.count, 1);
    ck_assert_uint_eq(domset_next(&few, 1), DOMID_DOM0);
    ck_assert_uint_eq(domset_next(&few, DOMID_DOM0), DOMID_DOM0);
    ck_assert_uint_eq(domset_next(&few, DOMID_LIMIT), 0);
    domset_remove(&few, DOMID_DOM0);
    domset_remove(&few, DOMID_DOM0);
    ck_assert_uint_eq(few.count, 0);
}
END_TEST

Suite *domset_suite(void)
{
    Suite *suite = suite_create("domset");
    TCase *tests = tcase_create("domset");

    tcase_add_test(tests, as_a_plain_array);
    tcase_add_test(tests, at_the_edges);
    suite_add_tcase(suite, tests);
    return suite;
}
