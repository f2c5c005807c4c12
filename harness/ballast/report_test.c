/* SPDX-License-Identifier: BSD-2-Clause */
/* The folder of pages as a user gets it: names, what is written over, and what stands in the index. Their insides are in
 * reports/html_test.c, and how they behave in a browser in harness/tests/check-report.sh. */
#include <sys/stat.h>

#include "harness/ballast/nobody_for_tests.h"
#include "harness/ballast/program_for_tests.h"
#include "harness/ballast/report_folder.h"

Suite *report_suite(void);

#define SCENARIO HEAD "+0 settle\nexpect p reservation == "
#define PAGE     "<!doctype html>\n<!-- a page of a Ballast report -->\n"

/* A file of the test's folder, whole; NULL: it is not there. Freed by the caller. */
static char *get(const char *name)
{
    char path[256], error[512];
    size_t bytes;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return file_read(path, 64u << 20, &bytes, error, sizeof error);
}

static void ck_contains(const char *name, const char *part)
{
    char *text = get(name);

    ck_assert_msg(text != NULL, "there is no %s", name);
    ck_assert_msg(strstr(text, part) != NULL, "%s has no %s", name, part);
    free(text);
}

START_TEST(replay_writes_a_page_for_each_file)
{
    put("a.scn", SCENARIO "4m\n");
    put("b.scn", SCENARIO "5m\n");
    put("wrong.scn", "language 1\nnonsense\n");
    ck_assert_int_eq(ballast("replay --report out a.scn b.scn ./a.scn wrong.scn"), 5);
    ck_contains("out/index.html", PAGE);
    ck_contains("out/index.html", "{\"verdict\":\"PASS\",\"file\":\"a.html\",\"path\":\"a.scn\"");
    ck_contains("out/index.html", "{\"verdict\":\"FAIL\",\"file\":\"b.html\",\"path\":\"b.scn\"");
    ck_contains("out/index.html", "{\"verdict\":\"PASS\",\"file\":\"a-2.html\",\"path\":\"./a.scn\"");
    ck_contains("out/index.html",
        "{\"verdict\":\"ERROR\",\"file\":\"\",\"path\":\"wrong.scn\",\"sentence\":\"wrong.scn:2");
    ck_contains("out/a.html", PAGE);
    ck_contains("out/b.html", "\"verdict\":\"FAIL\"");
    ck_contains("out/a-2.html", PAGE);
}
END_TEST

/* A folder stands for the recordings in it and in those below it, and for nothing else that lies there. */
START_TEST(a_folder_of_recordings)
{
    char command[300];

    put("a.scn", SCENARIO "4m\n");
    snprintf(command, sizeof command, "mkdir -p '%s/kept/more' '%s/empty'", folder, folder);
    ck_assert_int_eq(system(command), 0);
    ck_assert_int_eq(ballast("replay --record kept/b.rec a.scn"), 0);
    ck_assert_int_eq(ballast("replay --record kept/more/c.rec a.scn"), 0);
    put("kept/no-recording.txt", "no recording\n");
    ck_assert_int_eq(ballast("report kept -o out"), 0);
    ck_contains("out/kept-b.html", PAGE);
    ck_contains("out/kept-more-c.html", PAGE);
    ck_contains("out/index.html", "\"file\":\"kept-more-c.html\"");
    ck_assert_int_eq(ballast("report empty -o none"), 4);
    ck_assert_ptr_nonnull(strstr(output, "empty: no recording is in that folder; their names end in .rec"));
    ck_assert_ptr_null(get("none/index.html"));
}
END_TEST

/* A kept recording has what its page wants beside it: the path, and the command to type again. */
START_TEST(pages_of_kept_recordings)
{
    put("a.scn", SCENARIO "5m\n");
    ck_assert_int_eq(ballast("replay --record kept.rec a.scn"), 5);
    ck_assert_int_eq(ballast("report kept.rec -o out"), 0);
    ck_assert_str_eq(output, "out/index.html\n");
    ck_contains("out/kept.html", "\"path\":\"a.scn\"");
    ck_contains("out/kept.html", "/ballast replay");
    ck_contains("kept.rec.places", "places of a Ballast recording\nin /");
    /* Without it there is the base name. */
    char command[256];
    snprintf(command, sizeof command, "rm '%s/kept.rec.places'", folder);
    ck_assert_int_eq(system(command), 0);
    ck_assert_int_eq(ballast("report kept.rec -o out"), 0);
    ck_contains("out/kept.html", "\"path\":\"a.scn\"");
    ck_contains("out/kept.html", "\"command\":\"ballast replay\"");
}
END_TEST

START_TEST(what_is_no_page_is_kept)
{
    put("a.scn", SCENARIO "4m\n");
    put("index.html", "<!doctype html>\nmine\n");
    ck_assert_int_eq(ballast("replay --report . a.scn"), 4);
    ASSERT_PRINTED(
        "./index.html: that is there and is no page of a report, and would be lost; name another folder");
    ck_contains("index.html", "mine");
    put("b.html", "");
    put("b.scn", SCENARIO "4m\n");
    ck_assert_int_eq(ballast("replay --report . b.scn"), 4);
    ASSERT_PRINTED("./b.html: that is there and is no page of a report");
    ck_assert_int_eq(ballast("replay --report a.scn b.scn"), 4);
    ASSERT_PRINTED("a.scn: that is no folder");
}
END_TEST

/* One recording that can't be read doesn't take the others' pages. */
START_TEST(the_others_have_their_pages)
{
    put("a.scn", SCENARIO "4m\n");
    put("none.rec", "none\n");
    ck_assert_int_eq(ballast("replay --record a.rec a.scn"), 0);
    ck_assert_int_eq(ballast("report none.rec a.rec -o out"), 4);
    ASSERT_PRINTED("none.rec: ");
    ck_contains("out/index.html", "\"file\":\"a.html\"");
    /* Whoever sees only the index sees that one is missing. */
    ck_contains("out/index.html", "{\"verdict\":\"ERROR\",\"file\":\"\",\"path\":\"none.rec\",\"sentence\":"
                                  "\"none.rec: not a recording: it does not "
                                  "begin with BALLREC\",");
}
END_TEST

/* Runs a command in the test's folder; its exit code. */
static int shell(const char *command)
{
    char whole[1024];

    snprintf(whole, sizeof whole, "cd '%s' && { %s; }", folder, command);
    const int status = system(whole);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/* tar, which is somebody else's, takes the bundle apart, and the run in it can be run again. */
START_TEST(a_bundle_has_all_of_a_run)
{
    put("a.scn", SCENARIO "5m\n");
    ck_assert_int_eq(ballast("replay --record kept.rec a.scn"), 5);
    ck_assert_int_eq(ballast("report kept.rec --bundle bug.tar.gz"), 0);
    ck_assert_str_eq(output, "bug.tar.gz\n");
    ck_assert_int_eq(shell("mkdir there && tar -xzf bug.tar.gz -C there"), 0);
    ck_assert_int_eq(
        shell("cmp a.scn there/bug/a.scn && cmp kept.rec there/bug/run.rec && "
              "cmp kept.rec.places there/bug/run.rec.places && test $(ls there/bug | wc -l) = 5"),
        0);
    ck_contains("there/bug/run.html", PAGE);
    ck_contains("there/bug/README", "A run of Ballast: a.scn, FAIL.");
    ck_contains("there/bug/README", "bundled by     ballast " BALLAST_VERSION);
    ck_assert_int_eq(ballast("replay --record again.rec --seed 1 there/bug/a.scn"), 5);
    ck_assert_int_eq(ballast("diff there/bug/run.rec again.rec"), 0);
    /* The same run is the same bytes; what is there is not written over; and a name says what it is. */
    ck_assert_int_eq(ballast("report kept.rec --bundle other/bug.tar.gz"), 4);
    ck_assert_int_eq(shell("mkdir other"), 0);
    ck_assert_int_eq(ballast("report kept.rec --bundle other/bug.tar.gz"), 0);
    ck_assert_int_eq(shell("cmp bug.tar.gz other/bug.tar.gz"), 0);
    ck_assert_int_eq(ballast("report kept.rec --bundle bug.tar.gz"), 4);
    ASSERT_PRINTED("--bundle bug.tar.gz: that file is there; name another, or remove it");
    ck_assert_int_eq(ballast("report kept.rec --bundle bug.zip"), 4);
    ASSERT_PRINTED("the archive's name ends in .tar.gz");
}
END_TEST

/* Whoever gets the bundle has the files elsewhere: the command names them, with what is in them, and all else that was asked for. */
START_TEST(a_bundle_says_the_whole_command)
{
    put("a.scn", "language 1\nhost mem=256m\ndomain nb kernel=netbsd memory=32m\n+0 settle\nexpect nb "
                 "reservation == 5m\n");
    put("mine.c", "int mine;\n");
    ck_assert_int_eq(ballast("build --driver mine.c --cflags '-DA=1 -DB' --output built"), 0);
    ck_assert_int_eq(
        ballast("replay --record kept.rec --guest built --schedule-seed 3 --keep-going a.scn"), 5);
    ck_assert_int_eq(ballast("report kept.rec --bundle bug.tar.gz"), 0);
    ck_assert_int_eq(shell("tar -xzf bug.tar.gz"), 0);
    ck_contains("bug/README", "    ballast replay --driver PATH/mine.c --cflags $' -DA=1 -DB' --keep-going "
                              "--record again.rec --seed 1 "
                              "--schedule-seed 3 a.scn\n");
    ck_contains("bug/README", "PATH/mine.c is your copy of the file with xxh64:");
    ck_assert_int_eq(
        ballast("replay --guest built --keep-going --record again.rec --seed 1 --schedule-seed 3 bug/a.scn"),
        5);
    ck_assert_int_eq(ballast("diff bug/run.rec again.rec"), 0);
    ck_assert_int_eq(ballast("replay --record other.rec --kernel probe a.scn"), 5);
    ck_assert_int_eq(ballast("report other.rec --bundle other.tar.gz"), 0);
    ck_assert_int_eq(shell("tar -xzf other.tar.gz"), 0);
    ck_contains("other/README", "    ballast replay --kernel probe --record again.rec --seed 1 a.scn\n");
}
END_TEST

/* Whoever names what lies beside a recording, or around it, is told what to name. */
START_TEST(what_is_no_recording)
{
    put("a.scn", SCENARIO "4m\n");
    ck_assert_int_eq(shell("mkdir kept"), 0);
    ck_assert_int_eq(ballast("replay --record kept/b.rec a.scn"), 0);
    ck_assert_int_eq(ballast("show kept"), 4);
    ASSERT_PRINTED("kept: it is a folder, and one recording is wanted, as kept/b.rec");
    ck_assert_int_eq(ballast("diff kept/b.rec kept"), 4);
    ASSERT_PRINTED("one recording is wanted, as kept/b.rec");
    ck_assert_int_eq(ballast("report kept --bundle all.tar.gz"), 4);
    ASSERT_PRINTED("one recording is wanted, as kept/b.rec");
    ck_assert_int_eq(ballast("show kept/b.rec.places"), 4);
    ASSERT_PRINTED("kept/b.rec.places: it goes with a recording; name that, kept/b.rec");
}
END_TEST

static bool is_refused_here(void)
{
    char error[512];

    return report_folder_begin(folder, error, sizeof error) == NULL &&
           strstr(error, ": Permission denied") != NULL;
}

/* Runs are not lost for a folder that could be tried before them. */
START_TEST(a_folder_that_lets_nobody_write_is_refused_at_once)
{
    ck_assert_int_eq(chmod(folder, 0555), 0);
    const bool refused = holds_for_nobody(is_refused_here);
    ck_assert_int_eq(chmod(folder, 0700), 0);
    ck_assert(refused);
}
END_TEST

Suite *report_suite(void)
{
    Suite *suite = suite_create("report");
    TCase *tests = tcase_create("report");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, replay_writes_a_page_for_each_file);
    tcase_add_test(tests, pages_of_kept_recordings);
    tcase_add_test(tests, a_folder_of_recordings);
    tcase_add_test(tests, what_is_no_recording);
    tcase_add_test(tests, what_is_no_page_is_kept);
    tcase_add_test(tests, the_others_have_their_pages);
    tcase_add_test(tests, a_folder_that_lets_nobody_write_is_refused_at_once);
    tcase_add_test(tests, a_bundle_has_all_of_a_run);
    tcase_add_test(tests, a_bundle_says_the_whole_command);
    suite_add_tcase(suite, tests);
    return suite;
}
