/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For tests of the program as a user runs it: a folder for each test, files in it, and a run whose output is kept. A file
 * that includes this has it to itself.
 */
#ifndef HARNESS_BALLAST_PROGRAM_FOR_TESTS_H
#define HARNESS_BALLAST_PROGRAM_FOR_TESTS_H

#include <check.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/ballast/file.h"

#define HEAD "language 1\nhost mem=64m\ndomain p kernel=probe memory=4m\n"

static char folder[] = "/tmp/ballast-program-XXXXXX";
static char output[65536];

static void setup(void)
{
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void teardown(void)
{
    char command[128];

    snprintf(command, sizeof command, "rm -r '%s'", folder);
    ck_assert_int_eq(system(command), 0);
}

static void put(const char *name, const char *text)
{
    char path[256], error[512];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    ck_assert_msg(file_write(path, text, strlen(text), error, sizeof error), "%s", error);
}

static const char *program_path(void)
{
    static char beside[PATH_MAX], path[PATH_MAX + 16];
    const char *program = getenv("BALLAST");

    if (program != NULL)
        return program;
    ssize_t length = readlink("/proc/self/exe", beside, sizeof beside - 1);
    ck_assert_int_gt(length, 0);
    beside[length] = 0;
    snprintf(path, sizeof path, "%s/ballast", dirname(beside));
    return path;
}

/* Runs it in the folder; the exit code, or 128 and the signal. */
static int ballast(const char *arguments)
{
    char command[2 * PATH_MAX];
    const char *program = program_path();
    char *whole = realpath(program, NULL),
         *guests = getenv("BALLAST_GUESTS") != NULL ? realpath(getenv("BALLAST_GUESTS"), NULL) : NULL;
    ck_assert_msg(whole != NULL, "%s is not built", program);
    snprintf(command, sizeof command, "cd '%s' && %s%s '%s' %s 2>&1", folder,
        guests != NULL ? "BALLAST_GUESTS=" : "", guests != NULL ? guests : "", whole, arguments);
    free(whole);
    free(guests);
    FILE *in = popen(command, "r");
    ck_assert_ptr_nonnull(in);
    const size_t bytes = fread(output, 1, sizeof output - 1, in);
    output[bytes] = 0;
    const int status = pclose(in);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

#define ASSERT_PRINTED(part) \
    ck_assert_msg(strstr(output, (part)) != NULL, "no \"%s\" in:\n%.4000s", (part), output)

#endif
