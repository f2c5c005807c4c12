/* SPDX-License-Identifier: BSD-2-Clause */
/* toolstack: target, static-max and maximum after xl's commands, in three toolstacks. */
#include "sim/invariants/testing.h"
#include "sim/xenstore/xenstore.h"

Suite *toolstack_agrees_suite(void);

START_TEST(xl_agrees)
{
    show_open();
    ck_assert_int_eq(dom0("xl mem-set nb 6m"), 0);
    ck_assert_int_eq(dom0("xl mem-max nb 16m"), 0);
    ck_assert_int_eq(dom0("xl mem-set 1 16384k"), 0);
    ck_assert_int_ne(dom0("xl mem-set nb 17m"), 0);
    held(INVARIANT_TOOLSTACK);
    ck_assert_uint_eq(asked(INVARIANT_TOOLSTACK), 3);
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
static void command_ends(struct record_command command, const char *line)
{
    char both[80] = "";

    strcpy(both, line);
    recorder_append(
        stage.recorder, REC_COMMAND, DOMID_HOST, 0, &command, sizeof command, both, 1, strlen(line) + 2);
}

START_TEST(maximum_of_another_target)
{
    const struct record_command again = {
        .tool = COMMAND_OF_XL, .does = COMMAND_DOES_MEM_SET, .domid = 1, .has_size = 1, .size_kib = 5120};

    show_open();
    ck_assert_int_eq(dom0("xl mem-set nb 5m"), 0);
    show.p->domain->maximum_pages = 3 * 256 + 256;
    command_ends(again, "xl mem-set nb 5m");
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
    ck_assert_uint_eq(asked(INVARIANT_TOOLSTACK), 0);
    show_close();
}
END_TEST

START_TEST(target_above_static_max)
{
    const struct record_command again = {
        .tool = COMMAND_OF_XL, .does = COMMAND_DOES_MEM_MAX, .domid = 1, .has_size = 1, .size_kib = 8192};

    show_open();
    ck_assert_int_eq(dom0("xl mem-set nb 8m"), 0);
    ck_assert_int_eq(dom0("xenstore-write /local/domain/1/memory/static-max 4096"), 0);
    command_ends(again, "xl mem-max nb 8m");
    ck_assert_uint_eq(show.nr_caught, 2);
    ck_assert_ptr_nonnull(
        strstr(show.caught[1].text, "memory/target of nb is 8192 KiB, above its memory/static-max"));
    show_close();
}
END_TEST

/* A tool that failed has written nothing: it is no reason for a target that xl did not promise. */
START_TEST(a_write_that_failed_excuses_nothing)
{
    const struct record_command failed = {
        .status = 1, .tool = COMMAND_OF_XENSTORE, .does = COMMAND_DOES_WRITE, .domid = DOMID_HOST};
    const struct record_command again = {
        .tool = COMMAND_OF_XL, .does = COMMAND_DOES_MEM_MAX, .domid = 1, .has_size = 1, .size_kib = 8192};

    show_open();
    ck_assert_int_eq(dom0("xl mem-set nb 8m"), 0);
    ck_assert_int_eq(
        xenstore_write(machine_xenstore_tree(stage.machine), 0, "/local/domain/1/memory/target", "9000"), 0);
    command_ends(failed, "xenstore-write /x");
    command_ends(again, "xl mem-max nb 8m");
    broken(INVARIANT_TOOLSTACK, "memory/target of nb is 9000 KiB, above its memory/static-max", NULL);
    show_close();
}
END_TEST

START_TEST(commands_of_no_concern)
{
    static const char *const lines[] = {"xl list", "xl mem-set nb", "xl mem-set nb x", "xl mem-max nosuch 5m",
        "xl mem-set 77 5m", "xl mem-max nb 5mm", "xl destroy nosuch", "xenstore-ls"};
    const struct record_command foreign[] = {
        {.status = 1, .tool = COMMAND_OF_XL, .does = COMMAND_DOES_MEM_SET, .domid = 1, .has_size = 1},
        {.tool = COMMAND_OF_XM, .does = COMMAND_DOES_MEM_SET, .domid = 1, .has_size = 1},
        {.tool = COMMAND_OF_XL, .does = COMMAND_DOES_MEM_SET, .domid = 77, .has_size = 1},
        {.tool = COMMAND_OF_XL, .does = COMMAND_DOES_MEM_SET, .domid = 1},
        {.tool = COMMAND_IN_GUEST, .domid = 1}};

    show_open();
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        (void)dom0(lines[i]);
    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++)
        command_ends(foreign[i], "some command");
    nothing_broken();
    ck_assert_uint_eq(asked(INVARIANT_TOOLSTACK), 0);
    show_close();
}
END_TEST

/* xl's own options stand before the sub-command, and a domain may be named by its number. */
START_TEST(options_before_the_command)
{
    show_open();
    ck_assert_int_eq(dom0("xl -v mem-set nb 6m"), 0);
    ck_assert_int_eq(dom0("xl -f mem-max 1 16m"), 0);
    nothing_broken();
    ck_assert_uint_eq(asked(INVARIANT_TOOLSTACK), 2);
    show_close();
}
END_TEST

/* The second pair of a xenstore-write counts as the first does; the next mem-set makes up for it. */
START_TEST(past_the_toolstack_in_a_second_pair)
{
    show_open();
    ck_assert_int_eq(dom0("xl mem-set nb 6m"), 0);
    ck_assert_int_eq(dom0("xenstore-write /x 1 /local/domain/1/memory/target 999999"), 0);
    ck_assert_int_eq(dom0("xenstore-write /local/domain/1/memory/static-max 8192"), 0);
    ck_assert_int_ne(dom0("xl mem-max nb 8m"), 0);
    command_ends(
        (struct record_command){
            .tool = COMMAND_OF_XL, .does = COMMAND_DOES_MEM_MAX, .domid = 1, .has_size = 1, .size_kib = 8192},
        "xl mem-max nb 8m");
    for (unsigned i = 0; i < show.nr_caught; i++)
        ck_assert_ptr_null(strstr(show.caught[i].text, "above its memory/static-max"));
    ck_assert_uint_eq(asked(INVARIANT_TOOLSTACK), 2);
    show_close();
}
END_TEST

/* A frame buffer is in what mem-set sets as the maximum, beside the target; what mem-max says has it already. */
START_TEST(a_frame_buffer)
{
    const struct domain_config config = {.name = "fb",
        .memory_pages = BOOT_PAGES,
        .maxmem_pages = BOOT_PAGES,
        .videoram_kib = 512,
        .extra_kib = XL_EXTRA_KIB};
    struct test_guest *guest;

    show_open();
    ck_assert_int_eq(test_guest_build(&config, &guest), BUILD_OK);
    ck_assert_int_eq(dom0("xl mem-set fb 3m"), 0);
    ck_assert_int_eq(dom0("xl mem-max fb 16m"), 0);
    held(INVARIANT_TOOLSTACK);
    ck_assert_uint_eq(asked(INVARIANT_TOOLSTACK), 2);
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
    tcase_add_test(tests, a_write_that_failed_excuses_nothing);
    tcase_add_test(tests, commands_of_no_concern);
    tcase_add_test(tests, options_before_the_command);
    tcase_add_test(tests, past_the_toolstack_in_a_second_pair);
    tcase_add_test(tests, a_frame_buffer);
    suite_add_tcase(suite, tests);
    return suite;
}
