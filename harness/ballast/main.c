/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The program: finds the command and calls it. A new command is a row here and a file of its own.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "harness/ballast/called.h"
#include "harness/ballast/commands.h"
#include "harness/ballast/streams.h"
#include "harness/ballast/stderr_line.h"
#include "harness/run/runner.h"
#include "harness/language/suggest.h"

static const struct command {
    const char *name, *what;
    int (*run)(int count, const char **arguments);
} commands[] = {
    {"replay", "run scenarios on the simulated machine, and judge them", command_replay},
    {"check", "all mistakes of scenarios, without running them", command_check},
    {"check-driver", "run every scenario that holds for any driver, and print a table", command_check_driver},
    {"check-segments", "try a segment file in every way of a small world", command_check_segments},
    {"build", "build guests out of your driver's files", command_build},
    {"list", "kernels, faults, invariants or scenarios that there are", command_list},
    {"explain", "an invariant in words: what it means, what breaks it", command_explain},
    {"xen-fuzz", "random hypercalls on the real Xen, compared with the model", command_xen_fuzz},
    {"compare", "scenarios on several kernels, and what the runs took", command_compare},
    {"show", "the events of a recording, one a line", command_show},
    {"report", "recordings as HTML pages, to look at in a browser", command_report},
    {"diff", "the first difference between two recordings", command_diff},
};
#define NR_COMMANDS (sizeof commands / sizeof commands[0])

static void help(FILE *out)
{
    fprintf(out, "Ballast replays Xen ballooning and memory hot-plug on a simulated machine.\n\n"
                 "usage: ballast COMMAND [ARGUMENT]...\n\n");
    for (size_t c = 0; c < NR_COMMANDS; c++)
        fprintf(out, "  %-14s %s\n", commands[c].name, commands[c].what);
    fprintf(out, "\n  ballast help COMMAND says more, ballast version which one this is.\n");
}

static int unknown(const char *word)
{
    struct suggestion suggestion;

    suggest_begin(&suggestion, word, strlen(word));
    for (size_t c = 0; c < NR_COMMANDS; c++)
        suggest_offer(&suggestion, commands[c].name);
    if (suggestion.best != NULL)
        stderr_line("there is no command %s; did you mean %s?", word, suggestion.best);
    else
        stderr_line("there is no command %s; `ballast --help` lists them", word);
    return VERDICT_ERROR;
}

static const struct command *find(const char *name)
{
    for (size_t c = 0; c < NR_COMMANDS; c++)
        if (strcmp(name, commands[c].name) == 0)
            return &commands[c];
    return NULL;
}

static bool is_word(const char *argument, const char *word, const char *option)
{
    return strcmp(argument, word) == 0 || strcmp(argument, option) == 0;
}

/* `ballast help COMMAND` is that command with --help. */
static int help_with(int count, char **arguments)
{
    const struct command *command = count > 2 ? find(arguments[2]) : NULL;
    const char *asked[] = {command != NULL ? command->name : NULL, "--help"};

    if (count > 3) {
        stderr_line("help is about one command, as in `ballast help diff`");
        return VERDICT_ERROR;
    }
    if (count == 3)
        return command != NULL ? command->run(2, asked) : unknown(arguments[2]);
    help(stdout);
    return VERDICT_PASS;
}

static int run(int count, char **arguments)
{
    if (!called_environment_is_known())
        return VERDICT_ERROR;
    if (count < 2) {
        help(stderr);
        return VERDICT_ERROR;
    }
    if (is_word(arguments[1], "help", "--help") || strcmp(arguments[1], "-h") == 0)
        return help_with(count, arguments);
    if (is_word(arguments[1], "version", "--version")) {
        printf("ballast %s\n", BALLAST_VERSION);
        return VERDICT_PASS;
    }
    const struct command *command = find(arguments[1]);
    if (command != NULL)
        return command->run(count - 1, (const char **)arguments + 1);
    if (strcmp(arguments[1], "from-make") == 0) /* for the Makefile only */
        return command_from_make(count - 1, (const char **)arguments + 1);
    return unknown(arguments[1]);
}

int main(int count, char **arguments)
{
    if (!streams_begin())
        return VERDICT_ERROR;
    called_as(arguments[0]);
    return streams_end(run(count, arguments));
}
