/* SPDX-License-Identifier: BSD-2-Clause */
/* toolstack: target, static-max and maximum after xl's commands, in three toolstacks. */
#include "sim/invariants/testing.h"

Suite *toolstack_agrees_suite(void);

START_TEST(xl_agrees)
{
    show_open();
    ck_assert_int_eq(dom0("xl mem-set nb 6m"), 0);
    ck_assert_int_eq(dom0("xl mem-max nb 16m"), 0);
    ck_assert_int_eq(dom0("xl mem-set 1 16384k"), 0);
    ck_assert_int_ne(dom0("xl mem-set nb 17m"), 0);
    nothing_broken();
    ck_assert_uint_eq(invariant_asked(show.inv, INVARIANT_TOOLSTACK), 3);
    show_close();
}
END_TEST

/* Xen before 77bbea1baf: mem-max left static-max alone. */
START_TEST(static_max_forgotten)
{
    show_open_with(
        (struct machine_config){.seed = 1, .host_pages = HOST_PAGES, .toolstack = TOOLSTACK_XL_4_16});
    ck_assert_int_eq(dom0("xl mem-max nb 16m"), 0);
    broken(INVARIANT_TOOLSTACK, "after `xl mem-max nb 16m`", "static-max of nb is 8192 KiB, not 16384", NULL);
    show_close();
}
END_TEST

/* Two mem-sets that race: maximum 3, target 5 (5f33fa2bca). */
START_TEST(maximum_of_another_target)
{
    struct record_value status = {0};
    static const char text[] = "xl mem-set nb 5m\0";

    show_open();
    ck_assert_int_eq(dom0("xl mem-set nb 5m"), 0);
    show.p->domain->maximum_pages = 3 * 256 + 256;
    recorder_append(stage.recorder, REC_COMMAND, DOMID_HOST, 0, &status, sizeof status, text, 1, sizeof text);
    broken(INVARIANT_TOOLSTACK, "maximum of nb is 1024 pages; 1536 were promised", NULL);
    show_close();
}
END_TEST

START_TEST(past_the_toolstack)
{
    show_open();
    ck_assert_int_eq(dom0("xenstore-write /local/domain/1/memory/target 999999"), 0);
    show.p->domain->maximum_pages = 5000;
    nothing_broken();
    ck_assert_uint_eq(invariant_asked(show.inv, INVARIANT_TOOLSTACK), 0);
    show_close();
}
END_TEST

START_TEST(target_above_static_max)
{
    struct record_value status = {0};
    static const char text[] = "xl mem-max nb 8m\0";

    show_open();
    ck_assert_int_eq(dom0("xl mem-set nb 8m"), 0);
    ck_assert_int_eq(dom0("xenstore-write /local/domain/1/memory/static-max 4096"), 0);
    recorder_append(stage.recorder, REC_COMMAND, DOMID_HOST, 0, &status, sizeof status, text, 1, sizeof text);
    ck_assert_uint_eq(show.nr_caught, 2);
    ck_assert_ptr_nonnull(
        strstr(show.caught[1].text, "memory/target of nb is 8192 KiB, above its memory/static-max"));
    show_close();
}
END_TEST

START_TEST(commands_of_no_concern)
{
    struct record_value status = {0};
    static const char *const texts[] = {"xl list", "xl", "", "xl mem-set", "xl mem-set nb", "xl mem-set nb x",
        "xl mem-max nosuch 5m", "xl mem-set 77 5m", "nb$ sysctl -n machdep.xen.balloon.current",
        "xl mem-max nb 5mm"};

    show_open();
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char both[128] = "";

        strcpy(both, texts[i]);
        recorder_append(stage.recorder, REC_COMMAND, DOMID_HOST, 0, &status, sizeof status, both, 1,
            strlen(texts[i]) + 2);
    }
    nothing_broken();
    ck_assert_uint_eq(invariant_asked(show.inv, INVARIANT_TOOLSTACK), 0);
    show_close();
}
END_TEST

Suite *toolstack_agrees_suite(void)
{
    Suite *suite = suite_create("invariants/toolstack");
    TCase *tests = tcase_create("toolstack");

    tcase_add_test(tests, xl_agrees);
    tcase_add_test(tests, static_max_forgotten);
    tcase_add_test(tests, maximum_of_another_target);
    tcase_add_test(tests, past_the_toolstack);
    tcase_add_test(tests, target_above_static_max);
    tcase_add_test(tests, commands_of_no_concern);
    suite_add_tcase(suite, tests);
    return suite;
}
