/* SPDX-License-Identifier: BSD-2-Clause */
/* The program's own name and guests, as a user would type them. */
#include "harness/ballast/called.h"
#include "harness/ballast/stderr_line.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/image/kernels.h"
#include "harness/language/suggest.h"
#include "reports/text_clean.h"

#define PREFIX "BALLAST_"

extern char **environ;

static struct {
    const char *program;
    bool elsewhere;
} called = {.program = "ballast"};

void called_as(const char *program)
{
    called.program = program;
}

const char *called_program(void)
{
    return called.program;
}

void called_from_elsewhere(void)
{
    called.elsewhere = true;
}

static void put_path(FILE *out, const char *path)
{
    char *whole = called.elsewhere ? realpath(path, NULL) : NULL;

    text_quoted(out, whole != NULL ? whole : path);
    free(whole);
}

char *called_command(const char *kernel, const char *xen, bool keep_going)
{
    const char *guests = getenv("BALLAST_GUESTS");
    char *command = NULL, program[PATH_MAX] = "";
    size_t bytes;
    FILE *out = open_memstream(&command, &bytes);

    if (out == NULL)
        return NULL;
    if (called.elsewhere && readlink("/proc/self/exe", program, sizeof program - 1) > 0)
        text_quoted(out, program);
    else
        text_quoted(out, called.program);
    fputs(" replay", out);
    if (guests != NULL && *guests != 0) {
        fputs(" --guest ", out);
        put_path(out, guests);
    }
    if (kernel != NULL) {
        fputs(" --kernel ", out);
        text_quoted(out, kernel);
    }
    if (xen != NULL) {
        fputs(" --xen ", out);
        if (strchr(xen, '/') != NULL)
            put_path(out, xen);
        else
            text_quoted(out, xen);
    }
    if (keep_going)
        fputs(" --keep-going", out);
    if (fclose(out) == 0)
        return command;
    free(command);
    return NULL;
}

/* Those of the tests are among them, for a test may start the program. */
static const char *const known[] = {"BALLAST_GUESTS", "BALLAST_SAMPLES"};

static bool is_known(const char *name, size_t bytes)
{
    struct suggestion suggestion;

    suggest_begin(&suggestion, name, bytes);
    for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
        if (strlen(known[k]) == bytes && strncmp(known[k], name, bytes) == 0)
            return true;
        suggest_offer(&suggestion, known[k]);
    }
    stderr_line("the environment has %.*s, which means nothing here; %s%s%s", (int)bytes, name,
        suggestion.best != NULL ? "did you mean " : "the one that does is ",
        suggestion.best != NULL ? suggestion.best : known[0], suggestion.best != NULL ? "?" : "");
    return false;
}

bool called_environment_is_known(void)
{
    bool all = true;

    for (char **entry = environ; *entry != NULL; entry++)
        if (strncmp(*entry, PREFIX, strlen(PREFIX)) == 0)
            all = is_known(*entry, strcspn(*entry, "=")) && all;
    return all;
}
