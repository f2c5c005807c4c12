/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands and answers of a probe on the real Xen: it gets Xen's frame numbers, all others see the model's. */
#include "sim/real_xen.h"

#include "sim/test_guest.h"

Suite *real_xen_suite(void);

static struct domain *domain;

/* Xen's numbers are a thousand higher than the model's. */
static uint64_t model_mfn(void *context, uint64_t xen_mfn)
{
    (void)context;
    return xen_mfn - 1000;
}

static uint64_t xen_mfn(void *context, uint64_t mfn)
{
    (void)context;
    return mfn + 1000;
}

static const struct real_xen_ops ops = {.model_mfn = model_mfn, .xen_mfn = xen_mfn};
static char base[1];

static void set_up(void)
{
    stage_open(16384);
    domain = test_guest_new("a", 4096, 4096)->domain;
    machine_set_real_xen(stage.machine, &ops);
    domain->space.real_xen.base = base; /* as if it had been built on Xen */
}

static void tear_down(void)
{
    domain->space.real_xen.base = NULL;
    machine_set_real_xen(stage.machine, NULL);
    stage_close();
}

START_TEST(a_command)
{
    static const struct {
        const char *command, *for_xen, *plain;
    } rows[] = {
        {"map \2"
         "25 x",
            "map 1025 x", "map 25 x"},
        {"decrease \2"
         "7 \2"
         "123 9",
            "decrease 1007 1123 9", "decrease 7 123 9"},
        {"nothing to change 25", "nothing to change 25", "nothing to change 25"},
        {"", "", ""},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char command[64], for_xen[64] = {0};

        snprintf(command, sizeof command, "%s", rows[i].command);
        size_t length = real_xen_command(domain, command, for_xen, sizeof for_xen);
        ck_assert_uint_eq(length, strlen(rows[i].for_xen));
        ck_assert_int_eq(memcmp(for_xen, rows[i].for_xen, length), 0);
        ck_assert_str_eq(command, rows[i].plain);
    }
}
END_TEST

/* It ends before what does not fit: a number is written whole or not at all. */
START_TEST(a_command_that_is_too_long)
{
    char command[] = "map \2"
                     "25 x",
         for_xen[8];

    ck_assert_uint_eq(real_xen_command(domain, command, for_xen, 8), 4);
    ck_assert_int_eq(memcmp(for_xen, "map ", 4), 0);
    ck_assert_str_eq(command, "map 25");
}
END_TEST

START_TEST(an_answer)
{
    static const struct {
        const char *command, *output, *told;
    } rows[] = {
        {"frame x", "1025", "25"},
        {"frame x", "none of that name", "none of that name"},
        {"frame x", "1025 and more", "1025 and more"},
        {"reservation", "1025", "1025"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char output[64];

        snprintf(domain->command, sizeof domain->command, "%s", rows[i].command);
        snprintf(output, sizeof output, "%s", rows[i].output);
        ck_assert_uint_eq(real_xen_reply(domain, output, sizeof output), strlen(rows[i].told));
        ck_assert_str_eq(output, rows[i].told);
    }
}
END_TEST

Suite *real_xen_suite(void)
{
    Suite *suite = suite_create("real_xen");
    TCase *tests = tcase_create("numbers");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, a_command);
    tcase_add_test(tests, a_command_that_is_too_long);
    tcase_add_test(tests, an_answer);
    suite_add_tcase(suite, tests);
    return suite;
}
