/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `ballast from-make COMMAND`: what the Makefile calls for a user's files. The variables of make's command line come
 * in the environment, where no shell reads them; here they become the arguments that a user would have typed without
 * make. Names on that command line that the Makefile doesn't know are refused, for a misspelt one would test ours.
 */
#include <assert.h>
#include <ctype.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/ballast/called.h"
#include "harness/ballast/commands.h"
#include "harness/ballast/guest_options.h"
#include "harness/ballast/stderr_line.h"
#include "harness/builder/files.h"
#include "harness/image/kernels.h"
#include "harness/language/suggest.h"
#include "harness/run/runner.h"

static const struct command {
    const char *name;
    int (*run)(int count, const char **arguments);
    bool takes_scenarios;
} commands[] = {
    {"replay", command_replay, true},
    {"check-driver", command_check_driver, true},
    {"check-segments", command_check_segments, false},
    {"build", command_build, false},
};

/* ---- names -------------------------------------------------------------------------------------- */

/* Letters in the other case are a slip, too. */
static const char *meant(const char *name, const struct words *known)
{
    struct suggestion suggestion;
    char upper[SUGGEST_BYTES_MAX + 1];

    snprintf(upper, sizeof upper, "%s", name);
    for (char *at = upper; *at != 0; at++)
        *at = (char)toupper((unsigned char)*at);
    suggest_begin(&suggestion, upper, strlen(upper));
    for (size_t k = 0; k < known->count; k++)
        suggest_offer(&suggestion, known->list[k]);
    return suggestion.best;
}

static bool names_are_known(void)
{
    const char *given = getenv("MAKE_GIVEN"), *names = getenv("MAKE_KNOWN");
    struct words words = {0}, known = {0};
    char error[256];
    bool good = words_take_text(&words, given != NULL ? given : "", error, sizeof error) &&
                words_take_text(&known, names != NULL ? names : "", error, sizeof error);

    for (size_t w = 0; good && w < words.count; w++) {
        if (words_have(&known, words.list[w]))
            continue;
        const char *best = meant(words.list[w], &known);
        char *shown = shown_name(words.list[w]);
        stderr_line("make was given %.100s=, a name that this Makefile doesn't know%s%s%s",
            shown != NULL ? shown : "", best != NULL ? "; did you mean " : "; `make help` lists them",
            best != NULL ? best : "", best != NULL ? "=?" : "");
        free(shown);
        good = false;
    }
    words_free(&words);
    words_free(&known);
    return good;
}

/* `from-make target WORD TARGET ...` prints the target that is meant by the word, if one is near it. */
static int print_target(int count, const char **arguments)
{
    struct suggestion suggestion;

    suggest_begin(&suggestion, arguments[2], strlen(arguments[2]));
    for (int a = 3; a < count; a++)
        suggest_offer(&suggestion, arguments[a]);
    if (suggestion.best != NULL)
        printf("%s\n", suggestion.best);
    return VERDICT_PASS;
}

/* ---- arguments ---------------------------------------------------------------------------------- */

/* An empty one is refused where it is read: it would test ours in silence. */
static void add_variable(struct words *arguments, const char *option, const char *variable)
{
    const char *value = getenv(variable);

    if (value != NULL)
        words_addf(arguments, "--%s=%s", option, value);
}

static void add_parts(struct words *arguments, const struct recipe *recipe)
{
    for (size_t p = 0; recipe != NULL && p < recipe->nr_parts; p++) {
        char variable[sizeof recipe->parts[p].name];
        snprintf(variable, sizeof variable, "%s", recipe->parts[p].name);
        for (char *at = variable; *at != 0; at++)
            *at = (char)toupper((unsigned char)*at);
        add_variable(arguments, recipe->parts[p].name, variable);
    }
}

static bool add_flags(struct words *arguments, char *error, size_t error_bytes)
{
    const char *flags = getenv("REPLAY_FLAGS");
    struct words words = {0};
    char why[256];
    const bool good = flags == NULL || words_take_text(&words, flags, why, sizeof why);

    if (!good)
        snprintf(error, error_bytes, "REPLAY_FLAGS=%.200s: %s", flags, why);
    words_add_all(arguments, &words);
    words_free(&words);
    return good;
}

static bool is_here(const char *folder)
{
    struct stat a, b;

    return stat(".", &a) == 0 && stat(folder, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* One scenario: from the present folder, or from the caller's. */
static bool add_scenario(
    struct words *arguments, const char *name, const char *caller, char *error, size_t error_bytes)
{
    char *path = NULL;

    if (!user_path("SCENARIO=", name, caller, &path, error, error_bytes))
        return false;
    if (!is_here(caller))
        words_add(arguments, path);
    else
        words_addf(arguments, "%s%s", *name == '-' ? "./" : "", name);
    free(path);
    return true;
}

/* A pattern from the caller's folder, in whose own name nothing is special. False: nothing matches. */
static bool match_from(const char *folder, const char *pattern, glob_t *found)
{
    char whole[2 * PATH_MAX];
    size_t at = 0;

    for (; *folder != 0 && at < PATH_MAX; folder++) {
        if (strchr("*?[]\\", *folder) != NULL)
            whole[at++] = '\\';
        whole[at++] = *folder;
    }
    const int length = snprintf(whole + at, sizeof whole - at, "/%s", pattern);
    return length > 0 && (size_t)length < sizeof whole - at && glob(whole, 0, NULL, found) == 0;
}

static bool add_matches(
    struct words *arguments, const char *pattern, const char *caller, char *error, size_t error_bytes)
{
    glob_t found;
    bool good = true;

    if (glob(pattern, 0, NULL, &found) != 0 && (*pattern == '/' || !match_from(caller, pattern, &found)))
        return add_scenario(arguments, pattern, caller, error, error_bytes);
    for (size_t f = 0; good && f < found.gl_pathc; f++)
        good = add_scenario(arguments, found.gl_pathv[f], caller, error, error_bytes);
    globfree(&found);
    return good;
}

/* One file, whose name may have blanks; or several names and patterns. */
static bool add_scenarios(struct words *arguments, const char *caller, char *error, size_t error_bytes)
{
    const char *scenario = getenv("SCENARIO");
    struct words names = {0};
    char unused[512], *path = NULL;
    bool good = true;

    if (scenario == NULL)
        return true;
    if (strcmp(scenario, "-") == 0) { /* standard input is make's */
        words_add(arguments, scenario);
        return true;
    }
    const bool whole = user_path("", scenario, caller, &path, unused, sizeof unused);
    free(path);
    if (whole || !words_take_text(&names, scenario, unused, sizeof unused) || names.count == 0)
        return add_scenario(arguments, scenario, caller, error, error_bytes);
    for (size_t n = 0; good && n < names.count; n++)
        good = add_matches(arguments, names.list[n], caller, error, error_bytes);
    words_free(&names);
    return good;
}

static bool set_arguments(const struct command *command, const struct guest_options *guest,
    struct words *arguments, char *error, size_t bytes)
{
    const char *caller = getenv("MAKE_CALLER");

    if (caller == NULL || *caller != '/')
        caller = "/";
    words_add(arguments, command->name);
    words_addf(arguments, "--caller=%s", caller);
    add_parts(arguments, guest->recipe);
    add_variable(arguments, "cflags", "KPI_CFLAGS");
    add_variable(arguments, "tree", "NETBSD");
    if (command->run == command_check_driver)
        add_variable(arguments, "schedules", "SCHEDULES");
    if (!is_here(caller))
        called_from_elsewhere();
    if (command->run == command_replay)
        add_variable(arguments, "kernel", "MAKE_KERNEL");
    if (command->takes_scenarios && !add_flags(arguments, error, bytes))
        return false;
    if (command->takes_scenarios && !add_scenarios(arguments, caller, error, bytes))
        return false;
    if (arguments->failed)
        snprintf(error, bytes, "no memory");
    return !arguments->failed;
}

/* ---- the command -------------------------------------------------------------------------------- */

/* Files that don't compile were told of with the compiler's own words, and that nothing was run. */
static void print_code(int code)
{
    fflush(stdout);
    if (code == EXIT_NOT_COMPILED) {
        stderr_line("exit code %d (make's own is 2)", code);
        return;
    }
    for (size_t r = 1; r < NR_EXIT_CODES; r++)
        if (exit_codes[r].code == code)
            stderr_line("exit code %d, %s (make's own is 2)", code, exit_codes[r].means);
}

static int run(const struct command *command)
{
    struct guest_options guest;
    struct words arguments = {0};
    char error[1024];
    int code = VERDICT_ERROR;

    guest_options_begin(&guest);
    if (!set_arguments(command, &guest, &arguments, error, sizeof error))
        stderr_line("%s", error);
    else if (command->run == command_build && arguments.count == 2) {
        printf("%s\n", image_folder()); /* nothing is named: ours */
        code = VERDICT_PASS;
    } else
        code = command->run((int)arguments.count, (const char **)arguments.list);
    words_free(&arguments);
    guest_options_end(&guest);
    return code;
}

int command_from_make(int count, const char **arguments)
{
    int code = VERDICT_ERROR;

    assert(count >= 1);
    for (size_t c = 0; count == 2 && c < sizeof commands / sizeof commands[0]; c++)
        if (strcmp(commands[c].name, arguments[1]) == 0) {
            code = names_are_known() ? run(&commands[c]) : VERDICT_ERROR;
            print_code(code);
            return code;
        }
    if (count > 2 && strcmp(arguments[1], "target") == 0)
        return print_target(count, arguments);
    stderr_line("from-make is what the Makefile calls; `make help` lists what to type");
    return code;
}
