/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose files a verdict without a recording is about. The guests need to be built. */
#include "harness/ballast/judged_scenario.h"

#include <check.h>
#include <stdlib.h>

#include "harness/builder/recipe.h"

Suite *judged_scenario_suite(void);

static void ck_judged(char *judged, const char *wanted)
{
    ck_assert_ptr_nonnull(judged);
    ck_assert_str_eq(judged, wanted);
    free(judged);
}

/* Beside those that the recipe builds there are kernels that it copies, and one of them is the first. */
START_TEST(the_guests_folder_is_of_its_recipe)
{
    const struct recipe recipe = {.parts = {{.name = "other"}, {.name = "driver"}}, .nr_parts = 2};

    ck_judged(judged_guests(&recipe), "ours");
}
END_TEST

START_TEST(a_scenario_is_of_its_kernels)
{
    ck_judged(judged_scenario("scenarios/tour/shrink.scn", NULL, NULL), "ours");
    ck_judged(judged_scenario("scenarios/tour/shrink.scn", NULL, "probe"), "");
    ck_judged(judged_scenario("missing.scn", NULL, NULL), "");
}
END_TEST

Suite *judged_scenario_suite(void)
{
    Suite *suite = suite_create("judged_scenario");
    TCase *tests = tcase_create("judged");

    tcase_add_test(tests, the_guests_folder_is_of_its_recipe);
    tcase_add_test(tests, a_scenario_is_of_its_kernels);
    suite_add_tcase(suite, tests);
    return suite;
}
