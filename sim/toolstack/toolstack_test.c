/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The toolstack on a real machine: what xl, xm and the xenstore tools answer, and what they change. The
 * guests never run: nothing here depends on what they do.
 */
#include "sim/inspect.h"
#include "sim/machine_state.h"
#include "sim/toolstack/toolstack.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xen/io/xs_wire.h>

#define MIB(n) ((n)*PAGES_PER_MIB)

static struct recorder *recorder;
static struct machine *machine;
static struct domain *nb;
static const char *output;
static char data_of_image[64];
static struct guest_image images[4];
static unsigned nr_images;

static void never(const struct boot_block *boot)
{
    (void)boot;
}

static struct domain *build(const char *name, uint64_t memory_mib, uint64_t maxmem_mib, uint64_t videoram_kib)
{
    struct domain_config config = {.name = name,
        .memory_pages = MIB(memory_mib),
        .maxmem_pages = MIB(maxmem_mib),
        .videoram_kib = videoram_kib,
        .extra_kib = XL_EXTRA_KIB};
    struct guest_image *image = &images[nr_images++];
    struct domain *domain;

    *image = (struct guest_image){.magic = GUEST_IMAGE_MAGIC,
        .kernel = "none",
        .start = never,
        .data_start = data_of_image,
        .data_end = data_of_image + sizeof(data_of_image)};
    ck_assert_int_eq(machine_build_domain(machine, &config, image, &domain), BUILD_OK);
    return domain;
}

static void open_with(enum toolstack toolstack)
{
    struct machine_config config = {.seed = 1, .host_pages = MIB(512), .toolstack = toolstack};

    nr_images = 0;
    recorder = recorder_new();
    recorder_begin(recorder, "test", "sim", 1);
    machine = machine_new(&config, recorder);
    ck_assert_ptr_nonnull(machine);
    nb = build("nb", 64, 128, 0);
}

static void open_xl(void)
{
    open_with(TOOLSTACK_XL_4_17);
}

static void open_xl_4_16(void)
{
    open_with(TOOLSTACK_XL_4_16);
}

static void open_xm(void)
{
    open_with(TOOLSTACK_XM);
}

static void close_all(void)
{
    machine_free(machine);
    recorder_free(recorder);
}

static int run(const char *line)
{
    return machine_toolstack(machine, line, &output);
}

static void expect(const char *line, int status, const char *text)
{
    ck_assert_msg(run(line) == status, "%s: another status, and: %s", line, output);
    ck_assert_str_eq(output, text);
}

static void expect_node(const char *path, const char *value)
{
    const char *got = machine_xenstore(machine, path);

    if (value == NULL)
        ck_assert_ptr_null(got);
    else
        ck_assert_pstr_eq(got, value);
}

#define TARGET     "/local/domain/1/memory/target"
#define STATIC_MAX "/local/domain/1/memory/static-max"

START_TEST(test_a_domain_as_xl_builds_it)
{
    struct xenstore *xs = machine_xenstore_tree(machine);

    ck_assert_uint_eq(domain_maximum_pages(nb), 16640);
    expect_node(TARGET, "65536");
    expect_node(STATIC_MAX, "131072");
    expect_node("/local/domain/1/memory/videoram", NULL);
    expect_node("/local/domain/1/name", "nb");
    expect_node("/local/domain/1/domid", "1");
    expect_node("/local/domain/1/control/shutdown", "");
    ck_assert_str_eq(xenstore_read(xs, 1, "memory/target"), "65536");
    ck_assert_int_eq(xenstore_write(xs, 1, "memory/target", "1"), EACCES);
    ck_assert_int_eq(xenstore_write(xs, 1, "memory/static-max", "1"), EACCES);
    ck_assert_int_eq(xenstore_write(xs, 1, "new", "1"), EACCES);
    ck_assert_int_eq(xenstore_write(xs, 1, "data/x", "1"), 0);
    ck_assert_int_eq(xenstore_write(xs, 1, "control/shutdown", ""), 0);
    build("other", 16, 16, 0);
    ck_assert_ptr_null(xenstore_read(xs, 2, "/local/domain/1/memory/target"));
}
END_TEST

START_TEST(test_withdraw)
{
    toolstack_withdraw(machine, 1);
    expect_node("/local/domain/1", NULL);
    expect_node("/local/domain", "");
}
END_TEST

START_TEST(test_mem_set)
{
    expect("xl mem-set nb 128m", 0, "");
    expect_node(TARGET, "131072");
    expect_node(STATIC_MAX, "131072");
    ck_assert_uint_eq(domain_maximum_pages(nb), MIB(128) + 256);
    expect("xl mem-set 1 32m", 0, "");
    expect_node(TARGET, "32768");
    ck_assert_uint_eq(domain_maximum_pages(nb), MIB(32) + 256);
    expect("xl mem-set nb 32m and more", 0, "");
}
END_TEST

/* Refused is what always is; and what is given is at most what the domain was built with. */
START_TEST(test_mem_set_without_growth)
{
    const struct machine_config config = {.seed = 1,
        .host_pages = MIB(512),
        .toolstack = _i == 0 ? TOOLSTACK_XL_4_17 : TOOLSTACK_XM,
        .no_growth = true};

    close_all();
    recorder = recorder_new();
    recorder_begin(recorder, "test", "sim", 1);
    nr_images = 0;
    machine = machine_new(&config, recorder);
    ck_assert_ptr_nonnull(machine);
    nb = build("nb", 64, 128, 0);
    expect(_i == 0 ? "xl mem-set nb 96m" : "xm mem-set nb 96", 0, "");
    expect_node(TARGET, "65536");
    expect(_i == 0 ? "xl mem-set nb 32m" : "xm mem-set nb 32", 0, "");
    expect_node(TARGET, "32768");
}
END_TEST

START_TEST(test_mem_set_above_static_max)
{
    expect("xl mem-set nb 129m", 1,
        "libxl: error: Domain 1:memory_dynamic_max must be less than or equal to memory_static_max\n\n"
        "cannot set domid 1 dynamic max memory to : 129m\n");
    expect("xl mem-set nb 131073k", 1,
        "libxl: error: Domain 1:memory_dynamic_max must be less than or equal to memory_static_max\n\n"
        "cannot set domid 1 dynamic max memory to : 131073k\n");
    expect_node(TARGET, "65536");
    ck_assert_uint_eq(domain_maximum_pages(nb), 16640);
}
END_TEST

/* A domain that plays dom0: xl's domain 0, with the maximum that Xen gives dom0, and never less than 128 MiB. */
START_TEST(test_mem_set_of_dom0)
{
    const struct domain_config config = {.name = "zero",
        .memory_pages = MIB(192),
        .maxmem_pages = MIB(192),
        .extra_kib = XL_EXTRA_KIB,
        .initial = true,
        .no_maximum = true};
    struct guest_image *image = &images[nr_images++];
    struct domain *zero;

    *image = images[0];
    ck_assert_int_eq(machine_build_domain(machine, &config, image, &zero), BUILD_OK);
    ck_assert_uint_eq(domain_maximum_pages(zero), UINT32_MAX);
    ck_assert_int_eq(run("xl mem-set 0 127m"), 1);
    ck_assert_str_eq(output,
        "libxl: error: Domain 0:New target 130048 for dom0 is below the minimum threshold\n"
        "cannot set domid 2 dynamic max memory to : 127m\n");
    ck_assert_uint_eq(domain_maximum_pages(zero), UINT32_MAX);
    ck_assert_int_eq(run("xl mem-set 0 128m"), 0);
    ck_assert_uint_eq(domain_maximum_pages(zero), MIB(129));
    ck_assert_int_eq(run("xl mem-set Domain-0 1g"), 0);
    ck_assert_uint_eq(domain_maximum_pages(zero), MIB(1025));
    ck_assert_int_eq(run("xl mem-set nb 100m"), 0); /* any other may have less */
}
END_TEST

START_TEST(test_sizes)
{
    static const struct {
        const char *size, *kib;
    } good[] = {{"64", "65536"}, {"64M", "65536"}, {"65536k", "65536"}, {"67108864b", "65536"},
        {"1025b", "1"}, {"0", "0"}, {"+8m", "8192"}, {"1023b", "0"}, {"m", "0"}, {"''", "0"},
        {"' 16'", "16384"}, {"7K", "7"}};
    static const char *const bad[] = {"128mb", "128 m", "x", "12x", "0x10", "9223372036854775808k",
        "9223372036854775807m", "8388608000000t", "1.5g", "64mm", "' -5'"};
    char line[64], text[128];

    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        snprintf(line, sizeof(line), "xl mem-set nb %s", good[i].size);
        expect(line, 0, "");
        expect_node(TARGET, good[i].kib);
    }
    expect("xl mem-set nb 64m", 0, "");
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        bool quoted = bad[i][0] == '\'' || strchr(bad[i], ' ') != NULL;

        if (strcmp(bad[i], "128 m") == 0)
            snprintf(line, sizeof(line), "xl mem-set nb '%s'", bad[i]);
        else
            snprintf(line, sizeof(line), "xl mem-set nb %s", bad[i]);
        ck_assert_int_eq(run(line), 1);
        snprintf(
            text, sizeof(text), "invalid memory size: %s\n", quoted && bad[i][0] == '\'' ? " -5" : bad[i]);
        ck_assert_str_eq(output, text);
        expect_node(TARGET, "65536");
    }
}
END_TEST

START_TEST(test_mem_max)
{
    expect("xl mem-max nb 256m", 0, "");
    expect_node(STATIC_MAX, "262144");
    expect_node(TARGET, "65536");
    ck_assert_uint_eq(domain_maximum_pages(nb), MIB(256) + 256);
    expect("xl mem-set nb 256m", 0, "");
    expect("xl mem-max nb 255m", 1,
        "libxl: error: Domain 1:memory_static_max must be greater than or or equal to memory_dynamic_max\n"
        "cannot set domid 1 static max memory to : 255m\n");
    expect_node(STATIC_MAX, "262144");
    expect("xl mem-max nb 256m", 0, "");
    expect("xl mem-max nb 12q", 1, "invalid memory size: 12q\n");
}
END_TEST

START_TEST(test_mem_max_before_4_17_leaves_static_max)
{
    expect("xl mem-max nb 256m", 0, "");
    expect_node(STATIC_MAX, "131072");
    ck_assert_uint_eq(domain_maximum_pages(nb), MIB(256) + 256);
    ck_assert_int_eq(run("xl mem-set nb 256m"), 1);
    ck_assert_uint_eq(domain_maximum_pages(nb), MIB(256) + 256);
    expect("xl mem-set nb 128m", 0, "");
    ck_assert_uint_eq(domain_maximum_pages(nb), MIB(128) + 256);
}
END_TEST

START_TEST(test_videoram)
{
    struct domain *hvm = build("hvm", 64, 128, 8192);

    expect_node("/local/domain/2/memory/target", "57344");
    expect_node("/local/domain/2/memory/videoram", "8192");
    ck_assert_uint_eq(domain_maximum_pages(hvm), 16640);
    expect("xl mem-set hvm 100m", 0, "");
    expect_node("/local/domain/2/memory/target", "94208");
    ck_assert_uint_eq(domain_maximum_pages(hvm), MIB(100) + 256);
    expect("xl mem-set hvm 136m", 0, "");          /* static-max is compared without the videoram */
    ck_assert_int_eq(run("xl mem-set hvm 4m"), 1); /* less than it: an unsigned underflow */
}
END_TEST

START_TEST(test_unknown_domains)
{
    expect("xl mem-set foo 64m", 1, "foo is an invalid domain identifier (rc=-6)\n");
    expect("xl mem-set foo 64q", 1, "foo is an invalid domain identifier (rc=-6)\n");
    expect("xl mem-max foo 64m", 1, "foo is an invalid domain identifier (rc=-6)\n");
    expect("xl mem-set 77 64m", 1,
        "libxl: error: unable to find domain info for domain 77\n"
        "cannot set domid 77 dynamic max memory to : 64m\n");
    expect("xl mem-max 77 64m", 1,
        "libxl: error: unable to find domain info for domain 77\n"
        "cannot set domid 77 static max memory to : 64m\n");
    expect("xl list 77", 1, "Error: Domain '77' does not exist.\n");
}
END_TEST

START_TEST(test_nodes_that_someone_spoilt)
{
    ck_assert_int_eq(run("xenstore-write " TARGET " lots"), 0);
    expect("xl mem-set nb 64m", 1,
        "libxl: error: Domain 1:Invalid memory target lots from /local/domain/1/memory/target\n\n"
        "cannot set domid 1 dynamic max memory to : 64m\n");
    ck_assert_int_eq(run("xl mem-max nb 64m"), 1);
    ck_assert_int_eq(run("xenstore-rm " TARGET), 0);
    expect("xl mem-set nb 64m", 1,
        "libxl: error: Domain 1:Cannot get target memory info from /local/domain/1/memory/target\n"
        "cannot set domid 1 dynamic max memory to : 64m\n");
}
END_TEST

START_TEST(test_usage)
{
    static const char usage[] =
        "'xl mem-set' requires at least 2 arguments.\n\nUsage: xl [-vtTf] mem-set <Domain> "
        "<MemMB['b'[bytes]|'k'[KB]|'m'[MB]|'g'[GB]|'t'[TB]]>\n\nSet the current memory usage for a "
        "domain.\n\n";

    expect("xl mem-set nb", 2, usage);
    expect("xl mem-set nb -5", 2, "option `5' not supported.\n");
    expect("xl mem-set --help", 0, strchr(usage, '\n') + 2);
    expect("xl frobnicate nb", 1, "command not implemented\n");
    expect("xl -x mem-set nb 64m", 1, "unknown global option\n");
    expect("xl -N mem-set nb 64m", 1, "command does not implement -N (dryrun) option\n");
    expect("xl -v mem-set nb 64m", 0, "");
    expect("xl help frobnicate", 0, "command \"frobnicate\" not implemented\n");
    ck_assert_int_eq(run("xl"), 1);
    ck_assert_ptr_nonnull(strstr(output, "mem-set"));
}
END_TEST

/* Each sub-command without what it wants, and with what it does not know. */
START_TEST(test_usages_of_all)
{
    static const struct {
        const char *line;
        int status;
        const char *says;
    } cases[] = {
        {"xl help help", 0, "Usage xl [-vfNtT] <subcommand> [args]"},
        {"xl help mem-set", 0, "Usage: xl [-vtT"},
        {"xl mem-set --help", 0, "Usage: xl [-vtT"},
        {"xl mem-set -h", 0, "Usage: xl [-vtT"},
        {"xl -- list nb", 0, "nb "},
        {"xl mem-set -- nb 64m", 0, ""},
        {"xl list nb nb", 1, "Usage: xl [-vtT"},
        {"xl list -Z", 2, "option `Z' not supported."},
        {"xl info -Z", 2, "option `Z' not supported."},
        {"xl domid -Z", 2, "option `Z' not supported."},
        {"xl domname -Z", 2, "option `Z' not supported."},
        {"xl pause -Z", 2, "option `Z' not supported."},
        {"xl destroy -Z", 2, "option `Z' not supported."},
        {"xl save -Z", 2, "option `Z' not supported."},
        {"xl restore -Z", 2, "option `Z' not supported."},
        {"xl domid", 2, "'xl domid' requires at least 1 argument."},
        {"xl domname", 2, "'xl domname' requires at least 1 argument."},
        {"xl destroy", 2, "'xl destroy' requires at least 1 argument."},
        {"xl pause", 2, "'xl pause' requires at least 1 argument."},
        {"xl save nb", 2, "'xl save' requires at least 2 arguments."},
        {"xl restore", 2, "'xl restore' requires at least 1 argument."},
        {"xl create x.cfg", 1, "nobody here builds domains"},
        {"xl restore f", 1, "nobody here restores domains"},
        {"xl save nb f", 1, "nobody here saves domains"},
        {"xl pause 77", 1, "Non-existant domain"},
    };

    machine_set_lifecycle(machine, NULL);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ck_assert_msg(
            run(cases[i].line) == cases[i].status, "%s: another status, and: %s", cases[i].line, output);
        ck_assert_msg(strstr(output, cases[i].says) != NULL, "%s: %s", cases[i].line, output);
    }
    expect_node(TARGET, "65536");
}
END_TEST

START_TEST(test_words)
{
    expect("  xl  mem-set\tn\"b\" '100'm ", 0, "");
    expect_node(TARGET, "102400");
    expect("xl mem-set n\\b 99m", 0, "");
    expect_node(TARGET, "101376");
    expect("xenstore-write /q \"a \\\"b\\\" \\n $x *\"", 0, "");
    expect_node("/q", "a \"b\" \\n $x *");
    expect("xl mem-set nb '64m", 2, "a quote without its end\n");
    expect("xl mem-set nb \\", 2, "a backslash with nothing behind it\n");
    ck_assert_int_eq(run("xl mem-set nb 64m; xl list"), 2);
    ck_assert_int_eq(run("xenstore-ls | cat"), 2);
    expect_node(TARGET, "101376");
}
END_TEST

START_TEST(test_what_is_no_command)
{
    uint64_t events = recorder_events(recorder);

    expect("xm mem-set nb 64", -1, "xm: no command of toolstack=xl-4.17\n");
    expect("rm -rf /", -1, "rm: no command of toolstack=xl-4.17\n");
    expect("xenstore-frob", -1, "xenstore-frob: no command of toolstack=xl-4.17\n");
    expect("", -1, "nothing: no command of toolstack=xl-4.17\n");
    ck_assert_uint_eq(recorder_events(recorder), events);
    ck_assert_int_eq(run("xl domid nb"), 0);
    ck_assert_uint_eq(recorder_events(recorder), events + 1);
}
END_TEST

START_TEST(test_list_and_info)
{
    expect("xl list nb", 0,
        "Name                                        ID   Mem VCPUs\tState\tTime(s)\n"
        "nb                                           1    64     1     r-----       0.0\n");
    build("other", 16, 16, 0);
    ck_assert_int_eq(run("xl list"), 0);
    ck_assert_ptr_nonnull(strstr(output, "\nother  "));
    expect("xl info total_memory", 0, "512\n");
    ck_assert_int_eq(run("xl info"), 0);
    ck_assert_ptr_eq(strstr(output, "total_memory           : 512\nfree_memory            : 4"), output);
    expect("xl domid other", 0, "2\n");
    expect("xl domname 1", 0, "nb\n");
    ck_assert_int_eq(run("xl domid none"), 1);
    ck_assert_int_eq(run("xl domname 9"), 1);
    ck_assert_int_eq(run("xl domname x"), 1);
}
END_TEST

/* A path and a value that just fill a message, and a byte more. */
static void expect_longest_write(void)
{
    char line[4200];
    const size_t value_bytes = XENSTORE_PAYLOAD_MAX - sizeof "/a";

    for (size_t more = 0; more < 2; more++) {
        strcpy(line, "xenstore-write /a ");
        memset(line + strlen("xenstore-write /a "), 'v', value_bytes + more);
        line[strlen("xenstore-write /a ") + value_bytes + more] = '\0';
        ck_assert_int_eq(run(line), (int)more);
        ck_assert_uint_eq(strlen(machine_xenstore(machine, "/a")), value_bytes);
    }
    expect("xenstore-write /a 1", 0, "");
}

START_TEST(test_xenstore_tools)
{
    expect("xenstore-read " TARGET, 0, "65536\n");
    expect("xenstore-read -p " TARGET " " STATIC_MAX, 0, TARGET ": 65536\n" STATIC_MAX ": 131072\n");
    expect("xenstore-read " TARGET " /none", 1, "xenstore-read: couldn't read path /none\n65536\n");
    expect("xenstore-write /a 1 /b 2", 0, "");
    expect_node("/b", "2");
    expect("xenstore-write /a 3 /b/ 4", 1, "xenstore-write: could not write path /b/\n");
    expect_node("/a", "1"); /* all or none */
    expect("xenstore-write /a", 1, "xenstore-write: Usage: xenstore-write [-h] [-s] [-R] key value [...]\n");
    expect_longest_write();
    expect("xenstore-read", 1, "xenstore-read: Usage: xenstore-read [-h] [-p] [-s] [-R] key [...]\n");
    expect("xenstore-rm -x /a", 1, "xenstore-rm: Usage: xenstore-rm [-h] [-s] [-t] key [...]\n");
    expect("xenstore-exists /a", 0, "");
    expect("xenstore-exists /none", 1, "");
    expect("xenstore-rm /none/x", 1, "xenstore-rm: could not remove path /none/x\n");
    expect("xenstore-rm /a", 0, "");
    expect_node("/a", NULL);
    expect("xenstore-write /t/u/v 1", 0, "");
    expect("xenstore-rm -t /t/u/v", 0, "");
    expect_node("/t", NULL);
    expect("xenstore-write /t/u/v 1 /t/u/w 2", 0, "");
    expect("xenstore-rm -t /t/u/v", 0, "");
    expect_node("/t/u/w", "2"); /* what still holds something stays */
    expect("xenstore-write /t/u 7", 0, "");
    expect("xenstore-rm -t /t/u/w", 0, "");
    expect_node("/t/u", "7");
    expect("xenstore-list /local", 0, "domain\n");
    expect("xenstore-list -p /local", 0, "/local/domain\n");
    expect("xenstore-list /none", 1, "xenstore-list: could not list path /none\n");
}
END_TEST

START_TEST(test_xenstore_ls)
{
    ck_assert_int_eq(run("xenstore-write /l/b/z 1 /l/a 'x\ty'"), 0);
    expect("xenstore-ls /l", 0, "b = \"\"\n z = \"1\"\na = \"x\\ty\"\n");
    expect("xenstore-ls -f /l", 0, "/l/b = \"\"\n/l/b/z = \"1\"\n/l/a = \"x\\ty\"\n");
    ck_assert_int_eq(run("xenstore-write /l/c '\\ \r\n\001\303'"), 0);
    expect("xenstore-ls /l", 0, "b = \"\"\n z = \"1\"\na = \"x\\ty\"\nc = \"\\\\ \\r\\n\\001\\303\"\n");
    expect("xenstore-ls /none", 1, "xenstore-ls: xs_directory (/none): No such file or directory\n");
    ck_assert_int_eq(run("xenstore-ls"), 0);
    ck_assert_ptr_nonnull(
        strstr(output, "\n   memory = \"\"\n    static-max = \"131072\"\n    target = \"65536\"\n"));
}
END_TEST

static struct record_command command;

static void see_command(void *context, const struct record *record, uint64_t event)
{
    (void)context, (void)event;
    if (record->type == REC_COMMAND)
        command = *(const struct record_command *)record_payload(record);
}

/* Whose command the recording says that it was. */
static unsigned tool_of(const char *line)
{
    recorder_set_witness(recorder, see_command, NULL);
    ck_assert_int_eq(run(line), 0);
    return command.tool;
}

START_TEST(test_xm)
{
    ck_assert_uint_eq(domain_maximum_pages(nb), MIB(128));
    ck_assert_int_eq(xenstore_write(machine_xenstore_tree(machine), 1, "memory/target", "32768"), 0);
    expect_node(TARGET, "32768");
    expect("xm mem-set nb 100", 0, "");
    expect_node(TARGET, "102400");
    ck_assert_uint_eq(domain_maximum_pages(nb), MIB(128));
    expect("xm mem-set nb 129", 1,
        "Error: memory_dynamic_max must be less than or equal to memory_static_max\n"
        "Usage: xm mem-set <Domain> <Mem>\n\nSet the current memory usage for a domain.\n");
    expect("xm mem-max nb 256", 0, "");
    ck_assert_uint_eq(domain_maximum_pages(nb), MIB(256));
    expect_node(STATIC_MAX, "131072");
    ck_assert_int_eq(run("xm mem-set foo 64"), 1);
    ck_assert_ptr_eq(strstr(output, "Error: Domain 'foo' does not exist.\n"), output);
    ck_assert_int_eq(run("xm mem-set nb 1t"), 1);
    ck_assert_ptr_eq(strstr(output, "Error: Invalid argument.\n"), output);
    ck_assert_int_eq(run("xm frob"), 1);
    ck_assert_int_eq(run("xm mem-set nb"), 1);
    ck_assert_int_eq(run("xl mem-set nb 64m"), -1);
    ck_assert_int_eq(run("xm list"), 0);
    ck_assert_uint_eq(tool_of("xm list"), COMMAND_OF_XM);
    ck_assert_uint_eq(tool_of("xenstore-read " TARGET), COMMAND_OF_XENSTORE);
}
END_TEST

/* A longer output than there is room for is cut, not overrun. */
START_TEST(test_long_output)
{
    char line[2200], value[2001];

    memset(value, 'v', 2000);
    value[2000] = '\0';
    for (int i = 0; i < 60; i++) {
        snprintf(line, sizeof(line), "xenstore-write /big/%d %s", i, value);
        ck_assert_int_eq(run(line), 0);
    }
    ck_assert_int_eq(run("xenstore-ls /big"), 0);
    ck_assert_uint_eq(strlen(output), TOOLSTACK_BYTES - 1);
}
END_TEST

Suite *toolstack_suite(void);

Suite *toolstack_suite(void)
{
    Suite *s = suite_create("toolstack");
    TCase *xl = tcase_create("xl"), *xl_4_16 = tcase_create("xl-4.16"), *xm = tcase_create("xm");

    tcase_add_checked_fixture(xl, open_xl, close_all);
    tcase_add_test(xl, test_a_domain_as_xl_builds_it);
    tcase_add_test(xl, test_withdraw);
    tcase_add_test(xl, test_mem_set);
    tcase_add_loop_test(xl, test_mem_set_without_growth, 0, 2);
    tcase_add_test(xl, test_mem_set_above_static_max);
    tcase_add_test(xl, test_mem_set_of_dom0);
    tcase_add_test(xl, test_sizes);
    tcase_add_test(xl, test_mem_max);
    tcase_add_test(xl, test_videoram);
    tcase_add_test(xl, test_unknown_domains);
    tcase_add_test(xl, test_nodes_that_someone_spoilt);
    tcase_add_test(xl, test_usage);
    tcase_add_test(xl, test_usages_of_all);
    tcase_add_test(xl, test_words);
    tcase_add_test(xl, test_what_is_no_command);
    tcase_add_test(xl, test_list_and_info);
    tcase_add_test(xl, test_xenstore_tools);
    tcase_add_test(xl, test_xenstore_ls);
    tcase_add_test(xl, test_long_output);
    suite_add_tcase(s, xl);
    tcase_add_checked_fixture(xl_4_16, open_xl_4_16, close_all);
    tcase_add_test(xl_4_16, test_mem_max_before_4_17_leaves_static_max);
    suite_add_tcase(s, xl_4_16);
    tcase_add_checked_fixture(xm, open_xm, close_all);
    tcase_add_test(xm, test_xm);
    suite_add_tcase(s, xm);
    return s;
}
