/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The program: finds the command and calls it. A new command is a row here and a file of its own.
 */
#include <stdio.h>
#include <string.h>

#include "harness/ballast/called.h"
#include "harness/ballast/commands.h"
#include "harness/ballast/streams.h"
#include "harness/ballast/stderr_line.h"
#include "harness/run/runner.h"
#include "harness/language/suggest.h"

static const struct {
    const char *name, *what;
    int (*run)(int count, const char **arguments);
} commands[] = {
    {"replay", "run scenarios on the simulated machine, and judge them", command_replay},
    {"check-driver", "run every scenario that holds for any driver, and print a table", command_check_driver},
    {"check-segments", "try a segment file in every way of a small world", command_check_segments},
    {"build", "build guests out of your driver's files", command_build},
    {"list", "kernels, faults, invariants or scenarios that there are", command_list},
    {"explain", "an invariant in words: what it means, what breaks it", command_explain},
    {"xen-fuzz", "random hypercalls on the real Xen, compared with the model", command_xen_fuzz},
    {"compare", "scenarios on several kernels, and what the runs took", command_compare},
    {"diff", "the first difference between two recordings", command_diff},
};
#define NR_COMMANDS (sizeof commands / sizeof commands[0])

static void help(FILE *out)
{
    fprintf(out, "Ballast replays Xen ballooning and memory hot-plug on a simulated machine.\n\n"
                 "usage: ballast COMMAND [ARGUMENT]...\n\n");
    for (size_t c = 0; c < NR_COMMANDS; c++)
        fprintf(out, "  %-14s %s\n", commands[c].name, commands[c].what);
    fprintf(out, "\n  ballast COMMAND --help says more, ballast --version which one this is.\n");
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

static int run(int count, char **arguments)
{
    if (!called_environment_is_known())
        return VERDICT_ERROR;
    if (count < 2) {
        help(stderr);
        return VERDICT_ERROR;
    }
    if (strcmp(arguments[1], "--help") == 0 || strcmp(arguments[1], "-h") == 0) {
        help(stdout);
        return VERDICT_PASS;
    }
    if (strcmp(arguments[1], "--version") == 0) {
        printf("ballast %s\n", BALLAST_VERSION);
        return VERDICT_PASS;
    }
    for (size_t c = 0; c < NR_COMMANDS; c++)
        if (strcmp(arguments[1], commands[c].name) == 0)
            return commands[c].run(count - 1, (const char **)arguments + 1);
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
