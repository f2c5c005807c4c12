/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tests of the program as a user runs it: what it prints and its exit code. The guest is the probe, which
 * does nothing of its own, so that whole outputs can be compared.
 */
#include <check.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/ballast/program_for_tests.h"
#include "harness/language/scenario.h"

START_TEST(what_is_done_later_is_of_its_own_line)
{
    put("a.scn", "language 1\nhost mem=256m\ndomain nb kernel=netbsd memory=32m maxmem=64m\n"
                 "on nb uvm_physseg_plug call=1 enter: nb$ hold none\n+1s xl mem-set nb 48m\n+1s settle\n");
    ck_assert_int_eq(ballast("replay a.scn"), 5);
    ASSERT_PRINTED(
        "a.scn:4:38: command refused\n    4 | on nb uvm_physseg_plug call=1 enter: nb$ hold none\n");
}
END_TEST

START_TEST(a_pass_is_one_line)
{
    put("a.scn", HEAD "+0 settle\nexpect p reservation == 4m\n");
    ck_assert_int_eq(ballast("replay a.scn"), 0);
    ck_assert_int_eq(strncmp(output, "PASS", 4), 0);
    ASSERT_PRINTED("a.scn");
    ck_assert_ptr_eq(strchr(output, '\n'), output + strlen(output) - 1);
    ck_assert_int_eq(ballast("replay --quiet a.scn"), 0);
    ck_assert_str_eq(output, "");
}
END_TEST

START_TEST(a_failure_shows_its_line_and_what_to_type_next)
{
    put("b.scn", HEAD "+0 settle\n     expect p reservation == 5m\n");
    ck_assert_int_eq(ballast("replay b.scn"), 5);
    ck_assert_int_eq(strncmp(output, "FAIL", 4), 0);
    ASSERT_PRINTED("\nb.scn:5:15: expect failed\n"
                   "    5 |      expect p reservation == 5m\n"
                   "      |               ^~~~~~~~~~~ got 4m, 1m under\n");
    ASSERT_PRINTED(" b.scn --seed 1 --until ");
    ASSERT_PRINTED("  replay to there:  /"); /* as it was called, so that it can be pasted */
    ck_assert_int_eq(ballast("replay --quiet b.scn"), 5);
    ASSERT_PRINTED("expect failed");
}
END_TEST

/* A file of a legal size that is nothing but lines: each is recorded with its text, which must not be looked for from the
 * first line on. The bound is of processor time, which a busy machine does not use up, and a hundred times what it takes. */
/* Without a recording the scenario says whose files it is about, and not the first kernel that there is. */
START_TEST(a_timeout_is_about_the_kernel_that_ran)
{
    put("hang.scn", "language 1\ndomain nb kernel=netbsd memory=32m\n+0 nb$ misbehave hang\n");
    ck_assert_int_eq(ballast("replay --timeout 1 hang.scn"), 7);
    ASSERT_PRINTED("TIMEOUT hang.scn  (ours)\nnot done after 1.000 s");
    ck_assert_int_eq(ballast("replay --timeout 1 --format json hang.scn"), 7);
    ASSERT_PRINTED("\"judged\": \"ours\"");
}
END_TEST

START_TEST(a_long_file_takes_no_longer_for_each_line)
{
    const size_t room = SCENARIO_BYTES_MAX - sizeof HEAD;
    char *text = malloc(SCENARIO_BYTES_MAX);
    struct rlimit before, limit;

    ck_assert_ptr_nonnull(text);
    strcpy(text, HEAD);
    for (size_t at = 0; at + 3 < room; at += 3)
        memcpy(text + sizeof HEAD - 1 + at, "+0\n", 4);
    put("long.scn", text);
    free(text);
    getrlimit(RLIMIT_CPU, &before);
    limit = before;
    limit.rlim_cur = 60;
    setrlimit(RLIMIT_CPU, &limit);
    ck_assert_msg(ballast("replay --timeout 3600 long.scn") == 0, "%.4000s", output);
    setrlimit(RLIMIT_CPU, &before);
}
END_TEST

static const struct {
    const char *arguments;
    int code;
    const char *says;
} commands[] = {
    {"--help", 0, "replay"},
    {"--version", 0, "ballast "},
    {"", 4, "usage"},
    {"repaly a.scn", 4, "did you mean replay?"},
    {"replay", 4, "no scenario file"},
    {"replay --jobs x a.scn", 4, "--jobs x: a number from 1 to 256 is wanted"},
    {"replay --format=xml a.scn", 4, "--format xml: there is text, json, junit, tap, table, causes"},
    {"replay --on=here a.scn", 4, "--on here: there are sim, xen and both"},
    {"xen-fuzz --ops x", 4, "--ops x: a number from 1 to 1000000000 is wanted"},
    {"xen-fuzz --domains 9", 4, "--domains 9: a number from 1 to 8 is wanted"},
    {"xen-fuzz --seed=-1", 4, "--seed -1: a number from 0 up is wanted"},
    {"xen-fuzz --ops 1 --xen a.scn", 4, "a.scn is no hypervisor: it has no Multiboot header"},
    {"replay --seed 18446744073709551616 a.scn", 4, "a number from 0 to 18446744073709551615 is wanted"},
    {"replay --until 0 a.scn", 4, "--until 0: a number from 1 up is wanted"},
    {"compare a.scn --kernels probe,,probe", 4, "--kernels: a name is empty"},
    {"xen-fuzz --ops", 4, "--ops wants a value, M"},
    {"xen-fuzz --opz 1", 4, "did you mean --ops?"},
    {"xen-fuzz 3", 4, "and no 3"},
    {"xen-fuzz --help", 0, "--domains=D"},
    {"list kernels x", 4, "list kernels takes nothing more, and no x"},
    {"list faults netbsd x", 4, "list faults takes a kernel, and no x"},
    {"list faults netbds", 4, "no kernel is called netbds; did you mean `netbsd`?"},
    {"list faults xyzzyxyzzy", 4, "no kernel is called xyzzyxyzzy; there are "},
    {"list faults netbsd", 0, "increase_reservation  "},
    {"list faults netbsd", 0, "uvm_physseg_plug  "},
    {"list -- faults probe", 0, "xenstored.restart"},
    {"list scenarios . x", 4, "list scenarios takes a folder, and no x"},
    {"replay --help", 0, "--until"},
    {"replay --help", 0, "--driver FILE"},
    {"replay --guest . a.scn", 4, "--guest .: no guest's image is in it; `ballast build"},
    {"replay --guest . --driver a.c a.scn", 4, "--guest names guests that are built already"},
    {"replay --driver missing.c a.scn", 4, "--driver missing.c: there is no such file"},
    {"replay --driver a.scn a.scn", 4, "--driver a.scn: a file in C is wanted"},
    {"replay --driver . a.scn", 4, "/.: a folder of headers is named, and no file that would include one"},
    {"replay --cflags \"-DX='\" a.scn", 4, "--cflags -DX=': nothing closes its '"},
    {"replay --cflags '-c' a.scn", 4, "--cflags -c: this is no option that a file can be compiled with"},
    {"replay --tree . a.scn", 4, "--tree .: no file of a kernel's was found in it"},
    {"replay --dirver a.c a.scn", 4, "did you mean --driver?"},
    {"build", 4, "build wants to know where: --output FOLDER"},
    {"build here", 4, "build takes options only, and no here"},
    {"build --help", 0, "8 the files don't compile or link"},
    {"build --output out --variant x", 4, "there is no kernel of the variant x"},
    {"replay --keep-going b.scn", 5, " --keep-going b.scn --seed 1 --until "},
    {"check-driver --help", 0, "--baseline=FILE"},
    {"check-driver --baseline missing a.scn", 4, "missing"},
    {"check-driver a.scn", 0, "1 scenario, 1 PASS\n"},
    {"check-driver a.scn b.scn", 5, "\n1. expect reservation: 1 scenario\n"},
    {"check-driver bad.scn b.scn a.scn", 5, "3 scenarios, 1 PASS, 1 ERROR, 1 FAIL; 2 causes"},
    {"check-driver bad.scn a.scn", 4, "\n1. ERROR: 1 scenario\n"},
    {"from-make", 4, "`make help` lists what to type"},
    {"from-make target chek-driver check check-driver", 0, "check-driver\n"},
    {"replay --jbos=2 a.scn", 4, "did you mean --jobs?"},
    {"replay missing.scn", 4, "missing.scn: No such file"},
    {"replay --kernel=plan9 a.scn", 4, "plan9"},
    {"replay bad.scn", 4, "bad.scn:3:"},
    {"replay a.scn b.scn", 5, "2 scenarios: 1 PASS, 1 FAIL"},
    {"replay b.scn a.scn bad.scn", 5, "3 scenarios: 1 PASS, 1 ERROR, 1 FAIL"},
    {"replay --until=5 a.scn", 9, "CUT     a.scn"},
    {"replay --until=5 a.scn", 9, "remark: cut at event 5 by --until; "},
    {"replay --until=1 a.scn", 9, "CUT     a.scn"},
    {"replay --until=5 --format=tap a.scn", 9, "not ok 1 - a.scn (CUT)"},
    {"replay --until=5 --format=junit a.scn", 9, "<error type=\"CUT\" message=\"remark: cut at event 5"},
    {"replay --until=5 --format=json a.scn", 9, "\"verdict\": \"CUT\", \"exit_code\": 9"},
    {"replay --until=5 --format=json a.scn", 9, "\"remarks\": [{\"about\": \"cut\""},
    {"replay --until=5 --format=table a.scn", 9, " CUT\n    line "},
    {"replay --until=5 a.scn a.scn", 9, "2 scenarios: 2 CUT"},
    {"replay --until=99999 a.scn", 0, "the run has only "},
    {"replay -h", 0, "  9  CUT: "},
    {"list kernels", 0, "netbsd-static"},
    {"list faults", 0, "uvm_physseg_plug"},
    {"list invariants", 0, "no-leak"},
    {"list invariant", 4, "did you mean invariants?"},
    {"list scenarios .", 0, "a.scn"},
    {"list scenarios /nonexistent", 4, "/nonexistent"},
    {"list scenarios gone", 4, "gone/x.scn: can't be read: No such file"},
    {"list scenarios deep", 0, "deep/1/2/3/c.scn\n    what it is for\n"},
    {"list scenarios deep/1/2/3", 0, "c.scn"},
    {"list", 4, "usage: ballast list WHAT"},
    {"list -h", 0, "usage: ballast list WHAT"},
    {"list --help", 0, "[FOLDER]: those in a folder"},
    {"list zzzzzzzz", 4, "there is no list of zzzzzzzz\nusage: ballast list WHAT"},
    {"-h", 0, "usage: ballast COMMAND"},
    {"zzzzzzzz", 4, "`ballast --help` lists them"},
    {"explain -h", 0, "usage: ballast explain INVARIANT"},
    {"explain zzzzzzzz", 4, "`ballast list invariants` lists them"},
    {"show -h", 0, "Kinds of events:\n  SCENARIO DOMAIN"},
    {"report -h", 0, "-o, --output=DIR"},
    {"report", 4, "recordings and a folder for their pages are wanted, as in"},
    {"report a.rec", 4, "recordings and a folder for their pages are wanted, as in"},
    {"report a.rec b.rec --bundle a.tar.gz", 4, "--bundle packs one recording"},
    {"report -o d missing.rec", 4, "missing.rec: No such file"},
    {"report -o no/such/folder a.rec", 4, "no/such/folder: No such file"},
    {"show", 4, "one recording is shown, as in"},
    {"show a.scn b.scn", 4, "one recording is shown, as in"},
    {"show a.scn", 4,
        "a.scn: it is a scenario, and no recording; `ballast replay --record FILE a.scn` makes one of it"},
    {"show -", 4, "-: a recording that comes through a pipe is called /dev/stdin"},
    {"show ''", 4, "a name of a recording is empty"},
    {"show deep", 4,
        "deep: it is a folder, and no recording is in it; `ballast replay --record FILE` keeps one"},
    {"report -o '' a.rec", 4, "the folder for the pages has an empty name"},
    {"replay --report= a.scn", 4, "the folder for the pages has an empty name"},
    {"show missing.rec", 4, "missing.rec: No such file"},
    {"show --from=0 a.scn", 4, "--from 0: a number from 1 up is wanted"},
    {"show --format=tarce a.scn", 4, "--format tarce: there are text, json and trace"},
    {"show --format=trace --kind=LOG a.scn", 4, "--format trace is a whole run"},
    {"show --from=9 --to=8 a.scn", 4, "--from 9 is behind --to 8"},
    {"show --kind=falt a.scn", 4, "did you mean FAULT?"},
    {"show --kind=not-at-rset a.scn", 4, "did you mean NOT_AT_REST?"},
    {"show --kind=FAULT, a.scn", 4, "--kind: a word is empty; there are SCENARIO, "},
    {"show --kind=XYZZY a.scn", 4, "REMARK, PLUG, UNPLUG, AUDIT, "},
    {"show --kind=plugg a.scn", 4, "did you mean PLUG?"},
    {"show --format=xml a.scn", 4, "--format xml: there are text, json and trace"},
    {"help diff", 0, "usage: ballast diff A B"},
    {"help", 0, "usage: ballast COMMAND"},
    {"help dif", 4, "did you mean diff?"},
    {"help diff list", 4, "help is about one command, as in `ballast help diff`"},
    {"version", 0, "ballast 0."},
    {"diff -h", 0, "usage: ballast diff A B"},
    {"diff -x a.scn", 4, "two recordings are compared"},
    {"diff a.scn -x", 4, "two recordings are compared"},
    {"replay --record=/nonexistent/a.rec a.scn", 4, "/nonexistent/a.rec can't be written: No such file"},
    {"replay --record=deep a.scn", 4, "deep: that is no regular file"},
    {"replay --record=$(printf %05000d 0) a.scn", 4, "--record: the name is too long"},
    {"replay deep", 0, "PASS    deep/1/2/3/c.scn"},
    {"replay --record=x.rec deep/", 0, "PASS    deep/1/2/3/c.scn"},
    {"replay --record=x.rec deep a.scn", 4, "--record keeps one recording, and 2 files are named"},
    {"replay gone", 4, "gone/x.scn: No such file"},
    {"replay gone/empty", 4, "gone/empty: no scenario is in that folder"},
    {"replay deep/pipe", 4, "deep/pipe: can't be read: it is a pipe, and no file"},
    {"replay piped", 4, "piped/x.scn: can't be read: it is a pipe, and no file"},
    {"list scenarios piped", 4, "piped/x.scn: can't be read: it is a pipe, and no file"},
    {"replay ''", 4, "a name of a scenario is empty"},
    {"replay --show= a.scn", 4, "--show : there are log and picture"},
    {"replay --show=log, a.scn", 4, "--show : there are log and picture"},
    {"replay --record= a.scn", 4, "--record names no file"},
    {"show piped/x.scn", 4,
        "piped/x.scn: it is a pipe, and no file; /dev/stdin can be read, and <(...) of a shell"},
    {"report piped/x.scn -o out", 4, "piped/x.scn: it is a pipe, and no file"},
    {"diff piped/x.scn a.scn", 4, "piped/x.scn: it is a pipe, and no file"},
    {"diff a.scn /dev/zero", 4, "/dev/zero: it is a device, and no file"},
    {"replay round", 0, "PASS    round/a.scn"},
    {"replay /dev/null", 4, "/dev/null: can't be read: it is a device, and no file"},
    {"replay - <a.scn", 0, "PASS    -  ("},
    {"replay --schedules=2 - <a.scn", 0, "PASS    -  ("},
    {"replay - b.scn - <b.scn", 5, "3 scenarios: 3 FAIL"},
    {"replay - <bad.scn", 4, "-:3:1: "},
    {"replay - </dev/null", 4, "-:1:1: "},
    {"replay - <deep", 4, "-: can't be read: Is a directory"},
    {"replay --gdb - <a.scn", 4, "--gdb takes a file, for the debugger itself reads standard input"},
    {"replay --gdb --record=x.rec a.scn", 4,
        "--gdb shows one replay in the debugger, and --record means nothing there"},
    {"replay --gdb --format=json a.scn", 4, "--format means nothing there"},
    {"replay --gdb --show=log a.scn", 4, "--show means nothing there"},
    {"replay --gdb --quiet a.scn", 4, "--quiet means nothing there"},
    {"replay --gdb --strict a.scn", 4, "--strict means nothing there"},
    {"replay --gdb --jobs=2 a.scn", 4, "--jobs means nothing there"},
    {"replay --gdb --timeout=2 a.scn", 4, "--timeout means nothing there"},
    {"replay --gdb --baseline=x a.scn", 4, "--baseline means nothing there"},
    {"replay --gdb --write-baseline=x a.scn", 4, "--write-baseline means nothing there"},
    {"replay --in-debugger --format=json a.scn", 4, "--format means nothing there"},
    {"replay -- -odd.scn", 5, " ./-odd.scn --seed 1"},
    {"replay a.scn -- -odd.scn", 5, "2 scenarios: 1 PASS, 1 FAIL"},
    {"list scenarios -- .", 0, "a.scn"},
    {"list -- scenarios .", 0, "a.scn"},
    {"list choices", 0, ""},
    {"list designs", 0, "netbsd-2017-page"},
    {"compare --designs=all,netbsd a.scn", 4,
        "--designs: `all` has every design in it already, and stands alone"},
    {"compare --designs=nothing a.scn", 4, "--designs: there is no nothing; there is "},
    {"compare --designs=probe a.scn", 4, "--designs: there is no probe; there is "},
    {"compare --designs=netbsd-clip a.scn", 0, "  netbsd-clip "},
    {"explain -- no-leak", 0, "What usually breaks it"},
    {"diff -- -odd.scn a.scn", 4, "-odd.scn: "},
    {"diff --", 4, "two recordings are compared"},
    {"list --", 4, "usage: ballast list WHAT"},
    {"explain --", 4, "usage: ballast explain"},
    {"explain no-leak", 0, "What usually breaks it\n    A plug that fails in the middle"},
    {"explain rollback no-leak", 0, "\n\nno-leak\n"},
    {"explain noleak", 4, "did you mean no-leak?"},
    {"explain waiver", 0, "expect violation NAME"},
    {"explain no-leak waiver", 0, "\n\nwaiver\n"},
    {"explain waver", 4, "did you mean waiver?"},
    {"explain", 4, "usage: ballast explain INVARIANT"},
    {"explain --help", 0, "usage: ballast explain INVARIANT"},
    {"replay --format table a.scn", 0,
        "a.scn                                            PASS\n1 scenario, 1 PASS\n"},
    {"replay --format table b.scn", 5,
        "FAIL\n                                                          expect"},
};

/* A folder with folders in it, and one with a name that leads nowhere. */
static void put_folders(void)
{
    char command[512];

    snprintf(command, sizeof command,
        "cd '%s' && mkdir -p deep/1/2/3/4/5 gone/empty piped round && ln -s .. round/deep.scn && cp a.scn "
        "round && mkfifo deep/pipe piped/x.scn && cp a.scn "
        "deep/1/2/3/c.scn &&"
        " ln -s nowhere gone/x.scn && touch deep/.hidden deep/notes.txt deep/.scn",
        folder);
    ck_assert_int_eq(system(command), 0);
}

START_TEST(exit_codes_and_words)
{
    put("a.scn", HEAD "# what it is for\n+0 settle\nexpect p reservation == 4m\n");
    put("b.scn", HEAD "expect p reservation == 5m\n");
    put("-odd.scn", HEAD "expect p reservation == 5m\n");
    put("bad.scn", "language 1\nhost mem=64m\ndomian p kernel=probe\n");
    if (strstr(commands[_i].arguments, "deep") != NULL || strstr(commands[_i].arguments, "gone") != NULL ||
        strstr(commands[_i].arguments, "piped") != NULL || strstr(commands[_i].arguments, "round") != NULL)
        put_folders();
    ck_assert_int_eq(ballast(commands[_i].arguments), commands[_i].code);
    ASSERT_PRINTED(commands[_i].says);
}
END_TEST

/* Which kernel has a site is told, and which sites one has. */
START_TEST(sites_are_those_of_a_kernel)
{
    ck_assert_int_eq(ballast("list faults"), 0);
    ASSERT_PRINTED("uvm_physseg_plug  ");
    ASSERT_PRINTED("\nnetbsd");
    ASSERT_PRINTED(":\nuvm_physseg_plug  ");
    ck_assert_int_eq(ballast("list faults probe"), 0);
    ck_assert_ptr_null(strstr(output, "uvm_physseg_plug"));
    ck_assert_ptr_null(strstr(output, ":\n"));
}
END_TEST

/* However deep a file lies, it is found; what is too deep to be looked for is not left out without a word. */
START_TEST(a_list_goes_to_the_bottom)
{
    char command[256];

    put("a.scn", HEAD "# what it is for\n+0 settle\n");
    put_folders();
    ck_assert_int_eq(ballast("list scenarios deep"), 0);
    ck_assert_ptr_null(strstr(output, "deeper"));
    ck_assert_ptr_null(strstr(output, "notes"));
    ck_assert_ptr_null(strstr(output, "hidden"));
    snprintf(command, sizeof command, "cd '%s' && cp a.scn deep/1/2/3/4/5/deeper.scn", folder);
    ck_assert_int_eq(system(command), 0);
    ck_assert_int_eq(ballast("list scenarios deep"), 0);
    ASSERT_PRINTED("deep/1/2/3/4/5/deeper.scn");
    snprintf(command, sizeof command, "cd '%s' && mkdir -p deep/`printf %%0200d 0 | sed s,0,0/,g`", folder);
    ck_assert_int_eq(system(command), 0);
    ck_assert_int_eq(ballast("replay deep"), 4);
    ASSERT_PRINTED("/0/0: can't be read: it lies more than 64 folders deep");
    ck_assert_int_eq(ballast("list scenarios deep"), 4);
    ASSERT_PRINTED("/0/0: can't be read: it lies more than 64 folders deep");
}
END_TEST

/* In an installation, guests and scenarios are found from the program's place. */
START_TEST(an_installed_program_finds_its_own)
{
    char command[2 * PATH_MAX], *whole = realpath(program_path(), NULL);
    const char *said = getenv("BALLAST_GUESTS");
    char *guests = said != NULL ? realpath(said, NULL) : NULL;

    put("a.scn", HEAD "# what it is for\n+0 settle\n");
    snprintf(command, sizeof command,
        "cd '%s' && mkdir -p bin lib share/ballast/scenarios && cp '%s' bin/ballast", folder, whole);
    ck_assert_int_eq(system(command), 0);
    unsetenv("BALLAST_GUESTS");
    snprintf(command, sizeof command, "%s/bin/ballast", folder);
    setenv("BALLAST", command, 1);
    ck_assert_int_eq(ballast("list kernels"), 0);
    ASSERT_PRINTED("has no guest's image; run make\n");
    ck_assert_int_eq(ballast("replay a.scn"), 4);
    ASSERT_PRINTED("kernel=probe is not built");
    ck_assert_int_eq(ballast("list scenarios"), 4);
    snprintf(command, sizeof command,
        "cd '%s' && mv a.scn share/ballast/scenarios/ && mkdir lib/ballast && cp '%s%s'/*.so lib/ballast/",
        folder, guests != NULL ? guests : dirname(whole), guests != NULL ? "" : "/guest");
    ck_assert_int_eq(system(command), 0);
    ck_assert_int_eq(ballast("list kernels"), 0);
    ASSERT_PRINTED("probe                  no driver");
    ck_assert_int_eq(ballast("list scenarios"), 0);
    ASSERT_PRINTED("share/ballast/scenarios/a.scn\n    what it is for\n");
    ck_assert_int_eq(ballast("replay share/ballast/scenarios/a.scn"), 0);
    free(whole);
    free(guests);
}
END_TEST

/* The debugger is another program: where it is missing, that is said, and what to install. */
START_TEST(without_gdb_it_is_said)
{
    char path[PATH_MAX];

    snprintf(path, sizeof path, "%s", getenv("PATH"));
    put("a.scn", HEAD "+0 settle\n");
    setenv("PATH", folder, 1);
    const int code = ballast("replay --gdb --until=5 --kernel=probe a.scn");
    setenv("PATH", path, 1);
    ck_assert_int_eq(code, 4);
    ASSERT_PRINTED("--gdb: gdb can't be started: No such file");
    ASSERT_PRINTED("Debian's package gdb");
}
END_TEST

/* What the debugger is given to run is the run itself, in one process. */
START_TEST(a_run_for_the_debugger_says_the_same)
{
    static char alone[sizeof output];

    setenv("ASAN_OPTIONS", "detect_leaks=0", 1); /* as --gdb does */
    put("b.scn", HEAD "+0 settle\nexpect p reservation == 5m\n");
    ck_assert_int_eq(ballast("replay b.scn"), 5);
    strcpy(alone, output);
    ck_assert_int_eq(ballast("replay --in-debugger b.scn"), 5);
    ck_assert_str_eq(output, alone);
    ck_assert_int_eq(ballast("replay --in-debugger --kernel=plan9 b.scn"), 4);
    ASSERT_PRINTED("plan9");
}
END_TEST

/* What the simulator says is not lost where there is no real Xen to ask. */
START_TEST(a_skip_on_xen_does_not_hide_a_failure)
{
    char path[PATH_MAX];

    put("b.scn", HEAD "expect p reservation == 5m\n");
    put("c.scn", HEAD "expect p reservation == 4m\n");
    snprintf(path, sizeof path, "%s", getenv("PATH"));
    setenv("PATH", "/usr/games", 1);
    const int failed = ballast("replay --on both b.scn");
    ASSERT_PRINTED("\nit was not run on the real Xen: b.scn: ");
    ASSERT_PRINTED("got 4m, 1m under");
    const int skipped = ballast("replay --on both c.scn"),
              both = ballast("replay --on both --jobs=2 c.scn b.scn");
    setenv("PATH", path, 1);
    ck_assert_int_eq(failed, 5);
    ck_assert_int_eq(skipped, 3);
    ck_assert_int_eq(both, 5);
}
END_TEST

/* What QEMU is given has no name in any folder: a run that is killed leaves nothing. The QEMU here tells what it was given. */
START_TEST(qemus_files_have_no_names)
{
    char command[2 * PATH_MAX], path[PATH_MAX];

    put("a.scn", HEAD "+0 settle\n");
    put("qemu-system-x86_64", "#!/bin/sh\necho \"$@\" | tr ' ' '\\n' | grep /proc/self/fd\nexit 1\n");
    snprintf(command, sizeof command, "chmod +x %s/qemu-system-x86_64", folder);
    ck_assert_int_eq(system(command), 0);
    snprintf(path, sizeof path, "%s", getenv("PATH"));
    snprintf(command, sizeof command, "%s:%s", folder, path);
    setenv("PATH", command, 1);
    const int code = ballast("replay --on xen a.scn");
    setenv("PATH", path, 1);
    if (code == 3 && strstr(output, "not installed") != NULL)
        return; /* without a Xen nothing is started */
    ASSERT_PRINTED("mem-path=/proc/self/fd/");
    ASSERT_PRINTED("\n/proc/self/fd/");
}
END_TEST

/* Guests that are none: each is refused by name. */
START_TEST(an_image_that_is_none_is_refused)
{
    char command[2 * PATH_MAX];
    const char *said = getenv("BALLAST_GUESTS");
    char *guests = said != NULL ? realpath(said, NULL) : NULL, *whole = realpath(program_path(), NULL);

    put("a.scn", HEAD "+0 settle\n");
    setenv("ASAN_OPTIONS", "detect_leaks=0", 1); /* a run for the debugger keeps all to its end */
    put("probe.so", "no image\n");
    setenv("BALLAST_GUESTS", folder, 1);
    ck_assert_int_eq(ballast("replay a.scn"), 4);
    ASSERT_PRINTED("probe.so can't be loaded: ");
    ck_assert_int_eq(ballast("replay --in-debugger a.scn"), 4);
    ASSERT_PRINTED("probe.so can't be loaded: ");
    for (int bytes = 40; bytes <= 4000; bytes *= 10) { /* cut off in its head, in its segments, in its code */
        snprintf(command, sizeof command, "head -c %d '%s%s/probe.so' >'%s/probe.so'", bytes,
            guests != NULL ? guests : dirname(whole), guests != NULL ? "" : "/guest", folder);
        ck_assert_int_eq(system(command), 0);
        ck_assert_int_eq(ballast("replay a.scn"), 4);
        ASSERT_PRINTED("probe.so can't be loaded: ");
        if (guests == NULL)
            strcpy(whole, program_path());
    }
    free(guests);
    free(whole);
}
END_TEST

/* What lies in the guests' folder is no image and may never end, or never begin: that is said of it alone. */
START_TEST(what_is_no_file_among_the_guests_is_not_waited_for)
{
    char command[2 * PATH_MAX], *whole = realpath(program_path(), NULL);
    const char *said = getenv("BALLAST_GUESTS");
    char *guests = said != NULL ? realpath(said, NULL) : NULL;

    put("a.scn", HEAD "+0 settle\n");
    snprintf(command, sizeof command,
        "cd '%s' && mkfifo aaa.so linux.missing && mkdir bbb.so && ln -s /dev/zero ccc.so && cp "
        "'%s%s'/probe.so .",
        folder, guests != NULL ? guests : dirname(whole), guests != NULL ? "" : "/guest");
    ck_assert_int_eq(system(command), 0);
    setenv("BALLAST_GUESTS", folder, 1);
    ck_assert_int_eq(ballast("list kernels"), 0);
    ASSERT_PRINTED("aaa.so can't be loaded");
    ASSERT_PRINTED("ccc.so can't be loaded");
    ck_assert_int_eq(ballast("replay a.scn"), 0);
    ck_assert_int_eq(ballast("replay --kernel=aaa a.scn"), 4);
    free(whole);
    free(guests);
}
END_TEST

/* Known, but not built for want of a package: skipped, and whatever is said about it is taken. */
START_TEST(a_kernel_whose_package_is_missing_is_skipped)
{
    put("linux.missing", "linux-source-9\ndesign\n");
    put("a.scn", "language 1\ndomain d kernel=linux memory=4m\n+0 fault d its_own call=1\n+0 settle\n");
    put("b.scn", "language 1\ndomain d kernel=linus memory=4m\n+0 settle\n");
    setenv("BALLAST_GUESTS", folder, 1);
    ck_assert_int_eq(ballast("replay a.scn"), 3);
    ASSERT_PRINTED("it needs the package linux-source-9");
    ck_assert_int_eq(ballast("list kernels"), 0);
    ASSERT_PRINTED("linux                  (not built: it needs the package linux-source-9)");
    ck_assert_int_eq(ballast("compare --designs=all a.scn"), 4);
    ASSERT_PRINTED("leaves out what is not built for want of a package: linux (linux-source-9)");
    ASSERT_PRINTED("stands for a design; run make");
    ck_assert_int_eq(ballast("list faults linux"), 3);
    ASSERT_PRINTED(
        "linux is not built, so that its sites are not known: it needs the package linux-source-9");
    ck_assert_int_eq(ballast("replay b.scn"), 4);
    ASSERT_PRINTED("no kernel is called linus; did you mean `linux`?");
}
END_TEST

START_TEST(results_come_in_the_order_of_the_files)
{
    char expected[8][16], arguments[256] = "replay --jobs=3";
    const char *at = output;

    for (int f = 0; f < 8; f++) {
        snprintf(expected[f], sizeof expected[f], "%c.scn", "hbfaecgd"[f]);
        put(expected[f], f % 2 == 0 ? HEAD "+1h settle\n" : HEAD "+0 settle\n");
        snprintf(arguments + strlen(arguments), sizeof arguments - strlen(arguments), " %s", expected[f]);
    }
    ck_assert_int_eq(ballast(arguments), 0);
    for (int f = 0; f < 8; f++) {
        at = strstr(at, expected[f]);
        ck_assert_msg(at != NULL, "%s is missing or too early:\n%.4000s", expected[f], output);
    }
}
END_TEST

static char *slurp(const char *name, size_t *bytes)
{
    char path[256], error[512];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    char *text = file_read(path, 1u << 24, bytes, error, sizeof error);
    ck_assert_msg(text != NULL, "%s", error);
    return text;
}

START_TEST(a_recording_is_kept_whole_and_is_the_same_every_time)
{
    size_t first_bytes, again_bytes;

    put("a.scn", HEAD "+0 settle\n");
    ck_assert_int_eq(ballast("replay --record=1.rec a.scn"), 0);
    ck_assert_int_eq(system("sleep 0.01"), 0);
    ck_assert_int_eq(ballast("replay --record=2.rec a.scn"), 0);
    char *first = slurp("1.rec", &first_bytes), *again = slurp("2.rec", &again_bytes);
    ck_assert_int_eq(memcmp(first, "BALLREC", 8), 0);
    ck_assert_uint_eq(first_bytes, again_bytes);
    ck_assert_int_eq(memcmp(first, again, first_bytes), 0);
    free(first);
    free(again);
    free(slurp("1.rec.places", &first_bytes));
    ck_assert_int_eq(ballast("replay --record=nowhere/3.rec a.scn"), 4);
    ASSERT_PRINTED("can't be written");
}
END_TEST

/* Killed at any moment: what is there by that name is a whole recording. */
START_TEST(a_run_that_is_killed_leaves_a_whole_recording_or_none)
{
    unsigned whole = 0;

    put("x.scn", HEAD "+0 settle\n+0 every 1s for 1h: xl mem-set p 3m\n+0 xl mem-set p 2m\n+1s settle\n");
    for (unsigned ms = 0; ms < 40; ms++) {
        char arguments[160], path[256];
        snprintf(arguments, sizeof arguments,
            "replay --record=k.rec x.scn & p=$!; sleep 0.%03u; kill -9 $p 2>/dev/null; wait", 4 * ms);
        (void)ballast(arguments);
        snprintf(path, sizeof path, "%s/k.rec", folder);
        if (access(path, F_OK) != 0)
            continue;
        whole++;
        ck_assert_msg(ballast("diff k.rec k.rec") == 0, "after %u ms:\n%.4000s", 4 * ms, output);
        ck_assert_int_eq(unlink(path), 0);
    }
    (void)whole; /* how many got that far is the machine's affair */
}
END_TEST

Suite *program_suite(void)
{
    Suite *suite = suite_create("program");
    TCase *tests = tcase_create("as a user runs it");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, what_is_done_later_is_of_its_own_line);
    tcase_add_test(tests, a_pass_is_one_line);
    tcase_add_test(tests, a_failure_shows_its_line_and_what_to_type_next);
    tcase_add_loop_test(tests, exit_codes_and_words, 0, (int)(sizeof commands / sizeof commands[0]));
    tcase_add_test(tests, a_timeout_is_about_the_kernel_that_ran);
    tcase_add_test(tests, a_long_file_takes_no_longer_for_each_line);
    tcase_add_test(tests, sites_are_those_of_a_kernel);
    tcase_add_test(tests, a_list_goes_to_the_bottom);
    tcase_add_test(tests, an_installed_program_finds_its_own);
    tcase_add_test(tests, without_gdb_it_is_said);
    tcase_add_test(tests, a_run_for_the_debugger_says_the_same);
    tcase_add_test(tests, qemus_files_have_no_names);
    tcase_add_test(tests, a_skip_on_xen_does_not_hide_a_failure);
    tcase_add_test(tests, an_image_that_is_none_is_refused);
    tcase_add_test(tests, what_is_no_file_among_the_guests_is_not_waited_for);
    tcase_add_test(tests, a_kernel_whose_package_is_missing_is_skipped);
    tcase_add_test(tests, results_come_in_the_order_of_the_files);
    tcase_add_test(tests, a_recording_is_kept_whole_and_is_the_same_every_time);
    tcase_add_test(tests, a_run_that_is_killed_leaves_a_whole_recording_or_none);
    suite_add_tcase(suite, tests);
    return suite;
}
