/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * xl's commands of a domain's lifecycle: what they ask of whoever holds the machine, what they write, what they say.
 * The guests never run; whole lives are in harness/run/lifecycle_test.c.
 */
#include "sim/inspect.h"
#include "sim/toolstack/toolstack.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#define MIB(n)        ((n)*PAGES_PER_MIB)
#define SHUTDOWN_NODE "/local/domain/1/control/shutdown"

static struct recorder *recorder;
static struct machine *machine;
static struct domain *nb;
static const char *output;
static char data_of_image[64];
static struct guest_image image;
static char asked[128]; /* of the holder, last */
static const char *answer;

static void never(const struct boot_block *boot)
{
    (void)boot;
}

static const char *create(void *context, const char *name)
{
    ck_assert_ptr_eq(context, &image);
    snprintf(asked, sizeof asked, "create %s", name);
    return answer;
}

static void destroy(void *context, struct domain *domain)
{
    ck_assert_ptr_eq(context, &image);
    snprintf(asked, sizeof asked, "destroy %u", domain_id(domain));
}

static void save(void *context, struct domain *domain, const char *file)
{
    (void)context;
    snprintf(asked, sizeof asked, "save %u %s", domain_id(domain), file);
}

static const char *restore(void *context, const char *file)
{
    (void)context;
    snprintf(asked, sizeof asked, "restore %s", file);
    return answer;
}

static void setup(void)
{
    static const struct machine_lifecycle lifecycle = {&image, create, destroy, save, restore};
    const struct machine_config config = {.seed = 1, .host_pages = MIB(512), .toolstack = TOOLSTACK_XL_4_17};
    const struct domain_config of_nb = {
        .name = "nb", .memory_pages = MIB(64), .maxmem_pages = MIB(128), .extra_kib = XL_EXTRA_KIB};

    image = (struct guest_image){.magic = GUEST_IMAGE_MAGIC,
        .kernel = "none",
        .start = never,
        .data_start = data_of_image,
        .data_end = data_of_image + sizeof data_of_image};
    recorder = recorder_new();
    recorder_begin(recorder, "test", "sim", 1);
    machine = machine_new(&config, recorder);
    ck_assert_ptr_nonnull(machine);
    machine_set_lifecycle(machine, &lifecycle);
    ck_assert_int_eq(machine_build_domain(machine, &of_nb, &image, &nb), BUILD_OK);
    asked[0] = 0;
    answer = NULL;
}

static void teardown(void)
{
    machine_free(machine);
    recorder_free(recorder);
}

static void expect(const char *line, int status, const char *text, const char *wanted)
{
    asked[0] = 0;
    ck_assert_msg(
        machine_toolstack(machine, line, &output) == status, "%s: another status, and: %s", line, output);
    ck_assert_str_eq(output, text);
    ck_assert_str_eq(asked, wanted);
}

START_TEST(test_create_names_the_domain_by_its_file)
{
    expect("xl create late", 0, "Parsing config from late\n", "create late");
    expect("xl create /etc/xen/late.cfg", 0, "Parsing config from /etc/xen/late.cfg\n", "create late");
    expect("xl create -q late.cfg", 0, "Parsing config from late.cfg\n", "create late");
    answer = "too large";
    expect("xl create late", 1, "Parsing config from late\nlibxl: error: cannot create domain: too large\n",
        "create late");
    expect("xl create nb", 1,
        "Parsing config from nb\nlibxl: error: Domain with name \"nb\" already exists.\n", "");
}
END_TEST

START_TEST(test_shutdown_and_reboot_ask_the_guest)
{
    expect("xl shutdown nb", 0, "Shutting down domain 1\n", "");
    ck_assert_pstr_eq(machine_xenstore(machine, SHUTDOWN_NODE), "poweroff");
    expect("xl reboot 1", 0, "Rebooting domain 1\n", "");
    ck_assert_pstr_eq(machine_xenstore(machine, SHUTDOWN_NODE), "reboot");
    expect("xl shutdown -x nb", 2, "option `x' not supported.\n", "");
    expect("xl shutdown nosuch", 1, "nosuch is an invalid domain identifier (rc=-6)\n", "");
}
END_TEST

START_TEST(test_destroy_asks_nobody_but_the_holder)
{
    expect("xl destroy nb", 0, "", "destroy 1");
    ck_assert_pstr_eq(machine_xenstore(machine, SHUTDOWN_NODE), "");
    expect("xl destroy 7", 1, "libxl: error: Domain 7:Non-existant domain\ndestroy failed (rc=-6)\n", "");
}
END_TEST

START_TEST(test_save_and_restore)
{
    expect("xl save nb /tmp/f", 0, "Saving to /tmp/f new xl format (info 0x3/0x0/0)\n", "save 1 /tmp/f");
    ck_assert_pstr_eq(machine_xenstore(machine, SHUTDOWN_NODE), "suspend");
    expect("xl restore nb.cfg /tmp/f", 0, "Loading new save file /tmp/f (new xl fmt info 0x3/0x0/0)\n",
        "restore /tmp/f");
    answer = "no such file";
    expect("xl restore g", 1, "no such file\n", "restore g");
}
END_TEST

START_TEST(test_pause)
{
    expect("xl pause nb", 0, "", "");
    ck_assert(domain_paused(nb));
    ck_assert(machine_at_rest(machine, 0, NULL));
    expect("xl unpause nb", 0, "", "");
    ck_assert(!domain_paused(nb));
    ck_assert(!machine_at_rest(machine, 0, NULL));
}
END_TEST

START_TEST(test_without_a_holder)
{
    machine_set_lifecycle(machine, NULL);
    expect("xl create late", 1,
        "Parsing config from late\nlibxl: error: cannot create domain: nobody here builds domains\n", "");
    expect("xl save nb f", 1, "libxl: error: nobody here saves domains\n", "");
    ck_assert_pstr_eq(machine_xenstore(machine, SHUTDOWN_NODE), "");
}
END_TEST

Suite *xl_lifecycle_suite(void)
{
    Suite *suite = suite_create("xl_lifecycle");
    TCase *tests = tcase_create("xl's commands of a domain's lifecycle");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_create_names_the_domain_by_its_file);
    tcase_add_test(tests, test_shutdown_and_reboot_ask_the_guest);
    tcase_add_test(tests, test_destroy_asks_nobody_but_the_holder);
    tcase_add_test(tests, test_save_and_restore);
    tcase_add_test(tests, test_pause);
    tcase_add_test(tests, test_without_a_holder);
    suite_add_tcase(suite, tests);
    return suite;
}
