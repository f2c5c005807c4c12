/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tests of where the program's output goes: closed and full streams, and what a terminal would obey in it.
 */
#include <signal.h>

#include "harness/ballast/program_for_tests.h"
#include "reports/results.h"

/* Whatever prints, and however it ends otherwise. */
static const char *const printing[] = {"--help", "--version", "list --help", "list kernels", "list faults",
    "show --help", "show a.rec", "show --format=json a.rec", "show --format=trace a.rec",
    "show --frames b.rec", "help diff", "version", "list invariants", "list scenarios .", "explain --help",
    "explain no-leak", "diff --help", "diff a.rec a.rec", "diff a.rec b.rec", "replay --help",
    "check-driver --help", "build --help", "xen-fuzz --help", "compare --help", "check-segments --help",
    "compare --kernels=probe,probe a.scn", "replay a.scn", "replay b.scn", "replay --format=json a.scn",
    "replay --format=json b.scn", "replay --format=junit a.scn", "replay --format=tap b.scn",
    "replay --format=table a.scn", "replay --show=log,picture --until=9 a.scn", "replay a.scn b.scn",
    "check-driver b.scn"};
static const char *const to_nowhere[] = {">&-", ">/dev/full"};
#define NR_PRINTING   ((int)(sizeof printing / sizeof printing[0]))
#define NR_TO_NOWHERE ((int)(sizeof to_nowhere / sizeof to_nowhere[0]))

START_TEST(what_is_not_written_is_4_and_said)
{
    char arguments[512];

    put("a.scn", HEAD "+0 settle\n");
    put("b.scn", HEAD "expect p reservation == 5m\n");
    ck_assert_int_eq(ballast("replay --record=a.rec a.scn"), 0);
    ck_assert_int_eq(ballast("replay --record=b.rec b.scn"), 5);
    snprintf(arguments, sizeof arguments, "%s %s 2>said; code=$?; cat said; exit $code",
        printing[_i / NR_TO_NOWHERE], to_nowhere[_i % NR_TO_NOWHERE]);
    ck_assert_int_eq(ballast(arguments), 4);
    ASSERT_PRINTED(" be written");
    ck_assert_ptr_null(strstr(output, "no memory"));
    if (strcmp(to_nowhere[_i % NR_TO_NOWHERE], ">/dev/full") == 0)
        ASSERT_PRINTED("can't be written whole: No space left on device\n");
}
END_TEST

/* What fails in the middle of a long text, before all is made, is no lack of memory. */
START_TEST(a_full_disk_is_no_lack_of_memory)
{
    put("a.scn",
        "language 1\nhost mem=256m\ndomain nb kernel=netbsd memory=32m\n+1s xl mem-set nb 24m\n+1s settle\n");
    ck_assert_int_eq(ballast("replay --record=a.rec a.scn"), 0);
    for (unsigned f = 0; f < 2; f++) {
        ck_assert_int_eq(ballast(f == 0 ? "show --format=trace a.rec 2>&1 >/dev/full #"
                                        : "show --format=json a.rec 2>&1 >/dev/full #"),
            4);
        ck_assert_str_eq(
            output, "ballast: what was to be printed can't be written whole: No space left on device\n");
    }
}
END_TEST

/* A recording, or any other file, does not get the number of a stream that the caller closed. */
START_TEST(no_file_is_taken_for_a_closed_stream)
{
    char path[256];

    put("a.scn", HEAD "+0 settle\n");
    snprintf(path, sizeof path, "%s/r.rec", folder);
    ck_assert_int_eq(ballast("replay --record=r.rec a.scn >&- 2>&- #"), 4);
    ck_assert_int_ne(access(path, F_OK), 0);
    ck_assert_int_eq(ballast("replay --record=r.rec a.scn <&- >&- 2>&- #"), 4);
    ck_assert_int_ne(access(path, F_OK), 0);
    ck_assert_int_eq(ballast("replay --record=r.rec a.scn <&- 2>&- | cat"), 0);
    ck_assert_int_eq(strncmp(output, "PASS", 4), 0);
    ck_assert_int_eq(ballast("diff r.rec r.rec"), 0);
    ck_assert_int_eq(ballast("replay a.scn 1</dev/null 2>said; code=$?; cat said; exit $code"), 4);
    ASSERT_PRINTED("can't be written whole");
    ck_assert_int_eq(ballast("replay --jobs=x a.scn 2>&- #"), 4);
    ck_assert_str_eq(output, "");
}
END_TEST

/* What a picture looks like is up to who reads it. */
START_TEST(pictures_fit_their_reader)
{
    put("a.scn", HEAD "+1s settle\n");
    unsetenv("LC_ALL");
    unsetenv("LC_CTYPE");
    unsetenv("LANG");
    setenv("COLUMNS", "100", 1);
    ck_assert_int_eq(ballast("replay --show=picture a.scn"), 0);
    ASSERT_PRINTED("── reservation"); /* nobody said that it can't be read */
    const char *axis = strstr(output, "└");
    ck_assert_ptr_nonnull(axis);
    size_t characters = 0;
    while (axis[-1] != '\n')
        axis--;
    for (; *axis != '\n'; axis++)
        characters += (*axis & 0xc0) != 0x80;
    ck_assert_uint_eq(characters, 100);
    setenv("LANG", "C", 1);
    ck_assert_int_eq(ballast("replay --show=picture a.scn"), 0);
    ASSERT_PRINTED("-- reservation");
    for (const char *c = output; *c != '\0'; c++)
        ck_assert_int_gt(*c, 0);
    setenv("LC_ALL", "de_DE.utf8", 1);
    ck_assert_int_eq(ballast("replay --show=picture a.scn"), 0);
    ASSERT_PRINTED("── reservation");
}
END_TEST

/* A recording's places are shown with their callers, if FILE.places has them. */
START_TEST(places_are_shown_with_callers)
{
    put("a.scn", HEAD "+0 settle\n");
    ck_assert_int_eq(ballast("replay --record=a.rec a.scn"), 0);
    put("a.rec.places", "3 a.c:1 (inner)\ta.c:1 (inner)\tb.c:2 (outer)\n");
    ck_assert_int_eq(ballast("show --from=3 --to=3 a.rec"), 0);
    ASSERT_PRINTED("  a.c:1 (inner)\n");
    ck_assert_int_eq(ballast("show --from=3 --to=3 --format=json a.rec"), 0);
    ASSERT_PRINTED("\"place\": \"a.c:1 (inner)\", \"callers\": [\"b.c:2 (outer)\"]");
    ck_assert_int_eq(ballast("show --domain=q a.rec"), 4);
    ASSERT_PRINTED("--domain q: the recording has none of that name; it has host, p\n");
}
END_TEST

/* A domain that is made anew under its name is named once. */
START_TEST(domains_are_named_once)
{
    put("a.scn", HEAD "+0 xl destroy p\n+1s xl create p\n+1s settle\n");
    ck_assert_int_eq(ballast("replay --record=a.rec a.scn"), 0);
    ck_assert_int_eq(ballast("show --domain=q a.rec"), 4);
    ASSERT_PRINTED("it has host, p\n");
}
END_TEST

/* Is there nothing that a terminal obeys, and no line that a file's name made up? */
static void assert_harmless(const char *arguments)
{
    char *clean = clean_text(output, strlen(output));

    ck_assert_msg(strcmp(clean, output) == 0, "%s prints:\n%s", arguments, clean);
    ck_assert_msg(strstr(output, "…  (") == NULL, "%s cuts a name off:\n%s", arguments, output);
    ck_assert_msg(strncmp(output, "PASS ", 5) != 0 && strstr(output, "\nPASS ") == NULL, "%s forges:\n%s",
        arguments, output);
    free(clean);
}

static const char *const odd_names[] = {"a\nPASS    b.scn", "\x1b[2J\x1b]0;title\x07.scn", "\xff\xfe.scn",
    "c\r\x08.scn",
    "\xc2\x9b"
    "31m.scn",
    "\x7f.scn", "<failure>]]>&#0;\x01.scn"};
#define ODD_NAMES ((int)(sizeof odd_names / sizeof odd_names[0]))
static const char *const with_odd_names[] = {"replay '%s'", "replay --format=json '%s'",
    "replay --format=junit '%s'", "replay --format=tap '%s'", "replay --format=table '%s'",
    "list scenarios .", "replay .", "replay 'no%s'", "replay --kernel '%s' x",
    "replay --record=/nonexistent/'%s' x.scn", "list '%s'", "list scenarios 'no%s'", "list kernels '%s'",
    "explain '%s'", "'%s'", "replay '--%s'", "replay --format='%s' x.scn", "replay --show='%s' x.scn",
    "replay --jobs='%s' x.scn", "diff '%s' 'no%s'", "replay --driver 'no%s.c' x.scn",
    "replay --baseline 'no%s' x.scn", "check-driver --guest '%s' x.scn", "build '%s'", "xen-fuzz '%s'",
    "check-segments '%s'", "check-segments --physseg 'no%s.c'", "compare --kernels='%s' x.scn",
    "compare --kernels=probe,probe 'no%s'", "xen-fuzz --ops='%s'",
    "check-driver --write-baseline base '%s'; cat base"};
#define WITH_ODD_NAMES ((int)(sizeof with_odd_names / sizeof with_odd_names[0]))

START_TEST(odd_names_forge_nothing)
{
    const char *name = odd_names[_i];

    for (int text = 0; text < 2; text++)
        for (int w = 0; w < WITH_ODD_NAMES; w++) {
            char arguments[512];
            put(name, text == 0 ? HEAD "expect p reservation == 5m\n" : "language 1\nno such word\n");
            snprintf(arguments, sizeof arguments, with_odd_names[w], name, name);
            (void)ballast(arguments);
            assert_harmless(with_odd_names[w]);
        }
}
END_TEST

/* Places are text that anybody may have written. */
START_TEST(places_of_anybody_are_harmless)
{
    char lines[8192] = "";

    put("a.scn", HEAD "+0 settle\n");
    put("b.scn", HEAD "+1s settle\n");
    ck_assert_int_eq(ballast("replay --record=a.rec a.scn"), 0);
    ck_assert_int_eq(ballast("replay --record=b.rec b.scn"), 0);
    for (unsigned event = 1; event < 60; event++)
        snprintf(lines + strlen(lines), sizeof lines - strlen(lines), "%u \x1b[2J\r\xff\x07 (x)\tby\x1b[1m\n",
            event);
    put("a.rec.places", lines);
    put("b.rec.places", lines);
    ck_assert_int_eq(ballast("diff a.rec b.rec; rm a.rec.places; mkfifo a.rec.places; true"), 0);
    ck_assert_int_eq(ballast("diff a.rec b.rec"), 5); /* nobody waits for a pipe's places */
    put("b.rec.places", lines);
    ck_assert_int_eq(ballast("--version; rm a.rec.places"), 0);
    put("a.rec.places", lines);
    ck_assert_int_eq(ballast("diff a.rec b.rec"), 5);
    ASSERT_PRINTED("\\x1b[2J");
    assert_harmless("diff");
}
END_TEST

/* Whoever starts it may have said that nobody waits for children. */
START_TEST(a_starter_that_ignores_children_is_no_timeout)
{
    char path[256];
    int status = 0;

    put("a.scn", HEAD "+0 settle\n");
    snprintf(path, sizeof path, "%s/a.scn", folder);
    const pid_t pid = fork();
    if (pid == 0) {
        signal(SIGCHLD, SIG_IGN);
        execl(program_path(), "ballast", "replay", "--timeout=5", path, (char *)NULL);
        _exit(99);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFEXITED(status));
    ck_assert_int_ne(WEXITSTATUS(status), 7);
    ck_assert_int_eq(WEXITSTATUS(status), 0);
}
END_TEST

/* `ulimit -f` is no fault of Ballast's, and what it hits says so. Kilobytes, or half as many. */
static const unsigned limits[] = {0, 10, 100};

START_TEST(a_limit_on_the_size_of_files_is_named)
{
    char arguments[128];

    put("a.scn", HEAD "+0 settle\n");
    snprintf(arguments, sizeof arguments, "--version; ulimit -f %u; \"$BALLAST\" replay a.scn", limits[_i]);
    char *whole = realpath(program_path(), NULL);
    ck_assert_ptr_nonnull(whole);
    setenv("BALLAST", whole, 1);
    free(whole);
    ck_assert_int_eq(ballast(arguments), 4);
    ASSERT_PRINTED("ulimit -f");
    ck_assert_ptr_null(strstr(output, "makes no filter")); /* the guest is confined all the same */
    ck_assert_ptr_null(strstr(output, "fault of Ballast"));
}
END_TEST

Suite *output_suite(void)
{
    Suite *suite = suite_create("output");
    TCase *tests = tcase_create("closed, full and hostile");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, what_is_not_written_is_4_and_said, 0, NR_PRINTING * NR_TO_NOWHERE);
    tcase_add_test(tests, a_full_disk_is_no_lack_of_memory);
    tcase_add_test(tests, pictures_fit_their_reader);
    tcase_add_test(tests, places_are_shown_with_callers);
    tcase_add_test(tests, domains_are_named_once);
    tcase_add_test(tests, no_file_is_taken_for_a_closed_stream);
    tcase_add_loop_test(tests, odd_names_forge_nothing, 0, ODD_NAMES);
    tcase_add_test(tests, a_starter_that_ignores_children_is_no_timeout);
    tcase_add_loop_test(tests, a_limit_on_the_size_of_files_is_named, 0, 3);
    tcase_add_test(tests, places_of_anybody_are_harmless);
    suite_add_tcase(suite, tests);
    return suite;
}
