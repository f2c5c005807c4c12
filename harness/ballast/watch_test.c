/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `ballast replay --watch`, as in a terminal: a file is changed only after the program has said that it waits, and what it
 * prints then is read until it waits again. No clock is asked.
 */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

Suite *watch_suite(void);

static char folder[] = "/tmp/ballast-watch-XXXXXX", said[20000];
static pid_t child;
static FILE *out;

static void put(const char *name, const char *text)
{
    char path[200];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "we");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

/* As an editor does it: a new file in the place of the old one. */
static void replace(const char *name, const char *text)
{
    char from[200], to[200];

    put("new", text);
    snprintf(from, sizeof from, "%s/new", folder);
    snprintf(to, sizeof to, "%s/%s", folder, name);
    ck_assert_int_eq(rename(from, to), 0);
}

static const char *program(void)
{
    return getenv("BALLAST") != NULL ? getenv("BALLAST") : "build/ballast";
}

static void start(void)
{
    char scenario[200];
    int ends[2];

    snprintf(scenario, sizeof scenario, "%s/a.scn", folder);
    ck_assert_int_eq(pipe(ends), 0);
    child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        execl(program(), program(), "replay", "--watch", scenario, (char *)NULL);
        _exit(1);
    }
    close(ends[1]);
    out = fdopen(ends[0], "r");
    ck_assert_ptr_nonnull(out);
}

/* What it says until it waits; it must have said that. */
static void hear(const char *wanted)
{
    char line[1000];

    said[0] = '\0';
    while (fgets(line, sizeof line, out) != NULL) {
        strncat(said, line, sizeof said - strlen(said) - 1);
        if (strncmp(line, "-- waiting", 10) == 0)
            break;
    }
    ck_assert_msg(strstr(said, "-- waiting") != NULL, "it ended:\n%s", said);
    ck_assert_msg(strstr(said, wanted) != NULL, "no \"%s\" in:\n%s", wanted, said);
}

#define SCENARIO(size) \
    "language 1\ndomain p kernel=probe memory=4m\ninclude b.inc\nexpect p reservation == " size "\n"

START_TEST(a_change_is_a_run)
{
    char path[200], command[1000];

    ck_assert_ptr_nonnull(mkdtemp(folder));
    put("a.scn", SCENARIO("5m"));
    put("b.inc", "language 1\n");
    start();
    hear("got 4m, 1m under");
    snprintf(command, sizeof command, "replay to there:  %s replay ", program());
    ck_assert_msg(strstr(said, command) != NULL, "it is called by another name:\n%s", said);
    replace("a.scn", SCENARIO("4m"));
    hear("PASS");
    ck_assert_ptr_nonnull(strstr(said, "-- a.scn has changed"));
    put("other.scn", "nothing"); /* is not its business */
    put("b.inc", "language 1\nexpect p reservation == 3m\n");
    hear("b.inc:2:10: expect failed");
    ck_assert_ptr_nonnull(strstr(said, "-- b.inc has changed"));
    kill(child, SIGTERM);
    fclose(out);
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
    for (int f = 0; f < 3; f++) {
        static const char *const names[] = {"a.scn", "b.inc", "other.scn"};
        snprintf(path, sizeof path, "%s/%s", folder, names[f]);
        unlink(path);
    }
    rmdir(folder);
}
END_TEST

Suite *watch_suite(void)
{
    Suite *suite = suite_create("watch");
    TCase *tests = tcase_create("files that change");

    tcase_set_timeout(tests, 0);
    tcase_add_test(tests, a_change_is_a_run);
    suite_add_tcase(suite, tests);
    return suite;
}
